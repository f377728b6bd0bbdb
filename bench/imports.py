"""Reading and storing a large file of questions: how long, how much memory, how long others wait.

There is no peer to compare with: other systems read such a file inside the request. The reading is done as the worker
does it, in a child process of its own; the baseline beside it is the bare reader of the same workbook.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

from bench.harness import Options, Report, Target, call, data_dir, environment
from bench.save import DURABLE_POSTGRES
from config.testing import postgres

ROWS, QUICK_ROWS = 10_000, 2_000
STORED = 2_000
MOST_READ_S = 10.0
MOST_PREVIEW_S = 10.0
"""Reading, checking, comparing and writing down what the author looks over (10,000 rows)."""
MOST_CHILD_MB = 512.0
MOST_GROWN_MB = 256.0
MOST_SLICE_MS = 250.0
"""What an answer that waits for SQLite's single writer may wait (docs/capacity.md)."""


def run(options: Options) -> Report:
    """Measure on both databases."""
    rows = QUICK_ROWS if options.quick else ROWS
    report = Report(
        "imports",
        ("database", "file", "rows", "bare s", "read s", "CPU s", "child MB", "preview s", "grown MB", "stored", "store s", "worst slice ms"),
    )  # fmt: skip
    with ExitStack() as stack:
        for engine in ("sqlite", "postgresql"):
            url = stack.enter_context(postgres.running("bench", options=DURABLE_POSTGRES)) if engine != "sqlite" else ""
            for kind in ("xlsx", "csv") if engine == "sqlite" else ("xlsx",):
                options.write(f"{engine}: {rows:,} rows of {kind}")
                env = environment(stack.enter_context(data_dir("imports")), url)
                found: dict[str, Any] = json.loads(
                    call(["-m", "bench.imports_child", kind, str(rows), str(STORED)], env)
                )
                report.rows.append(
                    [engine, kind, rows, found["bare_s"], found["read_s"], found["cpu_s"], found["child_mb"], found["preview_s"],
                     found["grown_mb"], found["stored"], found["store_s"], found["slice_ms"]]
                )  # fmt: skip
                name = f"{engine} {kind}"
                report.targets += [
                    Target(f"{name}: {rows:,} rows read", found["read_s"], MOST_READ_S, " s", at_most=True),
                    Target(f"{name}: {rows:,} rows shown", found["preview_s"], MOST_PREVIEW_S, " s", at_most=True),
                    Target(f"{name}: memory of the reader", found["child_mb"], MOST_CHILD_MB, " MB", at_most=True),
                    Target(f"{name}: memory of the worker grown", found["grown_mb"], MOST_GROWN_MB, " MB", at_most=True),
                    Target(f"{name}: longest transaction of storing", found["slice_ms"], MOST_SLICE_MS, " ms", at_most=True),
                ]  # fmt: skip
    return report
