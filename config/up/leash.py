"""Ties child processes to their parent: nothing survives a `kill -9` of the supervisor (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, number: int = signal.SIGTERM) -> Callable[[], None]:
    """Return what a forked child calls before exec: the kernel sends it that signal when `parent` dies.

    The setting survives exec. Processes a child starts itself end because the child, told to stop, stops them.
    """

    def set_leash() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:  # the parent died between fork and prctl
                os._exit(1)

    return set_leash


def birth(pid: int) -> str:
    """When the kernel started this process (clock ticks), or "" when it is gone or cannot be told.

    A pid is reused; pid and birth together are not.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def kill_group(pid: int, number: int) -> None:
    """Signal a child and everything it left in its session's process group."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def end_leftovers(children: list[tuple[int, str]], patience: float) -> None:
    """Wait for the children of a killed `up` to end; after `patience` seconds end them.

    `children` are (pid, birth) pairs; only a process that is still the same one is touched.
    """
    deadline = time.monotonic() + patience
    left = [pair for pair in children if pair[1] and birth(pair[0]) == pair[1]]
    for pid, _ in left:
        kill_group(pid, signal.SIGTERM)
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [pair for pair in left if birth(pair[0]) == pair[1]]
    for pid, _ in left:
        kill_group(pid, signal.SIGKILL)
