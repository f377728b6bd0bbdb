"""Steering without a WebSocket: the first view, plain forms, the frame by HTTP, and what a marshal may see."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import ngettext, override

from realtime.audiences import WAITING_SHOWN
from realtime.domain.grants import grant
from realtime.enums import Action, GrantRole, Mode, Names, Phase
from realtime.live_frames import Desk, decode_live
from realtime.models import Event, Player
from realtime.presenters.counted import spoken
from realtime.presenters.desk import NEXT, SENTENCES, next_step, words
from realtime.presenters.play_words import PLAY
from realtime.presenters.wall_words import WALL
from realtime.protocol import LARGEST_FRAME
from realtime.rules import BellRules
from tests.realtime.live_desk import House, make_house, page, signed_in
from tests.realtime.live_factories import RIGHT, Show, join, make_live_rules

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def house() -> House:
    return make_house()


def at(client: Client, event: Event) -> int:
    return int(client.get(page(event, "trang-thai.json")).json()["at"])


def press(client: Client, event: Event, action: str, **sent: Any) -> Any:
    values = {"action": action, "at": at(client, event), "back": "live_desk"} | sent
    return client.post(page(event, "lenh/"), values)


def phase(event: Event) -> str:
    event.refresh_from_db()
    return event.phase


def test_a_whole_question_is_steered_by_plain_forms(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    join(event, "Lan", "Nam")
    assert "Bắt đầu" in client.get(page(event, "dieu-khien/")).content.decode()
    assert press(client, event, "next")["Location"] == page(event, "dieu-khien/")
    assert phase(event) == Phase.OPEN
    press(client, event, "pause")
    body = client.get(page(event, "dieu-khien/")).content.decode()
    assert "Chạy tiếp" in body
    assert "Đang tạm dừng" in body
    press(client, event, "next")  # the natural next thing of a paused event is to go on
    assert client.get(page(event, "trang-thai.json")).json()["paused"] is False
    press(client, event, "next", back="live_remote")


def test_undo_by_a_plain_form_takes_the_reveal_back(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    show = Show(event, house.host, timezone.now())
    [lan] = join(event, "Lan", now=show.now)
    show.command("start")
    show.later(1)
    show.tick()
    show.answer(lan)
    show.command("end_now")
    show.later(1)
    show.tick()
    if phase(event) == Phase.LOCKED:
        show.command("reveal")
    assert phase(event) == Phase.REVEAL
    lan.refresh_from_db()
    assert lan.score > 0
    press(client, event, "undo")
    lan.refresh_from_db()
    assert (phase(event), lan.score) == (Phase.LOCKED, 0)


def test_a_second_press_of_the_same_button_does_nothing_and_says_why(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    sent = {"action": "next", "at": at(client, event), "back": "live_desk"}
    client.post(page(event, "lenh/"), sent)
    again = client.post(page(event, "lenh/"), sent)
    assert again.status_code == HTTPStatus.CONFLICT
    assert "vừa chuyển bước" in again.content.decode()
    event.refresh_from_db()
    assert (event.phase, event.instance) == (Phase.OPEN, 1)


def test_scripts_get_the_reason_as_json(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    address = page(event, "lenh/")
    refused = client.post(address, {"action": "extend", "at": at(client, event), "data": "{}"}, **JSON)
    assert refused.json()["code"] == "bad_phase"
    assert refused.json()["message"]
    for bad in ({"data": "["}, {"data": '"x"'}, {"data": "{" * 9000}, {"at": "-1"}, {"at": "x"}, {"action": "nuke"}):
        sent = {"action": "next", "at": "1"} | bad
        assert client.post(address, sent, **JSON).json()["code"] == "bad_value", bad
    done = client.post(address, {"action": "next", "at": at(client, event), "data": json.dumps({})}, **JSON)
    assert done.json() == {"code": "done"}


def test_names_wait_are_approved_and_people_are_sent_out(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    lan, nam = join(event, "Lan", "Nam")
    body = client.get(page(event, "nguoi-choi/")).content.decode()
    assert lan.public_id in body
    assert lan.public_id not in client.get(page(event, "nguoi-choi/?q=nam")).content.decode()
    press(client, event, "rename", data=json.dumps({"player": nam.public_id, "name": "Bảy"}))
    press(client, event, "kick", data=json.dumps({"player": lan.public_id}))
    lan.refresh_from_db()
    nam.refresh_from_db()
    assert (lan.status, nam.name) == ("kicked", "Bảy")
    assert "Cho vào lại" in client.get(page(event, "nguoi-choi/")).content.decode()


def test_the_state_is_a_desk_frame_with_the_key_only_for_who_steers(house: House) -> None:
    event, client = house.event("bell"), signed_in(house.host)
    join(event, "Lan", "Nam")
    press(client, event, "next")
    key = grant(event=event, role=GrantRole.MARSHAL, actor=house.host, now=timezone.now()).key
    own = client.get(page(event, "trang-thai.json"))
    frame = decode_live(own.content.decode())
    assert isinstance(frame, Desk)
    assert frame.key is not None
    assert own["Cache-Control"] == "no-store"
    marshal = Client()
    seen = marshal.get(page(event, f"trang-thai.json?k={key}")).json()
    assert (seen["key"], seen["upcoming"], seen["role"]) == (None, None, "marshal")
    assert frame.key.text not in marshal.get(page(event, f"trong-tai/?k={key}")).content.decode()
    stolen = marshal.post(page(event, "lenh/"), {"action": "next", "at": seen["at"], "k": key}, **JSON)
    assert stolen.status_code == HTTPStatus.FORBIDDEN
    assert Client().get(page(event, "trang-thai.json")).status_code == HTTPStatus.FORBIDDEN


def test_a_marshal_marks_boards_and_sees_what_others_marked(house: House) -> None:
    rules = make_live_rules(Mode.BELL, bell=BellRules(marshal=True))
    event, client = house.event("bell", rules=rules), signed_in(house.host)
    join(event, "Bà Sáu", "Ông Bảy", marshal=True)
    press(client, event, "next")
    key = grant(event=event, role=GrantRole.MARSHAL, actor=house.host, now=timezone.now()).key
    marshal, where = Client(), page(event, f"bang-tay.json?k={key}")
    assert [one["right"] for one in marshal.get(where).json()["boards"]] == [None, None]
    sent = {"action": "mark", "at": event.seq, "k": key, "back": "live_marshal"}
    marshal.post(page(event, "lenh/"), sent | {"data": json.dumps({"seats": [2], "right": False})}, **JSON)
    marshal.post(page(event, "lenh/"), sent | {"data": json.dumps({"seats": [1], "right": True})}, **JSON)
    assert [one["right"] for one in client.get(page(event, "bang-tay.json")).json()["boards"]] == [True, False]
    marshal.post(page(event, "lenh/"), sent | {"data": json.dumps({"seats": [2], "right": None})}, **JSON)
    assert [one["right"] for one in client.get(page(event, "bang-tay.json")).json()["boards"]] == [True, None]


def test_every_phase_has_its_next_thing_and_every_script_word_exists() -> None:
    for one in Phase:
        action, label, _then = next_step(one, index=0, total=3)
        assert bool(action) == (one in NEXT)
        assert label
    assert next_step(Phase.BOARD, index=2, total=3)[1] != next_step(Phase.BOARD, index=1, total=3)[1]
    assert next_step(Phase.OPEN, index=0, total=3, paused=True)[0] == "resume"
    said = json.loads(words({"user:x": "Lan"}))
    assert set(said["actions"]) == {*Action.values, "tick"}
    assert set(said["say"]) == set(SENTENCES)


def test_a_thousand_waiting_names_fit_a_frame_and_are_approved_in_one_command(house: House) -> None:
    rules = make_live_rules(Mode.RACE, names=Names.APPROVE)
    event, client = house.event(rules=rules), signed_in(house.host)
    [lan], now = join(event, "Lan"), timezone.now()
    Player.objects.bulk_create(
        Player(
            event=event,
            ticket=f"x{n}",
            name=f"Nguyễn Phước Hương {n}",
            name_state="waiting",
            status="in",
            joined_at=now,
        )
        for n in range(1_000)
    )
    got = client.get(page(event, "trang-thai.json"))
    frame = got.json()
    assert len(got.content) <= LARGEST_FRAME
    assert (len(frame["players_waiting"]), frame["players_waiting_total"]) == (WAITING_SHOWN, 1_001)
    assert frame["players_waiting"][0]["key"] == lan.public_id
    press(client, event, "rename", data=json.dumps({"all": "waiting", "approve": True}))
    assert not Player.objects.filter(event=event, name_state="waiting").exists()
    frame = client.get(page(event, "trang-thai.json")).json()
    assert (frame["players_waiting"], frame["players_waiting_total"]) == ([], 0)


def test_judges_are_offered_the_questions_that_may_still_be_decided(house: House) -> None:
    def asked(client: Client, event: Event) -> list[int]:
        return [one["index"] for one in client.get(page(event, "da-hoi.json")).json()["questions"]]

    for mode, later in ((Mode.RACE, [0, 1]), (Mode.BELL, [1])):
        rules = make_live_rules(mode, auto_reveal=False)
        event, client = house.event(mode, rules=rules, now=timezone.now()), signed_in(house.host)
        show = Show(event, house.host, timezone.now())
        lan, nam, _tu = join(event, "Lan", "Nam", "Tú", now=show.now)
        assert asked(client, event) == []
        show.put()
        assert asked(client, event) == []  # nothing to decide while people answer
        show.answer(lan)
        show.answer(nam)
        show.until(Phase.LOCKED)
        assert asked(client, event) == [0]
        show.command(Action.REVEAL)
        show.ask({lan: RIGHT, nam: RIGHT})
        assert asked(client, event) == later
        offered = client.get(page(event, "da-hoi.json")).json()["questions"][0]
        assert [label for label, _text in offered["choices"]] == ["A", "B", "C", "D"]
        press(client, event, "judge", data=json.dumps({"void": True, "index": later[0], "reason": "Đề sai"}))
        assert client.get(page(event, "da-hoi.json")).json()["questions"][0]["voided"]
        assert Client().get(page(event, "da-hoi.json")).status_code == HTTPStatus.FORBIDDEN


def test_counted_words_have_one_form_in_vietnamese_and_two_where_the_language_has_two() -> None:
    def counted(n: int) -> str:
        return ngettext("One question was answered.", "Several questions were answered.", n)

    assert spoken({"a": counted}) == {
        "a": {"one": "One question was answered.", "other": "Several questions were answered."}
    }
    with override("vi"):
        assert all(isinstance(text, str) for words in (WALL, PLAY, SENTENCES) for text in spoken(words).values())
