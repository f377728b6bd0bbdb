"""What server processes use, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path


def cpu(pids: list[int]) -> float:
    """Processor time the servers have used, milliseconds."""
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return total


def rss(pids: list[int]) -> float:
    """Resident memory of the servers, KB."""
    total = 0.0
    for pid in pids:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        total += next(float(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total
