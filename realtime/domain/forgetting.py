"""Names that are not kept: of residents who asked to be forgotten, and of guests some time after the evening.

What was played stays, under no name: seat, answers, points and rank, so that a result can still be counted again. A certificate
that was issued keeps the name it was issued to.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from realtime.enums import Action
from realtime.models import Event, EventLog, Player

GUESTS_KEPT = timedelta(days=90)
"""So long after the event: until then somebody may object to a result or fetch a certificate."""
EVENTS_AT_ONCE = 100
_NAMES_IN_LOG = ("name", "before")


@transaction.atomic
def forget_resident(*, resident_id: int) -> int:
    """Erase the names somebody played under; from how many events. Repeating it changes nothing."""
    return _forget(Player.objects.filter(resident_id=resident_id))


@transaction.atomic
def forget_erased() -> int:
    """The same for everybody who was erased, should the word of it have been lost. Safe to repeat."""
    return _forget(Player.objects.filter(resident__erased_at__isnull=False))


def forget_guests(*, now: datetime) -> int:
    """Erase nicknames and tickets of guests of events that ended, or were last joined, ``GUESTS_KEPT`` ago; how many
    people. Safe to repeat."""
    before = now - GUESTS_KEPT
    old = Event.objects.filter(forgotten_at__isnull=True).alias(over=Coalesce("ended_at", "created_at"))
    old = old.filter(over__lt=before).exclude(players__joined_at__gte=before).order_by("pk")
    forgotten = 0
    for event in old[:EVENTS_AT_ONCE]:
        with transaction.atomic():
            forgotten += _forget(Player.objects.filter(event=event, resident__isnull=True))
            if event.ended_at is not None:  # into one that never ended people may still come
                Event.objects.filter(pk=event.pk).update(forgotten_at=now)
    return forgotten


def _forget(players: QuerySet[Player]) -> int:
    named = dict(players.exclude(name="").values_list("public_id", "event_id"))
    if not named:
        return 0
    for row in EventLog.objects.filter(event_id__in=set(named.values()), action=Action.RENAME):
        if row.data.get("player") in named:
            row.data |= {key: "" for key in _NAMES_IN_LOG if key in row.data}
            row.save(update_fields=["data"])
    # A ticket is once an event; what stands in its place opens nothing.
    ticket = Concat(Value("gone-"), Cast("pk", CharField()), output_field=CharField())
    return players.exclude(name="").update(name="", shown="", skeleton="", ticket=ticket)
