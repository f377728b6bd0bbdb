"""Halls: several processes that serve one event, readings, and the end of a hall."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_db

from contest.arrivals import now_utc
from realtime import conductor
from realtime.domain.joining import Joining
from realtime.hall_texts import Part, Place
from realtime.hub import hub
from realtime.models import Event
from realtime.queries.snapshot import snapshot
from tests.factories import make_user
from tests.realtime.fakes import Listener
from tests.realtime.live_factories import Show, make_event, make_live_rules

# ------------------------------------------------------------------------------------------- several processes


@pytest.fixture
def event(valkey, transactional_db):
    return make_event(actor=make_user("Lê Thị Dẫn"), now=now_utc(), rules=make_live_rules(board_every=0))


class Seat(Listener):
    """A socket in a hall of one of several processes."""

    @property
    def state(self) -> dict[str, Any]:
        return next((f for f in reversed(self.frames) if f["type"] in {"stage", "wall", "desk"}), {})

    async def until(self, true, within=6.0):
        deadline = time.monotonic() + within
        while not true():
            assert time.monotonic() < deadline, self.frames[-2:]
            await asyncio.sleep(0.02)


async def enter(one, event, place):
    hall = await one.enter_hall(event.public_id)
    socket = Seat()
    hall.greet(socket)
    hall.take(socket, place)
    return hall, socket


def start(event):
    """As a page does it: everything about it, the host's row too, is read in the thread of the page."""
    Show(event, event.created_by, now=now_utc()).command("start")


async def order(one, hall, event, action):
    event = await in_db(Event.objects.select_related("created_by").get)(pk=event.pk)
    await one.conductor_of(hall).command(action=action, data={}, at_seq=event.seq, user_id=event.created_by_id, key="")


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("redis", [True, False], ids=["with Redis", "without Redis"])
async def test_two_processes_serve_one_hall(event, new_hub, valkey, redis):
    one, other = new_hub(), new_hub()
    if not redis:
        valkey.kill()
    hall, wall = await enter(one, event, Place(Part.WALL))
    there, _ = await enter(other, event, Place(Part.LOOKER))
    seat = await there.join(Joining(event_id=event.pk, ticket="t1", name="An"))
    socket = Seat()
    there.take(socket, Place(Part.PLAYER, player=seat.player_id))
    # With Redis hints carry the news in no time; without it a look into the database every half second does.
    await wall.until(lambda: wall.state["players"] == 1, within=2.5 if redis else 5)
    await order(one, hall, event, "start")
    await socket.until(lambda: socket.state["phase"] == "open", within=1 if redis else 3)
    begun = time.monotonic()
    instance = socket.state["instance"]
    wire = socket.state["question"]["options"][1]["id"]
    code = await there.answer(seat.player_id, instance=instance, response=wire, bet=0, received_at=now_utc())
    assert code == "saved"
    # The only player has answered: nobody waits for the clock, though the wall hangs at another process.
    await wall.until(lambda: wall.state["phase"] == "reveal", within=4)
    await socket.until(lambda: socket.state["phase"] == "reveal", within=4)
    assert time.monotonic() - begun < 6
    assert wall.state["reveal"] == socket.state["reveal"]
    assert [a["seq"] <= b["seq"] for a, b in pairwise(wall.frames)] == [True] * (len(wall.frames) - 1)
    if not redis:
        valkey.start()
        await order(one, hall, event, "next")
        await socket.until(lambda: socket.state["index"] == 1, within=4)
    for line in (wall, socket):
        line.writer.cancel()


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
async def test_a_thousand_who_come_back_at_once_cost_a_few_readings(event, new_hub, monkeypatch):
    one = new_hub()
    hall = await one.enter_hall(event.public_id)
    readings = []
    real = snapshot

    def counted(event_id):
        readings.append(event_id)
        return real(event_id)

    monkeypatch.setattr("realtime.hall.snapshot", counted)
    await asyncio.gather(*(hall.fresh() for _ in range(1000)))
    assert 1 <= len(readings) <= 2


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
async def test_a_reading_is_never_older_than_its_call(event, new_hub):
    """Who asks while one is being read gets the next one: what was committed before the call is in it."""
    one = new_hub()
    hall = await one.enter_hall(event.public_id)
    running = asyncio.create_task(hall.fresh())
    await asyncio.sleep(0)
    await in_db(start)(event)
    assert (await hall.fresh()).game.index == 0
    await running
    assert hall.snap.game.index == 0


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
async def test_a_change_made_by_a_page_reaches_the_hall(event, new_hub):
    one = new_hub()
    _hall, wall = await enter(one, event, Place(Part.WALL))
    await in_db(start)(event)
    await wall.until(lambda: wall.state["phase"] == "open", within=1.5)
    wall.writer.cancel()


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
async def test_a_hall_ends_when_nobody_was_there_for_a_while(event, new_hub, monkeypatch):
    monkeypatch.setattr("realtime.hall.LINGER_S", 0.1)
    monkeypatch.setattr(conductor, "HEARTBEAT_S", 0.2)
    one = new_hub()
    hall, wall = await enter(one, event, Place(Part.WALL))
    await asyncio.sleep(0.6)
    assert one.halls
    hall.leave(wall)
    await asyncio.sleep(0.8)
    assert (one.halls, one.conductors) == ({}, {})
    wall.writer.cancel()


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
async def test_a_deleted_event_sends_everybody_away(event, new_hub, monkeypatch):
    monkeypatch.setattr(conductor, "HEARTBEAT_S", 0.2)
    one = new_hub()
    _hall, wall = await enter(one, event, Place(Part.WALL))
    await in_db(Event.objects.filter(pk=event.pk).delete)()
    await wall.until(lambda: wall.closed is not None)
    assert wall.closed[0] == 4404
    wall.writer.cancel()


def test_the_hub_of_tests_is_closed():
    """Halls live in an event loop; outside of one there is no hub to ask."""
    with pytest.raises(RuntimeError):
        hub()
