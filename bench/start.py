"""From one command to the first page, and what the idle house weighs.

`manage.py up` on an empty data directory (database, units, bank, fonts, static files, demonstration), and once more on
the same directory. Memory is the proportional set size of the whole family of processes after ten quiet seconds.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench.harness import HOST, ROOT, Options, Report, Target, data_dir, environment, free_port

FIRST_PAGE_S = 15.0
IDLE_MB = 350.0
QUIET_S = 10.0
PATIENCE_S = 180.0


def run(options: Options) -> Report:
    """Start afresh and again, a few times."""
    report = Report("start", ("run", "first page, empty s", "first page, again s", "idle PSS MB", "processes"))
    runs = 1 if options.quick else 3
    first, again, memory = [], [], []
    for number in range(runs):
        options.write(f"run {number + 1} of {runs} …")
        with data_dir("start") as data:
            fresh, pss, family = _start(data, weigh=True)
            second, _, _ = _start(data, weigh=False)
        report.rows.append([number + 1, fresh, second, pss, family])
        first.append(fresh)
        again.append(second)
        memory.append(pss)
    report.targets = [
        Target("first page on an empty folder", median(first), FIRST_PAGE_S, " s", at_most=True),
        Target("first page when started again", median(again), FIRST_PAGE_S, " s", at_most=True),
        Target("idle memory of everything", median(memory), IDLE_MB, " MB", at_most=True),
    ]
    return report


def _start(data: Path, *, weigh: bool) -> tuple[float, float, int]:
    """Start `up`, wait for its word that a page answers, weigh, stop. Seconds, megabytes, processes."""
    env = {
        k: v for k, v in environment(data).items() if k not in ("THISO_DATA", "LOG_LEVEL", "PYTHONDONTWRITEBYTECODE")
    }
    command = [sys.executable, str(ROOT / "manage.py"), "up", "--host", HOST, "--port", str(free_port())]
    begun = time.monotonic()
    house = subprocess.Popen(
        [*command, "--data", str(data), "--no-qr"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert house.stdout is not None
        for line in house.stdout:
            if re.search(r"http://", line):
                break
            if time.monotonic() - begun > PATIENCE_S:
                raise RuntimeError("the house did not start")
        seconds = time.monotonic() - begun
        if not weigh:
            return seconds, 0.0, 0
        time.sleep(QUIET_S)
        family = _family(house.pid)
        return seconds, sum(_pss_kb(pid) for pid in family) / 1024, len(family)
    finally:
        house.send_signal(signal.SIGINT)
        house.communicate(timeout=60)


def _family(root: int) -> list[int]:
    """The pids of a process and of everything below it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [root]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid and child not in found)
    return found


def _pss_kb(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
