"""The life of an attempt: start, go on elsewhere, answer, predict, submit. Closing by time is contest.domain.expiry."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from contest.dealing import Cell, deal, write_dealt
from contest.domain.answers import Arrival, save_answers
from contest.domain.entries import person_of, refuse
from contest.domain.expiry import SETTLE, Expired, expire_attempts, expire_if_due, purge_answer_events
from contest.domain.folding import finish, fold_attempt, last_answers, put_sheet
from contest.eligibility import Window, check_eligibility
from contest.enums import AttemptState, EntryStatus, Phase
from contest.errors import (
    AttemptClosed,
    AttemptLate,
    AttemptMoved,
    BadAnswer,
    BadPrediction,
    ContestError,
    NotEligible,
    NotYet,
    RoundNotOpen,
    RoundOver,
    Unanswered,
)
from contest.models import Attempt, Entry, Round
from contest.periods import period_key
from contest.prediction import PredictionError, parse_prediction
from contest.queries.papers import pool_of, rules_of
from contest.queries.phases import next_round_after, phase_of
from contest.rules import RuleSet
from contest.rules.enums import PaperMode, PredictionAsked, PredictionTarget
from contest.signals import attempt_moved, attempt_started, attempt_submitted, tell_after_commit
from contest.tokens import check_of
from contest.wire import Ack, SentAnswer
from people.domain.audit import record

__all__ = [
    "SETTLE",
    "Expired",
    "Submission",
    "expire_attempts",
    "expire_if_due",
    "predict",
    "purge_answer_events",
    "record_answers",
    "start_attempt",
    "submit_attempt",
    "take_over",
]

SEED_BITS = 63


@dataclass(frozen=True, slots=True)
class Submission:
    """The result of submitting. ``repeated``: the paper was already closed and this is its first result;
    ``elsewhere``: by another device than the one that asks now."""

    attempt: Attempt
    repeated: bool = False
    elsewhere: bool = False


def start_attempt(*, entry: Entry, round_: Round, now: datetime) -> Attempt:
    """Deal a paper and start its clock; an open paper of this round is returned instead of a second one.

    The deadline is the rules' minutes after the start, cut at the round's end; answers are accepted the published
    grace longer. That nobody gets more attempts than the rules allow is a unique constraint (entry, period, slot).

    Raises:
        NotEligible, RoundNotOpen, RoundOver, AttemptsUsed: with the sentence for the person.
    """
    rules = rules_of(round_)
    _require_open(round_, now)
    if entry.status == EntryStatus.BARRED or entry.contest_id != round_.contest_id:
        raise NotEligible(entry.status_reason or None)
    for attempt in _open_attempts(entry, round_):
        # Answers still on their way belong to the person who starts anew here: no settling time.
        if expire_if_due(attempt=attempt, now=now, settle=timedelta()).state == AttemptState.OPEN:
            return attempt
    with transaction.atomic():
        return _take_slot(entry, round_, rules, now)


def _require_open(round_: Round, now: datetime) -> None:
    match phase_of(round_, now):
        case Phase.DRAFT:
            raise RoundNotOpen
        case Phase.CANCELLED | Phase.PUBLISHED | Phase.REVIEW:
            raise RoundOver
        case _:
            pass  # what the clock says has a better sentence in check_eligibility


def _take_slot(entry: Entry, round_: Round, rules: RuleSet, now: datetime) -> Attempt:
    period = period_key(rules.attempts.per, now, round_number=round_.number, calendar=rules.calendar.kind)
    used = _last_slot(entry, period)
    while True:
        _refuse_if_not_eligible(entry, round_, rules, used, now)
        try:
            with transaction.atomic():
                attempt = Attempt.objects.create(**_paper(entry, round_, rules, now), period=period, slot=used + 1)
        except IntegrityError:
            # Somebody took the slot, or opened a paper, since we looked: that one is the answer if it is open.
            if already := _open_attempts(entry, round_):
                return already[0]
            taken = _last_slot(entry, period)
            if taken <= used:
                raise
            used = taken
        else:
            tell_after_commit(attempt_started, Attempt, attempt_id=attempt.pk, round_id=round_.pk, entry_id=entry.pk)
            return attempt


def _refuse_if_not_eligible(entry: Entry, round_: Round, rules: RuleSet, used: int, now: datetime) -> None:
    following = next_round_after(round_) if used or now >= round_.closes_at else None
    refusal = check_eligibility(
        rules=rules,
        person=person_of(entry.resident, round_.contest, rules, unit=entry.unit),
        window=Window(
            opens_at=round_.opens_at,
            closes_at=round_.closes_at,
            next_round_opens_at=following.opens_at if following else None,
        ),
        attempts_used=used,
        now=now,
    )
    if refusal:
        refuse(refusal)


def _paper(entry: Entry, round_: Round, rules: RuleSet, now: datetime) -> dict[str, object]:
    seed = secrets.randbits(SEED_BITS)
    dealt = deal(
        pool_of(round_).slots,
        [Cell.from_json(line) for line in round_.blueprint],
        choice_seed=round_.seed if rules.paper.mode is PaperMode.FIXED else seed,
        order_seed=seed,
        group=entry.group,
        shuffle=rules.paper.shuffle_questions,
    )
    minutes = rules.time.minutes
    deadline = round_.closes_at if minutes is None else min(now + timedelta(minutes=minutes), round_.closes_at)
    return {
        "entry": entry,
        "round": round_,
        "seed": seed,
        "dealt": write_dealt(dealt),
        "started_at": now,
        "deadline": deadline,
        "accept_until": deadline + timedelta(seconds=rules.time.grace_seconds),
    }


def _open_attempts(entry: Entry, round_: Round) -> list[Attempt]:
    return list(Attempt.objects.filter(entry=entry, round=round_, state=AttemptState.OPEN).select_related("round"))


def _last_slot(entry: Entry, period: str) -> int:
    return (
        Attempt.objects.filter(entry=entry, period=period).order_by("-slot").values_list("slot", flat=True).first() or 0
    )


def take_over(*, attempt: Attempt, now: datetime) -> Attempt:
    """Go on with an open paper on this device; the other device's next answer is refused as moved. Audited.

    Raises:
        AttemptClosed, AttemptLate: when there is nothing to go on with.
    """
    with transaction.atomic():
        moved = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.OPEN, accept_until__gte=now).update(
            lease=F("lease") + 1
        )
        attempt.refresh_from_db()
        if not moved:
            raise AttemptClosed if attempt.state != AttemptState.OPEN else AttemptLate
        record(
            actor=attempt.entry.resident.user,
            verb="attempt.moved",
            subject=f"attempt:{attempt.public_id}",
            data={"lease": attempt.lease},
            now=now,
        )
        tell_after_commit(attempt_moved, Attempt, attempt_id=attempt.pk, lease=attempt.lease)
    return attempt


def record_answers(*, attempt: Attempt, lease: int, answers: Sequence[SentAnswer], received_at: datetime) -> list[Ack]:
    """Save answers that came through a form: the very rule of the hot path (contest.domain.answers)."""
    check = check_of(attempt.public_id)
    arrivals = [Arrival(attempt.pk, check, lease, received_at, sent) for sent in answers]
    return [outcome.ack for outcome in save_answers(arrivals)]


def predict(*, attempt: Attempt, text: str, now: datetime) -> Attempt:
    """Store the prediction: on the paper as often as wished, after finishing once.

    Raises:
        BadPrediction: when it is no usable number, or nothing is predicted in this contest.
        AttemptLate, AttemptClosed, NotYet: when it is not the time for it.
    """
    rules = rules_of(attempt.round)
    value = _read_prediction(text, rules)
    theirs = Attempt.objects.filter(pk=attempt.pk)
    if rules.prediction.asked is PredictionAsked.ON_PAPER:
        theirs = theirs.filter(state=AttemptState.OPEN, accept_until__gte=now)
    else:
        if now >= attempt.round.closes_at:
            raise AttemptLate
        theirs = theirs.exclude(state=AttemptState.OPEN).filter(predicted_at__isnull=True)
    stored = theirs.update(prediction=value, predicted_at=now)
    attempt.refresh_from_db()
    if stored or (attempt.prediction == value and attempt.predicted_at is not None):
        return attempt
    if attempt.state == AttemptState.OPEN:
        raise AttemptLate if rules.prediction.asked is PredictionAsked.ON_PAPER else NotYet
    raise AttemptClosed


def _read_prediction(text: str, rules: RuleSet) -> int | None:
    if rules.prediction.target is PredictionTarget.NONE:
        raise BadPrediction
    try:
        return parse_prediction(text, rules.prediction)
    except PredictionError as error:
        raise BadPrediction(str(error)) from error


def submit_attempt(
    *,
    attempt: Attempt,
    lease: int,
    answers: Sequence[SentAnswer] = (),
    prediction: str | None = None,
    received_at: datetime,
    now: datetime | None = None,
) -> Submission:
    """Save the last answers, close the paper and fold its sheet. The second call gives the first result.

    ``answers`` carries all answers again under their sequence numbers; what is already stored stays. ``received_at``
    judges, ``now`` (default: the same) only decides whether an overdue paper may be closed on the way.

    Raises:
        AttemptMoved: another device holds the paper.
        Unanswered: the rules ask for every answer; the answers sent are stored all the same.
        BadAnswer: an answer does not fit its question; the paper stays open.
        BadPrediction: as predict.
    """
    rules = rules_of(attempt.round)
    if answers:
        acks = record_answers(attempt=attempt, lease=lease, answers=answers, received_at=received_at)
        if any(ack.code == BadAnswer.code for ack in acks):
            raise BadAnswer
    try:
        with transaction.atomic():
            closed = Attempt.objects.filter(
                pk=attempt.pk, state=AttemptState.OPEN, lease=lease, accept_until__gte=received_at
            ).update(state=AttemptState.SUBMITTED)
            attempt.refresh_from_db()
            if closed:
                _complete(attempt, rules, prediction, received_at)
                return Submission(attempt)
    except ContestError:
        attempt.refresh_from_db()
        raise
    return _already_closed(attempt, lease, received_at, now or received_at)


def _complete(attempt: Attempt, rules: RuleSet, prediction: str | None, received_at: datetime) -> None:
    """Fill in a paper whose row this transaction has just closed; raising opens it again."""
    put_sheet(attempt, fold_attempt(attempt, last_answers([attempt.pk])[attempt.pk]))
    missing = attempt.dealt.count(",") + 1 - attempt.answered
    if rules.paper.require_all_answered and missing:
        raise Unanswered
    asked = rules.prediction.target is not PredictionTarget.NONE
    if asked and rules.prediction.asked is PredictionAsked.ON_PAPER:
        if prediction is not None:
            attempt.prediction, attempt.predicted_at = _read_prediction(prediction, rules), received_at
        elif rules.prediction.required and attempt.prediction is None:
            _read_prediction("", rules)
    finish(attempt, received_at)
    attempt.save(
        update_fields=["sheet", "extras", "answered", "prediction", "predicted_at", "submitted_at", "duration_ms"]
    )
    tell_after_commit(
        attempt_submitted, Attempt, attempt_id=attempt.pk, round_id=attempt.round_id, entry_id=attempt.entry_id
    )


def _already_closed(attempt: Attempt, lease: int, received_at: datetime, now: datetime) -> Submission:
    if attempt.state == AttemptState.OPEN:
        if attempt.accept_until >= received_at:
            raise AttemptMoved
        if expire_if_due(attempt=attempt, now=now).state == AttemptState.OPEN:
            raise AttemptLate
    return Submission(attempt, repeated=True, elsewhere=attempt.lease != lease)
