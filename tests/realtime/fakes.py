"""A source whose state a test sets, and a socket that remembers what it was sent."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from realtime.outbox import Outbox
from realtime.protocol import Board, Bye, PersonRow
from realtime.publish import announce_board_async
from realtime.room import Stamp


def rows(*points: int) -> tuple[PersonRow, ...]:
    """People K1, K2 … with these points."""
    return tuple(
        PersonRow(key=f"K{n}", rank=n, tied=False, name=f"Nguyễn V** {n}", unit="Xã Tân Phú", points=p, ms=60_000)
        for n, p in enumerate(points, start=1)
    )


@dataclass
class Score:
    """A board with one number in it."""

    group: str = "board.1"
    value: int = 1
    renders: int = 0
    slow: float = 0.0
    gone: bool = False
    broken: bool = False
    rendered_at: list[float] = field(default_factory=list)

    async def render(self) -> str:
        self.renders += 1
        self.rendered_at.append(time.monotonic())
        value = self.value
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.broken:
            raise RuntimeError("database away")
        return "" if self.gone else json.dumps(value)

    def full(self, body: str, stamp: Stamp) -> str:
        epoch, seq = stamp.position
        value = json.loads(body)
        return Board(
            epoch=epoch,
            seq=seq,
            at=stamp.at,
            now=stamp.now,
            round=1,
            state="live",
            closes=0,
            people=value,
            units_total=0,
            rows=rows(value),
        ).encode()

    def delta(self, before: str, body: str, stamp: Stamp) -> str | None:
        return None


class Listener:
    """A socket as the hub sees it; ``frames`` is what a client would have read."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.closed: tuple[int, Bye] | None = None
        self.outbox = Outbox(self.send, time.monotonic)
        self.writer = asyncio.create_task(self.outbox.run())
        self.stall: asyncio.Event | None = None

    async def send(self, text: str) -> None:
        if self.stall is not None:
            await self.stall.wait()
        self.texts.append(text)

    def end(self, code: int, farewell: Bye) -> None:
        self.closed = self.closed or (code, farewell)

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.texts]

    @property
    def boards(self) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == "board"]

    @property
    def value(self) -> int | None:
        """What is on the screen."""
        return self.boards[-1]["people"] if self.boards else None

    async def sees(self, value: int, within: float = 5.0) -> None:
        """Wait until the screen shows the value."""
        deadline = time.monotonic() + within
        while self.value != value:
            assert time.monotonic() < deadline, f"shows {self.value}, not {value}"
            await asyncio.sleep(0.01)


async def change(score: Score, value: int) -> None:
    """Something was committed, then announced."""
    score.value = value
    await announce_board_async(contest_id=int(score.group.rsplit(".", 1)[1]))
