"""A change of an event: the game put into the row, the log line, and what the caller is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.signals import tell_after_commit
from realtime.enums import Phase
from realtime.game import due
from realtime.game_state import Game
from realtime.live_signals import event_changed, event_judged
from realtime.models import Event, EventLog

OVER = frozenset({Phase.ENDED, Phase.ABORTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one command or the clock changed. ``seq`` is the event's new position; ``counted`` tells that points, ranks
    or places changed, so that everybody's line is to be read anew (realtime/queries/snapshot.py). ``ended`` lists
    public ids of players who were sent out."""

    event_id: int
    epoch: int
    seq: int
    action: str
    game: Game
    counted: bool = False
    ended: tuple[str, ...] = ()


def store_game(event: Event, game: Game) -> None:
    """Put a game into its event's row: the whole, and the columns statements and lists read. Saves nothing."""
    event.state = game.to_json()
    event.phase = game.phase
    event.index = game.index
    event.instance = game.instance
    event.opens_at = game.opens_at
    event.closes_at = game.closes_at
    event.paused_at = game.paused_at
    event.locked = game.locked
    event.due_at = due(game)


STORED = ("state", "phase", "index", "instance", "opens_at", "closes_at", "paused_at", "locked", "due_at")


def write_change(
    event: Event,
    game: Game,
    *,
    who: str,
    action: str,
    data: dict[str, Any],
    now: datetime,
    counted: bool = False,
    ended: tuple[str, ...] = (),
) -> Change:
    """Store a game under the next position, with its log line. In the caller's transaction, the event's row locked."""
    store_game(event, game)
    event.seq += 1
    fields = [*STORED, "seq", "stage_seq"]
    if event.started_at is None and game.index >= 0:
        event.started_at = now
        fields.append("started_at")
    if game.phase in OVER and event.ended_at is None:
        event.ended_at, event.pin, event.due_at = now, None, None
        fields += ["ended_at", "pin"]
        tell_after_commit(event_judged, Event, event_id=event.pk)
    event.save(update_fields=fields)
    EventLog.objects.create(event_id=event.pk, seq=event.seq, at=now, who=who, action=action, data=data)
    tell_after_commit(event_changed, Event, event_id=event.pk, seq=event.seq)
    return Change(
        event_id=event.pk, epoch=event.epoch, seq=event.seq, action=action, game=game, counted=counted, ended=ended
    )
