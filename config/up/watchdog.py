"""A worker that lives but takes no message any more is started again (celery issues 9054 and 10205).

Every tick the worker touches one file. Pages never depend on it; closing, certificates and the sweeping of lost work do.
"""

from __future__ import annotations

import signal
import time
from pathlib import Path

from config.up import leash
from config.up.supervisor import Child

STUCK_AFTER_S = 180.0
"""Seconds without a tick, of which one is due every five, and since the worker's start."""


class Watchdog:
    """Looks after one child. ``look`` is cheap; call it as often as you like."""

    def __init__(self, child: Child, sign: Path, *, stuck_after_s: float = STUCK_AFTER_S) -> None:
        self.child, self.sign, self.stuck_after_s = child, sign, stuck_after_s
        self.pid = 0
        self.since = 0.0

    def look(self) -> bool:
        """Kill the child when it has given no sign for too long; the supervisor restarts it. True when it did."""
        process = self.child.process
        if process is None or process.poll() is not None:
            return False
        if process.pid != self.pid:
            self.pid, self.since = process.pid, time.time()
        if time.time() - max(self.since, self.last_sign()) < self.stuck_after_s:
            return False
        leash.kill_group(process.pid, signal.SIGKILL)
        process.wait()
        return True

    def last_sign(self) -> float:
        """When the child last gave a sign, epoch seconds; 0 when never."""
        try:
            return self.sign.stat().st_mtime
        except OSError:
            return 0.0
