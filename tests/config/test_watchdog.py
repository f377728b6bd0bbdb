"""A worker that hangs is ended, so that the supervisor starts it again; one that ticks, or has just started, is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.up.supervisor import Child
from config.up.watchdog import Watchdog

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Child]:
    """A process that lives and does nothing."""
    child = Child("worker", [], tmp_path / "worker.log")
    child.process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    yield child
    child.process.kill()
    child.process.wait()


def test_a_child_without_a_sign_is_ended(hanging: Child, tmp_path: Path) -> None:
    sign = tmp_path / "tick"
    sign.touch()
    os.utime(sign, (1, 1))
    watchdog = Watchdog(hanging, sign, stuck_after_s=0.2)
    assert watchdog.look() is False, "it has only just been seen"
    time.sleep(0.3)
    assert watchdog.look() is True
    assert hanging.process is not None
    assert hanging.process.returncode == -signal.SIGKILL
    assert watchdog.look() is False, "what is dead is the supervisor's affair"


def test_a_child_that_gives_signs_is_left_alone(hanging: Child, tmp_path: Path) -> None:
    sign = tmp_path / "tick"
    watchdog = Watchdog(hanging, sign, stuck_after_s=0.2)
    watchdog.look()
    time.sleep(0.3)
    sign.touch()
    assert watchdog.look() is False
    assert hanging.alive


def test_a_restarted_child_gets_its_time_again(hanging: Child, tmp_path: Path) -> None:
    watchdog = Watchdog(hanging, tmp_path / "none", stuck_after_s=0.2)
    watchdog.look()
    watchdog.pid = -1
    time.sleep(0.3)
    assert watchdog.look() is False
    assert hanging.alive
