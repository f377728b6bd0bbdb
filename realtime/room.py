"""One live room of this process: its sockets, the last state, and the keeper that keeps both right.

Frames come by three ways, each enough by itself: pushed over the channel layer by the process that rendered; seen in the
store at the heartbeat when a push was lost; rendered here when Redis is away. Whatever the way, only a position above the
last one is shown, so a late publication moves no screen backwards (failures D12, D14, D21, D23).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from realtime.outbox import Outbox
from realtime.protocol import HEARTBEAT_S, NOWHERE, Bye, Close, Hello, Position, Tick
from realtime.store import PACE_MS, Lease, LiveStore, StoreAway, Stored

log = logging.getLogger(__name__)

REFRESH_S = 10.0  # a state nobody announced a change of is rendered anew this often: a lost hint costs no more
DEGRADED_S = 5.0  # between two renders of one process while Redis is away
SAME_TEXT_MS = 500  # the clock in a frame may be so old
GONE = ""  # the body of a room that is not, or no longer, public


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Position and clocks (ms since 1970) that go with a body into a frame."""

    position: Position
    at: int
    now: int


class Source(Protocol):
    """What a room shows. ``render`` runs in a thread of its own pool and may ask the database."""

    @property
    def group(self) -> str:
        """Its name in the layer and in the store."""

    async def render(self) -> str:
        """The state as JSON text, equal texts for equal states; GONE when it may not be shown."""

    def full(self, body: str, stamp: Stamp) -> str:
        """The frame that carries the whole state."""

    def delta(self, before: str, body: str, stamp: Stamp) -> str | None:
        """A smaller frame that suffices for who has ``before``, if there is one."""


class Socket(Protocol):
    """What a room knows of a connection."""

    outbox: Outbox

    def end(self, code: int, farewell: Bye) -> None:
        """Close it after a farewell; returns at once."""


Publish = Callable[[str, Stored], Awaitable[None]]
Subscribe = Callable[[str], Awaitable[bool]]


class Room:
    """The sockets of one process that look at one state."""

    def __init__(self, source: Source, *, store: LiveStore, publish: Publish, subscribe: Subscribe) -> None:
        self.source = source
        self.group = source.group
        self.store = store
        self.publish = publish
        self.subscribe = subscribe
        self.sockets: set[Socket] = set()
        self.expected = 0  # sockets on their way in
        self.ready = asyncio.Event()
        self.wake = asyncio.Event()
        self.body: str | None = None
        self.position = NOWHERE
        self.at = 0
        self.encoded = Stamp(position=NOWHERE, at=0, now=0), ""
        self.rendered = 0  # announced changes the body knows
        self.hinted = 0
        self.dirty = True
        self.degraded = False
        self.subscribed = False
        self.not_before = 0.0
        self.next_tick = 0.0
        self.next_look = 0.0

    # ------------------------------------------------------------------------------------- sockets

    @property
    def wanted(self) -> bool:
        """Whether anybody is here or coming."""
        return bool(self.sockets or self.expected)

    def welcome(self, socket: Socket) -> None:
        """Hello, the whole state, and every frame from then on: no await in between, so none is missed (D21)."""
        epoch, seq = self.position
        socket.outbox.word(Hello(epoch=epoch, seq=seq, now=now_ms()).encode())
        self.send_state(socket)
        self.sockets.add(socket)

    def send_state(self, socket: Socket) -> None:
        """The whole state for one socket; no query."""
        if self.body:
            socket.outbox.state(self._full())

    def _full(self) -> str:
        """The frame of the whole state; a thousand phones that come back at once get it encoded twice a second."""
        assert self.body is not None
        stamp = self.stamp()
        made, text = self.encoded
        if (made.position, made.at) != (stamp.position, stamp.at) or stamp.now - made.now > SAME_TEXT_MS:
            text = self.source.full(self.body, stamp)
            self.encoded = stamp, text
        return text

    def stamp(self) -> Stamp:
        """Where this room is."""
        return Stamp(position=self.position, at=self.at, now=now_ms())

    # ------------------------------------------------------------------------------------- frames in

    def hint(self, version: int) -> None:
        """Something changed, says the layer."""
        self.hinted = version
        if version != self.rendered:
            self.dirty = True
            self.wake.set()

    def adopt(self, stored: Stored) -> None:
        """A state from another process: show it if it is newer than ours."""
        if stored.position > self.position and stored.body is not None:
            self.rendered = stored.rendered
            self.show(stored.body, position=stored.position, at=stored.at)
            if stored.rendered >= self.hinted:
                self.dirty = False
        elif stored.position == self.position:
            self.at = max(self.at, stored.at)
            self.rendered = max(self.rendered, stored.rendered)

    def show(self, body: str, *, position: Position, at: int) -> None:
        """Take a state and hand the same text to every socket."""
        before, self.body, self.position, self.at = self.body, body, position, at
        self.ready.set()
        if body == GONE:
            self.end_all(Close.NOT_FOUND, "gone", retry_ms=-1)
            return
        if not self.sockets:
            return
        full = self._full()
        delta = self.source.delta(before, body, self.stamp()) if before else None
        for socket in self.sockets:
            socket.outbox.state(full, delta)

    def end_all(self, code: int, reason: str, *, retry_ms: int) -> None:
        """Send everybody away."""
        epoch, seq = self.position
        farewell = Bye(epoch=epoch, seq=seq, reason=reason, retry_ms=retry_ms)
        for socket in list(self.sockets):
            socket.end(code, farewell)

    # ------------------------------------------------------------------------------------- the keeper

    async def keep(self) -> None:
        """Until nobody is here: subscribe, render when needed, beat."""
        try:
            await self._begin()
            while self.wanted:
                await self._pause()
                await self._step(time.monotonic())
        finally:
            # Nobody may wait for a room whose keeper has ended.
            self.ready.set()

    async def _begin(self) -> None:
        # Subscribed first, read second: what is pushed in between comes with a higher position.
        self.subscribed = await self.subscribe(self.group)
        try:
            stored = await self.store.look(self.group, body=True)
        except StoreAway:
            self.degraded = True
        else:
            if stored.body and now_ms() - stored.at < REFRESH_S * 1000:
                self.adopt(stored)
                self.dirty = stored.version != stored.rendered
        self.next_tick = time.monotonic() + HEARTBEAT_S

    async def _pause(self) -> None:
        now = time.monotonic()
        due = min(self.next_tick, self.next_look or self.next_tick, self.not_before if self.dirty else self.next_tick)
        if due > now:
            try:
                async with asyncio.timeout(due - now):
                    await self.wake.wait()
            except TimeoutError:
                pass
        self.wake.clear()

    async def _step(self, now: float) -> None:
        if self.next_look and now >= self.next_look:
            self.next_look = 0.0
            await self._look()
        if self.dirty and now >= self.not_before:
            await self._refresh()
        if now >= self.next_tick:
            self.next_tick = time.monotonic() + HEARTBEAT_S
            await self._look()
            self._beat()
            if now_ms() - self.at > REFRESH_S * 1000:
                self.dirty = True

    def _beat(self) -> None:
        epoch, seq = self.position
        tick = Tick(epoch=epoch, seq=seq, now=now_ms(), at=self.at).encode()
        farewell = Bye(epoch=epoch, seq=seq, reason="slow", retry_ms=1000)
        for socket in list(self.sockets):
            if socket.outbox.too_slow():
                socket.end(Close.TOO_SLOW, farewell)
            else:
                socket.outbox.tick(tick)

    async def _look(self) -> None:
        """Is there something we were not told?"""
        if not self.subscribed:
            self.subscribed = await self.subscribe(self.group)
        try:
            behind = await self._read()
        except StoreAway:
            self.degraded = True
            self.dirty = True
        else:
            self.dirty = self.dirty or behind or self.degraded

    async def _read(self) -> bool:
        """Take over what the store has; whether it does not have all that was announced or all that we have shown."""
        stored = await self.store.look(self.group, body=self.body is None)
        if stored.position > self.position and stored.body is None:
            stored = await self.store.look(self.group, body=True)
        self.adopt(stored)
        return stored.version != stored.rendered or stored.position < self.position

    async def _refresh(self) -> None:
        """Render, if it is our turn, and tell everybody."""
        try:
            lease = await self.store.lease(self.group)
            if isinstance(lease, Lease):
                await self._render_for_all(lease)
            else:
                self.not_before = time.monotonic() + lease / 1000
                # Somebody else renders or has just done so; perhaps that is enough for us.
                self.dirty = await self._read() or self.body is None
        except StoreAway:
            await self._render_alone()

    async def _render_for_all(self, lease: Lease) -> None:
        self.dirty = False
        body = await self._render()
        if body is None:
            await self.store.release(self.group)
            return
        at = now_ms()
        put = await self.store.put(self.group, lease, body=body, mine=self.position, now_ms=at)
        self.not_before = time.monotonic() + PACE_MS / 1000
        if put is None:  # took longer than the lease: somebody else renders by now
            self.dirty = True
            return
        self.degraded = False
        position, changed = put
        self.rendered = lease.version
        # Hints are themselves coalesced, so one that came may stand for a change after our lease: look once more.
        self.next_look = self.not_before + 0.05
        if position <= self.position:
            self.at = at
            self.ready.set()
            return
        self.show(body, position=position, at=at)
        if changed:
            stored = Stored(position=position, at=at, version=lease.version, rendered=lease.version, body=body)
            await self.publish(self.group, stored)

    async def _render_alone(self) -> None:
        """Without Redis each process counts on by itself; the store takes the highest count over when it is back."""
        self.degraded = True
        self.subscribed = False
        self.not_before = time.monotonic() + DEGRADED_S
        self.dirty = True
        body = await self._render()
        if body is None:
            return
        self.at = now_ms()
        if body != self.body:
            epoch, seq = self.position
            self.show(body, position=(epoch or self.at, seq + 1), at=self.at)

    async def _render(self) -> str | None:
        """The body, or None when the database does not give one now; then the last state stays and we try again."""
        try:
            return await self.source.render()
        except Exception:
            log.exception("live state %s could not be rendered", self.group)
            self.dirty = True
            self.not_before = time.monotonic() + DEGRADED_S
            return None


def now_ms() -> int:
    """The server's clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
