"""Simulated residents: each answers, retries until acknowledged, and writes every acknowledgement into a ledger."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

ACKNOWLEDGED = {"saved", "duplicate"}


@dataclass(slots=True)
class Crowd:
    """People at one site. ``ledger`` rows are [attempt, position, seq, wire]; ``trouble`` counts failed requests."""

    base: str
    seats: list[dict[str, Any]]
    pause: float
    ledger: list[list[Any]] = field(default_factory=list)
    trouble: int = 0
    refused: list[str] = field(default_factory=list)

    async def answer_all(self, rounds: int) -> None:
        """Everybody answers every question ``rounds`` times (changing their mind), in an order of their own."""
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        async with httpx.AsyncClient(base_url=self.base, timeout=10, limits=limits) as client:
            await asyncio.gather(*(self._sit(client, seat, number, rounds) for number, seat in enumerate(self.seats)))

    async def _sit(self, client: httpx.AsyncClient, seat: dict[str, Any], number: int, rounds: int) -> None:
        random = Random(number)
        steps = [(p, turn) for turn in range(rounds) for p in range(len(seat["wires"]))]
        for position, turn in steps:
            await asyncio.sleep(self.pause * random.random() * 2)
            wire = random.choice(seat["wires"][position])
            await self._until_acknowledged(client, seat, position, turn + 1, wire, random)

    async def _until_acknowledged(
        self, client: httpx.AsyncClient, seat: dict[str, Any], position: int, seq: int, wire: Any, random: Random
    ) -> None:
        body = json.dumps({"t": seat["token"], "p": position, "s": seq, "r": wire})
        for _try in range(200):
            try:
                reply = await client.post(
                    "/api/answer", content=body, headers={"Content-Type": "application/json", "Origin": self.base}
                )
                code = reply.json().get("code") if reply.status_code in (200, 409, 410) else None
            except (httpx.HTTPError, ValueError):
                code = None
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
        """Everybody submits through the page's form, ``times`` times; returns the statuses."""
        limits = httpx.Limits(max_connections=16)
        async with httpx.AsyncClient(base_url=self.base, timeout=30, limits=limits) as client:
            return await asyncio.gather(*(self._submit(client, seat) for seat in self.seats for _ in range(times)))

    async def _submit(self, client: httpx.AsyncClient, seat: dict[str, Any]) -> int:
        token = "a" * 32
        for _try in range(100):
            try:
                reply = await client.post(
                    f"/t/{seat['public_id']}/nop/",
                    data={"csrfmiddlewaretoken": token, "prediction": "3", "sure": "1", "lease": "1"},
                    headers={"Cookie": f"thiso={seat['session']}; csrf={token}", "Referer": self.base},
                )
            except httpx.HTTPError:
                await asyncio.sleep(0.3)
                continue
            if reply.status_code < 500:
                return reply.status_code
            await asyncio.sleep(0.3)
        return 599
