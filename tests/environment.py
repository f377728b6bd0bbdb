"""Loaded by pytest before Django reads its settings: every run, and every parallel worker, has a data directory of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def private_data_dir() -> Path:
    """Point THISO_DATA at a fresh directory and return it. A parallel worker gets one below the controller's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = os.environ.get("THISO_TEST_BASE")
    if base is None:
        base = tempfile.mkdtemp(prefix="thiso-")
        os.environ["THISO_TEST_BASE"] = base
        owner = os.getpid()
        atexit.register(lambda: os.getpid() == owner and shutil.rmtree(base, ignore_errors=True))
    data = Path(base) / (worker or "main")
    data.mkdir(parents=True, exist_ok=True)
    os.environ["THISO_DATA"] = str(data)
    return data


private_data_dir()
os.environ.pop("REDIS_URL", None)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the test
