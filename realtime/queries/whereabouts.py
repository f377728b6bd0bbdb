"""Small questions a hall asks often: where the event is, how many have answered. One query each."""

from __future__ import annotations

from django.db.models import Q

from realtime.models import Event, LiveAnswer


def event_called(event: str | int) -> tuple[int, str] | None:
    """Return (row number, public id) of the event with this public id or row number."""
    named = Q(pk=event) if isinstance(event, int) else Q(public_id=event)
    return Event.objects.filter(named).values_list("pk", "public_id").first()


def position_of(event_id: int) -> tuple[int, int] | None:
    """Return (epoch, seq) as committed now; None when the event is gone."""
    return Event.objects.filter(pk=event_id).values_list("epoch", "seq").first()


def answered(question_id: int, instance: int) -> int:
    """Return how many have answered this opening of a question."""
    return LiveAnswer.objects.filter(question_id=question_id, instance=instance).count()
