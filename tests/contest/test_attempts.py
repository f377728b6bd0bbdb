"""The life of an attempt: starting, going on elsewhere, predicting, submitting, closing by time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from contest import signals
from contest.domain.attempts import (
    expire_attempts,
    expire_if_due,
    predict,
    purge_answer_events,
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
    BadAnswer,
    BadPrediction,
    NotEligible,
    NotFound,
    RoundNotOpen,
    RoundOver,
    Unanswered,
)
from contest.models import AnswerEvent, Attempt, Entry
from contest.queries.attempts import attempt_of, paper_questions
from contest.wire import SentAnswer
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


# ------------------------------------------------------------------ submitting


def test_submitting_folds_the_last_answers(now, seat, heard, django_capture_on_commit_callbacks):
    record_answers(attempt=seat.attempt, lease=1, answers=[seat.sent(0, "A", 1), seat.sent(1, "B", 1)], received_at=now)
    last = [seat.sent(0, "D", 2), seat.sent(4, "C", 1)]
    with django_capture_on_commit_callbacks(execute=True):
        result = submit_attempt(attempt=seat.again(), lease=1, answers=last, received_at=now + 7 * MINUTE)
    attempt = seat.again()
    assert (result.repeated, attempt.state, attempt.answered) == (False, AttemptState.SUBMITTED, 3)
    assert (attempt.submitted_at, attempt.duration_ms) == (now + 7 * MINUTE, 420_000)
    assert len(attempt.sheet) == 5
    assert attempt.sheet.count(".") == 2
    assert [q.saved for q in seat.questions] == [
        seat.option(0, "D"), seat.option(1, "B"), "", "", seat.option(4, "C"),
    ]  # fmt: skip
    facts = {"attempt_id": attempt.pk, "round_id": attempt.round_id, "entry_id": attempt.entry_id}
    assert heard == [("attempt_submitted", facts)]


def test_the_second_submit_gives_the_first_result(now, seat):
    first = submit_attempt(attempt=seat.again(), lease=1, answers=[seat.sent(0, "A")], received_at=now + MINUTE)
    later = [seat.sent(0, "B", 2), seat.sent(1, "B", 1)]
    second = submit_attempt(attempt=seat.again(), lease=1, answers=later, received_at=now + 2 * MINUTE)
    assert (second.repeated, second.elsewhere) == (True, False)
    assert second.attempt.submitted_at == first.attempt.submitted_at
    assert second.attempt.sheet == first.attempt.sheet
    assert len(seat.stored()) == 1


def test_a_submit_within_the_grace_ends_at_the_deadline(now, seat):
    attempt = submit_attempt(attempt=seat.again(), lease=1, received_at=now + 10 * MINUTE + 4 * SECOND).attempt
    assert (attempt.state, attempt.submitted_at, attempt.duration_ms) == (
        AttemptState.SUBMITTED, attempt.deadline, 600_000,
    )  # fmt: skip


def test_a_submit_after_the_grace_is_the_clocks(now, seat):
    record_answers(attempt=seat.attempt, lease=1, answers=[seat.sent(0)], received_at=now)
    late = now + 10 * MINUTE + 6 * SECOND
    with pytest.raises(AttemptLate):  # answers in time may still be on their way: nobody closes it yet
        submit_attempt(attempt=seat.again(), lease=1, answers=[seat.sent(1)], received_at=late)
    result = submit_attempt(attempt=seat.again(), lease=1, received_at=late, now=late + 5 * SECOND)
    assert (result.repeated, result.attempt.state, result.attempt.answered) == (True, AttemptState.EXPIRED, 1)


def test_where_every_answer_is_asked_for_an_incomplete_paper_stays_open(now):
    seat = sit_down(open_round(now=now, rules=rules_for_seats(paper={"require_all_answered": True})), now=now)
    attempt = seat.again()
    with pytest.raises(Unanswered):
        submit_attempt(attempt=attempt, lease=1, answers=[seat.sent(0)], received_at=now)
    assert attempt.state == AttemptState.OPEN
    assert seat.again().state == AttemptState.OPEN
    assert len(seat.stored()) == 1  # what was sent is kept
    rest = [seat.sent(position) for position in range(1, 5)]
    assert submit_attempt(attempt=seat.again(), lease=1, answers=rest, received_at=now).attempt.answered == 5


def test_a_malformed_answer_does_not_close_the_paper(now, seat):
    with pytest.raises(BadAnswer):
        submit_attempt(attempt=seat.again(), lease=1, answers=[SentAnswer(0, 1, "x")], received_at=now)
    assert seat.again().state == AttemptState.OPEN


# ------------------------------------------------------------------ predicting

PREDICTION = {"target": "all_correct", "role": "tie_break_full_scores", "required": True}
CHAIN = {"keys": ["points", "prediction_distance", "duration"]}


def predicting(now, **prediction) -> Seat:
    rules = rules_for_seats(prediction=PREDICTION | prediction, ranking=CHAIN)
    return sit_down(open_round(now=now, rules=rules), now=now)


def test_a_prediction_on_the_paper_may_change_until_the_end(now):
    seat = predicting(now)
    predict(attempt=seat.again(), text="1.234", now=now)
    assert predict(attempt=seat.again(), text="950", now=now + MINUTE).prediction == 950
    with pytest.raises(AttemptLate):
        predict(attempt=seat.again(), text="1", now=now + 11 * MINUTE)
    result = submit_attempt(attempt=seat.again(), lease=1, received_at=now + 2 * MINUTE)
    assert (result.attempt.prediction, result.attempt.predicted_at) == (950, now + MINUTE)
    with pytest.raises(AttemptClosed):
        predict(attempt=seat.again(), text="7", now=now + 3 * MINUTE)


def test_a_required_prediction_is_asked_for_once_more(now):
    seat = predicting(now)
    with translation.override("vi"), pytest.raises(BadPrediction) as refused:
        submit_attempt(attempt=seat.again(), lease=1, received_at=now)
    assert "dự đoán" in str(refused.value)
    assert seat.again().state == AttemptState.OPEN
    assert submit_attempt(attempt=seat.again(), lease=1, prediction="12", received_at=now).attempt.prediction == 12


@pytest.mark.parametrize("text", ["", "abc", "1,5", "-3"])
def test_a_prediction_that_is_no_number_is_not_stored(now, text):
    seat = predicting(now)
    with pytest.raises(BadPrediction):
        predict(attempt=seat.again(), text=text, now=now)
    assert seat.again().prediction is None


def test_a_prediction_after_finishing_is_made_once(now):
    seat = predicting(now, asked="after_finish")
    from contest.errors import NotYet

    with pytest.raises(NotYet):
        predict(attempt=seat.again(), text="5", now=now)
    submit_attempt(attempt=seat.again(), lease=1, received_at=now)
    assert predict(attempt=seat.again(), text="5", now=now + MINUTE).prediction == 5
    assert predict(attempt=seat.again(), text="5", now=now + 2 * MINUTE).predicted_at == now + MINUTE
    with pytest.raises(AttemptClosed):
        predict(attempt=seat.again(), text="6", now=now + 2 * MINUTE)
    with pytest.raises(AttemptLate):
        predict(attempt=seat.again(), text="6", now=seat.round.closes_at)


def test_nothing_is_predicted_where_nothing_is_asked(now):
    rules = rules_for_seats(
        prediction={"target": "none", "role": "none", "required": False}, ranking={"keys": ["points"]}
    )
    seat = sit_down(open_round(now=now, rules=rules), now=now)
    with pytest.raises(BadPrediction):
        predict(attempt=seat.again(), text="5", now=now)


# ------------------------------------------------------------------ closing by time


def test_time_closes_papers_that_nobody_submits(now, heard, django_capture_on_commit_callbacks):
    round_ = open_round(now=now)
    seats = [sit_down(round_, now=now, name=f"Người {n}") for n in range(3)]
    record_answers(attempt=seats[1].attempt, lease=1, answers=[seats[1].sent(0, "B")], received_at=now)
    in_time = sit_down(round_, now=now + 5 * MINUTE, name="Còn giờ")
    submit_attempt(attempt=seats[2].again(), lease=1, received_at=now + MINUTE)

    end = now + 10 * MINUTE + 5 * SECOND
    assert expire_attempts(now=end + 5 * SECOND).closed == 0  # settling
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_attempts(now=end + 6 * SECOND).closed == 2
    assert expire_attempts(now=end + 6 * SECOND).closed == 0
    expired = seats[1].again()
    assert (expired.state, expired.submitted_at, expired.duration_ms, expired.answered) == (
        AttemptState.EXPIRED, expired.deadline, 600_000, 1,
    )  # fmt: skip
    assert seats[0].again().sheet == "....."
    assert (seats[2].again().state, in_time.again().state) == (AttemptState.SUBMITTED, AttemptState.OPEN)
    assert heard[-1] == (
        "attempts_expired",
        {"attempt_ids": [seats[0].attempt.pk, seats[1].attempt.pk], "round_ids": {round_.pk}},
    )


def test_a_sweep_works_in_slices(now, monkeypatch):
    monkeypatch.setattr("contest.domain.expiry.SLICE", 2)
    round_ = open_round(now=now)
    for n in range(5):
        sit_down(round_, now=now, name=f"Người {n}")
    assert expire_attempts(now=now + 11 * MINUTE, limit=3).closed == 3
    assert expire_attempts(now=now + 11 * MINUTE).closed == 2


def test_a_poisoned_paper_does_not_hold_up_the_others(now, monkeypatch, caplog):
    monkeypatch.setattr("contest.domain.expiry.SLICE", 2)
    round_ = open_round(now=now)
    seats = [sit_down(round_, now=now, name=f"Người {n}") for n in range(4)]
    Attempt.objects.filter(pk=seats[0].attempt.pk).update(dealt="0,1,999")
    Attempt.objects.filter(pk=seats[1].attempt.pk).update(dealt="not a paper")
    result = expire_attempts(now=now + 11 * MINUTE)
    assert (result.closed, result.failed) == (2, 2)
    assert [seat.again().state for seat in seats] == ["open", "open", "expired", "expired"]
    assert caplog.text.count("cannot be folded") == 2


def test_a_reader_who_comes_after_the_end_closes_the_paper(now, seat):
    assert expire_if_due(attempt=seat.again(), now=now + 10 * MINUTE).state == AttemptState.OPEN
    closed = expire_if_due(attempt=seat.again(), now=now + 10 * MINUTE + 11 * SECOND)
    assert (closed.state, closed.submitted_at) == (AttemptState.EXPIRED, closed.deadline)
    assert expire_if_due(attempt=closed, now=now + 20 * MINUTE).submitted_at == closed.deadline


def test_the_log_is_kept_for_complaints_and_then_deleted(now, seat):
    record_answers(attempt=seat.attempt, lease=1, answers=[seat.sent(0), seat.sent(1)], received_at=now)
    submit_attempt(attempt=seat.again(), lease=1, received_at=now)
    assert purge_answer_events(now=now + timedelta(days=400)) == 0  # the round was never closed
    seat.round.closed_at = now
    seat.round.save()
    assert purge_answer_events(now=now + timedelta(days=29)) == 0
    sheet = seat.again().sheet
    assert purge_answer_events(now=now + timedelta(days=31)) == 2
    assert AnswerEvent.objects.count() == 0
    assert seat.again().sheet == sheet
