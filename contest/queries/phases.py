"""Where a round stands: derived from the clock and the stored decisions, never stored itself."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from contest.enums import Phase
from contest.models import Round


def phase_of(round_: Round, now: datetime) -> Phase:
    """Return the phase at ``now``. No query when the round's contest is loaded."""
    if round_.cancelled_at or round_.contest.cancelled_at:
        return Phase.CANCELLED
    if round_.published_at:
        return Phase.PUBLISHED
    if round_.closed_at:
        return Phase.REVIEW
    if not round_.frozen_at:
        return Phase.DRAFT
    if now < round_.opens_at:
        return Phase.SCHEDULED
    return Phase.OPEN if now < round_.closes_at else Phase.CLOSING


def open_rounds(now: datetime) -> QuerySet[Round]:
    """Rounds in which attempts may be started now, soonest end first."""
    return (
        _alive()
        .filter(frozen_at__isnull=False, opens_at__lte=now, closes_at__gt=now)
        .select_related("contest", "rule_set")
        .order_by("closes_at", "pk")
    )


def rounds_with_papers(now: datetime) -> QuerySet[Round]:
    """Rounds in which a paper may still be open: begun and not closed by decision."""
    return Round.objects.filter(frozen_at__isnull=False, opens_at__lte=now, closed_at__isnull=True)


def next_round_after(round_: Round) -> Round | None:
    """The following round of the contest, if it has a date."""
    return _alive().filter(contest_id=round_.contest_id, opens_at__gt=round_.opens_at).order_by("opens_at").first()


def _alive() -> QuerySet[Round]:
    return Round.objects.filter(
        Q(cancelled_at__isnull=True, contest__cancelled_at__isnull=True, closed_at__isnull=True)
    )
