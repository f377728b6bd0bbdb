"""Hundreds of cheap phones at a real server: each takes a seat with the page's ticket, remembers what it saw and when."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self

import httpx

from bench.live_client import HOST, Phone
from realtime.domain.grants import grant
from realtime.enums import GrantRole
from realtime.models import Event
from tests.factories import NOW

GONE = 1006  # no close frame came (RFC 6455, 7.1.5)
STATES = {"stage", "wall", "desk"}
_ROOM = re.compile(r'<script id="phong" type="application/json">(.*?)</script>', re.DOTALL)


@dataclass(eq=False)
class Person:
    """One phone; it is the house of its own socket (bench/live_client.py). Times are monotonic seconds."""

    port: int
    path: str
    name: str = ""
    ticket: str = ""
    token: str = ""
    key: str = ""
    pattern: Callable[[], str] = str
    state: dict[str, Any] = field(default_factory=dict)
    denied: list[dict[str, Any]] = field(default_factory=list)
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    acks: list[str] = field(default_factory=list)
    frames: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)  # handshakes that were no 101
    closed: list[int] = field(default_factory=list)
    line: Any = None
    opened_at: float = 0.0
    state_at: float = 0.0
    answered_at: float = 0.0
    ack_s: float = 0.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ends(self) -> int:
        """How many of its sockets came to nothing: closed, cut, or never opened."""
        return len(self.closed) + len(self.refused)

    async def connect(self) -> None:
        """Open a socket; what is said first is in ``opened``."""
        make = partial(Phone, self, 0, self.path, self.port)  # type: ignore[arg-type]
        _, self.line = await asyncio.get_running_loop().create_connection(make, HOST, self.port)

    def say(self, kind: str, **fields: Any) -> None:
        if self.line is not None and not self.line.transport.is_closing():
            self.line.say(json.dumps({"v": 1, "type": kind} | fields).encode())

    def drop(self) -> None:
        """Gone without a word."""
        line, self.line = self.line, None
        if line is not None:
            line.transport.abort()

    def knock(self) -> None:
        """Ask for a seat."""
        self.say("join", ticket=self.ticket, name=self.name, pattern=self.pattern())

    def answer(self, place: int = 1) -> None:
        """Give this option of the question on the screen."""
        wire = self.state["question"]["options"][place]["id"]
        self.answered_at = time.monotonic()
        self.say("answer", instance=self.state["instance"], response=wire)

    async def until(self, true: Callable[[], Any], within: float = 30.0) -> Any:
        deadline = time.monotonic() + within
        while not (found := true()):
            self.changed.clear()
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                await self.changed.wait()
        return found

    async def command(self, action: str, **data: Any) -> float:
        """A command of a desk; the seconds until it was done."""
        begun, name = time.monotonic(), f"c{time.monotonic_ns()}"
        self.say("command", id=name, action=action, at=self.state["at"], data=data)
        reply = await self.until(lambda: self.replies.get(name))
        assert reply["type"] == "done", reply
        return time.monotonic() - begun

    # ---- what its socket says

    def opened(self, phone: Phone) -> None:
        self.opened_at = time.monotonic()
        self.line = phone
        if self.token:
            self.say("resume", token=self.token)
        elif self.ticket:
            self.knock()

    def read(self, phone: Phone, text: bytes) -> None:
        frame = json.loads(text)
        kind = frame["type"]
        self.frames[kind] += 1
        if kind in STATES:
            self.state, self.state_at = frame, time.monotonic()
        elif kind == "seat":
            assert self.key in ("", frame["key"]), "another seat for the same ticket"
            self.token, self.key = frame["token"], frame["key"]
        elif kind == "denied":
            self.denied.append(frame)
        elif kind in ("done", "refused"):
            self.replies[frame["id"]] = frame
        elif kind == "ack":
            self.acks.append(frame["code"])
            self.ack_s = time.monotonic() - self.answered_at
        elif kind == "tick":
            self.say("ping")
        self.changed.set()

    def lose(self, phone: Phone, why: bytes) -> None:
        if why.startswith(b"HTTP"):
            self.refused.append(why.decode("latin1"))
        elif why != b"connection lost" and len(why) >= 2:
            self.closed.append(int.from_bytes(why[:2], "big"))
        elif phone is self.line:
            self.closed.append(GONE)
        if phone is self.line:
            self.line = None  # its end is told once
        phone.transport.abort()
        self.changed.set()


@dataclass
class Door:
    """One event at one server. Used as an async context, it drops everybody at its end."""

    port: int
    event: Event
    all: list[Person] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        for one in self.all:
            one.drop()
        await asyncio.sleep(0.1)  # transports close in the next turns of the loop

    def person(self, path: str, name: str = "", ticket: str = "", **fields: Any) -> Person:
        self.all.append(Person(self.port, f"{self.path}/{path}", name, ticket, **fields))
        return self.all[-1]

    @property
    def http(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def path(self) -> str:
        return f"/ws/live/{self.event.public_id}"

    async def tickets(self, number: int) -> list[str]:
        """So many browsers open the page; what it holds for each."""
        url = f"{self.http}/choi/{self.event.public_id}/"
        gate = asyncio.Semaphore(12)

        async def one(client: httpx.AsyncClient) -> str:
            async with gate:
                page = await client.get(url)
            assert page.status_code == 200
            found = _ROOM.search(page.text)
            assert found is not None
            return str(json.loads(found.group(1))["ticket"])

        nothing_kept = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        async with httpx.AsyncClient(timeout=60, cookies=nothing_kept) as client:
            made = await asyncio.gather(*(one(client) for _ in range(number)))
        assert len(set(made)) == number
        return made

    async def people(self, name: str, number: int, **fields: Any) -> list[Person]:
        """So many phones with tickets, not yet connected."""
        tickets = await self.tickets(number)
        return [self.person("play", f"{name} {place}", ticket, **fields) for place, ticket in enumerate(tickets)]

    async def crew(self, channel: str, key: str) -> Person:
        """A desk or a wall."""
        one = self.person(f"{channel}?key={key}")
        await one.connect()
        await one.until(lambda: one.state)
        return one


def key_of(event: Event, role: GrantRole) -> str:
    return grant(event=event, role=role, actor=None, now=NOW).key


async def all_of(people: Sequence[Person], true: Callable[[Person], Any], within: float = 30.0) -> float:
    """Wait until it is true of everybody; how many seconds that took."""
    begun = time.monotonic()
    while missing := [one for one in people if not true(one)]:
        assert time.monotonic() - begun < within, f"{len(missing)} of {len(people)} not in time: {missing[0]}"
        await asyncio.sleep(0.02)
    return time.monotonic() - begun


async def together(work: Iterable[Any]) -> None:
    """Do it at the same time."""
    await asyncio.gather(*work)


def share(seconds: Iterable[float], part: float) -> float:
    """The value below which this part lies, e.g. 0.99."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
