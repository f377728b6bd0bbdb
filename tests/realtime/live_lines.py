"""Sockets of a live event as tests hold them: each reads all the time, remembers every frame, and knows its last state."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator

from contest.arrivals import now_utc, to_ms
from realtime.domain.grants import grant
from realtime.doors import new_ticket
from realtime.enums import GrantRole
from realtime.live_frames import decode_live
from realtime.models import Event
from realtime.routing import sockets

ORIGIN = b"http://testserver"
STATES = {"stage", "wall", "desk"}


@dataclass(eq=False)
class Line:
    """One open socket."""

    communicator: WebsocketCommunicator
    texts: list[str] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    closed: int | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    reader: asyncio.Task[None] | None = None
    said: int = 0

    def start(self) -> Line:
        self.reader = asyncio.create_task(self._read())
        return self

    async def _read(self) -> None:
        while self.closed is None:
            out = await self.communicator.receive_output(timeout=600)
            if out["type"] == "websocket.close":
                self.closed = out["code"]
            else:
                decode_live(out["text"])  # every frame is one of the protocol's
                self.texts.append(out["text"])
                self.frames.append(json.loads(out["text"]))
            self.changed.set()

    @property
    def state(self) -> dict[str, Any]:
        """What is on the screen."""
        return next((frame for frame in reversed(self.frames) if frame["type"] in STATES), {})

    def of(self, kind: str) -> list[dict[str, Any]]:
        """All frames of a type."""
        return [frame for frame in self.frames if frame["type"] == kind]

    async def until(self, true: Callable[[], Any], within: float = 10.0) -> Any:
        """Wait until something is true of what was read."""
        deadline = time.monotonic() + within
        while not (found := true()):
            self.changed.clear()
            left = deadline - time.monotonic()
            assert left > 0, f"not seen in time; last: {self.frames[-3:]}"
            try:
                async with asyncio.timeout(left):
                    await self.changed.wait()
            except TimeoutError:
                continue
        return found

    async def sees(self, phase: str, within: float = 10.0, **fields: Any) -> dict[str, Any]:
        """Wait until the screen is in a phase."""
        wanted = fields | {"phase": phase}
        await self.until(lambda: wanted.items() <= self.state.items(), within)
        return self.state

    async def gets(self, kind: str, within: float = 10.0) -> dict[str, Any]:
        """The next frame of a type after the last one said."""
        start = self.said
        return await self.until(lambda: next((f for f in self.frames[start:] if f["type"] == kind), None), within)

    async def ends(self, within: float = 10.0) -> int:
        """The close code."""
        await self.until(lambda: self.closed is not None, within)
        assert self.closed is not None
        return self.closed

    async def say(self, kind: str, **fields: Any) -> None:
        """Send a frame."""
        self.said = len(self.frames)
        await self.communicator.send_to(text_data=json.dumps({"v": 1, "type": kind} | fields))

    async def asks(self, kind: str, *answers: str, **fields: Any) -> dict[str, Any]:
        """Send a frame and wait for one of these types."""
        await self.say(kind, **fields)
        start = self.said
        return await self.until(lambda: next((f for f in self.frames[start:] if f["type"] in answers), None))

    async def command(self, action: str, /, at: int | None = None, **data: Any) -> dict[str, Any]:
        """A command at the state on the screen; `done` or `refused`."""
        at = self.state["at"] if at is None else at
        return await self.asks("command", "done", "refused", id=f"c{len(self.frames)}", action=action, at=at, data=data)

    async def hang_up(self) -> None:
        """Go without a word."""
        await self.communicator.send_input({"type": "websocket.disconnect", "code": 1006})
        if self.reader is not None:
            self.reader.cancel()
            await asyncio.gather(self.reader, return_exceptions=True)
        await self.communicator.wait(timeout=10)


class Venue:
    """Opens sockets of events; closes what is open at the end."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.last_ticket = ""

    def ticket(self, event: Event) -> str:
        """A new one, as the join page would give it."""
        self.last_ticket = new_ticket(event_id=event.pk, secret=event.secret, now=to_ms(now_utc()))
        return self.last_ticket

    async def open(self, path: str, *, origin: bytes | None = ORIGIN, headers: Any = ()) -> Line:
        sent = [(b"host", b"testserver"), *headers] + ([(b"origin", origin)] if origin is not None else [])
        communicator = WebsocketCommunicator(sockets, path, headers=sent)
        accepted, _ = await communicator.connect(timeout=20)
        assert accepted
        line = Line(communicator).start()
        self.lines.append(line)
        return line

    async def play(self, event: Event) -> Line:
        """A phone that has not joined."""
        line = await self.open(f"/ws/live/{event.public_id}/play")
        await line.until(lambda: line.of("hello"))
        return line

    async def joined(self, event: Event, name: str, **fields: Any) -> Line:
        """A phone with a seat."""
        line = await self.play(event)
        await line.asks("join", "seat", ticket=self.ticket(event), name=name, **fields)
        await line.until(lambda: line.state)
        return line

    async def crew(self, event: Event, channel: str, role: GrantRole | None = None) -> Line:
        """A wall, desk or marshal with the key of a link."""
        key = await database_sync_to_async(key_for)(event, role or CHANNEL_ROLE[channel])
        line = await self.open(f"/ws/live/{event.public_id}/{channel}?key={key}")
        await line.until(lambda: line.state)
        return line

    async def close(self) -> None:
        for line in self.lines:
            if line.reader is not None and not line.reader.done():
                await line.hang_up()


CHANNEL_ROLE = {"wall": GrantRole.WALL, "desk": GrantRole.HOST, "marshal": GrantRole.MARSHAL}


def key_for(event: Event, role: GrantRole) -> str:
    return grant(event=event, role=role, actor=None, now=now_utc()).key


def option(state: dict[str, Any], place: int) -> Any:
    """The wire of an option on the screen; B (place 1) is right."""
    return state["question"]["options"][place]["id"]


async def give(line: Line, place: int = 1, **fields: Any) -> str:
    """Answer the question on the screen; the ack's code."""
    fields = {"instance": line.state["instance"], "response": option(line.state, place)} | fields
    return str((await line.asks("answer", "ack", **fields))["code"])
