"""Certificates: the whole way (facts, QR code, PDF, file on disk, row) against a bare typst loop, and with a signature.

The bare loop draws the same page with the same data and QR code and throws the bytes away.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from statistics import median
from typing import Any

from bench.harness import Options, Report, Target, call, data_dir, environment, median_ratio

NUMBER, QUICK_NUMBER = 300, 60
PAIRS = 5
LEAST_OF_BARE = 0.9
SIGNED_MS = 60.0


def run(options: Options) -> Report:
    """Measure in a process of its own."""
    number = QUICK_NUMBER if options.quick else NUMBER
    report = Report("certificates", ("what", "each ms", "a second"))
    with ExitStack() as stack:
        options.write(f"{number} certificates, {PAIRS} pairs")
        env = environment(stack.enter_context(data_dir("certificates")))
        found: dict[str, Any] = json.loads(call(["-m", "bench.certificates_child", str(number), str(PAIRS)], env))
    for what, each in found["each_ms"].items():
        report.rows.append([what, median(each), 1000 / median(each)])
    report.targets = [
        Target("certificates, share of the bare typst loop", median_ratio(*_rates(found)), LEAST_OF_BARE, " ×"),
        Target("signed certificate (P-256)", median(found["each_ms"]["signed P-256"]), SIGNED_MS, " ms", at_most=True),
    ]
    return report


def _rates(found: dict[str, Any]) -> tuple[list[float], list[float]]:
    each = found["each_ms"]
    return [1 / ms for ms in each["whole way"]], [1 / ms for ms in each["bare typst loop"]]
