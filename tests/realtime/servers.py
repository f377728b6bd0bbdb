"""Real server processes on the database and the Valkey of the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import websockets
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """A running server."""

    port: int

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def board(self, slug: str = "hoi-thi", origin: str | None = "") -> websockets.connect:
        """Open a board's socket from a page of this host, or of another."""
        return websockets.connect(
            f"ws://127.0.0.1:{self.port}/ws/board/{slug}/",
            origin=self.http if origin == "" else origin,  # type: ignore[arg-type]
            compression=None,
            open_timeout=20,
            proxy=None,
        )


@contextmanager
def serving(name: str, *, app: str = "") -> Iterator[Server]:
    """Run "daphne" or "uvicorn" on a free port until the end of the block; with another ``app`` ("module:name") than ours
    where a test needs one."""
    port = free_port()
    module = ["bench.serve", name, app] if app else [f"config.up.serve_{name}"]
    command = [sys.executable, "-m", *module, "127.0.0.1", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment())
    try:
        until_it_answers(port, alive=lambda: process.poll() is None)
        yield Server(port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment() -> dict[str, str]:
    """What a server of the tests is told: their data, their database."""
    return os.environ | {
        "THISO_DATA": str(settings.DATA_DIR),
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "LOG_LEVEL": "WARNING",
    }


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def until_it_answers(port: int, *, alive: Callable[[], bool]) -> None:
    """Wait for the first answer of a server that has just been started."""
    deadline = time.monotonic() + 60
    while True:
        assert alive(), "the server ended"
        assert time.monotonic() < deadline, "the server did not start"
        asking = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asking.request("GET", "/healthz")
            asking.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.05)
        else:
            return
        finally:
            asking.close()
