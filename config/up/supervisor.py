"""Keeps a few child processes alive and stops them in order. Knows nothing about what they do."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.up import leash
from config.up.console import complain, show_log
from config.up.places import ROOT

MOST_CRASHES = 5
WITHIN = 60.0  # seconds
BACKOFF = (0.2, 1.0, 2.0, 4.0, 8.0)  # seconds before the first, second, … restart
LOG_LIMIT = 10_000_000  # bytes; older lines go to one `.1` file
LOOK_EVERY = 30.0  # seconds between looks at the size of the logs


@dataclass(slots=True)
class Child:
    """One program to keep running.

    `patience` is how many seconds it may take to stop; a higher `rank` is stopped earlier.
    """

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    patience: float = 10.0
    rank: int = 0
    process: subprocess.Popen[bytes] | None = None
    restart_at: float | None = None
    crashes: deque[float] = field(default_factory=deque)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Starts children in sessions of their own, restarts those that die, stops them in the order of their ranks.

    Not thread-safe, and to be used from the main thread: the parent-death signal is tied to the thread that forks.
    """

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stopping = False
        self.signals = 0
        self._looked_at_logs = time.monotonic()
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)

    # ------------------------------------------------------------------ signals

    def listen(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal ask for an orderly stop; the second time children are killed."""
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake up

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        self.signals += 1

    def asked_to_stop(self) -> bool:
        """Whether a signal has arrived. A method, because it may change between any two lines."""
        return self.stopping

    def wait(self, seconds: float) -> None:
        """Sleep, but wake at once on a signal or the death of a child."""
        with contextlib.suppress(InterruptedError):
            select.select([self._wake_read], [], [], max(0.0, seconds))
        with contextlib.suppress(BlockingIOError):
            while os.read(self._wake_read, 4096):
                pass

    # ------------------------------------------------------------------ children

    def start(self, child: Child) -> Child:
        """Start a child and keep it from now on."""
        if child not in self.children:
            self.children.append(child)
        self._spawn(child)
        return child

    def run(self, child: Child, meanwhile: Callable[[], object] = lambda: None) -> int | None:
        """Run a child to its end without keeping it; its exit code, or None when a person stopped us meanwhile.

        `meanwhile` is called ten times a second until then.
        """
        self._spawn(child)
        process = child.process
        assert process is not None
        while process.poll() is None:
            if self.stopping:
                self._end(child, signal.SIGTERM)
                return None
            meanwhile()
            self.wait(0.1)
        meanwhile()
        return process.returncode

    def _spawn(self, child: Child) -> None:
        rotate(child.log)
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=os.environ | child.env,
                start_new_session=True,
                preexec_fn=leash.die_with_parent(os.getpid()),  # noqa: PLW1509  this process has one thread
            )
        child.restart_at = None

    def watch(self, on_restart: Callable[[], None] | None = None) -> bool:
        """One turn: restart what died. False when a child dies again and again, and everything must stop."""
        now = time.monotonic()
        for child in self.children:
            if child.restart_at is None and not child.alive and not self._mourn(child, now):
                return False
            if child.restart_at is not None and now >= child.restart_at:
                self._spawn(child)
                if on_restart:
                    on_restart()
        due = [child.restart_at - now for child in self.children if child.restart_at is not None]
        if now - self._looked_at_logs > LOOK_EVERY:
            self._looked_at_logs = now
            for child in self.children:
                cut(child.log)
        if not self.stopping:
            self.wait(min([*due, LOOK_EVERY]))
        return True

    def _mourn(self, child: Child, now: float) -> bool:
        """Note a death and plan the restart; False when it was one too many."""
        assert child.process is not None
        leash.kill_group(child.process.pid, signal.SIGKILL)  # whatever it had started itself
        child.crashes.append(now)
        while child.crashes and now - child.crashes[0] > WITHIN:
            child.crashes.popleft()
        count, code = len(child.crashes), child.process.returncode
        if count > MOST_CRASHES:
            complain(
                f"“{child.name}” dừng đột ngột {count} lần trong một phút nên cả hệ thống dừng; nhật ký: {child.log}",
                f"`{child.name}` crashed {count} times within a minute, so everything stops; its log: {child.log}",
            )
            show_log(child.log)
            return False
        complain(
            f"“{child.name}” dừng đột ngột (mã {code}), đang khởi động lại…",
            f"`{child.name}` ended by itself (code {code}), starting it again…",
        )
        show_log(child.log, 5)
        child.restart_at = now + BACKOFF[min(count, len(BACKOFF)) - 1]
        return True

    # ------------------------------------------------------------------ the end

    def stop(self) -> None:
        """Stop all children, those of the highest rank first; returns when all are gone."""
        self.stopping = True
        for child in sorted(self.children, key=lambda one: -one.rank):
            self._end(child, signal.SIGTERM)
        signal.set_wakeup_fd(-1)

    def _end(self, child: Child, number: signal.Signals) -> None:
        if child.process is None:
            return
        if child.alive:
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(number)
        deadline = time.monotonic() + child.patience
        while child.alive and time.monotonic() < deadline and self.signals < 2:
            self.wait(0.2)
        leash.kill_group(child.process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(5)


def rotate(log: Path) -> None:
    """Before a start: a long log becomes `.1`, replacing the one before."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > LOG_LIMIT // 2:
            log.replace(log.with_name(log.name + ".1"))


def cut(log: Path) -> None:
    """While its writer runs: keep the log below the limit. Writers append, so after truncating they go on at 0."""
    with contextlib.suppress(OSError):
        if log.stat().st_size <= LOG_LIMIT:
            return
        with log.open("r+b") as file:
            file.seek(-LOG_LIMIT // 2, os.SEEK_END)
            log.with_name(log.name + ".1").write_bytes(file.read())
            file.truncate(0)
