"""The board's socket through the real routing: handshake, frames, limits, ends."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
import pytest_asyncio
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.utils import timezone

from contest.domain.scoring import score_round
from contest.models import Contest
from realtime import room as rooms
from realtime.consumers import base
from realtime.consumers.base import LiveConsumer
from realtime.hub import hub
from realtime.protocol import Close, Frame, decode_from_server
from realtime.routing import sockets
from tests.contest.papers import make_paper, simple_contest
from tests.factories import make_entry, make_resident, make_round

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

ORIGIN = b"http://testserver"


@pytest.fixture
def contest(valkey):
    """A listed contest with an open round."""
    now = timezone.now()
    contest = simple_contest()
    Contest.objects.filter(pk=contest.pk).update(slug="hoi-thi", listed_at=now)
    make_round(contest, opens_at=now - timezone.timedelta(hours=1), closes_at=now + timezone.timedelta(hours=1))
    contest.refresh_from_db()
    return contest


def finish(contest, name="Trần Văn An", sheet="BBBBB", seconds=60):
    """Somebody hands in a paper and it is graded."""
    round_ = contest.rounds.get()
    make_paper(round_, make_entry(contest, make_resident(name)), sheet, seconds=seconds, at=timezone.now())
    score_round(round_id=round_.pk, now=timezone.now())


@pytest_asyncio.fixture
async def connect():
    """Open sockets; close them and the hub afterwards."""
    opened = []

    async def open_one(path="/ws/board/hoi-thi/", origin=ORIGIN, app=sockets):
        headers = [(b"host", b"testserver")] + ([(b"origin", origin)] if origin is not None else [])
        line = WebsocketCommunicator(app, path, headers=headers)
        accepted, _ = await line.connect(timeout=10)
        if accepted:
            opened.append(line)
        return line if accepted else None

    yield open_one
    for line in opened:
        await line.send_input({"type": "websocket.disconnect", "code": 1001})
        await line.wait(timeout=10)
    await hub().close()


async def frame(line, kind=None, within=10):
    """The next frame, of a kind if asked."""
    deadline = time.monotonic() + within
    while True:
        got = decode_from_server(await line.receive_from(timeout=max(0.1, deadline - time.monotonic())))
        if kind is None or kind == got.TYPE:
            return got


async def closed(line, within=10):
    """(bye, code) at the end of a socket."""
    bye = None
    while True:
        out = await line.receive_output(timeout=within)
        if out["type"] == "websocket.close":
            return bye, out["code"]
        got = decode_from_server(out["text"])
        bye = got if got.TYPE == "bye" else bye


async def say(line, **parts):
    await line.send_to(text_data=json.dumps({"v": 1} | parts))


async def test_a_visitor_gets_hello_and_the_board_then_what_changes(contest, connect):
    await database_sync_to_async(finish)(contest)
    line = await connect()
    hello, board = await frame(line), await frame(line)
    assert (hello.TYPE, board.TYPE) == ("hello", "board")
    assert [(row.rank, row.name, row.points) for row in board.rows] == [(1, "Trần V** A**", 5000)]
    await database_sync_to_async(finish)(contest, "Lê Thị Hoa", "BBBBA", 50)
    later = await frame(line, "board")
    assert [row.name for row in later.rows] == ["Trần V** A**", "Lê T** H**"]
    assert later.position > board.position


async def test_grading_alone_reaches_the_screen_within_two_seconds(contest, connect):
    """No code of this app is called: the signal after the commit does it."""
    line = await connect()
    await frame(line, "board")
    start = time.monotonic()
    await database_sync_to_async(finish)(contest)
    assert (await frame(line, "board")).people == 1
    assert time.monotonic() - start < 2.5  # grading included


@pytest.mark.parametrize(
    "origin", [None, b"null", b"http://evil.example", b"http://testserver.evil.example", b"http://testserver:81"]
)
async def test_a_foreign_page_is_refused_in_the_handshake(contest, connect, origin):
    assert await connect(origin=origin) is None


@pytest.mark.parametrize(
    "path", ["/", "/ws/", "/ws/board/", "/ws/board/hoi-thi/x", "/ws/board/h%C3%B4/", "/admin/", "/api/answer"]
)
async def test_an_address_that_does_not_exist_is_refused_without_a_traceback(contest, connect, path, caplog):
    assert await connect(path) is None
    assert caplog.records == []


async def test_a_contest_without_a_public_board_is_not_found(contest, connect):
    line = await connect("/ws/board/khong-co/")
    bye, code = await closed(line)
    assert (bye.reason, code) == ("not_found", Close.NOT_FOUND)
    assert bye.retry_ms < 0
    await database_sync_to_async(Contest.objects.filter(pk=contest.pk).update)(listed_at=None)
    assert (await closed(await connect()))[1] == Close.NOT_FOUND


async def test_a_contest_taken_back_closes_its_sockets(contest, connect, monkeypatch):
    monkeypatch.setattr(rooms, "HEARTBEAT_S", 0.2)
    monkeypatch.setattr(rooms, "REFRESH_S", 0.5)
    line = await connect()
    await frame(line, "board")
    await database_sync_to_async(Contest.objects.filter(pk=contest.pk).update)(listed_at=None)
    bye, code = await closed(line)
    assert (bye.reason, code) == ("gone", Close.NOT_FOUND)


async def test_resync_gives_the_whole_state_again(contest, connect):
    await database_sync_to_async(finish)(contest)
    line = await connect()
    board = await frame(line, "board")
    await say(line, type="resync", epoch=1, seq=1)
    again = await frame(line, "board")
    assert (again.position, again.rows) == (board.position, board.rows)


@pytest.mark.parametrize(
    ("text", "code"),
    [("nonsense", "bad_json"), ('{"v":9,"type":"ping"}', "bad_version"), ('{"v":1,"type":"answer"}', "unknown_type")],
)
async def test_a_frame_that_is_none_is_answered_and_forgiven(contest, connect, text, code):
    line = await connect()
    await frame(line, "board")
    await line.send_to(text_data=text)
    assert (await frame(line, "error")).code == code
    await say(line, type="resync")
    assert (await frame(line, "board")).round == 1


async def test_six_bad_frames_are_too_many(contest, connect):
    line = await connect()
    for number in range(6):
        if number % 2:
            await line.send_to(bytes_data=b"\x00\xff")
        else:
            await line.send_to(text_data="{")
    assert (await closed(line))[1] == Close.BAD_FRAMES


async def test_a_flood_is_closed(contest, connect):
    line = await connect()
    for _ in range(40):
        await say(line, type="ping")
    bye, code = await closed(line)
    assert (bye.reason, code) == ("too_many", Close.TOO_MANY)
    assert bye.retry_ms > 0


async def test_twenty_messages_a_second_are_fine(contest, connect):
    line = await connect()
    for _ in range(20):
        await say(line, type="ping")
    await asyncio.sleep(0.1)
    await say(line, type="resync")
    assert await frame(line, "board")


async def test_a_message_beyond_the_limit_is_closed(contest, connect):
    line = await connect()
    await line.send_to(text_data=json.dumps({"v": 1, "type": "ping", "more": "ă" * 8500}, ensure_ascii=False))
    assert (await closed(line))[1] == 1009


async def test_a_silent_socket_is_let_go_and_a_speaking_one_stays(contest, connect, monkeypatch):
    monkeypatch.setattr(rooms, "HEARTBEAT_S", 0.2)
    monkeypatch.setattr("realtime.outbox.SILENCE_S", 1.0)
    asleep, awake = await connect(), await connect()
    for _ in range(4):
        await asyncio.sleep(0.4)
        await say(awake, type="ping")
    assert (await closed(asleep))[1] == Close.TOO_SLOW
    await say(awake, type="resync")
    assert await frame(awake, "board")


async def test_a_room_is_left_when_its_last_socket_goes(contest, connect):
    line = await connect()
    await frame(line, "board")
    assert len(hub().rooms) == 1
    await line.send_input({"type": "websocket.disconnect", "code": 1001})
    await asyncio.sleep(0.2)
    assert hub().rooms == {}


async def test_a_right_that_ends_ends_the_socket(monkeypatch):
    """For sockets of people with rights (live events): asked again once a minute."""
    monkeypatch.setattr(base, "RECHECK_S", 0.05)

    class HostOnly(LiveConsumer):
        rechecks = True

        async def enter(self) -> None: ...

        async def frame(self, frame: Frame) -> None: ...

        async def still_allowed(self) -> bool:
            return False

    line = WebsocketCommunicator(HostOnly.as_asgi(), "/x", headers=[(b"host", b"testserver"), (b"origin", ORIGIN)])
    assert (await line.connect())[0]
    assert (await closed(line))[1] == Close.FORBIDDEN
    await line.wait()


async def test_pushes_never_hop_into_a_thread(contest, connect, monkeypatch):
    """The trap this base is for: stock dispatch calls aclose_old_connections before every message."""
    called = []
    monkeypatch.setattr("channels.consumer.aclose_old_connections", lambda: called.append(1))
    line = await connect()
    await frame(line, "board")
    await say(line, type="resync")
    await frame(line, "board")
    assert called == []
