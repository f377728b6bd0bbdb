"""A real Celery worker on the test database, as `manage.py up` starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The URL of the database this test runs on."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    host = given["HOST"] or given["OPTIONS"].get("host", "")
    where = f"?host={host}" if host.startswith("/") else ""
    server = "" if where else f"{host}:{given['PORT'] or 5432}"
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{password}@{server}/{given['NAME']}{where}"


class Worker:
    """One worker process; ``beat=False`` leaves out the tick."""

    def __init__(self, *, beat: bool = True) -> None:
        command = [sys.executable, "-m", "config.up.serve_worker"]
        if not beat:
            command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-P", "threads", "-c", "2"]
            command += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        environment = os.environ | {"THISO_DATA": str(settings.DATA_DIR), "DATABASE_URL": database_url()}
        environment["CERTIFICATE_DIR"] = str(settings.CERTIFICATE_DIR)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        """End it as the kernel would when memory is short."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it kindly."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


def wait_for(condition: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Wait until ``condition`` holds; how long it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - started
