"""Simulated residents: each answers, retries until acknowledged, and writes every acknowledgement into a ledger.

One keep-alive connection each, spoken by hand, because two hundred ordinary clients would need more of the machine than
the house they are testing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

ACKNOWLEDGED = {"saved", "duplicate"}
PATIENCE = 10.0  # seconds a person waits for one reply
MOST_TRIES = 200


@dataclass(slots=True)
class Line:
    """One keep-alive HTTP/1.1 connection that is opened anew after every failure."""

    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send one request; returns status and body. Raises OSError, EOFError or TimeoutError when the line breaks."""
        try:
            async with asyncio.timeout(PATIENCE):
                if self.writer is None:
                    self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
                assert self.reader is not None
                host = f"127.0.0.1:{self.port}"
                lines = {"Host": host, "Origin": f"http://{host}", "Content-Length": str(len(body)), **headers}
                head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"
                self.writer.write(head.encode() + body)
                raw = await self.reader.readuntil(b"\r\n\r\n")
                status = int(raw.split(b" ", 2)[1])
                length = next((int(h[15:]) for h in raw.lower().split(b"\r\n") if h.startswith(b"content-length:")), 0)
                return status, await self.reader.readexactly(length)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            with contextlib.suppress(OSError):
                await self.writer.wait_closed()
        self.reader = self.writer = None


@dataclass(slots=True)
class Crowd:
    """People at one site. ``ledger`` rows are [attempt, position, seq, wire]; ``trouble`` counts failed requests."""

    port: int
    seats: list[dict[str, Any]]
    pause: float
    ledger: list[list[Any]] = field(default_factory=list)
    trouble: int = 0
    refused: list[str] = field(default_factory=list)

    async def answer_all(self, rounds: int) -> None:
        """Everybody answers every question ``rounds`` times (changing their mind), in an order of their own."""
        await asyncio.gather(*(self._sit(seat, number, rounds) for number, seat in enumerate(self.seats)))

    async def _sit(self, seat: dict[str, Any], number: int, rounds: int) -> None:
        random, line = Random(number), Line(self.port)
        for turn in range(rounds):
            for position, wires in enumerate(seat["wires"]):
                await asyncio.sleep(self.pause * random.random() * 2)
                await self._until_acknowledged(line, seat, position, turn + 1, random.choice(wires), random)
        await line.close()

    async def _until_acknowledged(
        self, line: Line, seat: dict[str, Any], position: int, seq: int, wire: Any, random: Random
    ) -> None:
        body = json.dumps({"t": seat["token"], "p": position, "s": seq, "r": wire}).encode()
        for _try in range(MOST_TRIES):
            code = None
            with contextlib.suppress(OSError, EOFError, TimeoutError, ValueError):
                status, reply = await line.post("/api/answer", body, {"Content-Type": "application/json"})
                code = json.loads(reply).get("code") if status in (200, 409, 410) else None
            if code in ACKNOWLEDGED:
                self.ledger.append([seat["attempt"], position, seq, wire])
                return
            if code is not None:
                self.refused.append(code)
                return
            self.trouble += 1
            await asyncio.sleep(0.1 + random.random() * 0.4)
        self.refused.append("gave up")

    async def submit_all(self, times: int = 2) -> list[int]:
        """Everybody submits through the page's form, ``times`` times at once; returns the statuses."""
        turn = asyncio.Semaphore(16)

        async def one(seat: dict[str, Any]) -> int:
            async with turn:
                return await self._submit(seat)

        return await asyncio.gather(*(one(seat) for seat in self.seats for _ in range(times)))

    async def _submit(self, seat: dict[str, Any]) -> int:
        token, line = "a" * 32, Line(self.port)
        body = urlencode({"csrfmiddlewaretoken": token, "prediction": "3"}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"thiso={seat['session']}; csrf={token}",
        }
        status = 599
        for _try in range(MOST_TRIES):
            with contextlib.suppress(OSError, EOFError, TimeoutError, ValueError):
                status, _reply = await line.post(f"/t/{seat['public_id']}/nop/", body, headers)
                if status < 500:
                    break
            await asyncio.sleep(0.3)
        await line.close()
        return status
