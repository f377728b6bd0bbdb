"""How an attempt ends: submitting, predicting, closing by time."""

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
    submit_attempt,
)
from contest.enums import AttemptState
from contest.errors import (
    AttemptClosed,
    AttemptLate,
    BadAnswer,
    BadPrediction,
    Unanswered,
)
from contest.models import AnswerEvent, Attempt
from contest.wire import SentAnswer
from tests.contest.seats import Seat, open_round, rules_for_seats, sit_down

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
