"""New players as one statement writes them. A thousand come within two seconds: a model instance each costs more than the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from realtime.domain.bulk import insert_rows

_COLUMNS = (
    "event_id", "public_id", "ticket", "name", "shown", "skeleton", "name_state", "resident_id", "unit_id", "team_id", "seat",
    "status", "since", "bot", "marshal",
)  # fmt: skip
# What nobody has who has just come: the defaults of realtime.models.Player (a test compares).
_NOTHING_YET = dict.fromkeys(("score", "ghost_score", "correct", "time_ms", "streak", "rank", "was"), "0") | {
    "tied": "FALSE", "out_at": "NULL", "left_as": "''", "left_seat": "NULL",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class NewPlayer:
    """A row of realtime.models.Player that is being made; ``pk`` is 0 until it is."""

    event_id: int
    public_id: str
    ticket: str
    name: str
    shown: str
    skeleton: str
    name_state: str
    resident_id: int | None
    unit_id: int | None
    team_id: int | None
    seat: int | None
    status: str
    since: int
    bot: bool
    marshal: bool
    pk: int = 0


def insert_players(players: Sequence[NewPlayer], now: datetime) -> None:
    """Write them and give each its number."""
    if not players:
        return
    joined_at = connection.ops.adapt_datetimefield_value(now)
    rows = [[*(getattr(player, name) for name in _COLUMNS), joined_at] for player in players]
    ids = insert_rows("realtime_player", [*_COLUMNS, "joined_at"], rows, constants=_NOTHING_YET, key="public_id")
    for player in players:
        player.pk = ids[player.public_id]
