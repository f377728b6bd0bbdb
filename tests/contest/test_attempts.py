"""The life of an attempt: entering, starting, going on elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from contest import signals
from contest.domain.attempts import (
    record_answers,
    start_attempt,
    submit_attempt,
    take_over,
)
from contest.domain.entries import enter_contest
from contest.enums import AttemptState, EntryStatus
from contest.errors import (
    AttemptClosed,
    AttemptLate,
    AttemptMoved,
    AttemptsUsed,
    NotEligible,
    NotFound,
    RoundNotOpen,
    RoundOver,
)
from contest.models import Entry
from contest.queries.attempts import attempt_of, paper_questions
from people.enums import Role
from people.models import AuditEntry, RoleAssignment
from tests.contest.seats import Seat, open_round, rules_for_seats, sit_down
from tests.factories import make_contest, make_entry, make_resident, make_rules, make_unit

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def seat(now) -> Seat:
    return sit_down(open_round(now=now), now=now)


@pytest.fixture
def heard():
    """Every signal of this app, as (name, facts)."""
    told: list[tuple[str, dict]] = []
    receivers = {}
    for name in ("attempt_started", "attempt_submitted", "attempts_expired", "attempt_moved"):
        receivers[name] = lambda sender, signal, name=name, **facts: told.append((name, facts))
        getattr(signals, name).connect(receivers[name])
    yield told
    for name, receiver in receivers.items():
        getattr(signals, name).disconnect(receiver)


# ------------------------------------------------------------------ entering


def test_entering_twice_is_one_entry(now):
    contest = make_contest()
    resident = make_resident("Nguyễn Thị Lan", birth_year=2012)
    entry = enter_contest(resident=resident, contest=contest, now=now)
    assert enter_contest(resident=resident, contest=contest, now=now + MINUTE).pk == entry.pk
    assert (entry.full_name, entry.unit, entry.is_minor, entry.status) == (
        "Nguyễn Thị Lan", resident.unit, True, EntryStatus.RANKED,
    )  # fmt: skip
    assert entry.registered_at == now


@pytest.mark.parametrize(("mode", "status"), [("unranked", EntryStatus.UNRANKED), ("block", None)])
def test_an_organizer_is_barred_or_plays_without_a_rank(now, mode, status):
    rules = make_rules("practice", exclusions={"mode": mode, "who": ["organizers"]})
    contest = make_contest(rules=rules)
    resident = make_resident()
    RoleAssignment.objects.create(user=resident.user, role=Role.ORGANIZER, contest_ref=contest.public_id)
    if status is None:
        with pytest.raises(NotEligible):
            enter_contest(resident=resident, contest=contest, now=now)
        assert not Entry.objects.exists()
    else:
        assert enter_contest(resident=resident, contest=contest, now=now).status == status


def test_an_organizer_of_another_province_is_a_participant_like_others(now):
    contest = make_contest(rules=make_rules("practice", exclusions={"mode": "block", "who": ["organizers"]}))
    resident = make_resident()
    RoleAssignment.objects.create(user=resident.user, role=Role.ORGANIZER, unit=make_unit("Tỉnh Cà Mau"))
    assert enter_contest(resident=resident, contest=contest, now=now).status == EntryStatus.RANKED


def test_a_cancelled_contest_takes_nobody_in(now):
    with pytest.raises(NotFound):
        enter_contest(resident=make_resident(), contest=make_contest(cancelled_at=now), now=now)


# ------------------------------------------------------------------ starting


def test_a_start_deals_a_paper_and_starts_its_clock(now, seat):
    attempt = seat.attempt
    assert (attempt.state, attempt.slot, attempt.lease, attempt.started_at) == (AttemptState.OPEN, 1, 1, now)
    assert (attempt.deadline, attempt.accept_until) == (now + 10 * MINUTE, now + 10 * MINUTE + 5 * SECOND)
    assert sorted(map(int, attempt.dealt.split(","))) == [0, 1, 2, 3, 4]


def test_starting_twice_goes_on_with_the_first(now, seat):
    again = start_attempt(entry=seat.entry, round_=seat.round, now=now + MINUTE)
    assert again.pk == seat.attempt.pk
    assert again.deadline == seat.attempt.deadline


def test_a_late_start_is_cut_at_the_rounds_end(now):
    round_ = open_round(now=now, closes_at=now + 3 * MINUTE)
    attempt = sit_down(round_, now=now).attempt
    assert (attempt.deadline, attempt.accept_until) == (round_.closes_at, round_.closes_at + 5 * SECOND)


def test_without_a_time_limit_the_round_is_the_limit(now):
    round_ = open_round(now=now, rules=rules_for_seats(time={"minutes": None, "grace_seconds": 0}))
    attempt = sit_down(round_, now=now).attempt
    assert attempt.deadline == attempt.accept_until == round_.closes_at


def test_attempts_beyond_the_limit_are_refused(now, seat):
    for number in range(1, 4):
        attempt = start_attempt(entry=seat.entry, round_=seat.round, now=now + number * MINUTE)
        assert attempt.slot == number
        submit_attempt(attempt=attempt, lease=1, received_at=now + number * MINUTE + SECOND)
    with translation.override("vi"), pytest.raises(AttemptsUsed) as refused:
        start_attempt(entry=seat.entry, round_=seat.round, now=now + 5 * MINUTE)
    assert "3 lượt" in str(refused.value)


def test_another_rounds_attempt_does_not_use_up_this_one(now):
    rules = rules_for_seats(attempts={"limit": 1, "per": "round"})
    contest = make_contest(rules=rules)
    first, second = (open_round(now=now, contest=contest) for _ in range(2))
    entry = make_entry(contest)
    assert start_attempt(entry=entry, round_=first, now=now).slot == 1
    assert start_attempt(entry=entry, round_=second, now=now).slot == 1


def test_a_limit_for_the_whole_contest_counts_all_rounds(now):
    contest = make_contest(rules=rules_for_seats(attempts={"limit": 1, "per": "contest"}, counting="only"))
    first, second = (open_round(now=now, contest=contest) for _ in range(2))
    entry = make_entry(contest)
    start_attempt(entry=entry, round_=first, now=now)
    with pytest.raises(AttemptsUsed):
        start_attempt(entry=entry, round_=second, now=now)


def test_a_start_after_the_own_time_ran_out_closes_the_old_paper(now, seat):
    record_answers(attempt=seat.attempt, lease=1, answers=[seat.sent(0)], received_at=now + MINUTE)
    later = now + 10 * MINUTE + 6 * SECOND
    fresh = start_attempt(entry=seat.entry, round_=seat.round, now=later)
    assert fresh.slot == 2
    old = seat.again()
    assert (old.state, old.submitted_at, old.answered) == (AttemptState.EXPIRED, old.deadline, 1)


def test_nobody_starts_before_or_after_the_round(now):
    entry_of = lambda round_: make_entry(round_.contest)  # noqa: E731
    early = open_round(now=now, opens_at=now + SECOND)
    with pytest.raises(RoundNotOpen):
        start_attempt(entry=entry_of(early), round_=early, now=now)
    over = open_round(now=now, closes_at=now)
    with pytest.raises(RoundOver):
        start_attempt(entry=entry_of(over), round_=over, now=now)
    assert start_attempt(entry=entry_of(over), round_=over, now=now - SECOND / 1000).state == AttemptState.OPEN


@pytest.mark.parametrize(
    ("fields", "error"),
    [({"frozen": False}, RoundNotOpen), ({"cancelled_at": "now"}, RoundOver), ({"closed_at": "now"}, RoundOver)],
)
def test_no_start_in_a_draft_or_a_closed_round(now, fields, error):
    round_ = open_round(now=now, **{k: now if v == "now" else v for k, v in fields.items()})
    with pytest.raises(error):
        start_attempt(entry=make_entry(round_.contest), round_=round_, now=now)


def test_a_barred_entry_and_a_stranger_to_the_contest_do_not_start(now):
    round_ = open_round(now=now)
    barred = make_entry(round_.contest, status=EntryStatus.BARRED, status_reason="Dùng tài khoản của người khác.")
    with pytest.raises(NotEligible) as refused:
        start_attempt(entry=barred, round_=round_, now=now)
    assert str(refused.value) == "Dùng tài khoản của người khác."
    with pytest.raises(NotEligible):
        start_attempt(entry=make_entry(make_contest()), round_=round_, now=now)


def test_one_paper_for_everybody_where_the_rules_say_so(now):
    rules = rules_for_seats(paper={"mode": "fixed"})
    blueprint = [{"topic": "", "difficulty": "", "count": 3, "group": ""}]
    round_ = open_round(now=now, rules=rules, questions=8, blueprint=blueprint)
    papers = [sit_down(round_, now=now, name=f"Người {n}").attempt.dealt for n in range(6)]
    assert len({frozenset(paper.split(",")) for paper in papers}) == 1


# ------------------------------------------------------------------ whose paper


def test_a_paper_is_seen_by_its_owner_alone(now, seat, django_assert_num_queries):
    owner = seat.entry.resident.user
    with django_assert_num_queries(1):
        attempt = attempt_of(owner, seat.attempt.public_id)
        assert attempt.round.contest.title
        assert attempt.round.rule_set.data
    with pytest.raises(NotFound):
        attempt_of(make_resident().user, seat.attempt.public_id)


@pytest.mark.parametrize("questions", [1, 6])
def test_a_paper_costs_the_same_queries_however_long(now, questions, django_assert_num_queries):
    seat = sit_down(open_round(now=now, questions=questions), now=now)
    paper_questions(seat.again())
    attempt = seat.again()
    with django_assert_num_queries(1):
        assert len(paper_questions(attempt)) == questions


def test_a_page_shows_what_is_stored_and_after_submitting_what_was_folded(now, seat):
    record_answers(attempt=seat.attempt, lease=1, answers=[seat.sent(2, "C", seq=5)], received_at=now)
    before = seat.questions
    assert (before[2].saved, before[2].seq, before[0].answered) == (seat.option(2, "C"), 5, False)
    submit_attempt(attempt=seat.again(), lease=1, received_at=now + MINUTE)
    after = seat.questions
    assert [question.saved for question in after] == [question.saved for question in before]


# ------------------------------------------------------------------ going on elsewhere


def test_another_device_takes_over_and_the_first_is_refused(now, seat, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        moved = take_over(attempt=seat.again(), now=now)
    assert moved.lease == 2
    entry = AuditEntry.objects.get(verb="attempt.moved")
    assert (entry.actor, entry.subject) == (seat.entry.resident.user, f"attempt:{moved.public_id}")
    assert heard == [("attempt_moved", {"attempt_id": moved.pk, "lease": 2})]
    (old,) = record_answers(attempt=moved, lease=1, answers=[seat.sent(0)], received_at=now)
    (new,) = record_answers(attempt=moved, lease=2, answers=[seat.sent(0)], received_at=now)
    assert (old.code, new.code) == ("moved", "saved")
    with pytest.raises(AttemptMoved):
        submit_attempt(attempt=seat.again(), lease=1, received_at=now)


def test_nothing_is_taken_over_after_the_end(now, seat):
    with pytest.raises(AttemptLate):
        take_over(attempt=seat.again(), now=now + 11 * MINUTE)
    submit_attempt(attempt=seat.again(), lease=1, received_at=now)
    with pytest.raises(AttemptClosed):
        take_over(attempt=seat.again(), now=now)
