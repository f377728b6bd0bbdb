"""From the keys of a command (players' public ids) to row numbers, and no further than the command's own event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtime.errors import BadCommand
from realtime.models import Player

MOST_KEYS = 5_000
_LISTS = ("players", "in", "out", "winners")


def with_ids(event_id: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with ``player`` and the lists of players as row numbers. One query, none where nobody is named.

    Raises:
        BadCommand: for a key of nobody in this event.
    """
    wanted = _keys(data)
    if not wanted:
        return dict(data)
    known = dict(Player.objects.filter(event_id=event_id, public_id__in=wanted).values_list("public_id", "pk"))
    if len(known) < len(wanted):
        raise BadCommand
    values = dict(data)
    if isinstance(data.get("player"), str):
        values["player"] = known[data["player"]]
    for name in _LISTS:
        if isinstance(data.get(name), list):
            values[name] = [known[key] for key in data[name]]
    return values


def _keys(data: Mapping[str, Any]) -> set[str]:
    keys: list[Any] = [data["player"]] if data.get("player") is not None else []
    for name in _LISTS:
        if isinstance(data.get(name), list):
            keys += data[name]
    if len(keys) > MOST_KEYS or not all(isinstance(key, str) for key in keys):
        raise BadCommand
    return set(keys)
