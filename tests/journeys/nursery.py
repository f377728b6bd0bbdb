"""Servers for journeys that need not load the application each time: `python -m tests.journeys.nursery` loads it once,
and each port on its standard input forks a server.

Loading takes 2.5 s of CPU, which is more than many a journey asks of its server afterwards. What is forked is Daphne as
`manage.py up` starts it: before the fork there is no reactor, no thread and no connection, and nothing has been asked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from config.up.leash import die_with_parent
from tests.realtime.servers import ROOT, Server, environment, free_port, until_it_answers

PATIENCE = 20.0  # seconds a server has to end


class Nursery:
    """The loaded application as tests see it; starts when the first server is asked for."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    @contextmanager
    def server(self) -> Iterator[Server]:
        """Daphne on a free port until the end of the block."""
        port = free_port()
        pid = self._fork(port)
        try:
            until_it_answers(port, alive=lambda: signalled(pid, 0))
            yield Server(port)
        finally:
            end(pid)

    def close(self) -> None:
        """End the loaded application, and with it whatever it has forked."""
        if self._process is not None:
            self._process.communicate(timeout=PATIENCE)

    def _fork(self, port: int) -> int:
        if self._process is None:
            command = [sys.executable, "-m", "tests.journeys.nursery"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{port}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def signalled(pid: int, number: int) -> bool:
    """Whether the process was there to be signalled."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def end(pid: int) -> None:
    """Have it close its connections and wait until it is gone."""
    deadline = time.monotonic() + PATIENCE
    signalled(pid, signal.SIGTERM)
    while signalled(pid, 0):
        time.sleep(0.02)
        if time.monotonic() > deadline:
            signalled(pid, signal.SIGKILL)


def load() -> None:
    """Import whatever a server imports before its first request."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.urls import get_resolver
    from django.utils.translation import gettext, override

    import config.asgi  # noqa: F401  sets Django up

    assert get_resolver().url_patterns
    with override("vi"):
        gettext("Đã lưu")


def serve(port: int, *, nursery: int) -> NoReturn:
    """Be the server. The line to the tests stays with the nursery."""
    die_with_parent(nursery, signal.SIGKILL)()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    from config.up.serve_daphne import main as serve_daphne

    os._exit(serve_daphne(["127.0.0.1", str(port)]))


def main() -> None:
    """Fork until standard input ends."""
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who has ended is gone at once
    nursery = os.getpid()
    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            serve(int(line), nursery=nursery)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
