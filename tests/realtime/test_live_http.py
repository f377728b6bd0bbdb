"""Joining, answering and looking by HTTP, for phones whose network lets no WebSocket through."""

from __future__ import annotations

import httpx
import pytest
import pytest_asyncio
from channels.db import database_sync_to_async as in_db

from contest.arrivals import now_utc
from realtime.live_frames import decode_live
from realtime.live_http import LiveEndpoint
from realtime.models import LiveAnswer, Player
from tests.realtime.live_factories import make_event, make_live_rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


@pytest_asyncio.fixture
async def phone(venue):
    transport = httpx.ASGITransport(app=LiveEndpoint())
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def test_a_phone_without_sockets_plays_a_question(event, venue, phone):
    desk = await venue.crew(event, "desk")
    seat = (
        await phone.post("/api/live/join", json={"event": event.public_id, "ticket": venue.ticket(event), "name": "An"})
    ).json()
    assert (seat["type"], seat["name"]) == ("seat", "An")
    url = f"/api/live/{event.public_id}/state"
    lobby = await phone.get(url, params={"t": seat["token"]})
    assert lobby.headers["cache-control"] == "no-store"
    decode_live(lobby.text)
    assert (lobby.json()["phase"], lobby.json()["you"]["key"]) == ("lobby", seat["key"])
    await desk.until(lambda: desk.state["players"] == 1)
    await desk.command("start")
    stage = (await phone.get(url, params={"t": seat["token"]})).json()
    assert stage["phase"] == "open"
    sent = {"t": seat["token"], "i": stage["instance"], "r": stage["question"]["options"][1]["id"]}
    first = await phone.post("/api/live/answer", json=sent)
    assert (first.status_code, first.json()["type"], first.json()["code"]) == (200, "ack", "saved")
    again = await phone.post("/api/live/answer", json=sent | {"b": 0})
    assert (again.status_code, again.json()["code"]) == (200, "duplicate")
    await desk.sees("reveal")
    stage = (await phone.get(url, params={"t": seat["token"]})).json()
    assert (stage["you"]["right"], stage["you"]["answered"]) == (1000, True)
    late = await phone.post("/api/live/answer", json=sent | {"i": stage["instance"]})
    assert late.json()["code"] == "duplicate"


async def test_the_same_person_by_socket_and_by_http_answers_once(event, venue, phone):
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    await venue.joined(event, "Bình")
    token = an.of("seat")[0]["token"]
    await desk.until(lambda: desk.state["players"] == 2)
    await desk.command("start")
    stage = await an.sees("open")
    wires = [option["id"] for option in stage["question"]["options"]]
    sent = {"t": token, "i": stage["instance"], "r": wires[1]}
    assert (await phone.post("/api/live/answer", json=sent)).json()["code"] == "saved"
    assert (await an.asks("answer", "ack", instance=stage["instance"], response=wires[0]))["code"] == "duplicate"
    await an.until(lambda: an.state["you"]["response"] == wires[1])
    assert [answer.response async for answer in LiveAnswer.objects.all()] == ["B"]


async def test_what_is_not_yours_or_no_request_of_ours_is_refused(event, venue, phone):
    await venue.joined(event, "An")
    other = await in_db(make_event)(now=now_utc(), title="Phòng bên", rules=make_live_rules(spectators=False))
    token = venue.lines[0].of("seat")[0]["token"]
    join = {"event": event.public_id, "ticket": "x", "name": "An"}
    answer = {"t": token, "i": 1, "r": "x"}
    expected = [
        (await phone.get(f"/api/live/{other.public_id}/state", params={"t": token}), 403),
        (await phone.get(f"/api/live/{other.public_id}/state"), 403),
        (await phone.get("/api/live/khong-co/state"), 404),
        (await phone.get("/api/live/"), 404),
        (await phone.post("/api/live/khac", json={}), 404),
        (await phone.post("/api/live/join", json=join | {"event": "khong-co"}), 404),
        (await phone.post("/api/live/join", json=join | {"name": 5}), 400),
        (await phone.post("/api/live/join", json=[1]), 400),
        (await phone.post("/api/live/join", content=b"{", headers={"content-type": "application/json"}), 400),
        (await phone.post("/api/live/join", content=b"{}", headers={"content-type": "text/plain"}), 415),
        (await phone.post("/api/live/join", json=join, headers={"origin": "http://evil.example"}), 403),
        (await phone.post("/api/live/join", json=join | {"name": "a" * 17_000}), 413),
        (await phone.get("/api/live/join"), 405),
        (await phone.post("/api/live/answer", json=answer | {"t": "x"}), 404),
        (await phone.post("/api/live/answer", json=answer | {"t": None}), 404),
        (await phone.post("/api/live/answer", json=answer | {"t": token[:-2] + "AA"}), 401),
        (await phone.post("/api/live/answer", json=answer | {"i": "1"}), 400),
        (await phone.post("/api/live/answer", json=answer | {"r": {"a": 1}}), 400),
        (await phone.post("/api/live/answer", json=answer), 409),
    ]
    assert [response.status_code for response, _ in expected] == [status for _, status in expected]
    assert (await phone.post("/api/live/join", json=join)).json()["code"] == "bad_ticket"
    assert await in_db(Player.objects.count)() == 1


async def test_a_spectator_polls_the_stage(event, phone):
    stage = (await phone.get(f"/api/live/{event.public_id}/state")).json()
    assert (stage["phase"], stage["you"]) == ("lobby", None)
