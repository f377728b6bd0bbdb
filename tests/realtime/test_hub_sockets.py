"""A room and its sockets: the slow, the silent and the many, against a real Valkey."""

from __future__ import annotations

import asyncio
import time

import pytest

from realtime.hub import PUSH_FRAME, PUSH_HINT
from realtime.outbox import Outbox
from realtime.protocol import Close, decode_from_server
from realtime.room import Room
from realtime.store import Stored
from tests.realtime.fakes import Score, change

pytestmark = [pytest.mark.service, pytest.mark.sqlite_only]


async def test_a_silent_or_stuck_socket_is_let_go(valkey, new_hub, join, quick, monkeypatch):
    score, hub = Score(), new_hub()
    awake, asleep, stuck = [await join(hub, score) for _ in range(3)]
    stuck.stall = asyncio.Event()
    asleep.outbox.heard_at -= 100
    await change(score, 2)
    await awake.sees(2)
    stuck.outbox.writing_since = time.monotonic() - 100
    deadline = time.monotonic() + 3
    while asleep.closed is None or stuck.closed is None:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    assert asleep.closed[0] == stuck.closed[0] == Close.TOO_SLOW
    assert asleep.closed[1].retry_ms >= 0
    assert awake.closed is None


async def test_a_stalled_reader_holds_one_state_however_long_it_sleeps(valkey):
    stall = asyncio.Event()

    async def send(text: str) -> None:
        await stall.wait()

    outbox = Outbox(send, time.monotonic)
    writer = asyncio.create_task(outbox.run())
    for number in range(1_000):
        outbox.state(f"full {number}", f"delta {number}")
        outbox.tick(f"tick {number}")
        await asyncio.sleep(0)
    writer.cancel()
    # The first is being written; of the rest only the latest, and whole: a delta would miss what was dropped.
    assert [text for _, text in outbox.waiting] == ["full 999", "tick 999"]


async def test_a_reader_that_says_nothing_gets_no_more_than_its_credit(valkey):
    """Daphne never blocks a send, so memory is bounded by what was sent since the client's last word."""
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    outbox = Outbox(send, time.monotonic)
    writer = asyncio.create_task(outbox.run())
    for number in range(100):
        outbox.state(f"{number:05d}" + "x" * 10_000)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert len(sent) == 20
    outbox.heard()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent[-1].startswith("00099")
    writer.cancel()


async def test_events_keep_their_order_and_too_many_waiting_end_the_socket(valkey):
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    outbox = Outbox(send, time.monotonic)
    for number in range(50):
        outbox.event(str(number))
    assert not outbox.too_slow()
    writer = asyncio.create_task(outbox.run())
    await asyncio.sleep(0.01)
    assert sent == [str(number) for number in range(50)]
    writer.cancel()
    for number in range(51):
        outbox.event(str(number))
    assert outbox.too_slow()


def test_a_hint_of_what_is_known_already_changes_nothing():
    room = Room(Score(), store=None, publish=None, subscribe=None)
    room.dirty, room.rendered = False, 4
    room.hint(4)
    assert not room.dirty
    room.hint(5)
    assert room.dirty
    room.adopt(Stored(position=(1, 1), at=0, version=5, rendered=5, body="1"))
    assert not room.dirty


def test_the_types_of_pushes_have_a_prefix_of_their_own():
    assert {PUSH_FRAME, PUSH_HINT} == {"push.frame", "push.hint"}


async def test_every_frame_of_a_room_is_of_the_protocol(valkey, new_hub, join, quick):
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    await asyncio.sleep(0.7)
    kinds = {decode_from_server(text).TYPE for text in socket.texts}
    assert kinds == {"hello", "board", "tick"}


async def test_a_crowd_that_comes_at_once_costs_one_rendering_and_hardly_any_encoding(
    valkey, new_hub, join, monkeypatch
):
    score, hub = Score(value=3), new_hub()
    encoded = []
    full = Score.full
    monkeypatch.setattr(Score, "full", lambda self, body, stamp: encoded.append(1) or full(self, body, stamp))
    crowd = await asyncio.gather(*[join(hub, score) for _ in range(200)])
    for socket in crowd:
        await socket.sees(3)
    assert score.renders == 1
    assert len(encoded) <= 3
