"""Rooms against a real Valkey: same bytes to all, in order, converging whatever is lost."""

from __future__ import annotations

import asyncio
import contextlib
import time
from itertools import pairwise

import pytest

from realtime.groups import lease_key, state_key
from realtime.hub import PUSH_FRAME, Unavailable
from realtime.protocol import Close
from realtime.publish import announce_board_async
from realtime.store import LiveStore
from tests.realtime.fakes import Score, change

pytestmark = [pytest.mark.service, pytest.mark.sqlite_only]


async def test_everybody_gets_the_same_bytes_encoded_once(valkey, new_hub, join):
    score, hub = Score(), new_hub()
    first, second = await join(hub, score), await join(hub, score)
    encoded = []
    full = Score.full
    Score.full = lambda self, body, stamp: encoded.append(1) or full(self, body, stamp)
    try:
        await change(score, 2)
        await first.sees(2)
        await second.sees(2)
    finally:
        Score.full = full
    assert first.texts[-1] == second.texts[-1]
    assert len(encoded) == 1


async def test_a_newcomer_is_greeted_then_shown_the_state(valkey, new_hub, join):
    socket = await join(new_hub(), Score(value=7))
    await socket.sees(7)
    hello, board = socket.frames[:2]
    assert (hello["type"], board["type"]) == ("hello", "board")
    assert (hello["epoch"], hello["seq"]) == (board["epoch"], board["seq"])
    assert abs(board["epoch"] / 1000 - time.time()) < 10


async def test_positions_only_rise(valkey, new_hub, join):
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    for value in (2, 3, 4):
        await change(score, value)
        await socket.sees(value)
    positions = [(frame["epoch"], frame["seq"]) for frame in socket.boards]
    assert positions == sorted(set(positions))
    assert [frame["people"] for frame in socket.boards] == [1, 2, 3, 4]


async def test_a_second_process_shows_what_the_first_rendered(valkey, new_hub, join):
    here, there = Score(), Score()
    one, other = await join(new_hub(), here), await join(new_hub(), there)
    here.value = there.value = 5
    await change(here, 5)
    await one.sees(5)
    await other.sees(5)
    assert one.texts[-1].replace(f'"now":{one.boards[-1]["now"]}', "") == other.texts[-1].replace(
        f'"now":{other.boards[-1]["now"]}', ""
    )
    assert here.renders + there.renders == 2  # the first state, and one for the change


async def test_at_most_one_push_a_second_under_a_hundred_changes_a_second(valkey, new_hub, join):
    scores = [Score(), Score()]
    sockets = [await join(new_hub(), score) for score in scores]
    start = time.monotonic()
    for value in range(2, 252):
        for score in scores:
            score.value = value
        await change(scores[0], value)
        await asyncio.sleep(max(0.0, start + (value - 1) / 100 - time.monotonic()))
    lasted = time.monotonic() - start
    for socket in sockets:
        await socket.sees(251)
        assert 3 <= len(socket.boards) <= lasted + 3
    starts = sorted(scores[0].rendered_at + scores[1].rendered_at)[1:]
    # Renders pace themselves over both processes, not in each.
    assert min(b - a for a, b in pairwise(starts)) > 0.9


async def test_the_last_change_of_a_burst_is_shown(valkey, new_hub, join):
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    await change(score, 2)
    await socket.sees(2)
    await change(score, 3)  # inside the pause of the hint: nobody is told, the renderer looks by itself
    await socket.sees(3, within=2.8)


async def test_nobody_renders_where_nobody_looks(valkey, new_hub, join):
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    room = hub.rooms[score.group]
    hub.leave(room, socket)
    await asyncio.sleep(0.1)
    assert hub.rooms == {}
    before = score.renders
    await change(score, 2)
    await asyncio.sleep(0.3)
    assert score.renders == before
    again = await join(hub, score)
    await again.sees(2)


async def test_an_unchanged_state_is_not_pushed_again(valkey, new_hub, join):
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    await change(score, 1)
    await asyncio.sleep(1.5)
    assert score.renders == 2
    assert len(socket.boards) == 1


async def test_two_rooms_never_mix(valkey, new_hub, join):
    hub, other_hub = new_hub(), new_hub()
    a, b = Score(group="board.1", value=100), Score(group="board.2", value=200)
    in_a, in_b = await join(hub, a), await join(hub, b)
    far_b = await join(other_hub, b)
    for step in (1, 2):
        await change(a, 100 + step)
        await change(b, 200 + step)
        await in_a.sees(100 + step)
        await in_b.sees(200 + step)
        await far_b.sees(200 + step)
    assert {frame["people"] for frame in in_a.boards} == {100, 101, 102}
    assert {frame["people"] for frame in [*in_b.boards, *far_b.boards]} == {200, 201, 202}


async def test_a_lost_push_is_found_at_the_next_heartbeat(valkey, new_hub, join, quick):
    here, there = Score(), Score()
    hub, deaf = new_hub(), new_hub()
    one, other = await join(hub, here), await join(deaf, there)
    deaf.handle = lambda message: None  # every push to this process is lost
    here.value = there.value = 2
    await change(here, 2)
    await one.sees(2)
    await other.sees(2, within=2)


async def test_a_late_push_moves_no_screen_backwards(valkey, new_hub, join):
    score, hub = Score(value=5), new_hub()
    socket = await join(hub, score)
    epoch, seq = hub.rooms[score.group].position
    await change(score, 6)
    await socket.sees(6)
    hub.handle({"type": PUSH_FRAME, "group": score.group, "epoch": epoch, "seq": seq, "at": 0, "ver": 0, "body": "5"})
    hub.handle(
        {"type": PUSH_FRAME, "group": score.group, "epoch": epoch - 9, "seq": 99, "at": 0, "ver": 0, "body": "4"}
    )
    hub.handle({"type": PUSH_FRAME, "group": "board.77", "epoch": epoch + 9, "seq": 1, "at": 0, "ver": 0, "body": "3"})
    await asyncio.sleep(0.05)
    assert socket.value == 6


async def test_what_is_pushed_between_subscribing_and_reading_is_not_lost(valkey, new_hub, join, monkeypatch):
    """Interleaving (D21): another process publishes after our subscription and before our reading ends."""
    score = Score()
    hub, other = new_hub(), new_hub()
    writer = await join(other, score)
    await writer.sees(1)
    look = LiveStore.look

    async def slow_look(self, group, *, body=False):
        found = await look(self, group, body=body)
        if self is hub.store:
            score.value = 2
            await announce_board_async(contest_id=1)
            await writer.sees(2)
        return found

    monkeypatch.setattr(LiveStore, "look", slow_look)
    socket = await join(hub, score)
    await socket.sees(2, within=2)


async def test_a_flush_brings_the_same_board_again(valkey, new_hub, join, quick):
    score, hub = Score(value=9), new_hub()
    socket = await join(hub, score)
    await socket.sees(9)
    before = socket.boards[-1]
    valkey.ask("FLUSHALL")
    await asyncio.sleep(0.8)
    await change(score, 10)
    await socket.sees(10)
    late = await join(new_hub(), score)
    await late.sees(10)
    assert (late.boards[-1]["epoch"], late.boards[-1]["seq"]) > (before["epoch"], before["seq"])


async def test_a_board_lives_through_the_death_and_return_of_redis(valkey, new_hub, join, quick):
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    valkey.kill()
    await change(score, 2)  # nobody can be told
    await socket.sees(2, within=8)  # the timer finds it
    newcomer = await join(hub, score)
    await newcomer.sees(2)
    valkey.start()
    score.value = 3
    await socket.sees(3, within=10)
    deadline = time.monotonic() + 10
    while hub.rooms[score.group].degraded or not hub.rooms[score.group].subscribed:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    await change(score, 4)
    await socket.sees(4, within=10)
    positions = [(frame["epoch"], frame["seq"]) for frame in socket.boards]
    assert positions == sorted(set(positions))
    assert socket.closed is None


async def test_processes_that_counted_apart_agree_again(valkey, new_hub, join, quick):
    """Each counted on by itself while Redis was away; afterwards all are above both."""
    here, there = Score(), Score()
    hub, other = new_hub(), new_hub()
    one, two = await join(hub, here), await join(other, there)
    valkey.kill()
    for value in (2, 3, 4):
        here.value = value
        await one.sees(value, within=8)
    there.value = 4
    await two.sees(4, within=8)
    assert hub.rooms[here.group].position > other.rooms[there.group].position
    valkey.start()
    here.value = there.value = 5
    await one.sees(5, within=10)
    await two.sees(5, within=10)
    deadline = time.monotonic() + 10
    while hub.rooms[here.group].position != other.rooms[there.group].position:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_a_redis_that_is_stopped_stops_nobody(valkey, new_hub, join, quick, settings):
    import signal

    settings.REDIS_TIMEOUT_S = 0.3
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    valkey.process.send_signal(signal.SIGSTOP)
    try:
        score.value = 2
        await socket.sees(2, within=10)
    finally:
        valkey.process.send_signal(signal.SIGCONT)
    score.value = 3
    await socket.sees(3, within=10)
    positions = [(frame["epoch"], frame["seq"]) for frame in socket.boards]
    assert positions == sorted(set(positions))


async def test_a_state_that_cannot_be_rendered_leaves_the_last_one(valkey, new_hub, join, quick):
    score, hub = Score(), new_hub()
    socket = await join(hub, score)
    score.broken = True
    await change(score, 2)
    await asyncio.sleep(0.3)
    assert socket.value == 1
    score.broken = False
    await socket.sees(2)


async def test_a_newcomer_is_told_when_no_state_can_be_had(valkey, new_hub, monkeypatch):
    monkeypatch.setattr("realtime.hub.FIRST_STATE_S", 0.2)
    with pytest.raises(Unavailable):
        await new_hub().enter(Score(broken=True))


async def test_a_board_taken_back_sends_everybody_away(valkey, new_hub, join):
    score, hub, other = Score(), new_hub(), new_hub()
    one, two = await join(hub, score), await join(other, score)
    score.gone = True
    await change(score, 2)
    deadline = time.monotonic() + 5
    while one.closed is None or two.closed is None:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    assert {one.closed[0], two.closed[0]} == {Close.NOT_FOUND}
    assert one.closed[1].retry_ms < 0


async def test_only_the_holder_of_the_lease_may_store(valkey, new_hub):
    store = new_hub().store
    lease = await store.lease("board.1")
    assert isinstance(await store.lease("board.1"), int)
    await store.redis.set(lease_key("board.1"), "somebody else")
    assert await store.put("board.1", lease, body="old", mine=(0, 0), now_ms=1_790_000_000_000) is None
    assert await store.redis.exists(state_key("board.1")) == 0


async def test_a_position_rises_above_what_was_shown_and_what_is_stored(valkey, new_hub):
    store = new_hub().store
    cases = [
        ((0, 0), (1_790_000_000_000, 1)),
        ((0, 0), (1_790_000_000_000, 2)),
        ((1_790_000_000_000, 40), (1_790_000_000_000, 41)),
    ]
    for number, (mine, expected) in enumerate(cases):
        lease = await store.lease("board.1")
        assert await store.put("board.1", lease, body=str(number), mine=mine, now_ms=1_790_000_000_000) == (
            expected,
            True,
        )
        await store.redis.delete("thiso:live:board.1:pace")


async def test_a_hub_ends_though_a_cancellation_is_lost_on_the_way(valkey, new_hub, join):
    """Seen once when Redis died and came back: the keeper of a room had been cancelled, and went on for ever."""
    at_work = asyncio.Event()

    class Deaf(Score):
        async def render(self) -> str:
            if self.renders == 1:
                at_work.set()
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(60)
            return await super().render()

    score, hub = Deaf(), new_hub()
    await join(hub, score)
    await change(score, 2)
    await at_work.wait()
    async with asyncio.timeout(10):
        await hub.close()
    assert not hub.keepers
