"""Ordinary pages: our composition (Django's WSGI handler in a small thread pool) against Django's own ASGI handler.

Same server, same data, a signed-in resident, one handler after the other, ratios of pairs. The hello view tells what a
handler costs when a page does nothing; the real pages hold their queries and templates as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import repeat
from statistics import median

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
from bench.services import redis_in

CONNECTIONS = 32
LEAST_RATIO = 3.0
OURS, THEIRS = "config.asgi:application", "bench.django_app:application"
JUDGED = ("round page", "result page")
"""The pages DESIGN names; the others are told beside them."""


def run(options: Options) -> Report:
    """Measure each page under Daphne, and the two named ones under uvicorn too."""
    seconds, pairs = (2.0, 2) if options.quick else (4.0, 5)
    report = Report("page", ("server", "page", "ours/s", "Django ASGI/s", "CPU µs ours", "CPU µs ASGI", "ratio"))
    with data_dir("page") as data, redis_in(data):
        env = environment(data)
        known = json.loads(call(["-m", "bench.guests"], env))
        for server in ("daphne", "uvicorn"):
            pages = known["pages"] if server == "daphne" else {name: known["pages"][name] for name in JUDGED}
            for name, path in ({"health": "/healthz"} | pages).items():
                options.write(f"{server}, {name} …")
                ours, theirs = _measure(server, path, known["session"], env, seconds, pairs)
                ratio = median_ratio([s.rate for s in ours], [s.rate for s in theirs])
                rates = [median(s.rate for s in samples) for samples in (ours, theirs)]
                cpu = [median(s.cpu_us for s in samples) for samples in (ours, theirs)]
                report.rows.append([server, name, *rates, *cpu, f"{ratio:.2f} ×"])
                if server == "daphne" and name in JUDGED:
                    report.targets.append(Target(f"{name} against Django's ASGI handler", ratio, LEAST_RATIO, " ×"))
    return report


def _measure(
    server: str, path: str, session: str, env: dict[str, str], seconds: float, pairs: int
) -> tuple[list[Sample], list[Sample]]:
    request = http_request("GET", path, headers={"Cookie": f"thiso={session}"})
    samples: dict[str, list[Sample]] = {OURS: [], THEIRS: []}
    with serving(server, OURS, env) as ours, serving(server, THEIRS, env) as theirs:
        for one in (ours, theirs):
            load(one, _streams(request), seconds=1.0)
        for _pair in range(pairs):
            for app, one in ((OURS, ours), (THEIRS, theirs)):
                sample = load(one, _streams(request), seconds=seconds)
                if set(sample.statuses) != {200}:
                    raise RuntimeError(f"{path} answered {dict(sample.statuses)}")
                samples[app].append(sample)
    return samples[OURS], samples[THEIRS]


def _streams(request: bytes) -> list[Iterator[bytes]]:
    return [repeat(request) for _ in range(CONNECTIONS)]
