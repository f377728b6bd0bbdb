"""Starts the real `manage.py up` for tests and reads what it says."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from config.up.places import ROOT


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """The environment of a person's shell: none of the variables this test run itself works with."""
    mine = {"DATABASE_URL", "REDIS_URL", "THISO_DATA", "THISO_STATIC_FINDERS", "SITE_URL", "ALLOWED_HOSTS"}
    return {k: v for k, v in os.environ.items() if k not in mine} | {"PYTHONIOENCODING": "utf-8"} | more


class Up:
    """One `manage.py up`: its process, its port, everything it has printed."""

    def __init__(self, data: Path, *options: str, port: int | None = None, **env: str) -> None:
        self.data = data
        self.port = port or free_port()
        command = [sys.executable, str(ROOT / "manage.py"), "up", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--data", str(data), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment(**env),
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self.said += line

    def wait_for(self, pattern: str, seconds: float = 90) -> str:
        """Wait until it has said something; fails with everything it said instead."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.said)):
            ended = self.process.poll() is not None and not self._reader.is_alive()
            assert not ended, f"ended without saying {pattern!r}:\n{self.said}"
            assert time.monotonic() < deadline, f"never said {pattern!r}:\n{self.said}"
            time.sleep(0.05)
        return found[0]

    def ready(self) -> Up:
        self.wait_for("Ctrl-C")
        return self

    def get(self, path: str = "/healthz") -> int:
        """Status of a request to the running house."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def family(self) -> dict[int, str]:
        """Every process below this one, however deep: pid → command line."""
        found: dict[int, str] = {}
        parents = {self.process.pid}
        while parents:
            parents = {p for p, parent in processes().items() if parent in parents and p not in found}
            found |= {p: command_line(p) for p in parents}
        return found

    def child(self, word: str) -> int:
        """The pid of the child whose command line holds a word."""
        return next(pid for pid, command in self.family().items() if word in command)

    def stop(self, number: int = signal.SIGINT, seconds: float = 40) -> int:
        """Ask for the end as Ctrl-C does; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code


def processes() -> dict[int, int]:
    """pid → parent's pid, of every process that has not ended."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found[int(entry.name)] = int(fields[1])
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def gone(pids: list[int], seconds: float = 15) -> list[int]:
    """Wait for processes to end; those still there after that time."""
    deadline = time.monotonic() + seconds
    left = pids
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [pid for pid in left if pid in processes()]
    return left
