"""A host in a real browser: builds an event, steers a game from the desk and from a phone, and reads the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from people.models import User
from realtime.audiences import WAITING_SHOWN
from realtime.domain.events import open_lobby
from realtime.domain.grants import grant
from realtime.enums import GrantRole, Mode, Names, Phase
from realtime.models import Event
from tests.factories import make_questions
from tests.journeys.faults import too_wide, violations
from tests.journeys.nursery import Nursery
from tests.journeys.papers import PHONE
from tests.realtime.live_desk import House, make_house
from tests.realtime.live_factories import RIGHT, WRONG, Show, join, make_live_rules, reload
from tests.realtime.servers import Server

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"width": 1440, "height": 900}


@pytest.fixture
def house(transactional_db: Any) -> House:
    return make_house()


@pytest.fixture
def hall(transactional_db: Any, valkey: Any, nursery: Nursery) -> Iterator[Server]:
    cache.clear()
    with nursery.server() as one:
        yield one


@dataclass
class Screens:
    """Browsers of one host; none of them may have met an error of a script or of the security policy."""

    browser: Browser
    base: str
    faults: list[str]

    def open(self, user: User, path: str, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        context = self.browser.new_context(
            **{"viewport": DESK, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "base_url": self.base} | options
        )
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.base}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if "Content Security" in line.text else None)
        page.goto(path)
        return page


@contextmanager
def screens_of(browser: Browser, base: str) -> Iterator[Screens]:
    one = Screens(browser, base, [])
    yield one
    for context in browser.contexts:
        context.close()
    assert one.faults == []


@pytest.fixture
def screens(browser: Browser, hall: Server) -> Iterator[Screens]:
    with screens_of(browser, hall.http) as one:
        yield one


def no_violations(page: Page) -> None:
    assert (violations(page), too_wide(page)) == ([], [])


def in_phase(page: Page, phase: Phase) -> None:
    expect(page.locator("[data-live]")).to_have_attribute("data-phase", phase, timeout=20_000)


def at_desk(event: Event) -> str:
    return f"/quan-ly/su-kien/{event.public_id}/dieu-khien/"


def test_a_host_builds_an_event_and_opens_its_lobby(screens: Screens, house: House) -> None:
    make_questions(3)
    page = screens.open(house.host, "/quan-ly/su-kien/")
    no_violations(page)
    page.get_by_role("link", name="Tạo sự kiện").click()
    page.get_by_label("Tên sự kiện").fill("Đêm hội Nguyễn Phước Thiên Hương Bảo Châu")
    page.locator('[name="unit_text"]').fill("cao lanh")
    page.locator(".unit-option", has_text="Cao Lãnh").click()
    no_violations(page)
    page.get_by_role("button", name="Tạo và thêm câu hỏi").click()
    page.get_by_role("link", name="Soạn câu hỏi").click()
    for stem in ("Câu tôi tự soạn?", "Câu thứ hai?"):
        page.get_by_role("textbox", name="Câu hỏi").fill(stem)
        page.get_by_label("Phương án A").fill("Đúng rồi")
        page.get_by_label("Phương án B").fill("Chưa đúng")
        page.get_by_label("A là đáp án đúng").check(force=True)
        page.get_by_role("button", name="Lưu, câu sau").click()
        expect(page.get_by_text("Đã thêm câu hỏi.")).to_be_visible()
    no_violations(page)
    page.get_by_role("link", name="Đã có 2 câu").click()
    page.get_by_text("Thêm câu hỏi", exact=True).click()
    page.get_by_role("link", name="Chọn từ ngân hàng").click()
    page.locator('[name="version"]:not(:disabled)').first.check()
    page.get_by_role("button", name="Thêm 1 câu đã đánh dấu").click()
    page.get_by_role("link", name="Xem 3 câu đã chọn").click()
    first = page.locator(".order-item").first
    stem = first.locator(".name").inner_text()
    grip, third = first.locator("[data-grip]").bounding_box(), page.locator(".order-item").nth(2).bounding_box()
    assert grip
    assert third
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(third["x"] + 20, third["y"] + third["height"] - 4, steps=8)
    page.mouse.up()
    expect(page.get_by_text("Đã lưu thứ tự").first).to_be_visible()
    page.reload()
    expect(page.locator(".order-item .name").nth(2)).to_have_text(stem)
    no_violations(page)
    page.get_by_role("link", name="Tiếp: thể lệ").click()
    page.get_by_label("Giây trả lời").fill("25")
    expect(page.locator("#van-ban")).to_contain_text("25")
    no_violations(page)
    page.get_by_role("button", name="Lưu thể lệ").click()
    page.get_by_role("button", name="Mở phòng chờ").click()
    in_phase(page, Phase.LOBBY)
    expect(page.locator("[data-conn]")).to_have_attribute("data-state", "live", timeout=20_000)
    no_violations(page)


def test_a_question_is_steered_from_the_desk_and_from_a_phone(screens: Screens, house: House) -> None:
    event = house.event(now=timezone.now())
    join(event, "Lan", "Nam", now=timezone.now())
    desk = screens.open(house.host, at_desk(event))
    phone = screens.open(house.host, at_desk(event).replace("dieu-khien", "tu-xa"), viewport=PHONE, has_touch=True)
    expect(desk.locator("[data-players]")).to_have_text("2")
    desk.get_by_role("button", name="Bắt đầu").click()
    in_phase(phone, Phase.OPEN)
    no_violations(desk)
    no_violations(phone)
    phone.get_by_role("button", name="Tạm dừng").tap()
    expect(desk.get_by_role("button", name="Chạy tiếp")).to_be_visible()
    desk.keyboard.press("p")
    expect(phone.get_by_role("button", name="Chốt câu trả lời")).to_be_visible()
    phone.get_by_role("button", name="Chốt câu trả lời").tap()
    in_phase(desk, Phase.REVEAL)
    desk.get_by_role("button", name="Rút lại đáp án").click()
    desk.locator("#rut-lai").get_by_role("button", name="Để nguyên").click()
    in_phase(desk, Phase.REVEAL)
    desk.get_by_role("button", name="Rút lại đáp án").click()
    desk.locator("#rut-lai").get_by_role("button", name="Rút lại").click()
    in_phase(phone, Phase.LOCKED)
    phone.get_by_role("button", name="Công bố đáp án").tap()
    in_phase(desk, Phase.REVEAL)
    expect(desk.locator("[data-log]")).to_contain_text("Rút lại đáp án")
    expect(desk.locator("[data-log]")).to_contain_text("Lê Thị Dẫn")


def test_a_desk_without_a_socket_says_so_and_still_steers(screens: Screens, house: House) -> None:
    event = house.event(now=timezone.now())
    join(event, "Lan", now=timezone.now())
    desk = screens.open(house.host, "/quan-ly/su-kien/")
    desk.route_web_socket("**/ws/live/**", lambda socket: socket.close(code=1013))
    desk.goto(at_desk(event))
    expect(desk.locator("[data-conn-text]")).to_contain_text("các nút vẫn dùng được", timeout=15_000)
    desk.get_by_role("button", name="Bắt đầu").click()
    in_phase(desk, Phase.OPEN)
    desk.get_by_role("button", name="Tạm dừng").click()
    expect(desk.get_by_role("button", name="Chạy tiếp")).to_be_visible(timeout=10_000)


def test_two_hosts_press_at_once_and_the_second_is_told(screens: Screens, house: House) -> None:
    event = house.event(now=timezone.now())
    join(event, "Lan", now=timezone.now())
    desk = screens.open(house.host, at_desk(event))
    expect(desk.locator("[data-conn]")).to_have_attribute("data-state", "live", timeout=20_000)
    # The second tap of a nervous hand: both name the state they saw.
    answers = desk.evaluate(
        """async () => {
          const { link } = await import(document.querySelector('script[src*="live/host"]').src);
          const at = link.frame.at;
          return Promise.all([link.command("next", {}, at), link.command("next", {}, at)]);
        }"""
    )
    assert sorted(one["ok"] for one in answers) == [False, True]
    assert next(one["text"] for one in answers if not one["ok"])
    in_phase(desk, Phase.OPEN)
    event.refresh_from_db()
    assert event.instance == 1


def test_a_marshal_taps_boards_on_a_phone(screens: Screens, house: House) -> None:
    event = house.event("bell", lobby=False, now=timezone.now())
    event.rules["bell"]["marshal"] = True
    event.save(update_fields=["rules"])
    open_lobby(event=event, actor=house.host, now=timezone.now())
    join(event, "Bà Sáu", "Ông Bảy", "Chú Tám", now=timezone.now(), marshal=True)
    desk = screens.open(house.host, at_desk(event))
    floor = screens.open(house.host, at_desk(event).replace("dieu-khien", "trong-tai"), viewport=PHONE, has_touch=True)
    desk.get_by_role("button", name="Bắt đầu").click()
    in_phase(desk, Phase.OPEN)
    two = floor.locator('[data-seat="2"]')
    expect(two).to_be_enabled()
    two.tap()
    expect(two).to_have_attribute("aria-pressed", "true")
    expect(floor.locator("[data-saved]")).to_have_text("Đã lưu")
    no_violations(floor)
    two.tap()
    expect(two).to_have_attribute("aria-pressed", "false")
    two.tap()
    desk.get_by_role("button", name="Chốt câu trả lời").click()
    in_phase(desk, Phase.LOCKED)
    desk.get_by_role("button", name="Công bố đáp án").click()
    desk.get_by_role("button", name="Chờ trọng tài").click()
    floor.get_by_role("button", name="Còn lại đúng (2)").tap()
    expect(floor.locator("[data-rest]")).to_be_disabled()
    desk.locator("[data-next]").click()
    in_phase(desk, Phase.REVEAL)
    expect(desk.locator("[data-seats] [data-s=f]")).to_have_text("2")
    assert json.loads(desk.locator("[data-live]").get_attribute("data-words") or "")["say"]


def test_a_desk_that_loses_its_line_says_so_and_works_when_it_is_back(screens: Screens, house: House) -> None:
    event = house.event(now=timezone.now())
    join(event, "Lan", now=timezone.now())
    desk = screens.open(house.host, at_desk(event))
    line = desk.locator("[data-conn]")
    expect(line).to_have_attribute("data-state", "live", timeout=20_000)
    desk.context.set_offline(True)
    expect(line).to_have_attribute("data-state", "waiting", timeout=20_000)
    expect(line).to_contain_text("Mất kết nối")
    desk.get_by_role("button", name="Bắt đầu").click()
    expect(desk.locator(".toast-error")).to_contain_text("lệnh chưa gửi đi")
    no_violations(desk)
    event.refresh_from_db()
    assert event.phase == Phase.LOBBY
    desk.context.set_offline(False)
    expect(line).to_have_attribute("data-state", "live", timeout=20_000)
    desk.get_by_role("button", name="Bắt đầu").click()
    in_phase(desk, Phase.OPEN)


def test_a_wall_without_a_socket_asks_by_http_says_so_and_comes_back(screens: Screens, house: House) -> None:
    event = house.event(now=timezone.now())
    join(event, "Lan", now=timezone.now())
    show = Show(event, house.host, timezone.now())
    show.command("next")
    wall = screens.open(house.resident, "/choi/", viewport={"width": 1920, "height": 1080})
    blocked = [True]
    wall.route_web_socket(
        "**/ws/live/**", lambda socket: socket.close(code=1013) if blocked[0] else socket.connect_to_server()
    )
    key = grant(event=event, role=GrantRole.WALL, actor=house.host, now=timezone.now()).key
    wall.goto(f"/su-kien/{event.public_id}/man-hinh/?k={key}")
    said = wall.locator("[data-connection]")
    expect(said).to_contain_text("tự cập nhật hai giây một lần", timeout=20_000)
    expect(wall.locator("body")).to_have_attribute("data-phase", Phase.OPEN)
    no_violations(wall)
    show.command("end_now")
    show.later(1)
    show.tick()
    show.until(Phase.LOCKED, Phase.REVEAL)
    expect(wall.locator("body")).to_have_attribute("data-phase", event.phase, timeout=10_000)
    # Its right is asked each time.
    assert Client().get(f"/su-kien/{event.public_id}/man-hinh/trang-thai.json").status_code == 403
    blocked[0] = False
    expect(said).to_be_hidden(timeout=60_000)
    expect(wall.locator("body")).to_have_attribute("data-link", "live")


def test_somebody_sent_out_by_mistake_is_let_in_again_from_the_notice(screens: Screens, house: House) -> None:
    event = house.event(now=timezone.now())
    lan, _nam = join(event, "Lan", "Nam", now=timezone.now())
    desk = screens.open(house.host, at_desk(event))
    expect(desk.locator("[data-conn]")).to_have_attribute("data-state", "live", timeout=20_000)
    for button, dialog, status in (
        ("Mời ra khỏi phòng", "#moi-mot", "kicked"),
        ("Chặn, không cho vào lại", "#chan-mot", "banned"),
    ):
        row = desk.locator(".roster > li", has_text="Lan")
        row.locator("summary").click()
        row.get_by_role("button", name=button).click()
        expect(desk.locator(dialog)).to_contain_text("Lan")
        no_violations(desk)
        desk.locator(dialog).get_by_role("button", name="Không", exact=True).click()
        lan.refresh_from_db()
        assert lan.status == "in"
        row.locator("summary").click()
        row.get_by_role("button", name=button).click()
        desk.locator(dialog).get_by_role("button", name=button).click()
        undo = desk.locator(".toast").get_by_role("button", name="Cho vào lại")
        expect(undo).to_be_visible()
        no_violations(desk)
        lan.refresh_from_db()
        assert lan.status == status
        undo.click()
        expect(row.locator(".roster-who .muted")).to_have_text("")  # in the room again
        lan.refresh_from_db()
        assert lan.status == "in"


def test_a_question_is_asked_again_and_an_earlier_one_is_judged(screens: Screens, house: House) -> None:
    rules = make_live_rules(auto_reveal=False, board_every=0)
    event = house.event(now=timezone.now(), rules=rules)
    show = Show(event, house.host, timezone.now())
    [lan] = join(event, "Lan", now=show.now)
    desk = screens.open(house.host, at_desk(event))
    show.ask({lan: WRONG})
    show.put()
    expect(desk.locator("[data-count]")).to_have_text("Câu 2/3", timeout=20_000)
    desk.get_by_role("button", name="Hỏi lại câu này").click()
    no_violations(desk)
    desk.locator("#hoi-lai").get_by_role("button", name="Hỏi lại", exact=True).click()
    expect(desk.locator("[data-log]")).to_contain_text("Hỏi lại câu này")
    event.refresh_from_db()
    assert (event.index, event.instance) == (1, 3)
    desk.get_by_role("button", name="Chốt câu trả lời").click()
    in_phase(desk, Phase.LOCKED)
    desk.get_by_role("button", name="Giám khảo quyết định").click()
    which = desk.get_by_label("Câu hỏi", exact=True)
    expect(which.locator("option")).to_have_count(2)
    expect(which).to_have_value("1")  # the one on stage, before its reveal
    which.select_option("0")
    desk.get_by_label("Đáp án được chấp nhận thêm").first.select_option(WRONG)
    desk.get_by_label("Lý do").fill("Cả hai phương án đều đúng")
    no_violations(desk)
    desk.get_by_role("button", name="Ghi quyết định").click()
    expect(desk.locator("#giam-khao")).to_be_hidden()
    lan.refresh_from_db()
    assert (lan.correct, lan.score > 0) == (1, True)


def test_the_first_of_the_rules_order_come_back_by_number(screens: Screens, house: House) -> None:
    rules = make_live_rules(Mode.BELL, board_every=0)
    event = house.event(Mode.BELL, now=timezone.now(), rules=rules)
    show = Show(event, house.host, timezone.now())
    early, late, stays = join(event, "Rời Sớm", "Rời Muộn", "Còn Lại", now=show.now)
    show.ask({early: WRONG, late: RIGHT, stays: RIGHT})
    show.ask({late: WRONG, stays: RIGHT})
    desk = screens.open(house.host, at_desk(event))
    desk.get_by_role("button", name="Sang phần cứu trợ").click()
    number = desk.get_by_label("Số người", exact=True)
    number.fill("1")
    expect(desk.locator("[data-candidates] li").first).to_contain_text("Rời Muộn")
    no_violations(desk)
    desk.get_by_role("button", name="Đưa 1 người đầu danh sách trở lại").click()
    expect(desk.locator("[data-candidates] li")).to_have_count(1)
    assert [one.status for one in reload(early, late)] == ["out", "in"]
    expect(desk.get_by_role("button", name="đầu danh sách trở lại")).to_be_disabled()  # one rescue, and it is used


def test_names_beyond_those_shown_are_approved_only_after_a_question(screens: Screens, house: House) -> None:
    rules = make_live_rules(names=Names.APPROVE)
    event = house.event(now=timezone.now(), rules=rules)
    join(event, *(f"Hương {number}" for number in range(WAITING_SHOWN + 5)), now=timezone.now())
    desk = screens.open(house.host, at_desk(event))
    expect(desk.locator("[data-waiting-list] li")).to_have_count(WAITING_SHOWN)
    expect(desk.locator("[data-waiting-total]")).to_contain_text("60 người đầu trong 65 người")
    desk.get_by_role("button", name="Duyệt tất cả").click()
    expect(desk.locator("#duyet-het")).to_contain_text("65")
    no_violations(desk)
    desk.locator("#duyet-het").get_by_role("button", name="Duyệt tất cả").click()
    expect(desk.locator("[data-waiting]")).to_be_hidden()
    assert set(event.players.values_list("name_state", flat=True)) == {"ok"}
