"""What people decide about a result: who is left out, when it is published; published results never change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest.domain.closing import close_round, request_recompute
from contest.domain.publishing import exclude_entry, publish_round
from contest.domain.regrading import void_item
from contest.domain.scoring import score_round
from contest.domain.work import run_job
from contest.enums import EntryStatus, JobKind, JobState
from contest.errors import NotYet
from contest.models import Entry, Job, ResultSet, Round, Standing
from contest.queries.boards import board_page, own_place, units_page
from contest.queries.result_sets import latest_result, published_result
from people.domain.audit import verify_chain
from people.errors import NotAllowed
from people.models import AuditEntry
from tests.contest.papers import CLOSED, PEOPLE, cast, make_paper, ranks, simple_contest
from tests.contest.test_scoring_run import in_threads
from tests.factories import NOW, make_entry, make_resident, make_round, make_user

pytestmark = pytest.mark.django_db


def test_excluding_somebody_changes_the_truth_in_a_new_result():
    contest = simple_contest(
        prediction={"target": "participants", "role": "tie_break_full_scores", "required": True, "decimals": 0},
        ranking={"keys": ["points", "prediction_distance", "duration"]},
    )
    round_ = make_round(contest)
    for name, guess in (("An", 4), ("Bình", 3), ("Chi", 9), ("Gian", 1)):
        make_paper(round_, make_entry(contest, make_resident(name)), "BBBBB", prediction=guess)
    first = close_round(round_id=round_.pk, actor=None, now=CLOSED)
    assert ranks(first)[0][0] == "An"
    cheat = Entry.objects.get(full_name="Gian")
    actor = make_user("Ban tổ chức")

    jobs = exclude_entry(entry=cheat, mode=EntryStatus.BARRED, reason="Thi hộ.", actor=actor, now=CLOSED)
    assert [run_job(public_id=job.public_id, now=CLOSED) for job in jobs] == [True]

    second = latest_result(round_id=round_.pk)
    assert second is not None
    assert (second.number, second.truth, second.reason) == (2, 3, "Thi hộ.")
    assert ranks(second)[0][0] == "Bình"
    assert ranks(first)[0][0] == "An"  # the first one stays as it was
    assert exclude_entry(entry=cheat, mode=EntryStatus.BARRED, reason="Thi hộ.", actor=actor, now=CLOSED) == ()


def test_several_exclusions_before_the_work_begins_share_one_result():
    round_, papers = cast(*PEOPLE)
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    actor = make_user()

    jobs = {
        job.pk
        for name in ("An", "Bình")
        for job in exclude_entry(
            entry=papers[name].entry, mode=EntryStatus.BARRED, reason=f"{name} thi hộ.", actor=actor, now=CLOSED
        )
    }
    assert len(jobs) == 1
    run_job(public_id=Job.objects.get(pk=jobs.pop()).public_id, now=CLOSED)

    result = latest_result(round_id=round_.pk)
    assert result is not None
    assert result.reason == "An thi hộ. Bình thi hộ."
    assert [name for name, *_ in ranks(result)] == ["Chi", "Dũng", "Em"]


def test_exclusion_while_the_round_is_open_leaves_the_board_at_once():
    round_, papers = cast(*PEOPLE)
    score_round(round_id=round_.pk, now=NOW)

    jobs = exclude_entry(
        entry=papers["Bình"].entry, mode=EntryStatus.UNRANKED, reason="Ban tổ chức.", actor=make_user(), now=NOW
    )

    assert jobs == ()
    page = board_page(contest_round=round_, now=NOW)
    assert page.total == 4
    assert units_page(contest_round=round_, now=NOW).total == 4


def test_exclusion_needs_a_reason():
    _round, papers = cast(*PEOPLE)

    with pytest.raises(NotYet):
        exclude_entry(entry=papers["An"].entry, mode=EntryStatus.BARRED, reason="  ", actor=make_user(), now=NOW)


def test_publish_is_a_persons_act_and_repeats_nothing():
    round_, papers = cast(*PEOPLE)
    actor = make_user("Trưởng ban")
    with pytest.raises(NotYet):
        publish_round(contest_round=round_, actor=actor, now=CLOSED)
    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)
    assert published_result(round_id=round_.pk) is None

    first = publish_round(contest_round=round_, actor=actor, now=CLOSED)
    again = publish_round(contest_round=round_, actor=make_user(), now=CLOSED + timedelta(days=1))

    assert first.pk == again.pk == result.pk
    assert (again.published_at, again.published_by) == (CLOSED, actor)
    assert AuditEntry.objects.filter(verb="round.published").count() == 1
    page = board_page(contest_round=round_, now=CLOSED, viewer_entry_id=papers["Em"].entry_id, per_page=2)
    assert (page.source, page.provisional, page.total, page.seal_root) == ("published", False, 5, result.root)
    assert page.own is not None
    assert page.own.rank == 5
    place = own_place(contest_round=round_, entry_id=papers["Dũng"].entry_id, now=CLOSED)
    assert place is not None
    assert (place.rank, place.total, place.provisional) == (4, 5, False)
    assert verify_chain() is None


@pytest.mark.django_db(transaction=True)
def test_simultaneous_publishing_is_one_publication():
    round_, _ = cast(*PEOPLE)
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    actor = make_user()

    in_threads(5, lambda: publish_round(contest_round=Round.objects.get(pk=round_.pk), actor=actor, now=CLOSED))

    assert AuditEntry.objects.filter(verb="round.published").count() == 1


def test_published_result_never_changes_and_a_regrade_makes_the_next():
    round_, _ = cast(*PEOPLE)
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    boss = make_user("Trưởng ban")
    published = publish_round(contest_round=round_, actor=boss, now=CLOSED)
    before = list(Standing.objects.filter(result_set=published).order_by("pk").values())

    orderer = make_user("Thư ký")
    job = void_item(item=round_.pool.get(position=4), actor=orderer, reason="Câu 5 sai.", now=CLOSED)
    with pytest.raises(NotYet):  # not while a regrade is under way
        publish_round(contest_round=round_, actor=boss, now=CLOSED)
    run_job(public_id=job.public_id, now=CLOSED)
    recompute = Job.objects.get(kind=JobKind.CLOSE, state=JobState.WAITING)
    run_job(public_id=recompute.public_id, now=CLOSED)

    assert list(Standing.objects.filter(result_set=published).order_by("pk").values()) == before
    second = latest_result(round_id=round_.pk)
    assert second is not None
    assert (second.number, second.reason) == (2, "Câu 5 sai.")
    assert published_result(round_id=round_.pk) == published  # until somebody publishes the new one
    with pytest.raises(NotAllowed):
        publish_round(contest_round=round_, actor=orderer, now=CLOSED)
    assert publish_round(contest_round=round_, actor=boss, now=CLOSED).pk == second.pk
    assert ranks(second)[:2] == [("Dũng", 1, False), ("Bình", 2, False)]


def test_result_never_rests_on_two_keys():
    round_, _ = cast(*PEOPLE)
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    regrade = void_item(item=round_.pool.get(position=4), actor=make_user(), reason="Sai.", now=CLOSED)
    recompute = request_recompute(contest_round=round_, reason="Khác.", actor=None, now=CLOSED)

    run_job(public_id=recompute.public_id, now=CLOSED)  # before the regrade: it waits

    assert ResultSet.objects.count() == 1
    assert Job.objects.get(pk=recompute.pk).state == JobState.WAITING
    run_job(public_id=regrade.public_id, now=CLOSED)
    run_job(public_id=recompute.public_id, now=CLOSED + timedelta(days=3650))
    assert ResultSet.objects.count() == 2
