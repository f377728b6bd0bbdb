"""Rooms with the rules nobody meets every day, on a phone of 360 px: shapes at the door, captains' codes, bets, a poll, a
closest guess, a cloud of words, somebody brought back to the floor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from contest.arrivals import now_utc
from realtime.domain.teams import make_teams
from realtime.enums import JoinWith, Mode
from realtime.rules import BellRules, TeamRules, preset
from tests.factories import make_question, make_questions, single_draft
from tests.journeys.nursery import Nursery
from tests.journeys.test_live_game import LONG, WAIT, Hall, screen, tap
from tests.realtime.live_factories import make_event, make_live_rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

SHAPES = "▲●◆■"


@pytest.fixture
def start(transactional_db: Any, valkey: Any, browser: Browser, nursery: Nursery) -> Iterator[Callable[..., Hall]]:
    cache.clear()
    halls: list[Hall] = []
    folder = os.environ.get("THISO_SHOTS")  # somebody wants to look
    with nursery.server() as server:

        def begin(event: Any) -> Hall:
            halls.append(Hall(server, event, browser, Path(folder) if folder else None))
            return halls[-1]

        yield begin
        for hall in halls:
            hall.close()


def write(page: Page, text: str) -> None:
    """Send a written answer; the last one to answer sees the answer at once."""
    page.locator("#tra-loi").fill(text)
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.locator(".ask-note", has_text="Đã nhận").or_(screen(page, "reveal"))).to_be_visible(timeout=WAIT)


def test_shapes_at_the_door_a_captains_code_and_bets(start: Callable[..., Hall]) -> None:
    team = TeamRules(by="captain")
    rules = make_live_rules(
        Mode.TEAM, seconds=90, board_every=1, team=team, join=JoinWith.PATTERN, bets=True, scoring="accuracy"
    )
    event = make_event(Mode.TEAM, now=now_utc(), rules=rules, questions=1)
    [ward, _other] = make_teams(event=event, names=["Chi đoàn Ấp Mỹ Hưng A", "Chi đoàn Ấp 2"], now=now_utc())
    hall = start(event)
    an = hall.phone()
    an.get_by_label("Tên của bạn").fill(LONG)
    an.get_by_label("Mã đội").fill(ward.code.lower())
    an.get_by_role("button", name="Vào chơi").click()
    expect(an.get_by_role("alert")).to_contain_text("4 hình")
    hall.look("kinds-door", an)
    shapes = hall.wall.locator(".lobby-pattern").get_attribute("data-now") or ""
    assert len(shapes) == 4
    for one in shapes:
        an.locator(".shapes button").nth(SHAPES.index(one)).click()
    an.get_by_role("button", name="Vào chơi").click()
    expect(screen(an, "lobby")).to_contain_text("Chi đoàn Ấp Mỹ Hưng A", timeout=WAIT)
    hall.look("kinds-lobby", an)
    hall.next("open")
    an.get_by_label("Cược lớn").check()
    hall.look("kinds-bet", an)
    tap(an, "A")
    hall.at("reveal")
    expect(screen(an, "reveal")).to_contain_text("−", timeout=WAIT)
    hall.look("kinds-lost", an)


def test_a_poll_a_guess_and_a_cloud(start: Callable[..., Hall]) -> None:
    number = single_draft(
        "Toàn tỉnh có bao nhiêu tổ công nghệ số cộng đồng?",
        kind="numeric",
        content={"unit": "tổ"},
        key={"value": "1200", "tolerance": "0"},
    )
    word = single_draft("Chuyển đổi số là gì với bạn?", kind="short", content={}, key={"accept": ["số"]})
    stock = [*make_questions(1), make_question(number), make_question(word)]
    rules = make_live_rules(seconds=90, board_every=0)
    plays = [{"play": "poll"}, {"play": "closest"}, {"play": "cloud"}]
    hall = start(make_event(now=now_utc(), rules=rules, questions=stock, settings=plays))
    an, binh = hall.phone(LONG), hall.phone("Bình")
    hall.next("open")
    tap(an, "A")
    tap(binh, "B")
    hall.at("reveal")
    expect(screen(an, "reveal")).to_contain_text("Đã ghi nhận", timeout=WAIT)
    hall.look("kinds-poll", an)
    hall.next("open")
    write(an, "1.150")
    write(binh, "900")
    hall.at("reveal")
    hall.look("kinds-closest", an, binh)
    hall.next("open")
    hall.look("kinds-cloud-ask", an)
    write(an, "tiện lợi")
    write(binh, "nhanh hơn")
    hall.at("reveal")
    expect(hall.wall.locator(".cloud-word")).to_have_count(2, timeout=WAIT)
    hall.look("kinds-cloud", an)


def test_somebody_who_fell_is_brought_back(start: Callable[..., Hall]) -> None:
    bell = replace(preset(Mode.BELL).bell or BellRules(), seats=20, teacher_rescues=1, rescue_from=0)
    rules = make_live_rules(Mode.BELL, seconds=90, bell=bell, board_every=0)
    hall = start(make_event(Mode.BELL, now=now_utc(), rules=rules, questions=3))
    an, binh, cuc = (hall.phone(name) for name in (LONG, "Bình", "Cúc"))
    hall.next("open")
    for phone, letter in ((an, "A"), (binh, "B"), (cuc, "B")):
        tap(phone, letter)
    hall.at("reveal")
    hall.desk.get_by_role("button", name="Sang phần cứu trợ").click()
    hall.at("rescue")
    hall.look("kinds-rescue", an, binh)
    hall.desk.get_by_label("Số người", exact=True).fill("1")
    hall.desk.get_by_role("button", name="Đưa 1 người đầu danh sách trở lại").click()
    expect(screen(an, "rescue")).to_contain_text("Bạn được cứu trợ", timeout=WAIT)
    hall.look("kinds-back", an)
