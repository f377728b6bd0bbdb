"""What each audience is shown, byte by byte, and several processes that serve one hall."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_db

from contest.arrivals import from_ms, now_utc
from quizbank.drafts import Draft
from realtime import audiences, conductor, shown_question
from realtime.audiences import Presence
from realtime.carried import carried
from realtime.domain.joining import Joining
from realtime.enums import GrantRole, Mode, Play
from realtime.hall_texts import Part, Place, Texts
from realtime.hub import hub
from realtime.live_frames import Stage
from realtime.models import Event
from realtime.protocol import LARGEST_FRAME
from realtime.queries.snapshot import snapshot
from tests.factories import make_question, make_user
from tests.realtime.fakes import Listener
from tests.realtime.live_factories import Show, join, make_event, make_live_rules, make_show

SECRET_WORDS = ("KHOA-GIAI-THICH", "KHOA-CAN-CU", "khoa-lien-ket", "KHOA-VIET")


def drafts() -> list[Draft]:
    """One question of every kind, with words in its key that stand nowhere else."""

    def one(kind: str, content: dict[str, Any], key: dict[str, Any]) -> Draft:
        return Draft(
            kind=kind,
            stem=f"Câu {kind}?",
            content=content,
            key=key,
            explanation=SECRET_WORDS[0],
            citation=SECRET_WORDS[1],
            citation_url=f"https://vi-du.vn/{SECRET_WORDS[2]}",
            topic="nhan-thuc",
            difficulty="easy",
        )

    four = {"options": ["Một", "Hai", "Ba", "Bốn"]}
    return [
        one("single", four, {"right": "C"}),
        one("multiple", four, {"right": ["A", "D"]}),
        one("boolean", {}, {"right": False}),
        one("numeric", {"unit": "xã"}, {"value": "7654321", "tolerance": "0"}),
        one("short", {}, {"accept": [SECRET_WORDS[3]]}),
        one("ordering", {"items": ["Xếp một", "Xếp hai", "Xếp ba"]}, {"order": ["B", "C", "A"]}),
        one("matching", {"lefts": ["T1", "T2"], "rights": ["P1", "P2"]}, {"pairs": {"A": "B", "B": "A"}}),
    ]


RIGHT = ["C", "AD", "F", "7654321", SECRET_WORDS[3], "BCA", "BA"]
WRONG = ["A", "AB", "T", "12", "khác", "ABC", "AB"]
PRESENCE = Presence(online=2, answered=1, players=2)


@pytest.fixture
def questions(db):
    return [make_question(draft) for draft in drafts()]


def everything(snap, *, roles=()) -> list[str]:
    """Every text an audience gets at a state, with the clock fixed."""
    texts = Texts(snap)
    texts._kept[Part.PLAYER] = 2**60, audiences.stage(snap, now=0, players=2).encode().removesuffix("null}")
    phones = [texts.stage(line, 2) for line in (None, *snap.lines.values())]
    walls = [audiences.wall(snap, PRESENCE, now=0).encode()]
    return phones + walls + [audiences.desk(snap, PRESENCE, now=0, role=role).encode() for role in roles]


STEPS = ("open", "answered", "paused", "locked", "reveal", "board", "undone")


@pytest.mark.django_db
def test_no_frame_of_a_whole_game_tells_the_key_before_the_reveal(questions):
    show = make_show(questions=questions, rules=make_live_rules(board_every=1, auto_reveal=False))
    people = join(show.event, "An", "Bình", "Chi")
    for index, question in enumerate(questions):
        show.put()
        for step in STEPS:
            play(show, people, index, step)
            snap = snapshot(show.event.pk)
            if step in {"reveal", "board"}:
                assert leaks_of(snap), (question.current.kind, step)
            else:
                assert leaks_of(snap) == [], (question.current.kind, step)
                assert everything(with_other_key(snap, index)) == everything(snap)
                nothing_told(snap)
        for _ in range(2 if index + 1 < len(questions) else 1):
            show.command("next")


def play(show, people, index, step):
    """Bring the present question to a step."""
    last = index + 1 == len(RIGHT)
    if step == "answered":
        show.answer(people[0], RIGHT[index])
        show.answer(people[1], WRONG[index], after=3)
    elif step == "locked":
        show.command("resume")
        show.later(60)
        show.tick()
    elif step in {"reveal", "board"} and not (last and step == "board"):
        show.command("next")
    elif step in {"paused", "undone"}:
        show.command({"paused": "pause", "undone": "undo"}[step])


def leaks_of(snap):
    """Words of the key, the explanation and the citation in any text but the player's own answer."""
    return [word for text in everything(snap) for word in SECRET_WORDS if word in text.replace(own_words(text), "")]


def nothing_told(snap):
    for text in everything(snap):
        frame = json.loads(text)
        you = frame.get("you") or {"right": None, "gained": 0}
        assert (frame["reveal"], you["right"], you["gained"]) == (None, None, 0)
    marshal = audiences.desk(snap, PRESENCE, now=0, role=GrantRole.MARSHAL)
    assert (marshal.key is None) == (snap.game.phase.value in {"intro", "open"})
    assert marshal.upcoming is None
    assert audiences.desk(snap, PRESENCE, now=0, role=GrantRole.HOST).key is not None


def own_words(text: str) -> str:
    """What the player has written is theirs to read."""
    you = json.loads(text).get("you")
    response = you and you["response"]
    return f'"response":"{response}"' if isinstance(response, str) else "\0"


def with_other_key(snap, index):
    """The same event had another answer been right (failures A4: every byte before the reveal must be the same)."""
    others = [
        {"right": "B"}, {"right": ["B", "C"]}, {"right": True}, {"value": "1", "tolerance": "0"}, {"accept": ["x"]},
        {"order": ["A", "B", "C"]}, {"pairs": {"A": "A", "B": "B"}},
    ]  # fmt: skip
    changed = replace(
        snap.questions[index], key=others[index], explanation="", citation="", citation_url="", key_also=("Z",)
    )
    return replace(snap, questions=(*snap.questions[:index], changed, *snap.questions[index + 1 :]))


@pytest.mark.django_db
def test_what_is_revealed_is_right_for_every_kind(questions):
    show = make_show(questions=questions, rules=make_live_rules(board_every=0))
    an, binh, _ = join(show.event, "An", "Bình", "Chi")
    for index, question in enumerate(questions):
        show.ask({an: RIGHT[index], binh: WRONG[index]})
        snap = snapshot(show.event.pk)
        reveal, shown = shown_question.live_reveal(snap), shown_question.live_question(snap, letters=False)
        kind = question.current.kind
        assert reveal.none == 1
        assert reveal.explanation == SECRET_WORDS[0]
        ids = {option.id for option in (*shown.options, *shown.targets)}
        assert set(reveal.right) <= ids
        if kind in {"single", "multiple", "boolean"}:
            assert sum(reveal.counts.values()) == {"single": 2, "multiple": 4, "boolean": 2}[kind]
            assert set(reveal.counts) == ids
        if kind in {"numeric", "short"}:
            assert {word.n for word in reveal.cloud} == {1}
            assert len(reveal.cloud) == 2
        assert audiences.you(snap, snap.lines[an.pk]).right == 1000
        assert audiences.you(snap, snap.lines[an.pk]).response == shown_question.wire_of(
            snap, snap.question, RIGHT[index]
        )


@pytest.mark.django_db
def test_option_ids_differ_in_each_opening_and_are_read_back(questions):
    show = make_show(questions=questions[:1] * 1)
    join(show.event, "An")
    show.put()
    first = snapshot(show.event.pk)
    ids = [option.id for option in shown_question.live_question(first, letters=False).options]
    assert [shown_question.canonical(first, first.question, one) for one in ids] == ["A", "B", "C", "D"]
    show.reveal()
    show.command("replay")
    show.until("open")
    again = snapshot(show.event.pk)
    assert again.game.instance == first.game.instance + 1
    others = {option.id for option in shown_question.live_question(again, letters=False).options}
    assert not others & set(ids)


@pytest.mark.django_db
def test_a_poll_has_no_key_and_phones_with_letters_no_words():
    show = make_show(
        rules=make_live_rules(phone_shows="letters"), questions=2, settings=({"play": Play.POLL}, {"play": Play.QUIZ})
    )
    an, _ = join(show.event, "An", "Bình")
    show.ask({an: "A"})
    snap = snapshot(show.event.pk)
    reveal = audiences.stage(snap, now=0, players=2).reveal
    assert (reveal.right, reveal.text, reveal.explanation) == ((), "", "")
    assert sorted(reveal.counts.values()) == [0, 0, 0, 1]
    assert audiences.you(snap, snap.lines[an.pk]).right is None
    assert audiences.desk(snap, PRESENCE, now=0, role=GrantRole.HOST).key is None
    show.put()
    snap = snapshot(show.event.pk)
    phone, wall = audiences.stage(snap, now=0, players=2).question, audiences.wall(snap, PRESENCE, now=0).question
    assert (phone.stem, {option.text for option in phone.options}) == ("", {""})
    assert [o.id for o in phone.options] == [o.id for o in wall.options]
    assert wall.stem


@pytest.mark.django_db
def test_the_floor_of_golden_bell():
    show = make_show(Mode.BELL)
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: "B", binh: "B"})
    snap = snapshot(show.event.pk)
    wall = audiences.wall(snap, PRESENCE, now=0)
    assert (wall.seats, wall.standing, wall.reveal.none) == ("iif", 2, 1)
    assert audiences.you(snap, snap.lines[chi.pk]).status == "out"
    assert audiences.you(snap, snap.lines[chi.pk]).ghost
    show.put()
    show.answer(binh, "A")
    show.answer(chi, "B")
    show.answer(an)
    show.reveal()
    wall = audiences.wall(snapshot(show.event.pk), PRESENCE, now=0)
    assert (wall.seats, wall.standing) == ("ifo", 1)


@pytest.mark.django_db
def test_a_name_that_waits_is_seen_by_the_host_alone():
    show = make_show(rules=replace(make_live_rules(), names="approve"))
    join(show.event, "Tên lạ")
    snap = snapshot(show.event.pk)
    assert "Tên lạ" not in audiences.wall(snap, PRESENCE, now=0).encode()
    host = audiences.desk(snap, PRESENCE, now=0, role=GrantRole.HOST)
    assert [one.name for one in host.players_waiting] == ["Tên lạ"]


@pytest.mark.django_db
def test_a_frame_of_the_longest_names_fits():
    show = make_show(rules=make_live_rules(board_rows=50, capacity=200))
    players = join(show.event, *[f"Người {n}" for n in range(80)])
    show.ask(dict.fromkeys(players, "B"))
    show.command("next")
    snap = snapshot(show.event.pk)
    long = replace(snap, lines={key: line._replace(name="Ừ" * 32) for key, line in snap.lines.items()}, title="Ừ" * 120)
    for frame in (
        audiences.wall(long, PRESENCE, now=0),
        audiences.desk(long, PRESENCE, now=0, role=GrantRole.HOST),
        audiences.stage(long, now=0, players=80),
    ):
        assert len(frame.encode().encode()) <= LARGEST_FRAME
        assert len(frame.board) >= 10


@pytest.mark.django_db
def test_a_players_text_is_the_whole_frame():
    """One text for all with the own line appended is exactly what encoding the frame gives."""
    show = make_show()
    an, _ = join(show.event, "An", "Bình")
    show.put()
    show.answer(an)
    snap = snapshot(show.event.pk)
    texts = Texts(snap)
    text = texts.stage(snap.lines[an.pk], 2)
    whole = replace(
        audiences.stage(snap, now=json.loads(text)["now"], players=2), you=audiences.you(snap, snap.lines[an.pk])
    )
    assert isinstance(whole, Stage)
    assert text == whole.encode()
    assert texts.stage(None, 2).endswith('"you":null}')


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [Mode.RACE, Mode.BELL])
def test_a_carried_state_is_what_reading_gives(mode):
    """Every change of a game: carried where it may be, and then equal to what is stored."""
    rules = replace(make_live_rules(mode, board_every=1, auto_reveal=False), read_seconds=1)
    show = make_show(mode, rules=rules)
    an, binh, _ = join(show.event, "An", "Bình", "Chi")
    taken = 0
    for action in (
        "lock", "unlock", "start", "tick", "pause", "resume", "extend", "answers", "end_now", "tick", "next", "undo", "reveal",
        "next", "auto", "next", "tick", "answers", "skip", "tick", "finish", "next",
    ):  # fmt: skip
        before = snapshot(show.event.pk)
        if action == "answers":
            show.answer(an)
            show.answer(binh, "A")
            continue
        if action == "tick":
            show.event.refresh_from_db()
            show.now = from_ms(show.event.due_at)
        change = (
            show.tick() if action == "tick" else show.command(action, **({"seconds": 5} if action == "extend" else {}))
        )
        after, read = carried(before, change, now=show.now), snapshot(show.event.pk)
        if after is not None:
            taken += 1
            assert [one.action for one in after.log] == [one.action for one in read.log]
            assert replace(after, log=(), started_at=None) == replace(read, log=(), started_at=None), action
    assert taken >= 9


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
    await in_db(Show(event, event.created_by, now=now_utc()).command)("start")
    assert (await hall.fresh()).game.index == 0
    await running
    assert hall.snap.game.index == 0


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
async def test_a_change_made_by_a_page_reaches_the_hall(event, new_hub):
    one = new_hub()
    _hall, wall = await enter(one, event, Place(Part.WALL))
    await in_db(Show(event, event.created_by, now=now_utc()).command)("start")
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
