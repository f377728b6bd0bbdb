"""Benchmarks: `python3 manage.py bench [NAME] [--quick] [--json]`.

A benchmark is a module with ``run(options: bench.harness.Options) -> bench.harness.Report``. It measures against a
baseline in the same run and says its targets; the command exits non-zero when one is missed. Ratios count, not
absolute figures: the machine is whatever it is today.
"""
