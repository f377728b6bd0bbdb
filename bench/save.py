"""Saving an answer: the hot path against an empty ASGI application and against the plain Django view.

Same server, same connections, one after the other, ratios of pairs. Every acknowledged answer must be in the database
afterwards. On SQLite with synchronous=FULL, on PostgreSQL with fsync and synchronous_commit on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.harness import (
    Options,
    Report,
    Sample,
    Target,
    call,
    data_dir,
    environment,
    http_request,
    load,
    median_ratio,
    serving,
)
from config.testing import postgres

CONNECTIONS = 32
DURABLE_POSTGRES = (
    "fsync=on",
    "synchronous_commit=on",
    "shared_buffers=128MB",
    "max_connections=60",
    "listen_addresses=",
)
# Server, plain view's handler, what the hot path must reach of the plain view and of the empty application.
SERVERS = (("daphne", "asgi", 15.0, 0.5), ("uvicorn", "wsgi", 5.0, 0.2))
WORST_WAIT_MS = 250.0
# The hot path's share of the empty application with the great store against the small one: 1 is flat.
FLAT = 0.75
_CSRF = "a" * 32


@dataclass(slots=True)
class Measured:
    """The samples of one server on one database."""

    server: str
    engine: str
    stored: int
    samples: dict[str, list[Sample]] = field(default_factory=lambda: {"empty": [], "hot": [], "plain": []})

    def rates(self, name: str) -> list[float]:
        return [sample.rate for sample in self.samples[name]]

    def ratio(self, other: str) -> float:
        return median_ratio(self.rates("hot"), self.rates(other))

    def rows(self) -> Iterator[list[object]]:
        for name, samples in self.samples.items():
            yield [
                self.server, self.engine, self.stored, name,
                median(self.rates(name)),
                median(sample.cpu_us for sample in samples),
                median(sample.percentile(0.5) for sample in samples),
                median(sample.percentile(0.99) for sample in samples),
                max(sample.worst for sample in samples),
                "" if name == "hot" else f"{self.ratio(name):.2f} ×",
            ]  # fmt: skip


class Answers:
    """Requests that save answers, never the same twice: each stretch has its own range of sequence numbers."""

    def __init__(self, seats: list[dict[str, Any]]) -> None:
        self.seats = seats
        self.stretch = 0

    def streams(self, make: Callable[[dict[str, Any], int, int], bytes]) -> list[Iterator[bytes]]:
        """One endless stream of requests for each connection."""
        self.stretch += 1
        return [self._stream(make, seat, self.stretch * 100_000) for seat in self.seats[:CONNECTIONS]]

    @staticmethod
    def _stream(make: Callable[[dict[str, Any], int, int], bytes], seat: dict[str, Any], seq: int) -> Iterator[bytes]:
        while True:
            seq += 1
            yield make(seat, seq % len(seat["options"]), seq)


def hot_request(seat: dict[str, Any], position: int, seq: int) -> bytes:
    option = seat["options"][position][seq % 4]
    body = f'{{"t":"{seat["token"]}","p":{position},"s":{seq},"r":"{option}"}}'.encode()
    return http_request("POST", "/api/answer", body, {"Content-Type": "application/json"})


def plain_request(seat: dict[str, Any], position: int, seq: int) -> bytes:
    body = f"position={position}&seq={seq}&response={seat['options'][position][seq % 4]}".encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"thiso={seat['session']}; csrf={_CSRF}",
        "X-CSRFToken": _CSRF,
    }
    return http_request("POST", f"/luu/{seat['attempt']}/", body, headers)


def run(options: Options) -> Report:
    """Measure both servers on both databases, small and great."""
    sizes = (1_000, 50_000) if options.quick else (1_000, 1_000_000)
    columns = ("server", "database", "stored", "what", "requests/s", "CPU µs", "p50 ms", "p99 ms", "worst ms", "hot is")
    report = Report("save", columns)
    measured: list[Measured] = []
    lost = 0
    with ExitStack() as stack:
        url = stack.enter_context(postgres.running("bench_1000", options=DURABLE_POSTGRES))
        for engine in ("sqlite", "postgresql"):
            for stored in sizes:
                options.write(f"{engine}, {stored:,} stored attempts …")
                database = "" if engine == "sqlite" else url
                with data_dir("save") as data:
                    missing = _measure_database(engine, stored, data, database, options, measured)
                lost += missing
                if engine == "postgresql":
                    _empty(environment(data, url))
    for one in measured:
        report.rows.extend(one.rows())
    report.targets.extend(_targets(measured, lost))
    return report


def _measure_database(
    engine: str, stored: int, data: Path, database: str, options: Options, measured: list[Measured]
) -> int:
    """Measure every server on one database; return how many acknowledged answers are not in it."""
    env = environment(data, database)
    answers = Answers(json.loads(call(["-m", "bench.cast", "make", str(CONNECTIONS), str(stored)], env)))
    before = json.loads(call(["-m", "bench.cast", "count"], env))
    acknowledged = 0
    for server, handler, _, _ in SERVERS:
        one = Measured(server, engine, stored)
        _measure_server(one, handler, answers, env, options)
        acknowledged += sum(s.statuses[200] for name in ("hot", "plain") for s in one.samples[name])
        measured.append(one)
    return max(0, acknowledged - (json.loads(call(["-m", "bench.cast", "count"], env)) - before))


def _measure_server(one: Measured, handler: str, answers: Answers, env: dict[str, str], options: Options) -> None:
    seconds, pairs = (0.75, 4) if options.quick else (2.0, 7)
    with ExitStack() as stack:
        servers = {
            "empty": stack.enter_context(serving(one.server, "bench.empty_app:application", env)),
            "hot": stack.enter_context(serving(one.server, "config.asgi:application", env)),
            "plain": stack.enter_context(
                serving(one.server, f"bench.plain_app:{handler}", env | {"THISO_BENCH_HANDLER": handler})
            ),
        }

        def stretch(name: str, length: float) -> Sample:
            make = plain_request if name == "plain" else hot_request
            return load(servers[name], answers.streams(make), seconds=length)

        for name in servers:
            # Warming up also counts as acknowledged work: keep its sample out of the figures, not out of the books.
            one.samples[name].append(stretch(name, min(1.0, seconds)))
        warm = {name: samples.pop() for name, samples in one.samples.items()}
        for _ in range(pairs):
            for name in servers:
                one.samples[name].append(stretch(name, seconds))
        _require_ok(warm, one)


def _require_ok(warm: dict[str, Sample], one: Measured) -> None:
    for name, sample in [*warm.items(), *((n, s) for n, samples in one.samples.items() for s in samples)]:
        if set(sample.statuses) != {200}:
            raise RuntimeError(f"{name} under {one.server} on {one.engine}: {dict(sample.statuses)}")


def _empty(env: dict[str, str]) -> None:
    """Make PostgreSQL's database empty for the next size."""
    call(["-m", "django", "flush", "--no-input", "-v", "0"], env)


def _targets(measured: list[Measured], lost: int) -> Iterator[Target]:
    for one in measured:
        _, _, plain, empty = next(row for row in SERVERS if row[0] == one.server)
        where = f"{one.server}, {one.engine}, {one.stored:,}"
        yield Target(f"{where}: hot path / plain view", one.ratio("plain"), plain, " ×")
        yield Target(f"{where}: hot path / empty application", one.ratio("empty"), empty)
        worst = median(sample.worst for sample in one.samples["hot"])  # a hiccup of the machine hits one stretch
        yield Target(f"{where}: worst wait of {CONNECTIONS} writers", worst, WORST_WAIT_MS, " ms", at_most=True)
    for great in measured:
        small = next(m for m in measured if (m.server, m.engine) == (great.server, great.engine))
        if small is not great:
            name = f"{great.server}, {great.engine}: {great.stored:,} against {small.stored:,} stored"
            yield Target(name, great.ratio("empty") / small.ratio("empty"), FLAT)
    yield Target("acknowledged answers that are not in the database", lost, 0, at_most=True)
