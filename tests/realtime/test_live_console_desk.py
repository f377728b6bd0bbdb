"""Steering without a WebSocket: the first view, plain forms, the frame by HTTP, and what a marshal may see."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from realtime.domain.grants import grant
from realtime.enums import Action, GrantRole, Mode, Phase
from realtime.live_frames import Desk, decode_live
from realtime.models import Event
from realtime.presenters.desk import NEXT, SENTENCES, next_step, words
from realtime.rules import BellRules
from tests.realtime.live_desk import House, make_house, page, signed_in
from tests.realtime.live_factories import Show, join, make_live_rules

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
