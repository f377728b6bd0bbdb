"""What waits to be sent to one socket: little, bounded, and never in anybody's way.

The latest state replaces one that still waits (a board of two seconds ago interests nobody); events of a game wait in
order up to a limit. uvicorn shows a slow reader by blocking ``send``; Daphne buffers without limit and shows nothing, so
what was sent since the client's last word is counted too: beyond ``CHARS_UNHEARD`` only the latest state is kept until
the client speaks, and after ``SILENCE_S`` it is let go.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import Enum

from realtime.protocol import CHARS_UNHEARD, EVENTS_HELD, SILENCE_S, SLOWEST_WRITE_S

Send = Callable[[str], Awaitable[None]]


class Kind(Enum):
    """How a waiting frame behaves: words and events queue, a state, a tick or a count replaces an older one."""

    WORD = 1
    EVENT = 2
    STATE = 3
    TICK = 4
    COUNT = 5


class Outbox:
    """The frames one socket has still to get. ``clock`` gives monotonic seconds."""

    __slots__ = ("_clock", "_send", "_wake", "events", "heard_at", "overflowed", "unheard", "waiting", "writing_since")

    def __init__(self, send: Send, clock: Callable[[], float]) -> None:
        self._send = send
        self._clock = clock
        self._wake = asyncio.Event()
        self.waiting: deque[tuple[Kind, str]] = deque()
        self.events = 0
        self.overflowed = False
        self.heard_at = clock()
        self.unheard = 0
        self.writing_since: float | None = None

    def word(self, text: str) -> None:
        """Something for this socket alone (hello, error, bye)."""
        self._put(Kind.WORD, text)

    def event(self, text: str) -> None:
        """Something that happened; its order matters."""
        self.events += 1
        if self.events > EVENTS_HELD:
            self.overflowed = True
        else:
            self._put(Kind.EVENT, text)

    def state(self, full: str, delta: str | None = None) -> None:
        """A new state. ``delta`` is enough where nothing older waits."""
        if self._drop(Kind.STATE) or delta is None:
            self._put(Kind.STATE, full)
        else:
            self._put(Kind.STATE, delta)

    def tick(self, text: str) -> None:
        """A heartbeat."""
        self._drop(Kind.TICK)
        self._put(Kind.TICK, text)

    def count(self, text: str) -> None:
        """How many have answered or come in."""
        self._drop(Kind.COUNT)
        self._put(Kind.COUNT, text)

    def heard(self) -> None:
        """The client has spoken, so it has read on."""
        self.heard_at = self._clock()
        self.unheard = 0
        self._wake.set()

    def too_slow(self) -> bool:
        """Whether to let this socket go."""
        now = self._clock()
        stuck = self.writing_since is not None and now - self.writing_since > SLOWEST_WRITE_S
        return self.overflowed or stuck or now - self.heard_at > SILENCE_S

    async def run(self) -> None:
        """Send what comes until cancelled; an error of the transport ends it."""
        while True:
            while self.waiting and self.unheard <= CHARS_UNHEARD:
                await self._write(*self.waiting.popleft())
            self._wake.clear()
            await self._wake.wait()

    async def _write(self, kind: Kind, text: str) -> None:
        self.events -= kind is Kind.EVENT
        self.unheard += len(text)
        self.writing_since = self._clock()
        await self._send(text)
        self.writing_since = None

    def _put(self, kind: Kind, text: str) -> None:
        self.waiting.append((kind, text))
        self._wake.set()

    def _drop(self, kind: Kind) -> bool:
        """Remove the waiting frame of this kind, if there is one."""
        for item in self.waiting:
            if item[0] is kind:
                self.waiting.remove(item)
                return True
        return False
