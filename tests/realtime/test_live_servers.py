"""A live event over real server processes: a game through both, and what they say when they stop."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack

import pytest
import websockets

from contest.arrivals import now_utc, to_ms
from realtime.consumers.base import RESTART
from realtime.doors import new_ticket
from tests.realtime.live_factories import make_event, make_live_rules
from tests.realtime.servers import Server, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.sqlite_only, pytest.mark.slow]


@pytest.fixture
def event(valkey, transactional_db):
    return make_event(now=now_utc(), rules=make_live_rules())


def phone(server: Server, public_id: str) -> websockets.connect:
    return websockets.connect(
        f"ws://127.0.0.1:{server.port}/ws/live/{public_id}/play",
        origin=server.http,  # type: ignore[arg-type]
        compression=None,
        open_timeout=20,
        proxy=None,
    )


@pytest.mark.parametrize("name", ["daphne", "uvicorn"])
async def test_a_server_that_stops_says_goodbye_to_everybody(name, event):
    stack = ExitStack()
    server = await asyncio.to_thread(stack.enter_context, serving(name))
    lines = []
    for number in range(3):
        line = await phone(server, event.public_id)
        ticket = new_ticket(event_id=event.pk, secret=event.secret, now=to_ms(now_utc()))
        await line.send(json.dumps({"v": 1, "type": "join", "ticket": ticket, "name": f"Lan {number}"}))
        while json.loads(await asyncio.wait_for(line.recv(), 20))["type"] != "stage":
            pass
        lines.append(line)
    ending = asyncio.create_task(asyncio.to_thread(stack.close))
    for line in lines:
        last = {}
        async for text in ended(line):
            last = json.loads(text)
        assert (last["type"], last["reason"]) == ("bye", "restart")
        assert last["retry_ms"] > 0
        # Daphne drops the line before its close frame is out, uvicorn says why.
        assert line.close_code in {RESTART, 1006}
    await ending


async def ended(line):
    """What is read until the line is closed."""
    try:
        while True:
            yield await asyncio.wait_for(line.recv(), 20)
    except websockets.ConnectionClosed:
        return
