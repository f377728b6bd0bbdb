"""The round that learning leads to: told to the question bank, which knows no contests."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse

from contest.models import Round
from people.models import Resident
from people.queries.roles import lineage
from quizbank.rounds_ahead import RoundAhead


def next_round_for(user_id: int, now: datetime) -> RoundAhead | None:
    """The open round that closes first, else the next to open, among contests of this person's unit and those above
    it; of every listed contest for somebody without a profile. Contests whose organizer wants no rewards are left out.
    Two queries."""
    rounds = Round.objects.filter(
        Q(frozen_at__isnull=False, closed_at__isnull=True, cancelled_at__isnull=True),
        contest__listed_at__lte=now,
        contest__cancelled_at__isnull=True,
        contest__rewards_on=True,
        closes_at__gt=now,
    )
    path = Resident.objects.filter(user_id=user_id).values_list("unit__path", flat=True).first()
    if path:
        rounds = rounds.filter(contest__unit__path__in=lineage(path))
    coming = Case(When(opens_at__lte=now, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = (
        rounds.annotate(coming=coming, at=Case(When(opens_at__lte=now, then="closes_at"), default="opens_at"))
        .select_related("contest")
        .order_by("coming", "at", "pk")
        .first()
    )
    if found is None:
        return None
    is_open = found.opens_at <= now
    return RoundAhead(
        title=found.title,
        contest=found.contest.title,
        url=reverse("contest:contest", args=[found.contest.slug]),
        is_open=is_open,
        at=found.closes_at if is_open else found.opens_at,
    )
