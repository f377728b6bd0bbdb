"""End to end: a real server process, a real WebSocket client, real Valkey; what is graded here is seen there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
import websockets
from channels.db import database_sync_to_async
from django.utils import timezone

from contest.domain.scoring import score_round
from contest.models import Contest
from tests.contest.papers import make_paper, simple_contest
from tests.factories import make_entry, make_resident, make_round
from tests.realtime.servers import Server, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.sqlite_only, pytest.mark.slow]


@pytest.fixture(params=["daphne", "uvicorn"])
def server(request, valkey, transactional_db) -> Iterator[Server]:
    with serving(request.param) as one:
        yield one


@pytest.fixture
def contest(valkey, transactional_db):
    now = timezone.now()
    contest = simple_contest()
    Contest.objects.filter(pk=contest.pk).update(slug="hoi-thi", listed_at=now)
    make_round(contest, opens_at=now - timezone.timedelta(hours=1), closes_at=now + timezone.timedelta(hours=1))
    return contest


def finish(contest, name="Trần Văn An"):
    round_ = contest.rounds.get()
    make_paper(round_, make_entry(contest, make_resident(name)), "BBBBB", seconds=60, at=timezone.now())
    score_round(round_id=round_.pk, now=timezone.now())


async def board(line, people, within=15.0):
    """Read until the board has so many people."""
    async with asyncio.timeout(within):
        async for text in line:
            frame = json.loads(text)
            if frame["type"] in {"board", "counts"} and frame["people"] == people:
                return frame
    raise AssertionError("closed")


async def drained(line, pings=0):
    """Send pings, then read until the line is closed."""
    for _ in range(pings):
        await line.send('{"v":1,"type":"ping"}')
    while True:
        await line.recv()


async def test_a_board_over_a_real_server(server, contest, valkey):
    async with server.board() as one, server.board() as other:
        assert json.loads(await one.recv())["type"] == "hello"
        await board(one, 0)
        await board(other, 0)
        await database_sync_to_async(finish)(contest)
        here, there = await board(one, 1), await board(other, 1)
        assert here == there
        assert here["rows"][0]["name"] == "Trần V** A**"

        # Redis dies and comes back empty: nobody is disconnected, and what is graded meanwhile is shown.
        valkey.kill()
        await database_sync_to_async(finish)(contest, "Lê Thị Hoa")
        await board(one, 2, within=25)
        valkey.start()
        await database_sync_to_async(finish)(contest, "Phạm Minh Đức")
        assert (await board(one, 3, within=25))["rows"] == (await board(other, 3, within=25))["rows"]

        await one.send("x" * 17_000)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await drained(one)
        # Daphne drops the line, uvicorn says why before it does.
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009

    for origin in (None, "http://evil.example", f"http://127.0.0.1.evil.example:{server.port}"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await server.board(origin=origin)
        assert refused.value.response.status_code == 403
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(f"ws://127.0.0.1:{server.port}/ws/nowhere/", origin=server.http, proxy=None)

    async with server.board() as flood:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await drained(flood, pings=60)
        assert closed.value.rcvd.code == 4429

    async with httpx.AsyncClient(base_url=server.http) as client:
        polled = (await client.get("/chieu/hoi-thi/bang.json")).json()
    assert (polled["type"], polled["people"], len(polled["rows"])) == ("board", 3, 3)
