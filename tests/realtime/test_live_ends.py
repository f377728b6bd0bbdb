"""Sockets of live events at their limits: a stopping server, nonsense, size, floods."""

from __future__ import annotations

import json

import pytest

from realtime.consumers import base
from realtime.protocol import Close
from tests.realtime.live_lines import give

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


async def test_a_stopping_server_says_when_to_come_back(event, venue):
    lines = [await venue.joined(event, f"Người {n}") for n in range(8)]
    await base.drain()
    assert [await line.ends() for line in lines] == [base.RESTART] * 8
    waits = [line.of("bye")[0]["retry_ms"] for line in lines]
    assert all(line.of("bye")[0]["reason"] == "restart" for line in lines)
    assert min(waits) > 0
    assert len(set(waits)) > 1


async def test_nonsense_is_refused_by_name_and_disturbs_nobody(event, venue, caplog):
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    for text, code in (
        ("{", "bad_json"),
        ("[]", "bad_json"),
        ("[" * 9000, "bad_json"),
        ('{"v":2,"type":"ping"}', "bad_version"),
        ('{"v":1,"type":"stage"}', "unknown_type"),
    ):
        line = await venue.joined(event, f"Bạn {code}")
        await line.communicator.send_to(text_data=text)
        line.said = len(line.frames)
        assert (await line.gets("error"))["code"] == code
    for fields in (
        {"instance": "1", "response": "x"}, {"instance": 1, "response": {}}, {"instance": 1}, {"instance": 1, "response": 7},
    ):  # fmt: skip
        line = await venue.joined(event, "Cường")
        assert (await line.asks("answer", "error", **fields))["code"] == "bad_field"
    binary = await venue.joined(event, "Dũng")
    await binary.communicator.send_to(bytes_data=b"\x00\xff")
    assert (await binary.gets("error"))["code"] == "bad_json"
    odd = await venue.play(event)
    for name in ("\ud800", "\x00", "a" * 5000, "\u202eAn", ""):
        assert (await odd.asks("join", "seat", "denied", ticket=venue.ticket(event), name=name))["type"] in {
            "seat",
            "denied",
        }
    await odd.asks("join", "seat", ticket=venue.ticket(event), name="Én")
    assert (await odd.asks("answer", "ack", instance=1, response="\ud800" * 100))["code"] in {"closed", "bad_answer"}
    await desk.command("start")
    await an.sees("open")
    assert await give(an) == "saved"
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]


@pytest.mark.parametrize(("size", "ends"), [(16 * 1024 - 1, False), (16 * 1024, False), (16 * 1024 + 1, True)])
async def test_a_message_may_have_sixteen_kibibytes(event, venue, size, ends):
    line = await venue.joined(event, "An")
    body = json.dumps({"v": 1, "type": "resync", "more": ""})
    await line.communicator.send_to(text_data=body[:-2] + "x" * (size - len(body)) + '"}')
    if ends:
        assert await line.ends() == 1009
    else:
        await line.until(lambda: len(line.of("stage")) > 1)


async def test_a_flood_ends_its_own_socket_only(event, venue):
    flood, an = await venue.joined(event, "Lũ"), await venue.joined(event, "An")
    for _ in range(40):
        await flood.communicator.send_to(text_data='{"v":1,"type":"resync"}')
    assert await flood.ends() == Close.TOO_MANY
    await an.asks("resync", "stage")
