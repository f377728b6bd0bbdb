"""Simulated phones and a host of a live event: they come back by themselves, and write every acknowledgement down."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import websockets

from realtime.pins import Ticket, new_nonce, write_ticket

SAVED = {"saved", "duplicate"}
AGAIN_S = 1.5  # an answer without an ack is sent again
SILENCE_S = 10.0  # without a frame for so long the line is dead
STATES = {"stage", "desk"}


@dataclass(eq=False)
class Screen:
    """A page with a socket that reconnects with full jitter."""

    port: int
    path: str
    random: Random
    state: dict[str, Any] = field(default_factory=dict)
    at: tuple[int, int] = (0, 0)
    line: Any = None
    openings: int = 0
    backwards: int = 0
    stopped: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until stopped."""
        failures = 0
        while not self.stopped:
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError, EOFError):
                async with websockets.connect(
                    f"ws://127.0.0.1:{self.port}{self.path}", origin=f"http://127.0.0.1:{self.port}",  # type: ignore[arg-type]
                    compression=None, open_timeout=8, ping_interval=None, close_timeout=0.2, proxy=None,
                ) as line:  # fmt: skip
                    await self.converse(line)
                    failures = 0
            self.line = None
            failures += 1
            await asyncio.sleep(self.random.random() * min(3.0, 0.3 * 2**failures))

    async def converse(self, line: Any) -> None:
        while not self.stopped:
            async with asyncio.timeout(SILENCE_S):
                frame = json.loads(await line.recv())
            kind = frame["type"]
            if kind == "hello":
                self.line, self.at = line, (0, 0)
                self.openings += 1
                await self.greet()
            elif kind in STATES:
                at = frame["epoch"], frame["seq"]
                self.backwards += at < self.at
                self.at, self.state = at, frame
                self.changed.set()
            elif kind == "tick":
                await self.say("ping")
                if (frame["epoch"], frame["seq"]) > self.at:
                    await self.say("resync")
            else:
                self.heard(frame)

    async def say(self, kind: str, **fields: Any) -> None:
        if self.line is not None:
            with contextlib.suppress(websockets.WebSocketException, OSError):
                await self.line.send(json.dumps({"v": 1, "type": kind} | fields))

    async def greet(self) -> None:
        """What is said first."""

    def heard(self, frame: dict[str, Any]) -> None:
        """Any other frame."""


@dataclass(eq=False)
class Phone(Screen):
    """A player. ``ledger`` is shared: [player key, instance, wire response]."""

    ticket: str = ""
    name: str = ""
    token: str = ""
    key: str = ""
    ledger: list[list[Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    sent: tuple[int, str] | None = None
    acked: set[int] = field(default_factory=set)

    async def greet(self) -> None:
        if self.token:
            await self.say("resume", token=self.token)
        else:
            await self.say("join", ticket=self.ticket, name=self.name)

    def heard(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "seat":
            self.token, self.key = frame["token"], frame["key"]
        elif frame["type"] == "denied":
            self.refused.append(frame["code"])
        elif frame["type"] == "ack" and self.sent and frame["instance"] == self.sent[0]:
            if frame["code"] in SAVED and frame["instance"] not in self.acked:
                self.acked.add(frame["instance"])
                self.ledger.append([self.key, *self.sent])
            elif frame["code"] != "busy" and frame["code"] not in SAVED:
                self.refused.append(frame["code"])

    async def play(self) -> None:
        """Answer every question once, and insist until it is acknowledged or over."""
        while not self.stopped:
            self.changed.clear()
            state = self.state
            if state.get("phase") == "open" and state["you"] and state["instance"] not in self.acked:
                if self.sent is None or self.sent[0] != state["instance"]:
                    await asyncio.sleep(self.random.random() * 1.5)
                    self.sent = state["instance"], self.random.choice(state["question"]["options"])["id"]
                await self.say("answer", instance=self.sent[0], response=self.sent[1])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_S):
                    await self.changed.wait()


@dataclass(eq=False)
class Host(Screen):
    """Says next when asked to."""

    replies: list[dict[str, Any]] = field(default_factory=list)

    def heard(self, frame: dict[str, Any]) -> None:
        if frame["type"] in {"done", "refused"}:
            self.replies.append(frame)

    async def command(self, action: str) -> None:
        """Insist until it is done (a repeat at a state gone by does nothing)."""
        index, phase = self.state["index"], self.state["phase"]
        deadline = time.monotonic() + 30
        while (self.state["index"], self.state["phase"]) == (index, phase):
            assert time.monotonic() < deadline, (action, self.replies[-3:])
            await self.say("command", id="x", action=action, at=self.state["at"], data={})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await until(lambda: (self.state["index"], self.state["phase"]) != (index, phase))


@dataclass
class Yard:
    """Everybody at one event. Phones go through ``port``, the host through ``host_port``."""

    event: dict[str, Any]
    phones: list[Phone]
    host: Host
    ledger: list[list[Any]]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def of(cls, event: dict[str, Any], players: int, *, port: int, host_port: int) -> Yard:
        ledger: list[list[Any]] = []
        path = f"/ws/live/{event['event']}"
        phones = [
            Phone(
                port, f"{path}/play", Random(number), ledger=ledger, name=f"Lan {number}",
                ticket=write_ticket(event["secret"], Ticket(event["id"], new_nonce(Random(number)), int(time.time() * 1000))),
            )
            for number in range(players)
        ]  # fmt: skip
        return cls(event, phones, Host(host_port, f"{path}/desk?key={event['key']}", Random(0)), ledger)

    async def open(self) -> None:
        self.tasks = [asyncio.create_task(one.run()) for one in (self.host, *self.phones)]
        self.tasks += [asyncio.create_task(phone.play()) for phone in self.phones]
        await until(lambda: self.host.state and all(phone.state for phone in self.phones), within=60)

    async def close(self) -> None:
        for one in (self.host, *self.phones):
            one.stopped = True
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def at(self) -> tuple[int, int]:
        """The furthest anybody has seen."""
        return max(screen.at for screen in (self.host, *self.phones))

    def back(self, mark: tuple[int, int]) -> bool:
        """Whether every screen is connected and shows this state or a later one."""
        return all(screen.line is not None and screen.at >= mark for screen in (self.host, *self.phones))


async def until(true: Callable[[], Any], within: float = 30.0) -> float:
    """Wait until it is true; how many seconds that took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within, "not in time"
        await asyncio.sleep(0.05)
    return time.monotonic() - begun
