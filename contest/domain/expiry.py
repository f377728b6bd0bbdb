"""Closing papers whose time is up, whether or not anybody pressed submit.

The truth does not wait for this: every reader and every statement compares ``accept_until`` with the clock. This only
performs what time has decided, from the state in the database, and may run late, twice or at once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet

from contest.domain.folding import finish, fold_attempt, last_answers, put_sheet
from contest.enums import AttemptState
from contest.models import AnswerEvent, Attempt, Round
from contest.queries.phases import rounds_with_papers
from contest.signals import attempts_expired, tell_after_commit

logger = logging.getLogger(__name__)

SETTLE = timedelta(seconds=5)
"""An answer that arrived in time may still wait for a slow database; nobody closes its paper under it (failures B8)."""
SLICE = 200
EVENTS_KEPT = timedelta(days=30)
"""The log of a round stays this long after closing: it answers complaints about single answers."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What one sweep did: papers closed, and papers that could not be folded and were left for a person to see."""

    closed: int = 0
    failed: int = 0


def expire_attempts(
    *, now: datetime, limit: int = 5_000, round_: Round | None = None, settle: timedelta = SETTLE
) -> Expired:
    """Close up to ``limit`` papers whose time is over, in slices of one short transaction each.

    A paper that cannot be folded is logged and passed over; it holds up no other.
    """
    rounds = [round_.pk] if round_ is not None else list(rounds_with_papers(now).values_list("pk", flat=True))
    due = Attempt.objects.filter(round_id__in=rounds, state=AttemptState.OPEN, accept_until__lt=now - settle).order_by(
        "pk"
    )
    closed = failed = last = 0
    while closed + failed < limit:
        done, faults, last = _expire_slice(due.filter(pk__gt=last), min(SLICE, limit - closed - failed))
        closed, failed = closed + done, failed + faults
        if not last:
            break
    return Expired(closed, failed)


def expire_if_due(*, attempt: Attempt, now: datetime, settle: timedelta = SETTLE) -> Attempt:
    """Close one paper on the way if its time is over; return it as it is now in the database."""
    if attempt.state != AttemptState.OPEN or now - settle <= attempt.accept_until:
        return attempt
    due = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.OPEN, accept_until__lt=now - settle)
    _expire_slice(due, 1, wait=True)
    attempt.refresh_from_db()
    return attempt


def _expire_slice(due: QuerySet[Attempt], size: int, *, wait: bool = False) -> tuple[int, int, int]:
    """Close one slice; return (closed, failed, last id seen or 0 at the end).

    A sweep passes over rows somebody else holds; the next one finds what is left. ``wait`` waits for them.
    """
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=not wait, of=("self",))
        attempts = list(due.select_related("round")[:size])
        if not attempts:
            return 0, 0, 0
        foldable = _fold_all(attempts)
        ids = [attempt.pk for attempt in foldable]
        # On SQLite the transaction is the only writer; on PostgreSQL the rows are locked: nobody else closes these.
        Attempt.objects.filter(pk__in=ids, state=AttemptState.OPEN).update(
            state=AttemptState.EXPIRED, submitted_at=F("deadline")
        )
        Attempt.objects.bulk_update(foldable, ["sheet", "extras", "answered", "duration_ms"])
        if ids:
            rounds = {attempt.round_id for attempt in foldable}
            tell_after_commit(attempts_expired, Attempt, attempt_ids=ids, round_ids=rounds)
    return len(ids), len(attempts) - len(ids), attempts[-1].pk


def _fold_all(attempts: Sequence[Attempt]) -> list[Attempt]:
    answers = last_answers(attempt.pk for attempt in attempts)
    foldable: list[Attempt] = []
    for attempt in attempts:
        try:
            put_sheet(attempt, fold_attempt(attempt, answers[attempt.pk]))
        except Exception:
            logger.exception("attempt %s cannot be folded and stays open", attempt.pk)
            continue
        finish(attempt, attempt.deadline)
        foldable.append(attempt)
    return foldable


def purge_answer_events(*, now: datetime, kept: timedelta = EVENTS_KEPT, limit: int = 50_000) -> int:
    """Delete up to ``limit`` log rows of rounds closed longer ago than ``kept``; the folded sheets stay. Returns how many."""
    old = AnswerEvent.objects.filter(attempt__round__closed_at__lt=now - kept).exclude(attempt__state=AttemptState.OPEN)
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    deleted = 0
    for start in range(0, len(ids), SLICE * 5):
        deleted += AnswerEvent.objects.filter(pk__in=ids[start : start + SLICE * 5]).delete()[0]
    return deleted
