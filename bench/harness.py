"""What benchmarks share: options, targets, a table, real servers of their own, and a load client cheap enough not to be
what is measured (asyncio protocols on loopback with keep-alive, a fixed number of connections in a closed loop).
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
STARTED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """How a benchmark is run. ``players`` 0: the benchmark's own number. ``write`` prints a line of progress (silent with
    --json)."""

    quick: bool = False
    players: int = 0
    write: Callable[[str], None] = lambda _line: None


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and what it must reach: at least ``limit``, or at most where ``at_most``."""

    name: str
    value: float
    limit: float
    unit: str = ""
    at_most: bool = False

    @property
    def ok(self) -> bool:
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    def line(self) -> str:
        sign = "≤" if self.at_most else "≥"
        mark = "ok  " if self.ok else "MISS"
        return f"{mark} {self.name}: {self.value:.3g}{self.unit} ({sign} {self.limit:g}{self.unit})"


@dataclass(slots=True)
class Report:
    """What a benchmark found."""

    name: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(target.ok for target in self.targets)

    def text(self) -> str:
        return "\n".join([*table(self.columns, self.rows), "", *(target.line() for target in self.targets)])

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "ok": self.ok,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "targets": [
                {"name": t.name, "value": t.value, "limit": t.limit, "unit": t.unit, "at_most": t.at_most, "ok": t.ok}
                for t in self.targets
            ],
        }


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Lay out rows under columns; numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(columns), *cells]) for i in range(len(columns))]

    def line(values: Sequence[str], raw: Sequence[object]) -> str:
        parts = [
            value.ljust(width) if isinstance(original, str) else value.rjust(width)
            for value, width, original in zip(values, widths, raw, strict=True)
        ]
        return "  ".join(parts).rstrip()

    head = next(iter(rows), columns)
    return [line(list(columns), head), line(["-" * w for w in widths], columns), *map(line, cells, rows)]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def machine() -> dict[str, str]:
    """Where figures come from: cores, processor, versions."""
    from django import get_version

    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    return {
        "cores": str(os.cpu_count()),
        "processor": model or platform.processor(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "django": get_version(),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median of the ratios of pairs measured one after the other: drift of the machine falls out."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


# ---------------------------------------------------------------------------- places and processes


@contextmanager
def data_dir(name: str) -> Iterator[Path]:
    """A data directory that is gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix=f"thiso-bench-{name}-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def environment(data: Path, database_url: str = "", **more: str) -> dict[str, str]:
    """The environment of a child that lives in ``data``."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "THISO_DATA")}
    own = {"THISO_DATA": str(data), "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return inherited | own | ({"DATABASE_URL": database_url} if database_url else {}) | more


def call(arguments: Sequence[str], env: Mapping[str, str], *, stdin: str = "") -> str:
    """Run one child of this Python to its end and return what it printed; its errors go to ours."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=dict(env),
        input=stdin,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Processor time used so far, all threads; 0 where the system does not tell."""
        stat = _lines(f"/proc/{self.process.pid}/stat")
        if not stat:
            return 0.0
        fields = stat[0].rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(kind: str, app: str, env: Mapping[str, str]) -> Iterator[Server]:
    """Serve ``app`` ("module:name") under ``kind`` ("daphne" or "uvicorn") on a free port until the end of the block."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.serve", kind, app, HOST, str(port)],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_S
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.05)


# ---------------------------------------------------------------------------- load


@dataclass(slots=True)
class Sample:
    """One measured stretch. Milliseconds are client-side, ``cpu_us`` is the server's per request."""

    seconds: float
    statuses: Counter[int]
    millis: list[float]
    cpu_us: float
    bodies: list[bytes]

    @property
    def count(self) -> int:
        return len(self.millis)

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def worst(self) -> float:
        return max(self.millis, default=0.0)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.millis)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Client(asyncio.Protocol):
    """One connection: send, read the whole reply, send the next."""

    def __init__(self, requests: Iterator[bytes], sample: Sample, until: list[float], *, keep_bodies: bool) -> None:
        self.requests, self.sample, self.until, self.keep_bodies = requests, sample, until, keep_bodies
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.sent_at = 0.0
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        if len(body) < int(length):
            return
        self.buffer = b""
        self.sample.millis.append((time.perf_counter() - self.sent_at) * 1000)
        self.sample.statuses[int(head[9:12])] += 1
        if self.keep_bodies:
            self.sample.bodies.append(body)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.gone.done():
            self.gone.set_result(None)

    def _next(self) -> None:
        assert self.transport is not None
        self.sent_at = time.perf_counter()
        if self.sent_at >= self.until[0]:
            self.transport.close()
            return
        self.transport.write(next(self.requests))


def load(server: Server, requests: Sequence[Iterator[bytes]], *, seconds: float, keep_bodies: bool = False) -> Sample:
    """Keep one request under way on each of ``len(requests)`` connections for ``seconds``."""
    return asyncio.run(_load(server, requests, seconds, keep_bodies=keep_bodies))


async def _load(server: Server, requests: Sequence[Iterator[bytes]], seconds: float, *, keep_bodies: bool) -> Sample:
    loop = asyncio.get_running_loop()
    sample = Sample(0.0, Counter(), [], 0.0, [])
    begun, cpu = time.perf_counter(), server.cpu_seconds()
    until = [begun + seconds]
    clients = [
        (
            await loop.create_connection(
                partial(_Client, one, sample, until, keep_bodies=keep_bodies), HOST, server.port
            )
        )[1]
        for one in requests
    ]
    await asyncio.wait([client.gone for client in clients], timeout=seconds + 30)
    sample.seconds = time.perf_counter() - begun
    sample.cpu_us = (server.cpu_seconds() - cpu) * 1e6 / max(1, sample.count)
    return sample


def http_request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return a whole HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
