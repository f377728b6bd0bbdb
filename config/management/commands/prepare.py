"""`manage.py prepare`: brings a data directory up to date in one process. `up` calls it; run it alone on a server.

Every step is idempotent, and skipped when nothing it reads has changed: migrations, fonts and static files,
administrative units, the built-in question bank, demonstration data.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.up import fingerprint
from config.up.places import Places

# What packages ship beside the files our pages load: htmx 4 (beta), unminified copies whose comments name missing files.
NOT_SERVED = ["*-4.js", "*-4.min.js", "hx-*-2.js", "htmx-2.js", "facebook", "telegram"]


class Command(BaseCommand):
    """Migrate, collect, load."""

    help = (
        "Chuẩn bị cơ sở dữ liệu, phông chữ, tệp tĩnh, đơn vị hành chính và ngân hàng câu hỏi (chạy lại không hại gì)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="không tạo dữ liệu dùng thử")
        parser.add_argument("--force", action="store_true", help="làm lại mọi bước dù không có gì đổi")

    def handle(self, *args: Any, **options: Any) -> None:
        places = Places(Path(settings.DATA_DIR))
        done: dict[str, Any] = {} if options["force"] else fingerprint.read(places)
        demo = not options["no_demo"]
        static = fingerprint.of_static()
        stale = done.get("static") != static or not (settings.STATIC_ROOT / "staticfiles.json").exists()
        collecting = self.beside(self.files) if stale else None
        self.step("migrate", self.migrate)
        if collecting:
            collecting()
        places.run.mkdir(mode=0o700, exist_ok=True)
        places.servable.touch()
        self.step("units", lambda: call_command("load_units", verbosity=0, stdout=self.stdout))
        self.step("bank", lambda: call_command("bank", "load", verbosity=0, stdout=self.stdout))
        result: dict[str, Any] = {"static": static}
        if demo:
            self.step("demo", lambda: result.update(demo=self.demo()))
        whole = fingerprint.of_sources(demo=demo)
        mark_database(whole)
        temporary = places.prepared.with_suffix(".tmp")
        temporary.write_text(json.dumps(result | {"fingerprint": whole}, ensure_ascii=False), encoding="utf-8")
        temporary.chmod(0o600)
        temporary.replace(places.prepared)

    def step(self, name: str, action: Callable[[], Any]) -> None:
        """Run one step and say how long it took."""
        began = time.monotonic()
        action()
        self.stdout.write(f"{name}: {time.monotonic() - began:.2f} s")

    def beside(self, action: Callable[[], None]) -> Callable[[], None]:
        """Run an action that needs no database on the other core; call the result to wait for its end.

        Forked before the first connection is opened. Elsewhere than on Linux, where forking is not safe, it runs now.
        """
        if sys.platform != "linux":
            action()
            return lambda: None
        process = multiprocessing.get_context("fork").Process(target=action)
        process.start()

        def wait() -> None:
            process.join()
            if process.exitcode:
                raise CommandError(f"Không chuẩn bị được tệp tĩnh (mã {process.exitcode}).")

        return wait

    def files(self) -> None:
        """Fonts, then everything pages load, hashed and compressed."""
        self.step("fonts", self.fonts)
        self.step("static", self.static)

    def migrate(self) -> None:
        """Apply what is pending; asking first is five times faster than Django's own `migrate` with nothing to do."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)

    def fonts(self) -> None:
        """Subset the fonts, unless they are there already."""
        from config.fonts import prepare_fonts  # noqa: PLC0415  fontTools is heavy and rarely needed

        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it drops
        prepare_fonts(Path(settings.STATIC_EXTRA))

    def static(self) -> None:
        """Collect, hash and compress what pages use."""
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_SERVED, stdout=self.stdout)

    def demo(self) -> dict[str, Any]:
        """Make the demonstration contest; what the command prints as JSON is shown to the person at the terminal."""
        out = StringIO()
        call_command("demo", "--json", stdout=out)
        lines = [line for line in out.getvalue().splitlines() if line.startswith("{")]
        found = json.loads(lines[-1]) if lines else {}
        return found if isinstance(found, dict) else {}


def mark_database(whole: str) -> None:
    """Leave the fingerprint in the SQLite file itself, so that a restored older copy is prepared again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA user_version = {fingerprint.mark(whole)}")
