"""Live screens when there is much to show: many on one step, long words, full menus, reserves on the floor, a judged tie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page, expect

from contest.arrivals import now_utc
from realtime.domain.teams import make_teams
from realtime.enums import Action, AllOut, Finish, Mode, Phase, TeamBy
from realtime.models import Event, Player
from realtime.rules import BellRules, TeamRules, preset
from tests.factories import make_question, make_questions, single_draft
from tests.journeys.faults import violations
from tests.journeys.nursery import Nursery
from tests.journeys.test_live_game import WAIT, Hall, screen
from tests.realtime.live_factories import RIGHT, WRONG, Show, join, make_event, make_live_rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

PEOPLE = (
    "Nguyễn Thiên Hương Châu",
    "Nguyễn Phước Bảo Châu",
    "Đặng Hoàng Phương Uyên",
    "Nguyễn Ngọc Thùy Dương",
    "Hồ Nguyễn Khánh An",
    "Trần Thị Ngọc Ánh",
    "Phạm Quỳnh Hương",
    "Lê Văn Đại Nghĩa",
    "Bùi Thị Mỹ Duyên",
    "Võ Thành Đạt",
)
WORDS = (
    "nghiêng nước nghiêng thành",
    "thuận tiện nhanh chóng mọi lúc mọi nơi",
    "không phải đi lại nhiều lần",
    "dịch vụ công trực tuyến",
    "bán nông sản trên mạng khắp mọi miền",
    "tiết kiệm thời gian",
    "trí tuệ nhân tạo",
    "minh bạch",
    "nhanh",
    "xanh",
)


@pytest.fixture
def start(transactional_db: Any, valkey: Any, browser: Browser, nursery: Nursery) -> Iterator[Callable[..., Hall]]:
    cache.clear()
    halls: list[Hall] = []
    with nursery.server() as server:

        def begin(event: Event) -> Hall:
            halls.append(Hall(server, event, browser))
            return halls[-1]

        yield begin
        for hall in halls:
            hall.close()


def show_of(event: Event) -> Show:
    assert event.created_by is not None
    return Show(event, event.created_by, now_utc())


def to_podium(show: Show) -> None:
    show.event.refresh_from_db()
    while show.event.phase != Phase.PODIUM:
        show.command(Action.NEXT)
        show.event.refresh_from_db()


def box(one: Locator) -> tuple[float, float, float, float]:
    found = one.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def overlap(one: Locator, other: Locator) -> bool:
    left, top, right, bottom = box(one)
    x, y, far, low = box(other)
    return left < far - 1 and x < right - 1 and top < low - 1 and y < bottom - 1


def whole(wall: Page) -> None:
    """No scroll, nothing for axe to find."""
    assert wall.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        1920,
        1080,
    ]
    assert violations(wall) == []


@pytest.mark.parametrize("first", [2, 4, 10])
def test_a_podium_with_many_on_a_step_names_whom_it_can_and_covers_nothing(
    start: Callable[..., Hall], first: int
) -> None:
    rules = make_live_rules(board_every=0, scoring="accuracy", tie_by_time=False)
    event = make_event(now=now_utc(), rules=rules, questions=2)
    players, show = join(event, *PEOPLE, now=now_utc()), show_of(event)
    show.ask(dict.fromkeys(players, RIGHT))
    show.ask({player: RIGHT if place < first else WRONG for place, player in enumerate(players)})
    to_podium(show)
    wall = start(event).wall
    expect(wall.locator('.step[data-place="1"][data-shown]')).to_be_visible(timeout=WAIT)
    title = wall.locator(".podium-scene .stage-title")
    for step in wall.locator(".step-who").all():
        assert not overlap(title, step)
        assert box(step)[1] > box(title)[3] - 1
    for name in wall.locator(".step-who .name").all():
        assert name.evaluate("(e) => e.scrollHeight <= e.clientHeight + 4 && e.scrollWidth <= e.clientWidth + 1")
    if first == 10:  # all alike: one step, eight names on it
        expect(wall.locator(".step-who .name")).to_have_count(8)
        expect(wall.locator(".step-who")).to_contain_text("và 2 người nữa")
    whole(wall)
    show.command(Action.NEXT)
    wall.reload()
    expect(wall.locator(".ending .podium-rest li")).to_have_count(4, timeout=WAIT)
    if first != 4:
        expect(wall.locator(".ending-more")).to_have_text("và 6 người nữa")
    whole(wall)


def test_every_word_of_a_cloud_is_on_the_wall_and_covers_no_other(start: Callable[..., Hall]) -> None:
    word = make_question(single_draft("Chuyển đổi số là gì?", kind="short", content={}, key={"accept": ["số"]}))
    event = make_event(
        now=now_utc(), rules=make_live_rules(board_every=0), questions=[word], settings=[{"play": "cloud"}]
    )
    players, show = join(event, *PEOPLE, now=now_utc()), show_of(event)
    show.ask(dict(zip(players, WORDS, strict=True)))
    wall = start(event).wall
    expect(wall.locator(".cloud-word")).to_have_count(len(WORDS), timeout=WAIT)
    words = wall.locator(".cloud-word").all()
    assert sorted(word.inner_text() for word in words) == sorted(WORDS)
    pairs = [(one, other) for place, one in enumerate(words) for other in words[:place]]
    assert [(a.inner_text(), b.inner_text()) for a, b in pairs if overlap(a, b)] == []
    whole(wall)


def test_a_closest_guess_is_near_or_not_and_never_half_right(start: Callable[..., Hall]) -> None:
    number = make_question(
        single_draft(
            "Có bao nhiêu tổ?", kind="numeric", content={"unit": "tổ"}, key={"value": "1200", "tolerance": "0"}
        )
    )
    rules = make_live_rules(seconds=90, board_every=0)
    event = make_event(now=now_utc(), rules=rules, questions=[number], settings=[{"play": "closest"}])
    hall = start(event)
    near, far = hall.phone("Bảo Châu"), hall.phone("Bình")
    hall.next("open")
    for phone, guess in ((near, "1.190"), (far, "900")):
        phone.locator("#tra-loi").fill(guess)
        phone.get_by_role("button", name="Gửi câu trả lời").click()
    hall.at("reveal")
    expect(screen(near, "reveal")).to_contain_text("Bạn đoán gần nhất", timeout=WAIT)
    expect(screen(far, "reveal")).to_contain_text("Chưa phải gần nhất", timeout=WAIT)
    expect(screen(far, "reveal")).to_contain_text("Bảo Châu (1.190 tổ)")
    expect(screen(far, "reveal")).to_contain_text("900 tổ")
    expect(hall.desk.locator("[data-nearest]")).to_contain_text("Gần nhất: Bảo Châu (1.190 tổ)", timeout=WAIT)
    hall.look("crowded-closest", near, far)


def test_a_floor_with_reserves_a_rescue_counted_in_turns_and_a_judged_end(start: Callable[..., Hall]) -> None:
    bell = replace(
        preset(Mode.BELL).bell or BellRules(),
        seats=6, reserves=2, rescue_from=1, quota_k=1, quota_by_unit=False, teacher_rescues=2, extra=0,
    )  # fmt: skip
    event = make_event(
        Mode.BELL, now=now_utc(), rules=make_live_rules(Mode.BELL, bell=bell, board_every=0), questions=1
    )
    players, show = join(event, *PEOPLE[:8], now=now_utc()), show_of(event)
    show.ask({player: RIGHT if place < 3 else WRONG for place, player in enumerate(players[:6])})
    hall = start(event)
    watcher = hall.phone()
    watcher.get_by_label("Tên của bạn").fill("Khán giả Hoa")
    watcher.get_by_role("button", name="Vào chơi").click()
    hall.desk.get_by_role("button", name="Sang phần cứu trợ").click()
    hall.at("rescue")
    expect(hall.wall.locator('.seat[data-state="e"]')).to_have_text(["7", "8"], timeout=WAIT)
    expect(hall.wall.locator(".floor-rescue")).to_contain_text("Còn 2 lượt cứu trợ")
    expect(hall.desk.locator("[data-key-reserve]")).to_be_visible()
    expect(screen(watcher, "rescue")).to_be_visible(timeout=WAIT)
    expect(screen(watcher, "rescue")).not_to_contain_text("dự bị")
    hall.look("crowded-rescue", watcher)
    hall.next("podium")
    expect(hall.wall.locator(".bell-who li")).to_have_count(3, timeout=WAIT)
    show.command(Action.JUDGE, winners=[Player.objects.get(pk=players[1].pk).public_id], reason="Câu phụ bằng miệng")
    expect(hall.wall.locator(".bell-who li")).to_have_text([PEOPLE[1]], timeout=WAIT)
    expect(hall.desk.locator("[data-board] .board-unit", has_text="người thắng")).to_have_count(1)
    expect(hall.desk.get_by_role("link", name="Mở báo cáo")).to_be_hidden()
    hall.next("ended")
    gold = hall.wall.locator('.ending [data-rank="1"]')
    expect(gold).to_have_count(1, timeout=WAIT)
    expect(gold).to_contain_text(PEOPLE[1])
    expect(hall.desk.get_by_role("link", name="Mở báo cáo")).to_be_visible()
    expect(hall.desk.locator("[data-next]")).to_be_hidden()
    assert violations(hall.desk) == []


def test_nobody_rang_is_said_kindly(start: Callable[..., Hall]) -> None:
    bell = replace(
        preset(Mode.BELL).bell or BellRules(),
        seats=6, all_out=AllOut.END, finish=Finish.LAST_STANDING, lifeline=False, teacher_rescues=0,
    )  # fmt: skip
    event = make_event(
        Mode.BELL, now=now_utc(), rules=make_live_rules(Mode.BELL, bell=bell, board_every=0), questions=2
    )
    players, show = join(event, *PEOPLE[:4], now=now_utc()), show_of(event)
    show.ask(dict.fromkeys(players, WRONG))
    to_podium(show)
    wall = start(event).wall
    expect(wall.locator(".bell-who")).to_contain_text("Chuông hôm nay chưa rung", timeout=WAIT)
    for name in wall.locator(".bell-rest .name").all():
        assert name.evaluate("(e) => e.scrollHeight <= e.clientHeight + 4")
    whole(wall)
    show.command(Action.NEXT)
    wall.reload()
    expect(wall.locator(".ending .podium-rest li")).to_have_count(4, timeout=WAIT)
    expect(wall.locator('.ending [data-rank="1"]')).to_have_count(0)  # nothing is gold where nobody won


@pytest.mark.parametrize("people", [1, 10])
def test_the_menu_of_a_player_shows_every_team(start: Callable[..., Hall], people: int) -> None:
    rules = make_live_rules(Mode.TEAM, team=TeamRules(by=TeamBy.HOST))
    event = make_event(Mode.TEAM, now=now_utc(), rules=rules, questions=make_questions(1))
    join(event, *PEOPLE[:people], now=now_utc())
    make_teams(event=event, names=[f"Chi đoàn ấp Mỹ Hưng {number}" for number in range(1, 7)], now=now_utc())
    desk = start(event).desk
    expect(desk.locator(".roster-loose").first).to_have_text("Chưa có đội", timeout=WAIT)
    desk.locator("[data-roster-home] .menu > summary").last.click()
    last = desk.locator("[data-roster-home] .menu[open] .menu-items > button").last
    expect(last).to_have_text("Chặn, không cho vào lại")
    # Clicked where it is drawn: a menu cut by its list could not be.
    desk.locator("[data-roster-home] .menu[open]").get_by_role("button", name="Vào Chi đoàn ấp Mỹ Hưng 6").click()
    expect(desk.locator(".roster-loose")).to_have_count(people - 1, timeout=WAIT)
    assert Player.objects.filter(event=event, team__name="Chi đoàn ấp Mỹ Hưng 6").count() == 1
