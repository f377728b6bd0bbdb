"""A TCP proxy in this process that delays, loses, freezes and cuts: the network of a school yard.

TCP repeats what was lost, so a lost packet is felt as a wait of a retransmission timeout; the order is always kept.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from random import Random

RETRANSMISSION_S = (0.3, 1.0)
CHUNK = 65_536


@dataclass(slots=True)
class Chaos:
    """Forwards to ``port``. ``delay``, ``jitter`` in seconds each way, ``loss`` the share of chunks that come late."""

    port: int
    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    random: Random = field(default_factory=lambda: Random(3))
    links: set[asyncio.Task[None]] = field(default_factory=set)
    cut: int = 0
    thawed: asyncio.Event = field(default_factory=asyncio.Event)
    server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; the port to connect to."""
        self.thawed.set()
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self.server is not None
        self.server.close()
        for link in list(self.links):
            link.cancel()
        await asyncio.gather(*self.links, return_exceptions=True)

    def drop(self, share: float) -> int:
        """Cut so many of the connections that are open, at random; how many."""
        chosen = self.random.sample(sorted(self.links, key=id), max(1, round(len(self.links) * share)))
        for link in chosen:
            link.cancel()
        self.cut += len(chosen)
        return len(chosen)

    def freeze(self) -> None:
        """Nothing goes through until ``thaw``; nobody is told."""
        self.thawed.clear()

    def thaw(self) -> None:
        self.thawed.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.links.add(task)
        there: asyncio.StreamWriter | None = None
        try:
            back, there = await asyncio.open_connection("127.0.0.1", self.port)
            ways = [asyncio.create_task(self._pump(reader, there)), asyncio.create_task(self._pump(back, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass  # the server is away, or we cut this line: the phone notices by itself
        finally:
            self.links.discard(task)
            for one in (writer, there):
                if one is not None:
                    with contextlib.suppress(Exception):
                        one.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await self.thawed.wait()
                wait = self.delay + self.random.uniform(-self.jitter, self.jitter)
                if self.random.random() < self.loss:
                    wait += self.random.uniform(*RETRANSMISSION_S)
                if wait > 0:
                    await asyncio.sleep(wait)
                writer.write(data)
                await writer.drain()
