"""A live event in a school yard: sockets drop, the server is killed during a question, Valkey restarts, host and server freeze,
the network is slow and loses packets. No acknowledged answer is lost, everybody is back within five seconds, and the ranking is
what the stored answers say.

The whole house is real: `manage.py up` with its supervisor; phones are WebSockets through a proxy that makes the weather.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.up.places import ROOT
from tests.config.up_house import Up, environment
from tests.faults.chaos import Chaos
from tests.faults.live_phones import Yard, until

pytestmark = [
    pytest.mark.service,
    pytest.mark.slow,
    pytest.mark.sqlite_only,
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("up"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

PLAYERS = 60
SECONDS = 20  # to answer
BACK_WITHIN_S = 5.0
WEATHER = (
    "calm",
    "sockets drop",
    "server killed",
    "valkey restarted",
    "host frozen",
    "server frozen",
    "slow and lossy",
)
FROZEN_S = 4.0
NOTICED_S = 0.3  # so long a phone may believe in a line that was cut


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Up]:
    up = Up(tmp_path / "data", "--no-demo").ready()
    yield up
    assert up.stop() == 0


def run(house: Up, module: str, *arguments: str, given: str = "") -> Any:
    """Run one of our scripts in the house's data directory and return the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{module}", *arguments],
        cwd=ROOT,
        env=environment(THISO_DATA=str(house.data)),
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def play(house: Up, event: dict[str, Any], phones: Chaos, host: Chaos) -> tuple[Yard, dict[str, float]]:
    """One question in each weather; how long it took after each until all were back."""
    yard = Yard.of(event, PLAYERS, port=await phones.start(), host_port=await host.start())
    back: dict[str, float] = {}
    try:
        await yard.open()
        for index, weather in enumerate(WEATHER):
            await yard.host.command("next" if index else "start")
            await until(lambda index=index: yard.host.state["phase"] == "open" and yard.host.state["index"] == index)
            await asyncio.sleep(0.7)  # about half of them have answered
            back[weather] = await storm(house, weather, yard, phones, host)
            # Whoever is connected has answered or the time is over: the clock goes on without the host.
            await until(lambda index=index: yard.host.state["phase"] == "reveal", within=SECONDS + 15)
            await until(lambda: yard.back(yard.host.at), within=BACK_WITHIN_S)
        await yard.host.command("next")
        await until(lambda: all(phone.state["phase"] == "podium" for phone in yard.phones))
    finally:
        await yard.close()
        await phones.stop()
        await host.stop()
    return yard, back


async def storm(house: Up, weather: str, yard: Yard, phones: Chaos, host: Chaos) -> float:
    """Let it happen; seconds from its end until everybody is back and sees what anybody saw then."""
    match weather:
        case "sockets drop":
            phones.drop(0.05)
        case "server killed":
            os.kill(house.child("serve_daphne"), signal.SIGKILL)
            await asyncio.sleep(0.2)
            await asyncio.to_thread(listening, house.port)
        case "valkey restarted":
            os.kill(house.child("valkey"), signal.SIGKILL)
            await asyncio.sleep(1)
        case "host frozen":
            host.freeze()
            await until(
                lambda: len({phone.state["phase"] for phone in yard.phones} - {"open", "locked"}) == 1, within=30
            )
            host.drop(1.0)
            host.thaw()
        case "server frozen":
            os.kill(house.child("serve_daphne"), signal.SIGSTOP)
            await asyncio.sleep(FROZEN_S)
            os.kill(house.child("serve_daphne"), signal.SIGCONT)
        case "slow and lossy":
            phones.delay, phones.jitter, phones.loss = 0.3, 0.2, 0.05
            phones.drop(0.05)
    mark = yard.at()
    await asyncio.sleep(NOTICED_S)
    return NOTICED_S + await until(lambda: yard.back(mark), within=20)


def listening(port: int) -> None:
    """Wait for the server the supervisor starts anew."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not come back")


def test_a_live_event_weathers_the_storm(house: Up) -> None:
    event = run(house, "live_seed", str(len(WEATHER)), str(SECONDS))
    phones, host = Chaos(house.port), Chaos(house.port)

    yard, back = asyncio.run(play(house, event, phones, host))
    found = run(house, "live_oracle", str(event["id"]), str(SECONDS), given=json.dumps(yard.ledger))

    assert sum(phone.openings for phone in yard.phones) > 2 * PLAYERS, "the storm did not reach anybody"
    assert {weather: seconds for weather, seconds in back.items() if seconds > BACK_WITHIN_S} == {}
    assert sum(screen.backwards for screen in (yard.host, *yard.phones)) == 0
    assert (found["lost"], found["changed"], found["late"], found["twice"]) == ([], [], [], [])
    # Nearly every tap was heard: who was cut off at the very end of a question may have missed one.
    assert found["acknowledged"] >= 0.97 * PLAYERS * len(WEATHER)
    assert found["stood_otherwise"] == 0
    final = {row["key"]: (row["points"], row["rank"]) for row in yard.phones[0].state["board"]}
    stored = {key: (score, rank) for key, score, rank in found["players"]}
    assert final == {key: stored[key] for key in final}
    assert {phone.key: (phone.state["you"]["points"], phone.state["you"]["rank"]) for phone in yard.phones} == stored
