"""What each audience is shown, byte by byte."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from contest.arrivals import from_ms
from quizbank.drafts import Draft
from realtime import audiences, shown_question
from realtime.audiences import Presence
from realtime.carried import carried
from realtime.enums import GrantRole, Mode, Play
from realtime.hall_texts import Part, Texts
from realtime.live_frames import Stage
from realtime.protocol import LARGEST_FRAME
from realtime.queries.snapshot import snapshot
from tests.factories import make_question
from tests.realtime.live_factories import join, make_live_rules, make_show

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
