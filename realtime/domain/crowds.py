"""Whom a command means that names nobody: everybody who waits for a name, came since a moment, or is called alike.

For a door that robots have flooded (failures D2): one command, a few statements, however many they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from contest.arrivals import from_ms
from people.text import fold
from realtime.domain.places import SENT_OUT
from realtime.errors import BadCommand
from realtime.models import Event, Player
from realtime.models.player import NameState

LEAST_PREFIX = 2  # letters; one letter would name a third of a hall
LATEST_MS = 4_102_444_800_000  # 2100: no clock of a host is that fast


def means_a_crowd(data: Mapping[str, Any]) -> bool:
    """Whether the command chooses people by what they have in common."""
    return bool({"all", "since", "prefix"} & data.keys())


def crowd(event: Event, data: Mapping[str, Any]) -> QuerySet[Player]:
    """People of the event by ``all`` ("waiting": whose name nobody has approved), ``since`` (who took their seat then or
    later, ms since 1970) and ``prefix`` (names that begin so, whatever the case and accents); given together, all must
    hold. Never somebody a marshal let in, nor simulated players, nor who is out already. Maybe nobody.

    Raises:
        BadCommand: for any other value.
    """
    people = Player.objects.filter(event=event, marshal=False, bot=False).exclude(status__in=SENT_OUT)
    if "all" in data:
        if data["all"] != "waiting":
            raise BadCommand
        people = people.filter(name_state=NameState.WAITING)
    if "since" in data:
        since = data["since"]
        if isinstance(since, bool) or not isinstance(since, int) or not 0 <= since < LATEST_MS:
            raise BadCommand
        people = people.filter(joined_at__gte=from_ms(since))
    if "prefix" in data:
        begins = fold(data["prefix"]) if isinstance(data["prefix"], str) else ""
        if len(begins) < LEAST_PREFIX:
            raise BadCommand
        named = people.values_list("pk", "name")
        people = people.filter(pk__in=[pk for pk, name in named if fold(name).startswith(begins)])
    return people
