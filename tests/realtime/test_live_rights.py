"""Live events: which socket may say what, and whose command counts."""

from __future__ import annotations

import asyncio

import pytest
from channels.db import database_sync_to_async as in_db

from contest.arrivals import now_utc
from realtime.authority import ROLES, SPEAKS, Channel
from realtime.consumers import base
from realtime.enums import Action, GrantRole, Mode
from realtime.models import Event, EventLog
from realtime.protocol import Close
from tests.realtime.live_factories import make_event, make_live_rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


# ------------------------------------------------------------------------------------------- who may what


SAMPLES = {
    "resync": {},
    "join": {"ticket": "x", "name": "An"},
    "resume": {"token": "x"},
    "watch": {},
    "answer": {"instance": 1, "response": "x"},
    "command": {"id": "1", "action": "next", "at": -1, "data": {}},
}


@pytest.mark.parametrize("channel", Channel, ids=lambda channel: channel.value)
async def test_each_socket_may_say_its_own_and_nothing_else(event, venue, channel):
    line = await (venue.play(event) if channel is Channel.PLAY else venue.crew(event, channel.value))
    for kind, fields in SAMPLES.items():
        await line.say(kind, **fields)
        await asyncio.sleep(0.1)
        refused = [f["code"] for f in line.frames[line.said :] if f["type"] == "error"]
        assert refused == ([] if kind in SPEAKS[channel] else ["not_allowed"])
    assert (await in_db(Event.objects.get)(pk=event.pk)).seq == event.seq


async def test_no_key_or_a_key_for_something_else_lets_nobody_steer(event, venue):
    from realtime.domain.grants import grant

    other = await in_db(make_event)(now=now_utc(), title="Phòng bên")
    keys = {role: (await in_db(grant)(event=event, role=role, actor=None, now=now_utc())).key for role in GrantRole}
    foreign = (await in_db(grant)(event=other, role=GrantRole.HOST, actor=None, now=now_utc())).key
    allowed = {
        "wall": {GrantRole.WALL, GrantRole.HOST, GrantRole.COHOST},
        "desk": {GrantRole.HOST, GrantRole.COHOST},
        "marshal": {GrantRole.MARSHAL, GrantRole.HOST, GrantRole.COHOST},
    }
    for channel, roles in allowed.items():
        path = f"/ws/live/{event.public_id}/{channel}"
        assert await (await venue.open(path)).ends() == Close.SIGN_IN
        for key in ("", "x", foreign, *[key for role, key in keys.items() if role not in roles]):
            line = await venue.open(f"{path}?key={key}")
            assert await line.ends() in {Close.FORBIDDEN, Close.SIGN_IN}
            assert [frame["type"] for frame in line.frames] == ["bye"]
        for role in roles:
            line = await venue.open(f"{path}?key={keys[role]}")
            await line.until(lambda line=line: line.state)


async def test_an_event_that_does_not_exist_is_not_found(event, venue):
    for channel in Channel:
        line = await venue.open(f"/ws/live/khong-co/{channel.value}")
        assert await line.ends() == Close.NOT_FOUND


async def test_every_command_by_every_role_in_every_phase(valkey, venue):
    """What the table does not give is refused and changes nothing; what the phase does not allow as well."""
    event = await in_db(make_event)(Mode.RACE, now=now_utc(), rules=make_live_rules(board_every=1, auto_reveal=False))
    host, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    crew = {
        GrantRole.HOST: host,
        GrantRole.COHOST: await venue.crew(event, "desk", GrantRole.COHOST),
        GrantRole.MARSHAL: await venue.crew(event, "marshal"),
    }
    seen = set()
    for step in (None, "start", "end_now", "next", "next", "finish", "next"):
        if step is not None:
            assert (await host.command(step))["type"] == "done", (step, host.state["phase"])
            await asyncio.sleep(0.6 if step == "end_now" else 0.05)
        seq = (await in_db(Event.objects.get)(pk=event.pk)).seq
        for role, line in crew.items():
            await line.until(lambda line=line, seq=seq: line.state["seq"] == seq)
            offered = {action for action in Action if action.value in line.state["actions"]}
            assert all(role in ROLES[action] for action in offered)
            for action in set(Action) - offered:
                reply = await line.command(action.value)
                if role not in ROLES[action]:
                    assert reply["code"] == "not_allowed", (role, action)
                assert reply["type"] == "refused", (host.state["phase"], role, action)
                await asyncio.sleep(0.03)  # below the flood limit
        seen.add(host.state["phase"])
        assert (await in_db(Event.objects.get)(pk=event.pk)).seq == seq
    assert {"lobby", "open", "locked", "reveal", "board", "podium", "ended"} <= seen
    assert an.state["phase"] == "ended"


async def test_a_double_click_does_it_once(event, venue):
    desk = await venue.crew(event, "desk")
    at = desk.state["at"]
    for number in range(3):
        await desk.say("command", id=f"n{number}", action="start", at=at, data={})
    await desk.until(lambda: len(desk.of("done")) + len(desk.of("refused")) == 3)
    assert [(f["type"], f.get("code")) for f in desk.frames if f["type"] in {"done", "refused"}] == [
        ("done", None), ("refused", "stale"), ("refused", "stale"),
    ]  # fmt: skip
    assert await in_db(EventLog.objects.filter(event=event, action="start").count)() == 1


async def test_a_grant_taken_back_ends_the_right_at_once_and_the_socket_soon(event, venue, monkeypatch):
    from realtime.domain.grants import revoke
    from realtime.models import Grant

    monkeypatch.setattr(base, "RECHECK_S", 0.5)
    desk = await venue.crew(event, "desk")
    held = await in_db(Grant.objects.exclude(key_hash="").get)()
    await in_db(revoke)(grant=held, actor=None, now=now_utc())
    assert (await desk.command("start"))["code"] == "not_allowed"
    assert await desk.ends() == Close.FORBIDDEN
