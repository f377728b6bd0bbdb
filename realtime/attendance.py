"""Who is connected to an event: here, in other processes that have told us lately, and who has just dropped out.

Never stored: it only says whom a question waits for, and how many stand on the desk as connected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from realtime.protocol import HEARTBEAT_S

BACK_WITHIN_S = 6.0  # a phone that lost its line is expected back so soon; one that polls comes every two seconds
ELSEWHERE_S = 3 * HEARTBEAT_S  # a process that has not told for so long is gone

S = TypeVar("S")


class Attendance(Generic[S]):
    """The players of one event in one process. ``clock`` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._opened = clock()
        self.here: dict[int, set[S]] = {}
        self._elsewhere: dict[str, tuple[float, frozenset[int]]] = {}
        self._dropped: dict[int, float] = {}

    def come(self, player: int, socket: S) -> None:
        """A player's socket is here."""
        self.here.setdefault(player, set()).add(socket)

    def go(self, player: int, socket: S) -> None:
        """A player's socket is gone."""
        mine = self.here[player]
        mine.discard(socket)
        if not mine:
            del self.here[player]
            self.seen(player)

    def seen(self, player: int) -> None:
        """A player was here without a socket, a moment ago."""
        self._dropped[player] = self._clock() + BACK_WITHIN_S

    def told(self, process: str, players: Iterable[int]) -> bool:
        """Another process says who is there; whether that is news."""
        there = frozenset(players)
        before = self._elsewhere.get(process, (0.0, frozenset[int]()))[1]
        self._elsewhere[process] = self._clock() + ELSEWHERE_S, there
        return before != there

    @property
    def online(self) -> set[int]:
        """Players connected, over all processes."""
        now = self._clock()
        return set(self.here).union(*(players for until, players in self._elsewhere.values() if until > now))

    @property
    def waits_until(self) -> float | None:
        """When somebody awaited now is awaited no more unless they come back; seconds of the clock. None: nobody is."""
        now = self._clock()
        if now < (known := self._opened + BACK_WITHIN_S):
            return known
        elsewhere = [until for until, _players in self._elsewhere.values()]
        return min((until for until in (*self._dropped.values(), *elsewhere) if until > now), default=None)

    @property
    def awaited(self) -> set[int] | None:
        """Players connected or on their way back: a question does not go on without them.

        None, that is everybody, while this hall is new: after a restart it does not know yet who is coming back.
        """
        now = self._clock()
        if now - self._opened < BACK_WITHIN_S:
            return None
        self._dropped = {player: until for player, until in self._dropped.items() if until > now}
        return self.online | set(self._dropped)
