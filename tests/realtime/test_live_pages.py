"""The pages of a live event that players and the hall see: who may open them, what they weigh, what they never hold."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from realtime.domain.grants import grant, revoke
from realtime.domain.steering import steer_event
from realtime.enums import GrantRole, JoinWith, Mode, Names
from realtime.models import Grant
from realtime.pins import read_ticket
from realtime.presenters.play_words import PLAY
from realtime.presenters.wall_words import WALL
from realtime.rules import preset
from realtime.views import live_play
from tests.factories import make_resident, make_unit, make_user
from tests.realtime.live_factories import make_event, make_live_rules

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PHONE_BYTES = 60_000
SCRIPTS = Path(__file__).parents[2] / "realtime/static/realtime/live"


@pytest.fixture
def event(valkey):
    return make_event(now=timezone.now())


def enter(client, event, query="", **headers):
    return client.get(reverse("realtime:play", args=[event.public_id]) + query, **headers)


def room_of(response):
    found = re.search(
        r'<script id="phong" type="application/json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    return json.loads(found.group(1))


# ------------------------------------------------------------------------------------------- the PIN


def test_a_right_pin_leads_to_the_room_however_it_is_typed(client, event):
    spaced = f"{event.pin[:3]} {event.pin[3:]}"
    response = client.post(reverse("realtime:pin"), {"pin": spaced}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("realtime:play", args=[event.public_id])
    assert event.title in response.content.decode()


@pytest.mark.parametrize(("typed", "status"), [("000000", 404), ("12", 422), ("", 422), ("<b>1</b>", 422)])
def test_a_wrong_pin_is_said_kindly_and_stays_in_the_field(client, event, typed, status):
    response = client.post(reverse("realtime:pin"), {"pin": typed})
    page = response.content.decode()
    assert response.status_code == status
    assert 'role="alert"' in page
    assert "<b>1</b>" not in page


def test_wrong_pins_of_one_browser_are_limited_even_where_the_next_one_is_right(client, event):
    for _ in range(live_play.WRONG_OF_BROWSER):
        assert client.get(reverse("realtime:play", args=["100001"])).status_code == 404
    assert client.post(reverse("realtime:pin"), {"pin": event.pin}).status_code == 429
    assert client.get(reverse("realtime:play", args=[event.pin])).status_code == 429


def test_a_browser_without_cookies_meets_the_limit_of_its_address(client, event, monkeypatch):
    monkeypatch.setattr(live_play, "WRONG_OF_ADDRESS", 5)
    for _ in range(5):
        client.cookies.clear()
        client.get(reverse("realtime:play", args=["100001"]))
    client.cookies.clear()
    assert client.get(reverse("realtime:play", args=[event.pin])).status_code == 429


def test_the_qr_code_opens_the_room_for_a_hall_that_mistyped(client, event):
    for _ in range(live_play.WRONG_OF_BROWSER):
        client.get(reverse("realtime:play", args=["100001"]))
    assert enter(client, event).status_code == 200


def scan(monkeypatch, client, wrong, *, at):
    """``wrong`` guesses of scanners elsewhere, each from an address of its own; the alarm rings at ``at``."""
    monkeypatch.setattr(live_play, "ALARM_AT", at)
    for number in range(wrong):
        client.cookies.clear()
        client.get(reverse("realtime:play", args=["100001"]), REMOTE_ADDR=f"203.0.113.{number}")
    client.cookies.clear()


def test_a_scan_from_many_addresses_locks_nobody_out_and_rings(client, event, monkeypatch, caplog):
    scan(monkeypatch, client, 12, at=10)
    honest = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.get(reverse("realtime:play", args=["100002"]), **honest).status_code == 404
    assert client.post(reverse("realtime:pin"), {"pin": event.pin}, **honest).status_code == 302
    assert [record.levelname for record in caplog.records if "somebody scans" in record.message] == ["ERROR"]
    assert "203.0.113" not in caplog.text


def test_while_somebody_scans_who_has_failed_often_is_held_shorter(client, event, monkeypatch):
    monkeypatch.setattr(live_play, "ALARMED_ADDRESS", 3)
    typed, school = reverse("realtime:play", args=[event.pin]), {"REMOTE_ADDR": "198.51.100.7"}
    for _ in range(3):
        client.cookies.clear()
        client.get(reverse("realtime:play", args=["100001"]), **school)
    client.cookies.clear()
    assert client.get(typed, **school).status_code == 302
    scan(monkeypatch, client, 10, at=10)
    assert client.get(typed, **school).status_code == 429
    assert client.get(typed, REMOTE_ADDR="198.51.100.8").status_code == 302
    assert enter(client, event, **school).status_code == 200


def test_one_network_of_ipv6_is_one_address(client, event, monkeypatch):
    monkeypatch.setattr(live_play, "WRONG_OF_ADDRESS", 4)
    for number in range(4):
        client.cookies.clear()
        client.get(reverse("realtime:play", args=["100001"]), REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    client.cookies.clear()
    typed = reverse("realtime:play", args=[event.pin])
    assert client.get(typed, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.get(typed, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_right_pins_are_not_counted(client, event):
    for _ in range(3):
        client.post(reverse("realtime:pin"), {"pin": event.pin})
    assert live_play.wrong_so_far("all") == 0


def test_a_limit_that_cannot_be_counted_lets_in(client, event, monkeypatch):
    monkeypatch.setattr(cache, "get", lambda *_args: None)
    assert client.post(reverse("realtime:pin"), {"pin": event.pin}).status_code == 302


# ------------------------------------------------------------------------------------------- the player's page


def test_one_browser_keeps_its_ticket_and_the_next_person_gets_another(client, event):
    first = room_of(enter(client, event))["ticket"]
    assert room_of(enter(client, event))["ticket"] == first
    other = room_of(enter(client, event, "?moi=1"))["ticket"]
    assert other != first
    assert read_ticket(event.secret, other).event == event.pk


def test_a_ticket_of_another_event_is_not_used_here(client, event, valkey):
    other = make_event(now=timezone.now(), title="Hội thi khác")
    client.cookies[live_play.TICKET_COOKIE.format(event=event.pk)] = room_of(enter(client, other))["ticket"]
    assert read_ticket(event.secret, room_of(enter(client, event))["ticket"]).event == event.pk


def test_the_page_holds_no_question_and_no_key(client, event):
    steer_event(
        event_id=event.pk, action="start", data={}, at_seq=event.seq, user_id=event.created_by_id, now=timezone.now()
    )
    question = event.questions.select_related("version").first().version
    page = enter(client, event).content.decode()
    assert question.stem not in page
    for option in question.content["options"]:
        assert option["text"] not in page if isinstance(option, dict) else option not in page
    assert event.secret not in page


def test_a_resident_comes_in_under_the_name_on_file_where_the_rules_ask_for_it(client, valkey):
    event = make_event(rules=replace(make_live_rules(), names=Names.REAL, guests=False), now=timezone.now())
    guest = room_of(enter(client, event))
    assert (guest["needs_account"], guest["name"]) == (True, "")
    client.force_login(make_resident("Nguyễn Phước Thiên Hương Bảo Châu").user)
    known = room_of(enter(client, event))
    assert (known["needs_account"], known["asks_name"], known["name"]) == (
        False,
        False,
        "Nguyễn Phước Thiên Hương Bảo Châu",
    )


def test_units_team_codes_and_shapes_are_asked_only_where_the_rules_ask(client, valkey):
    plain = make_event(now=timezone.now())
    assert [room_of(enter(client, plain))[name] for name in ("units", "team_code", "pattern")] == [[], False, False]
    place = make_unit("Xã Tân Phú Đông")
    for name in ("Ấp Lý Quàn", "Ấp Cây Cam"):
        make_unit(name, parent=place)
    bell = replace(
        make_live_rules(Mode.BELL), join=JoinWith.PATTERN, bell=replace(preset(Mode.BELL).bell, quota_by_unit=True)
    )
    asking = room_of(enter(client, make_event(Mode.BELL, rules=bell, unit=place, now=timezone.now())))
    assert asking["pattern"]
    assert {name for _code, name in asking["units"]} == {"Ấp Lý Quàn", "Ấp Cây Cam"}


def test_an_event_that_has_ended_says_so_and_its_pin_is_dead(client, event):
    pin, now = event.pin, timezone.now()
    event.phase, event.pin, event.ended_at = "ended", None, now
    event.save()
    assert room_of(enter(client, event))["ended"]
    assert client.post(reverse("realtime:pin"), {"pin": pin}).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_phone_weighs_at_most_60_kb_with_everything_it_loads(client, event, language):
    client.cookies["lang"] = language
    response = enter(client, event)
    page = response.content.decode()
    waiting = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page)) | {"img/shapes.svg"}
    seen: dict[str, int] = {}
    while waiting:
        name = waiting.pop()
        path = finders.find(name)
        assert path, name
        text = Path(path).read_bytes()
        seen[name] = len(gzip.compress(text, 6))
        if name.endswith(".js"):
            imports = re.findall(rb'from "(\.[^"]+)"', text)
            at = Path(name).parent
            waiting |= {str((Path("/") / at / one.decode()).resolve().relative_to("/")) for one in imports} - set(seen)
    assert {"realtime/live/play.js", "realtime/live/link.js", "realtime/live/dom.js"} <= set(seen)
    assert not [name for name in seen if name.endswith(".woff2") or "sound" in name or "wall" in name]
    assert sum(seen.values()) + len(gzip.compress(response.content, 6)) <= PHONE_BYTES


def test_pages_have_no_inline_style_or_script(client, event):
    client.force_login(event.created_by)
    for address in (
        reverse("realtime:pin"),
        reverse("realtime:play", args=[event.public_id]),
        reverse("realtime:wall", args=[event.public_id]),
    ):
        page = client.get(address).content.decode()
        assert " style=" not in page
        assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", page)


# ------------------------------------------------------------------------------------------- the wall


def test_the_wall_opens_with_its_key_and_no_longer_once_that_is_taken_back(client, event):
    given = grant(event=event, role=GrantRole.WALL, actor=event.created_by, now=timezone.now(), label="Hội trường")
    address = reverse("realtime:wall", args=[event.public_id])
    assert client.get(address).status_code == 403
    assert client.get(f"{address}?k=khong-dung").status_code == 403
    response = client.get(f"{address}?k={given.key}")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert f'data-key="{given.key}"' in response.content.decode()
    revoke(grant=Grant.objects.get(pk=given.grant.pk), actor=event.created_by, now=timezone.now())
    assert client.get(f"{address}?k={given.key}").status_code == 403


def test_the_key_of_one_wall_opens_no_other(client, event):
    other = make_event(now=timezone.now(), actor=event.created_by)
    given = grant(event=other, role=GrantRole.WALL, actor=event.created_by, now=timezone.now())
    assert client.get(f"{reverse('realtime:wall', args=[event.public_id])}?k={given.key}").status_code == 403


def test_the_host_opens_the_wall_without_a_key_and_others_do_not(client, event):
    address = reverse("realtime:wall", args=[event.public_id])
    client.force_login(event.created_by)
    assert client.get(address).status_code == 200
    client.force_login(make_user("Trần Văn Khác"))
    assert client.get(address).status_code == 403


def test_the_qr_code_leads_to_the_event_without_its_pin(client, event):
    response = client.get(reverse("realtime:event_qr", args=[event.public_id]))
    assert response["Content-Type"] == "image/svg+xml"
    assert "<svg" in response.content.decode()
    assert client.get(reverse("realtime:event_qr", args=["khong-co"])).status_code == 404


@pytest.mark.parametrize("name", ["pin", "play", "wall", "event_qr"])
def test_every_page_is_declared_public_and_judges_by_itself(name):
    assert getattr(live_play, name).access_policy.kind == "public"


# ------------------------------------------------------------------------------------------- words


def test_scripts_say_only_words_the_page_brings():
    said = {"wall": set(), "play": set()}
    for path in SCRIPTS.glob("*.js"):
        which = path.name.split("_")[0].removesuffix(".js")
        if which in said:
            text = path.read_text()
            said[which] |= set(re.findall(r'\bt\(\s*"([a-z_0-9]+)"', text))
    assert said["wall"] <= set(WALL), said["wall"] - set(WALL)
    assert said["play"] <= set(PLAY), said["play"] - set(PLAY)
