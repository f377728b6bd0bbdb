"""Kill -9 of the web server, the worker and Valkey while two hundred residents answer: nothing acknowledged is lost.

The whole house is real: `manage.py up` with its supervisor, HTTP over loopback, the worker that grades. Once on SQLite,
once on PostgreSQL, which is itself restarted (`-m immediate`) and killed in the middle.
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
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.testing import postgres
from config.up.places import ROOT
from tests.config.up_house import Up, environment
from tests.faults.crowd import Crowd

pytestmark = [
    pytest.mark.service,
    pytest.mark.slow,
    pytest.mark.sqlite_only,  # brings its databases along, so it runs once
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("up"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

RESIDENTS = 200
QUESTIONS = 15
TURNS = 2
PAUSE = 0.3  # seconds a resident thinks, on average


@dataclass(slots=True)
class House:
    """A running `manage.py up`, and the PostgreSQL it stores in (None: SQLite)."""

    up: Up
    database: postgres.Server | None
    env: dict[str, str]

    def run(self, module: str, *arguments: str, given: str = "") -> Any:
        """Run one of our scripts in the house's data directory and return the JSON it prints."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.faults.{module}", *arguments],
            cwd=ROOT,
            env=environment(THISO_DATA=str(self.up.data), **self.env),
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        database, env = None, {}
        if request.param == "postgres":
            try:
                database = stack.enter_context(postgres.serving())
            except postgres.PostgresMissing as missing:
                pytest.skip(str(missing))
            env = {"DATABASE_URL": database.create("thiso")}
        up = Up(tmp_path / "data", "--no-demo", **env).ready()
        yield House(up, database, env)
        assert up.stop() == 0


async def storm(house: House, crowd: Crowd) -> list[str]:
    """Let everybody answer and kill one process after the other meanwhile; returns what was killed."""
    killed = []

    async def kill_in_turn() -> None:
        for word in ("serve_daphne", "valkey", "serve_worker", "serve_daphne"):
            await asyncio.sleep(2.0)
            os.kill(house.up.child(word), signal.SIGKILL)
            killed.append(word)
            await asyncio.sleep(1.5)
        for how in (signal.SIGQUIT, signal.SIGKILL):
            if house.database is not None:
                # From this very thread: the kernel ends the server when the thread that started it ends.
                house.database.end(how)
                killed.append(f"postgres by {how.name}")
                await asyncio.sleep(1.0)  # the crowd meets a house without a database
                house.database.start_again()
                await asyncio.sleep(2.0)

    await asyncio.gather(crowd.answer_all(rounds=TURNS), kill_in_turn())
    return killed


def test_no_acknowledged_answer_is_lost_by_kill_9(house: House) -> None:
    seeded = house.run("seed", str(RESIDENTS), "60")
    crowd = Crowd(house.up.port, seeded["seats"], pause=PAUSE)

    killed = asyncio.run(storm(house, crowd))
    statuses = asyncio.run(crowd.submit_all())
    deadline = time.monotonic() + 60
    found = house.run("oracle", str(seeded["round"]), given=json.dumps(crowd.ledger))
    while (found["ungraded"] or not found["board_equal"] or not found["redis"]) and time.monotonic() < deadline:
        time.sleep(1)
        found = house.run("oracle", str(seeded["round"]), given=json.dumps(crowd.ledger))

    assert len(killed) == (6 if house.database else 4)
    assert crowd.trouble > 0, "the storm did not reach anybody; the test proves nothing"
    assert crowd.refused == []
    assert set(statuses) <= {200, 302}
    assert found["acknowledged"] == RESIDENTS * QUESTIONS * TURNS
    assert (found["lost"], found["changed"], found["drift"]) == ([], [], [])
    assert found["states"] == {"submitted": RESIDENTS}
    assert found["ungraded"] == 0
    assert found["board_equal"]
    assert found["redis"]
