"""Kill -9 of the web server, the worker and Valkey while two hundred residents answer: nothing acknowledged is lost.

The whole house is real: `manage.py up` with its supervisor, HTTP over loopback, the worker that grades.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.up.places import ROOT
from tests.config.up_house import Up, environment
from tests.faults.crowd import Crowd

pytestmark = [
    pytest.mark.service,
    pytest.mark.slow,
    pytest.mark.sqlite_only,
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("up"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

RESIDENTS = 200
QUESTIONS = 15
TURNS = 2
PAUSE = 0.3  # seconds a resident thinks, on average


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Up]:
    up = Up(tmp_path / "data", "--no-demo", **database()).ready()
    yield up
    assert up.stop() == 0


def database() -> dict[str, str]:
    """The database the suite runs on, so that the storm is weathered by both."""
    url = os.environ.get("THISO_FAULTS_DATABASE_URL", "")
    return {"DATABASE_URL": url} if url else {}


def run(house: Up, module: str, *arguments: str, given: str = "") -> Any:
    """Run one of our scripts in the house's data directory and return the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{module}", *arguments],
        cwd=ROOT,
        env=environment(THISO_DATA=str(house.data), **database()),
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def storm(house: Up, crowd: Crowd) -> list[str]:
    """Let everybody answer and kill one process after the other meanwhile; returns what was killed."""
    killed = []

    async def kill_in_turn() -> None:
        for word in ("serve_daphne", "valkey", "serve_worker", "serve_daphne"):
            await asyncio.sleep(2.0)
            os.kill(house.child(word), signal.SIGKILL)
            killed.append(word)
            await asyncio.sleep(1.5)

    await asyncio.gather(crowd.answer_all(rounds=TURNS), kill_in_turn())
    return killed


def test_no_acknowledged_answer_is_lost_by_kill_9(house: Up) -> None:
    seeded = run(house, "seed", str(RESIDENTS), "60")
    crowd = Crowd(house.port, seeded["seats"], pause=PAUSE)

    killed = asyncio.run(storm(house, crowd))
    statuses = asyncio.run(crowd.submit_all())
    deadline = time.monotonic() + 60
    found = run(house, "oracle", str(seeded["round"]), given=json.dumps(crowd.ledger))
    while (found["ungraded"] or not found["board_equal"] or not found["redis"]) and time.monotonic() < deadline:
        time.sleep(1)
        found = run(house, "oracle", str(seeded["round"]), given=json.dumps(crowd.ledger))

    assert len(killed) == 4
    assert crowd.trouble > 0, "the storm did not reach anybody; the test proves nothing"
    assert crowd.refused == []
    assert set(statuses) <= {200, 302}
    assert found["acknowledged"] == RESIDENTS * QUESTIONS * TURNS
    assert (found["lost"], found["changed"], found["drift"]) == ([], [], [])
    assert found["states"] == {"submitted": RESIDENTS}
    assert found["ungraded"] == 0
    assert found["board_equal"]
    assert found["redis"]
