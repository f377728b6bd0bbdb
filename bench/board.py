"""Rank and page of a board with two million people: from Redis against a bare PING, and from the database alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from bench.harness import Options, Report, Target, call, data_dir, environment
from bench.save import DURABLE_POSTGRES
from bench.services import redis_in
from config.testing import postgres

PEOPLE, QUICK_PEOPLE = 2_000_000, 100_000
RANK_MS, PAGE_MS, SQL_MS = 2.0, 2.0, 3.0
MOST_TIMES_PING = 2.0


def run(options: Options) -> Report:
    """Measure on both databases, with one Redis each."""
    people = QUICK_PEOPLE if options.quick else PEOPLE
    report = Report("board", ("database", "what", "median ms", "p95 ms"))
    with ExitStack() as stack:
        for engine in ("sqlite", "postgresql"):
            options.write(f"{engine}: {people:,} people")
            url = stack.enter_context(postgres.running("bench", options=DURABLE_POSTGRES)) if engine != "sqlite" else ""
            data = stack.enter_context(data_dir("board"))
            stack.enter_context(redis_in(data))
            found: dict[str, Any] = json.loads(call(["-m", "bench.board_child", str(people)], environment(data, url)))
            for what, (middle, p95) in found.items():
                report.rows.append([engine, what, middle, p95])
            report.targets += targets(engine, {what: figures[0] for what, figures in found.items()})
    return report


def targets(engine: str, ms: dict[str, float]) -> Iterator[Target]:
    """What each figure must reach."""
    yield Target(f"rank, Redis ({engine})", ms["rank"], RANK_MS, " ms", at_most=True)
    yield Target(f"rank, times a PING ({engine})", ms["rank"] / ms["ping"], MOST_TIMES_PING, " ×", at_most=True)
    yield Target(f"page, Redis ({engine})", max(ms["first page"], ms["deep page"]), PAGE_MS, " ms", at_most=True)
    yield Target(f"rank, {engine} alone", ms["rank from SQL"], SQL_MS, " ms", at_most=True)


if __name__ == "__main__":
    raise SystemExit("python manage.py bench board")
