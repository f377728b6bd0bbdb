"""Live events through the real routing, consumers, hall, writers, database and Valkey: a game, and what must not happen."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
from channels.db import database_sync_to_async as in_db

from contest.arrivals import now_utc, to_ms
from realtime import attendance, doors
from realtime.domain.rehearsal import rehearse
from realtime.models import LiveAnswer, Player
from realtime.pins import PATTERN_MS, pattern, patterns
from realtime.protocol import Close
from realtime.room import now_ms
from tests.realtime.live_factories import join, make_event, make_live_rules
from tests.realtime.live_lines import give, option

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


async def test_a_game_from_lobby_to_end(event, venue):
    desk, wall = await venue.crew(event, "desk"), await venue.crew(event, "wall")
    an, binh = await venue.joined(event, "An"), await venue.joined(event, "Bình")
    await wall.until(lambda: wall.state["names"] == ["An", "Bình"])
    await wall.until(lambda: [n for count in wall.of("count") for n in count["names"]] == ["An", "Bình"])
    for index in range(3):
        assert (await desk.command("next" if index else "start"))["type"] == "done"
        await an.sees("open", index=index)
        await binh.sees("open", index=index)
        assert (an.state["you"]["answered"], an.state["you"]["response"]) == (False, None)
        assert await give(an, 1) == "saved"
        assert await give(binh, 0) == "saved"
        # Both have answered: the question does not wait for its time.
        shown = await wall.sees("reveal", index=index, within=5)
        assert shown["reveal"]["right"] == [option(shown, 1)]
        assert sorted(shown["reveal"]["counts"].values()) == [0, 0, 1, 1]
        you = (await an.sees("reveal", index=index))["you"]
        assert (you["right"], you["rank"], you["of"], you["response"]) == (1000, 1, 2, option(shown, 1))
        assert you["gained"] > 0
        you = (await binh.sees("reveal", index=index))["you"]
        assert (you["right"], you["rank"], you["gained"]) == (0, 2, 0)
        await desk.sees("reveal", index=index)
    await desk.command("next")
    final = await wall.sees("podium")
    assert [(row["rank"], row["name"]) for row in final["board"]] == [(1, "An"), (2, "Bình")]
    assert final["podium"]
    assert (await an.sees("podium"))["board"] == final["board"]
    await desk.sees("podium")
    await desk.command("next")
    await an.sees("ended")
    assert await in_db(LiveAnswer.objects.count)() == 6
    assert not an.of("count")  # counters are for walls and desks


@pytest.mark.parametrize("gone", ["before the hall", "during the question"])
async def test_a_question_waits_for_nobody_who_is_not_coming_back(event, venue, monkeypatch, gone):
    """Nothing happens any more once the last one who is there has answered: the hall has to look by itself."""
    monkeypatch.setattr(attendance, "BACK_WITHIN_S", 2.0)
    if gone == "before the hall":
        await in_db(join)(event, "Bình", now=now_utc())
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    binh = await venue.joined(event, "Bình") if gone == "during the question" else None
    await desk.command("start")
    await an.sees("open")
    assert await give(an, 1) == "saved"
    if binh is not None:
        await binh.hang_up()
    shown = await an.sees("reveal", within=10)
    assert (shown["you"]["right"], shown["reveal"]["none"]) == (1000, 1)


async def test_the_clock_alone_goes_through_a_question(valkey, venue):
    rules = replace(make_live_rules(board_every=0), read_seconds=1, seconds=3)
    event = await in_db(make_event)(now=now_utc(), rules=rules)
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    await desk.command("start")
    reading = await an.sees("intro")
    assert (reading["question"]["options"], bool(reading["question"]["stem"])) == ([], True)
    opened = await an.sees("open", within=3)
    assert len(opened["question"]["options"]) == 4
    assert opened["closes_at"] - opened["opens_at"] == 3000
    revealed = await an.sees("reveal", within=6)
    assert (revealed["reveal"]["none"], revealed["you"]["right"]) == (1, None)


async def test_pause_keeps_the_time_that_is_left(event, venue):
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    await desk.command("start")
    await an.sees("open")
    await desk.sees("open")
    await desk.command("pause")
    paused = await an.sees("open", paused=True)
    left = paused["closes_at"] - paused["paused_at"]
    assert 0 < left <= 20_000
    assert await give(an) == "busy"  # not stored; the phone tries again and is heard when it goes on
    assert not an.state["you"]["answered"]
    await desk.sees("open", paused=True)
    await desk.command("resume")
    await an.sees("open", paused=False)
    assert await give(an) == "saved"


async def test_an_answer_is_acknowledged_only_after_its_commit(event, venue, monkeypatch):
    from realtime import writers

    held, real = threading.Event(), writers.save_live_answers

    def slow(items):
        assert held.wait(10)
        return real(items)

    monkeypatch.setattr(writers, "save_live_answers", slow)
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    await desk.command("start")
    state = await an.sees("open")
    await an.say("answer", instance=state["instance"], response=option(state, 1))
    await asyncio.sleep(0.5)
    assert (an.of("ack"), await in_db(LiveAnswer.objects.count)()) == ([], 0)
    held.set()
    assert (await an.gets("ack"))["code"] == "saved"
    assert await in_db(LiveAnswer.objects.count)() == 1


async def test_an_answer_belongs_to_its_opening_and_its_time(event, venue):
    desk, an, binh = await venue.crew(event, "desk"), await venue.joined(event, "An"), await venue.joined(event, "Bình")
    first = None
    for index in range(2):
        await desk.command("next" if index else "start")
        opened = await an.sees("open", index=index)
        if index == 0:
            first = opened
            assert await give(an, instance=opened["instance"] + 1) == "closed"  # of a question that is yet to come
        else:
            # Of the question before: neither stored there nor here (failures D8).
            stale = {"instance": first["instance"], "response": option(first, 1)}
            assert await give(an, **stale) == "closed"
            assert await give(an, response=option(first, 1)) == "bad_answer"
            assert not an.state["you"]["answered"]
        await desk.sees("open", index=index)
        await desk.command("end_now")
        await an.sees("reveal", index=index)
        assert await give(an) == "closed"
        await desk.sees("reveal", index=index)
    assert await give(binh, instance=10**9) == "closed"
    assert await in_db(LiveAnswer.objects.count)() == 0


async def test_the_first_answer_is_final_on_every_device_and_after_coming_back(event, venue):
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    await venue.joined(event, "Bình")
    token = an.of("seat")[0]["token"]
    tablet = await venue.play(event)
    assert (await tablet.asks("resume", "seat", "denied", token=token))["key"] == an.state["you"]["key"]
    await desk.command("start")
    await an.sees("open")
    await tablet.sees("open")
    assert await give(an, 1) == "saved"
    # On the other device of the same person it stands as well.
    await tablet.until(lambda: tablet.state["you"]["answered"])
    assert await give(an, 1) == "duplicate"  # the repeat of an answer whose ack was lost
    assert await give(tablet, 0) == "duplicate"
    await an.hang_up()
    back = await venue.play(event)
    await back.asks("resume", "seat", token=token)
    await back.sees("open")
    assert (back.state["you"]["answered"], back.state["you"]["response"]) == (True, option(back.state, 1))
    assert await give(back, 0) == "duplicate"
    assert [answer.response async for answer in LiveAnswer.objects.all()] == ["B"]


async def test_a_token_or_ticket_of_another_event_opens_nothing(event, venue):
    other = await in_db(make_event)(now=now_utc(), title="Phòng bên")
    an = await venue.joined(event, "An")
    line = await venue.play(other)
    assert (await line.asks("resume", "seat", "denied", token=an.of("seat")[0]["token"]))["code"] == "bad_token"
    assert (await line.asks("resume", "seat", "denied", token="x" * 60))["code"] == "bad_token"
    assert (await line.asks("join", "seat", "denied", ticket=venue.ticket(event), name="An"))["code"] == "bad_ticket"
    assert (await line.asks("answer", "ack", instance=1, response="x"))["code"] == "not_yours"
    assert line.state == {}
    assert await in_db(Player.objects.filter(event=other).count)() == 0


async def test_the_same_ticket_gives_the_same_seat(event, venue):
    ticket = venue.ticket(event)
    one, other = await venue.play(event), await venue.play(event)
    first = await one.asks("join", "seat", ticket=ticket, name="An")
    again = await other.asks("join", "seat", ticket=ticket, name="Another")
    assert again["key"] == first["key"]
    assert [p.name async for p in Player.objects.all()] == ["An"]


async def test_a_hundred_phones_join_and_answer_at_once(event, venue):
    desk, wall = await venue.crew(event, "desk"), await venue.crew(event, "wall")
    lines = await asyncio.gather(*(venue.joined(event, f"Người {n}") for n in range(100)))
    await wall.until(lambda: wall.state["players"] == 100)
    await desk.sees("lobby")
    await desk.command("start")
    await asyncio.gather(*(line.sees("open") for line in lines))
    counts, begun = len(wall.of("count")), time.monotonic()
    codes = await asyncio.gather(*(give(line, n % 4) for n, line in enumerate(lines)))
    assert set(codes) == {"saved"}
    shown = await wall.sees("reveal", within=10)
    assert sorted(shown["reveal"]["counts"].values()) == [25, 25, 25, 25]
    # Counters are coalesced (failures D11): not one a player's answer.
    assert len(wall.of("count")) - counts <= 4 * (time.monotonic() - begun) + 2
    await asyncio.gather(*(line.sees("reveal") for line in lines))
    assert {line.state["you"]["right"] for line in lines} == {0, 1000}


async def test_two_halls_hear_nothing_of_each_other(event, venue):
    other = await in_db(make_event)(now=now_utc(), title="Phòng bên")
    here = [await venue.crew(event, "desk"), await venue.crew(event, "wall"), await venue.joined(event, "An")]
    there = [await venue.crew(other, "desk"), await venue.crew(other, "wall"), await venue.joined(other, "Yên")]
    for desk, phone in ((here[0], here[2]), (there[0], there[2])):
        await desk.command("start")
        await phone.sees("open")
        await give(phone)
        await phone.sees("reveal")
    for lines, words in (
        (here, (other.public_id, "Phòng bên", "Yên")),
        (there, (event.public_id, event.title, '"An"')),
    ):
        for line in lines:
            assert not [text for text in line.texts if any(word in text for word in words)]


async def test_resync_gives_what_a_new_socket_gets(event, venue):
    desk, wall, an = await venue.crew(event, "desk"), await venue.crew(event, "wall"), await venue.joined(event, "An")
    token = an.of("seat")[0]["token"]

    def picture(line):
        return {name: value for name, value in line.state.items() if name not in {"now", "online"}}

    async def check():
        for line, fresh in ((desk, "desk"), (wall, "wall")):
            other = await venue.crew(event, fresh)
            await line.say("resync")
            await line.until(lambda line=line: line.frames[line.said :])
            assert picture(line) == picture(other)
        back = await venue.play(event)
        await back.asks("resume", "seat", token=token)
        await back.until(lambda: back.state)
        await an.asks("resync", "stage")
        assert picture(back) == picture(an)

    await check()
    for action in ("start", "pause", "resume", "end_now", "next"):
        phase = desk.state["phase"], desk.state["seq"]
        await desk.command(action)
        await desk.until(
            lambda phase=phase: (desk.state["phase"], desk.state["seq"]) > phase or desk.state["seq"] > phase[1]
        )
        await asyncio.sleep(0.6)  # a lock and its reveal follow by themselves
        await an.until(lambda: an.state["seq"] == desk.state["seq"])
        await check()


async def test_who_is_sent_out_is_out(event, venue):
    desk, an = await venue.crew(event, "desk"), await venue.joined(event, "An")
    token, ticket_used = an.of("seat")[0]["token"], venue.last_ticket
    await desk.until(lambda: desk.state["players"] == 1)
    assert (await desk.command("kick", player=an.state["you"]["key"]))["type"] == "done"
    assert await an.ends() == Close.FORBIDDEN
    assert (an.of("bye")[0]["reason"], an.of("bye")[0]["retry_ms"]) == ("kicked", -1)
    back = await venue.play(event)
    assert (await back.asks("resume", "seat", "denied", token=token))["code"] == "kicked"
    assert (await back.asks("join", "seat", "denied", ticket=ticket_used, name="An"))[
        "type"
    ] == "seat"  # a kick is no ban
    await back.until(lambda: back.state)
    assert (back.state["you"]["key"], back.state["you"]["status"]) == (an.state["you"]["key"], "in")
    await desk.until(lambda: desk.state["log"][-1]["action"] == "unban")
    assert (await desk.command("ban", player=an.state["you"]["key"]))["type"] == "done"
    assert await back.ends() == Close.FORBIDDEN
    assert back.of("bye")[0]["reason"] == "banned"
    once_more = await venue.play(event)
    assert (await once_more.asks("join", "seat", "denied", ticket=ticket_used, name="An"))["code"] == "banned"


async def test_the_server_plays_the_simulated_people_of_a_rehearsal(event, venue):
    host = await in_db(lambda: event.created_by)()
    copy = await in_db(rehearse)(event=event, players=12, actor=host, now=now_utc())
    remote = await venue.crew(copy, "desk")
    await remote.command("start")
    await remote.sees("open")
    await remote.until(lambda: any(frame["answered"] for frame in remote.of("count")), within=25)
    answers = await in_db(LiveAnswer.objects.filter(question__event=copy, player__bot=True).count)()
    assert 0 < answers <= 12
    assert not await in_db(LiveAnswer.objects.filter(question__event=event).exists)()


async def test_spectators_see_the_stage_and_nothing_of_anybody(event, venue):
    desk, an, eye = await venue.crew(event, "desk"), await venue.joined(event, "An"), await venue.play(event)
    assert (await eye.asks("watch", "stage"))["you"] is None
    await desk.command("start")
    await eye.sees("open")
    assert (await eye.asks("answer", "ack", instance=1, response=option(eye.state, 1)))["code"] == "not_yours"
    assert await give(an) == "saved"
    closed = await in_db(make_event)(now=now_utc(), rules=make_live_rules(spectators=False))
    other = await venue.play(closed)
    assert (await other.asks("watch", "stage", "denied"))["code"] == "no_spectators"


async def test_a_pattern_must_have_been_seen(valkey, venue):
    event = await in_db(make_event)(now=now_utc(), rules=make_live_rules(join="pattern"))
    wall, line = await venue.crew(event, "wall"), await venue.play(event)
    shapes = wall.state["join"]["pattern"]
    assert set(shapes) <= set("▲●◆■")
    ticket = venue.ticket(event)
    now = to_ms(now_utc())
    good = {one for at in (now, now + PATTERN_MS) for one in patterns(event.secret, at)}
    wrong = next(one for one in ("■■■■", "▲▲▲▲", "●●●●", "◆◆◆◆") if one not in good)
    assert (await line.asks("join", "seat", "denied", ticket=ticket, name="An", pattern=wrong))[
        "code"
    ] == "wrong_pattern"
    assert (await line.asks("join", "seat", "denied", ticket=ticket, name="An", pattern=shapes))["type"] == "seat"
    guesser = await venue.play(event)
    for _ in range(5):
        await guesser.say("join", ticket=venue.ticket(event), name="An", pattern=wrong)
    assert await guesser.ends() == Close.TOO_MANY


async def test_a_ticket_guesses_shapes_five_times_whatever_it_comes_by(valkey, venue, monkeypatch):
    at = now_ms()
    monkeypatch.setattr(doors, "now_ms", lambda: at)  # the shapes do not change meanwhile
    event = await in_db(make_event)(now=now_utc(), rules=make_live_rules(join="pattern"))
    right = pattern(event.secret, at)
    wrong = next(one for one in ("■■■■", "▲▲▲▲", "●●●●") if one not in patterns(event.secret, at))
    ticket = venue.ticket(event)
    for _ in range(5):
        guesser = await venue.play(event)  # a new socket each time
        assert (await guesser.asks("join", "seat", "denied", ticket=ticket, name="An", pattern=wrong))["retry_ms"] > 0
    guesser = await venue.play(event)
    refused = await guesser.asks("join", "seat", "denied", ticket=ticket, name="An", pattern=right)
    assert (refused["type"], refused["code"]) == ("denied", "wrong_pattern")
    other = await venue.play(event)
    assert (await other.asks("join", "seat", "denied", ticket=venue.ticket(event), name="Bình", pattern=right))[
        "type"
    ] == "seat"
