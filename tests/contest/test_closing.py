"""Closing: one result whatever repeats, races or dies; published results never change; people decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contest.domain import closing, standings
from contest.domain.closing import close_round, request_close
from contest.domain.standings import COUNTED, header_row, seal_of, sealed_row
from contest.domain.work import run_job
from contest.enums import JobState, Phase
from contest.errors import NotYet
from contest.jobs import LEASE
from contest.models import Attempt, Entry, Job, ResultSet, Standing, UnitStanding
from contest.queries.phases import phase_of
from contest.queries.result_sets import latest_result
from contest.seal import leaf, proof, root, verify
from people.models import AuditEntry
from tests.contest.papers import CLOSED, PEOPLE, cast, make_paper, ranks, simple_contest
from tests.contest.test_scoring_run import in_threads
from tests.factories import NOW, make_entry, make_resident, make_round, make_unit

pytestmark = pytest.mark.django_db

RANKED = [("Bình", 1, False), ("An", 2, True), ("Chi", 2, True), ("Dũng", 4, False), ("Em", 5, False)]


def test_close_ranks_seals_and_waits_for_a_person():
    round_, _ = cast(*PEOPLE)

    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)

    assert ranks(result) == RANKED
    assert result.counts["participants"] == 5
    assert result.counts["all_correct"] == 3
    assert result.full_points_milli == 5000
    assert len(result.root) == 64
    round_.refresh_from_db()
    assert (round_.closed_at, round_.published_at) == (CLOSED, None)
    assert phase_of(round_, CLOSED) is Phase.REVIEW
    assert AuditEntry.objects.get(verb="round.closed").data["root"] == result.root


def test_closing_again_gives_the_first_result():
    round_, _ = cast(*PEOPLE)
    first = close_round(round_id=round_.pk, actor=None, now=CLOSED)
    make_paper(round_, make_entry(round_.contest, make_resident("Muộn")))

    again = close_round(round_id=round_.pk, actor=None, now=CLOSED + timedelta(hours=1))

    assert again.pk == first.pk
    assert ResultSet.objects.count() == 1
    assert Standing.objects.count() == 5


def test_close_before_the_end_is_refused():
    round_, _ = cast(*PEOPLE)

    with pytest.raises(NotYet):
        close_round(round_id=round_.pk, actor=None, now=NOW)

    assert Job.objects.count() == 0


def test_close_waits_for_the_last_answers():
    round_, _ = cast(*PEOPLE)
    entry = make_entry(round_.contest, make_resident("Phút chót"))
    make_paper(round_, entry, state="open", at=round_.closes_at - timedelta(minutes=15))

    with pytest.raises(NotYet):
        close_round(round_id=round_.pk, actor=None, now=round_.closes_at + timedelta(seconds=4))

    result = close_round(round_id=round_.pk, actor=None, now=round_.closes_at + timedelta(seconds=20))
    assert result.counts["participants"] == 6
    assert Attempt.objects.get(entry=entry).state == "expired"


@pytest.mark.django_db(transaction=True)
def test_simultaneous_closes_give_one_result():
    round_, _ = cast(*PEOPLE)

    def close():
        try:
            return close_round(round_id=round_.pk, actor=None, now=CLOSED).pk
        except NotYet:
            return None

    results = in_threads(6, close)

    assert len(set(results) - {None}) == 1
    assert ResultSet.objects.count() == 1
    assert Standing.objects.count() == 5
    assert AuditEntry.objects.filter(verb="round.closed").count() == 1


STEPS = (
    "expire_attempts",
    "score_round",
    "count_population",
    "write_standings",
    "write_unit_standings",
    "seal_of",
    "_complete",
)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_worker_killed_at_any_step_is_replaced(monkeypatch, step, after):
    round_, _ = cast(*PEOPLE)
    job = request_close(contest_round=round_, actor=None, now=CLOSED)
    really = getattr(closing, step)

    def killed(*args, **kwargs):
        if after:
            really(*args, **kwargs)
        raise SystemExit  # not an error a task could note: the process is gone

    with monkeypatch.context() as patched:
        patched.setattr(closing, step, killed)
        with pytest.raises(SystemExit):
            run_job(public_id=job.public_id, now=CLOSED)
    assert Job.objects.get().state == JobState.RUNNING

    assert run_job(public_id=job.public_id, now=CLOSED + 3 * LEASE + timedelta(days=3650))

    assert ResultSet.objects.count() == 1
    result = latest_result(round_id=round_.pk)
    assert result is not None
    assert ranks(result) == RANKED
    assert UnitStanding.objects.filter(result_set=result).count() == 5
    assert seal_of(result) == result.root
    assert Job.objects.get().state == JobState.DONE
    assert AuditEntry.objects.filter(verb="round.closed").count() == 1


def test_worker_killed_between_slices_of_standings(monkeypatch):
    monkeypatch.setattr(standings, "SLICE", 2)
    round_, _ = cast(*PEOPLE)
    job = request_close(contest_round=round_, actor=None, now=CLOSED)
    really = Standing.objects.bulk_create
    calls = []

    def second_slice_dies(rows, *args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return really(rows, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(Standing.objects, "bulk_create", second_slice_dies)
        with pytest.raises(SystemExit):
            run_job(public_id=job.public_id, now=CLOSED)
    assert Standing.objects.count() == 2

    run_job(public_id=job.public_id, now=CLOSED + timedelta(days=3650))

    result = latest_result(round_id=round_.pk)
    assert result is not None
    assert ranks(result) == RANKED


def test_slow_worker_that_was_replaced_writes_nothing(monkeypatch):
    round_, _ = cast(*PEOPLE)
    job = request_close(contest_round=round_, actor=None, now=CLOSED)
    really = closing.count_population

    def falls_asleep(grading):
        counted = really(grading)
        # Meanwhile somebody else takes over and finishes.
        monkeypatch.setattr(closing, "count_population", really)
        assert run_job(public_id=job.public_id, now=CLOSED + timedelta(days=3650))
        return counted

    monkeypatch.setattr(closing, "count_population", falls_asleep)

    assert not run_job(public_id=job.public_id, now=CLOSED)

    assert Standing.objects.count() == 5
    assert ResultSet.objects.get().completed_at is not None


def test_prediction_is_measured_against_the_remaining_population():
    contest = simple_contest(
        prediction={"target": "participants", "role": "tie_break_full_scores", "required": True, "decimals": 0},
        ranking={"keys": ["points", "prediction_distance", "duration"]},
    )
    round_ = make_round(contest)
    for name, guess, status in (
        ("An", 3, "ranked"),
        ("Bình", 4, "ranked"),
        ("Chi", 9, "ranked"),
        ("Ban tổ chức", 4, "unranked"),
    ):
        entry = make_entry(contest, make_resident(name), status=status)
        make_paper(round_, entry, "BBBBB", prediction=guess)

    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)

    assert result.truth == 3  # the organizer plays without counting
    assert ranks(result) == [("An", 1, False), ("Bình", 2, False), ("Chi", 3, False)]
    assert result.counts["unranked"] == 1


def test_groups_are_ranked_by_themselves():
    groups = [
        {"code": "can-bo", "name": "Cán bộ", "categories": ["official"], "own_ranking": True},
        {"code": "dan", "name": "Người dân", "categories": ["citizen"], "own_ranking": True},
        {"code": "khach", "name": "Khách", "categories": ["student"], "own_ranking": False},
    ]
    contest = simple_contest(groups=groups)
    round_ = make_round(contest)
    for name, group, sheet in (
        ("An", "can-bo", "BBBBB"),
        ("Bình", "dan", "BBBBA"),
        ("Chi", "dan", "BBBAA"),
        ("Em", "khach", "BBAAA"),
    ):
        make_paper(round_, make_entry(contest, make_resident(name), group=group), sheet)

    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)

    assert [row[:2] for row in ranks(result)] == [("An", 1), ("Bình", 2), ("Chi", 3), ("Em", 4)]
    assert [row[:2] for row in ranks(result, "dan")] == [("Bình", 1), ("Chi", 2)]
    assert set(Standing.objects.values_list("board", flat=True)) == {"", "can-bo", "dan"}


def test_units_of_a_result_count_people_points_and_winners():
    prizes = {"items": [{"scope": "round", "rank_from": 1, "rank_to": 1, "name": "Giải Nhất", "value_vnd": 0}]}
    contest = simple_contest(prizes=prizes)
    round_ = make_round(contest)
    small, large = make_unit("Phường Nhỏ"), make_unit("Phường Lớn")
    make_paper(round_, make_entry(contest, make_resident("An", unit=small)), "BBBBB")
    for name in ("Bình", "Chi"):
        make_paper(round_, make_entry(contest, make_resident(name, unit=large)), "BBBAA")

    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)

    rows = UnitStanding.objects.filter(result_set=result).order_by("position")
    assert [(row.unit.name, row.rank, row.people, row.detail["winners"], row.detail["perfect"]) for row in rows] == [
        ("Phường Lớn", 1, 2, 0, 0),
        ("Phường Nhỏ", 2, 1, 1, 1),
    ]


def test_everybody_can_check_their_place_against_the_seal():
    round_, papers = cast(*PEOPLE)
    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)
    rows = list(Standing.objects.filter(result_set=result).order_by("board", "position"))
    header = header_row(result, rules_digest=round_.rule_set.digest)
    leaves = [leaf(header), *(leaf(sealed_row(row, row.entry.public_id)) for row in rows)]

    assert root(leaves).hex() == result.root
    mine = next(index for index, row in enumerate(rows, start=1) if row.entry_id == papers["An"].entry_id)
    assert verify(
        leaves[mine], index=mine, size=len(leaves), path=proof(leaves, mine), expected=bytes.fromhex(result.root)
    )
    assert {f"count_{name}" for name in COUNTED} <= header.keys()
    Standing.objects.filter(pk=rows[0].pk).update(points_milli=4999)
    assert seal_of(result) != result.root


def test_seal_survives_erasing_a_name():
    round_, papers = cast(*PEOPLE)
    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)
    Entry.objects.filter(pk=papers["An"].entry_id).update(full_name="Đã xóa")

    assert seal_of(result) == result.root


def test_best_of_several_attempts_counts_and_all_are_counted():
    contest = simple_contest(
        attempts={"limit": 3, "per": "round"},
        counting="best",
        ranking={"keys": ["points", "duration", "attempts_used"]},
    )
    round_ = make_round(contest)
    entry = make_entry(contest, make_resident("An"))
    for sheet in ("BBBAA", "BBBBA", "BAAAA"):
        make_paper(round_, entry, sheet)

    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)

    row = Standing.objects.get(result_set=result)
    assert (row.points_milli, row.attempts_used, row.attempt.sheet) == (4000, 3, "BBBBA")
    assert result.counts["attempts"] == 3


def test_nobody_took_part():
    round_ = make_round(simple_contest())

    result = close_round(round_id=round_.pk, actor=None, now=CLOSED)

    assert result.counts["participants"] == 0
    assert Standing.objects.count() == 0


def test_statements_of_closing_do_not_grow_with_people():
    rounds = [cast(*PEOPLE[:1])[0], cast(*PEOPLE)[0]]
    counts = []
    for round_ in rounds:
        with CaptureQueriesContext(connection) as counted:
            close_round(round_id=round_.pk, actor=None, now=CLOSED)
        counts.append(len(counted))

    assert counts[0] == counts[1]
