"""Regrading a round after a key change against the bare SQL on the same compact column, in the same run.

The bare statement sets points and count for all attempts at once, with the keys written into it: what somebody would
type by hand. Ours goes in slices (so that answers are saved meanwhile), knows all kinds, counts each attempt once and
can be resumed.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from statistics import median
from typing import Any

from bench.harness import Options, Report, Target, call, data_dir, environment, median_ratio
from bench.save import DURABLE_POSTGRES
from config.testing import postgres

ATTEMPTS, QUICK_ATTEMPTS = 1_000_000, 100_000
PAIRS, QUICK_PAIRS = 2, 2
MOST_TIMES_BARE = 1.5
MOST_GROWTH_MB = 64.0


def run(options: Options) -> Report:
    """Measure on both databases."""
    attempts = QUICK_ATTEMPTS if options.quick else ATTEMPTS
    report = Report("regrade", ("database", "attempts", "bare SQL s", "regrade s", "ratio", "memory grown MB"))
    with ExitStack() as stack:
        for engine in ("sqlite", "postgresql"):
            options.write(f"{engine}: {attempts:,} attempts")
            url = stack.enter_context(postgres.running("bench", options=DURABLE_POSTGRES)) if engine != "sqlite" else ""
            env = environment(stack.enter_context(data_dir("regrade")), url)
            pairs = QUICK_PAIRS if options.quick else PAIRS
            found: dict[str, Any] = json.loads(call(["-m", "bench.regrade_child", str(attempts), str(pairs)], env))
            ratio = median_ratio(found["ours"], found["bare"])
            report.rows.append(
                [engine, attempts, median(found["bare"]), median(found["ours"]), ratio, found["grown_mb"]]
            )
            report.targets += [
                Target(f"regrade {engine}, times the bare SQL", ratio, MOST_TIMES_BARE, " ×", at_most=True),
                Target(f"regrade {engine}, memory grown", found["grown_mb"], MOST_GROWTH_MB, " MB", at_most=True),
            ]
    return report
