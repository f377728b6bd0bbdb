"""Services a benchmark starts for itself."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.up import valkey
from config.up.places import Places


@contextmanager
def redis_in(data: Path) -> Iterator[None]:
    """The embedded server in a data directory."""
    places = Places(data)
    places.make()
    command = [*valkey.command(places), "--maxmemory", "1gb", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 15
    while not valkey.is_up(places.socket):
        if time.monotonic() > deadline:
            raise RuntimeError("Valkey did not start")
        time.sleep(0.02)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
