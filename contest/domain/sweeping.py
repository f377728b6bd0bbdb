"""The sweeper: what time has decided or a lost message has left, found from the state in the database.

Runs every few seconds, late, twice or at once with itself, and the effects happen once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from contest.domain.board_building import board_is_missing, request_board
from contest.domain.closing import request_close, require_over
from contest.domain.expiry import SETTLE, expire_attempts
from contest.domain.jobs import due_jobs
from contest.domain.scoring import has_ungraded, request_scoring
from contest.errors import NotYet
from contest.models import Attempt, Round
from contest.wake import RUN_JOB, wake

# At most so many papers are closed in one tick; the next one is seconds away.
MOST_EXPIRED = 2_000


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep found to do."""

    expired: int = 0
    scoring: int = 0
    closing: int = 0
    boards: int = 0
    jobs: int = 0


def sweep(*, now: datetime) -> Swept:
    """Close overdue papers, ask for scoring and closing, rebuild missing boards, wake workers for waiting jobs."""
    expired = expire_attempts(now=now, limit=MOST_EXPIRED).closed
    scoring = closing = missing = 0
    for contest_round in _live_rounds():
        if has_ungraded(contest_round.pk):
            request_scoring(round_id=contest_round.pk, now=now)
            scoring += 1
        if contest_round.opens_at <= now < contest_round.closes_at and board_is_missing(contest_round):
            request_board(contest_round=contest_round, now=now)
            missing += 1
    for contest_round in _over_rounds(now):
        try:
            require_over(contest_round, now=now)
        except NotYet:
            continue
        request_close(contest_round=contest_round, actor=None, now=now)
        closing += 1
    waiting = due_jobs(now=now)
    for public_id in waiting:
        wake(RUN_JOB, public_id)
    return Swept(expired=expired, scoring=scoring, closing=closing, boards=missing, jobs=len(waiting))


def _live_rounds() -> list[Round]:
    """Rounds somebody has a paper in and nobody has closed yet."""
    papers = Attempt.objects.filter(round=OuterRef("pk"))
    return list(
        Round.objects.filter(Exists(papers), frozen_at__isnull=False, closed_at__isnull=True, cancelled_at__isnull=True)
    )


def _over_rounds(now: datetime) -> list[Round]:
    """Rounds whose time is over for good and whose result nobody has computed."""
    return list(
        Round.objects.filter(
            closes_at__lt=now - SETTLE - timedelta(seconds=1),
            frozen_at__isnull=False,
            closed_at__isnull=True,
            cancelled_at__isnull=True,
            contest__cancelled_at__isnull=True,
        )
    )
