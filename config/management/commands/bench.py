"""`manage.py bench [NAME …] [--quick] [--json]`: measure against a baseline in the same run; exit 1 below target."""

from __future__ import annotations

import importlib
import json
import pkgutil
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

ORDER = ("save", "page", "board", "regrade", "certificates", "live", "imports", "start")


class Command(BaseCommand):
    """Run the benchmarks in bench/."""

    help = "Đo hiệu năng so với mốc trong cùng lần chạy (bench/); kết thúc bằng mã 1 khi chưa đạt."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(available()))
        parser.add_argument("--quick", action="store_true", help="smaller and shorter; says less")
        parser.add_argument("--players", type=int, default=0, help="live: players in the room (default 1,000)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *_args: Any, names: list[str], quick: bool, players: int, json: bool, **_options: Any) -> None:
        from bench.harness import Options  # noqa: PLC0415  bench is no part of a production installation

        known = available()
        if unknown := set(names) - set(known):
            raise CommandError(f"Không có phép đo {', '.join(sorted(unknown))}. Có: {', '.join(known)}.")
        silent = Options(quick=quick, players=players)
        if not json:
            silent = replace(silent, write=self.stdout.write)
        reports = []
        for name in names or known:
            if not json:
                self.stdout.write(self.style.MIGRATE_HEADING(f"== {name}"))
            report = importlib.import_module(f"bench.{name}").run(silent)
            reports.append(report)
            if not json:
                self.stdout.write(report.text())
        if json:
            self.stdout.write(as_document(reports))
        missed = [target.line() for report in reports for target in report.targets if not target.ok]
        if missed:
            raise CommandError("\n".join(["Chưa đạt:", *missed]), returncode=1)


def available() -> list[str]:
    """The benchmarks that exist, in the order they are run."""
    try:
        bench = importlib.import_module("bench")
    except ModuleNotFoundError:
        return []
    found = {module.name for module in pkgutil.iter_modules(bench.__path__)}
    return [name for name in ORDER if name in found]


def as_document(reports: list[Any]) -> str:
    """One JSON document with the machine and every report."""
    from bench.harness import machine  # noqa: PLC0415  see above

    return json.dumps({"machine": machine(), "reports": [report.as_json() for report in reports]}, ensure_ascii=False)
