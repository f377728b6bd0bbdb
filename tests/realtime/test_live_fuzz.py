"""Nonsense on the sockets of a live event: each is answered or closed with a code of ours, nobody else notices, nothing changes."""

from __future__ import annotations

import asyncio
import json
import logging
from random import Random
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_db

from contest.arrivals import now_utc
from realtime.consumers.base import RESTART, TOO_BIG, UNAVAILABLE
from realtime.domain.counting import recount
from realtime.models import Event, EventLog, LiveAnswer, Player
from realtime.protocol import LARGEST_FRAME, Close
from tests.realtime.live_factories import make_event, make_live_rules
from tests.realtime.live_lines import Line, Venue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

FRAMES = 120  # of each kind of socket
CODES = {*(int(code) for code in Close), TOO_BIG, RESTART, UNAVAILABLE}
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53, 2**70, 1.5, -0.0, "", "x", "\x00", "\ud83d", "🎉" * 50, "a" * 500, [], [[]], {}, {"": {}}, [None],
    ["x"] * 500, {"v": 1}, "1", "NaN", float("nan"), float("inf"), "<b>", "' OR 1=1 --", "../..", "%s%n", {"__proto__": 1},
)  # fmt: skip
VALID: dict[str, dict[str, Any]] = {
    "ping": {},
    "resync": {},
    "join": {"ticket": "x", "name": "An", "unit": "", "team": "", "pattern": ""},
    "resume": {"token": "x"},
    "watch": {},
    "answer": {"instance": 1, "response": "x", "bet": 0},
    "command": {"id": "1", "action": "kick", "at": -1, "data": {"player": "x"}},
}
ACTIONS = (
    "kick",
    "ban",
    "unban",
    "rename",
    "team_set",
    "judge",
    "mark",
    "rescue",
    "extend",
    "auto",
    "replay",
    "no",
    "",
)


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def nonsense(random: Random) -> str:
    """A frame of ours with something wrong about it, or none at all."""
    kind = random.choice(list(VALID))
    frame: dict[str, Any] = {"v": 1, "type": kind} | VALID[kind]
    match random.randrange(8):
        case 0:
            frame[random.choice(list(frame))] = random.choice(ODD)
        case 1:
            del frame[random.choice(list(frame))]
        case 2:
            frame[random.choice(("epoch", "seq", "__class__", "extra"))] = random.choice(ODD)
        case 3:
            frame |= {"type": "command", "id": "1", "at": random.choice(ODD), "action": random.choice(ACTIONS)}
            frame["data"] = {
                random.choice(("player", "players", "all", "since", "prefix", "seats", "in", "index")): random.choice(
                    ODD
                )
            }
        case 4:
            frame["type"] = random.choice((*VALID, "stage", "hello", "push.frame", "websocket.close", "", "x" * 300))
        case 5:
            return random.choice(
                (" ", "null", "[]", "{", '"x"', "1e999", "\x00", "{}" * 3, '{"v":1,"v":2}', "[" * 2_000)
            )
        case 6:
            frame["data" if kind == "command" else "response"] = deep(random.choice((5, 60, 400)))
        case 7:
            text = json.dumps(frame)
            place = random.randrange(len(text))
            return text[:place] + random.choice('"{}[]:,\\\x01é') + text[place + 1 :]
    return json.dumps(frame)


async def attack(venue: Venue, path: str, random: Random) -> None:
    """Say it all; open another socket each time one is closed, which must have a code of ours."""
    line: Line | None = None
    for _ in range(FRAMES):
        if line is None or line.closed is not None:
            line = await venue.open(path)
            await line.until(lambda line=line: line.frames)
        await line.communicator.send_to(text_data=nonsense(random))
        await asyncio.sleep(0.002)
    assert line is not None
    assert {one.closed for one in venue.lines if one.closed is not None} <= CODES


async def picture(event: Event) -> tuple[Any, ...]:
    def read() -> tuple[Any, ...]:
        event.refresh_from_db()
        names = sorted(Player.objects.filter(event=event).values_list("name", "status", "score"))
        logged = sorted(EventLog.objects.filter(event=event).values_list("action", flat=True))
        return event.state, names, logged, list(LiveAnswer.objects.values_list("pk", "response"))

    return await in_db(read)()


@pytest.mark.parametrize("seed", range(2))
async def test_nonsense_changes_nothing_and_nobody_else_notices(valkey, venue, seed, caplog):
    caplog.set_level(logging.WARNING)
    event = await in_db(make_event)(now=now_utc(), rules=make_live_rules(seconds=60, auto_reveal=False))
    desk, wall, marshal = [await venue.crew(event, channel) for channel in ("desk", "wall", "marshal")]
    lan = await venue.joined(event, "Lan")
    await desk.command("start")
    await lan.sees("open")
    before = await picture(event)
    random = Random(seed)
    paths = [
        line.communicator.scope["path"] + "?" + line.communicator.scope["query_string"].decode()
        for line in (wall, marshal)
    ]
    for path in (f"/ws/live/{event.public_id}/play", *paths):
        await attack(venue, path, random)
    assert await picture(event) == before
    option = lan.state["question"]["options"][1]["id"]
    said = await lan.asks("answer", "ack", instance=lan.state["instance"], response=option)
    assert said["code"] == "saved"
    assert (lan.closed, desk.closed, wall.closed) == (None, None, None)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info] == []


async def test_nonsense_of_a_host_breaks_nothing(valkey, venue, caplog):
    caplog.set_level(logging.WARNING)
    event = await in_db(make_event)(now=now_utc(), rules=make_live_rules(seconds=60, auto_reveal=False))
    desk, lan = await venue.crew(event, "desk"), await venue.joined(event, "Lan")
    await desk.command("start")
    await lan.sees("open")
    scope = desk.communicator.scope
    await attack(venue, f"{scope['path']}?{scope['query_string'].decode()}", Random(5))
    assert [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info] == []
    assert (await desk.command("end_now", at=(await newest(venue, event)).state["at"]))["type"] == "done"
    await lan.until(lambda: lan.state["phase"] != "open")
    assert await in_db(recount)(event_id=event.pk) == 0


async def newest(venue: Venue, event: Event) -> Line:
    return await venue.crew(event, "desk")


async def test_the_longest_frame_is_read_and_one_byte_more_is_not(valkey, venue):
    event = await in_db(make_event)(now=now_utc())
    for size, survives in ((LARGEST_FRAME, True), (LARGEST_FRAME + 1, False)):
        line = await venue.play(event)
        empty = len(json.dumps({"v": 1, "type": "ping", "x": ""}))
        await line.communicator.send_to(text_data=json.dumps({"v": 1, "type": "ping", "x": "a" * (size - empty)}))
        if survives:
            assert (await line.asks("resume", "denied", token="x"))["code"] == "bad_token"
        else:
            assert await line.ends() == TOO_BIG


async def test_bytes_instead_of_text_are_no_frame(valkey, venue):
    event = await in_db(make_event)(now=now_utc())
    line = await venue.play(event)
    await line.communicator.send_to(bytes_data=b"\xff\xfe{}")
    assert (await line.gets("error"))["code"] == "bad_json"
