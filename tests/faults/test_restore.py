"""docs/operations.md, "Backup" and "Restore", done: a copy taken from a running house serves, and its certificates verify (H19)."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.up.places import ROOT
from tests.config.up_house import environment, free_port
from tests.faults.test_postgres import wait_until_served

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.xdist_group("up")]

FACTS = """
import json
from contest.models import Attempt, Certificate, Standing
from people.domain.audit import verify_chain
from people.models import AuditEntry
facts = {m.__name__: m.objects.count() for m in (Attempt, Certificate, Standing, AuditEntry)}
one = Certificate.objects.order_by("pk").first()
print(json.dumps(facts | {"broken": verify_chain(), "code": one.code, "contest": one.entry.contest.slug}))
"""


def manage(data: Path, *arguments: str) -> str:
    env = environment(THISO_DATA=str(data), THISO_NO_VENV="1", REDIS_URL=f"unix://{data}/none.sock")
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def facts_of(data: Path) -> dict[str, Any]:
    return dict(json.loads(manage(data, "shell", "-v0", "-c", FACTS).splitlines()[-1]))


@contextmanager
def served(data: Path) -> Iterator[httpx.Client]:
    port = free_port()
    env = environment(THISO_DATA=str(data), REDIS_URL=f"unix://{data}/none.sock", LOG_LEVEL="CRITICAL")
    process = subprocess.Popen(
        [sys.executable, "-m", "config.up.serve_daphne", "127.0.0.1", str(port)], cwd=ROOT, env=env
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            wait_until_served(client, process)
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_a_backup_is_restored_and_serves(tmp_path: Path) -> None:
    house, elsewhere = tmp_path / "house", tmp_path / "elsewhere"
    house.mkdir()
    elsewhere.mkdir()
    manage(house, "migrate", "-v0")
    manage(house, "load_units", "-v0")
    manage(house, "bank", "load", "-v0")
    manage(house, "demo", "--residents", "3")
    before = facts_of(house)
    with served(house) as running, sqlite3.connect(house / "db.sqlite3") as line:
        line.execute("VACUUM INTO ?", [str(elsewhere / "db.sqlite3")])
        drawn = running.get(f"/gcn/{before['code']}/").status_code
    line.close()
    shutil.copy2(house / "secret_key", elsewhere / "secret_key")
    shutil.rmtree(house)  # the fire

    assert manage(elsewhere, "migrate", "--check") == ""
    assert facts_of(elsewhere) == before
    assert before["broken"] is None
    with served(elsewhere) as restored:
        pages = ["/", f"/c/{before['contest']}/", f"/c/{before['contest']}/bang/?vong=1", f"/gcn/{before['code']}/"]
        assert [restored.get(page).status_code for page in pages] == [200] * len(pages)
        assert "Giấy chứng nhận này là thật" in restored.get(pages[-1]).text
    assert drawn == 200
