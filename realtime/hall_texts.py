"""The texts of one state of a hall, each encoded once: public parts once an audience, a player's own line once a player.

A player's frame is the public text with the own line appended: a thousand phones cost one encoding of the question and a
thousand of a few numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from realtime import audiences
from realtime.audiences import Presence
from realtime.enums import GrantRole
from realtime.queries.lines import Line
from realtime.queries.snapshot import Snapshot
from realtime.room import now_ms

SAME_TEXT_MS = 500  # the clock in a frame may be so old


class Part(Enum):
    """What a socket is to the hall."""

    PLAYER = "player"
    LOOKER = "looker"
    WALL = "wall"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a socket sits: whose it is, or which role steers with it."""

    part: Part
    player: int = 0
    role: GrantRole = GrantRole.WALL


class Texts:
    """Made for one snapshot. Call within its event's language."""

    def __init__(self, snap: Snapshot) -> None:
        self.snap = snap
        self._kept: dict[object, tuple[int, str]] = {}
        self._own = audiences.Own(snap)
        self._yous: dict[int, tuple[Line, str]] = {}

    def stage(self, line: Line | None, players: int) -> str:
        """A player's frame; without a line a spectator's."""
        head = self._keep(Part.PLAYER, lambda now: self._stage_head(now, players))
        return f"{head}{self._you(line) if line else 'null'}}}"

    def wall(self, presence: Callable[[], Presence]) -> str:
        """The projector's frame."""
        return self._keep(Part.WALL, lambda now: audiences.wall(self.snap, presence(), now=now).encode())

    def desk(self, role: GrantRole, presence: Callable[[], Presence]) -> str:
        """The frame of who steers with this role."""
        return self._keep(role, lambda now: audiences.desk(self.snap, presence(), now=now, role=role).encode())

    def forget_crew(self) -> None:
        """Something besides the snapshot changed that walls and desks show."""
        self._kept = {audience: kept for audience, kept in self._kept.items() if audience is Part.PLAYER}

    def _stage_head(self, now: int, players: int) -> str:
        # `you` stands last and is null here.
        return audiences.stage(self.snap, now=now, players=players).encode().removesuffix("null}")

    def _keep(self, audience: object, make: Callable[[int], str]) -> str:
        now = now_ms()
        made, text = self._kept.get(audience, (0, ""))
        if now - made > SAME_TEXT_MS:
            text = make(now)
            self._kept[audience] = now, text
        return text

    def _you(self, line: Line) -> str:
        kept = self._yous.get(line.id)
        if kept is not None and (kept[0] is line or kept[0] == line):
            return kept[1]
        text = self._own.text(line)
        self._yous[line.id] = line, text
        return text
