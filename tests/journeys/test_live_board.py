"""The live board in a real browser on a real server: it moves by itself, marks one's own row, and lives without WebSocket."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from contest.domain.scoring import score_round
from contest.models import Contest
from realtime.publish import announcer
from tests.contest.papers import make_paper, simple_contest
from tests.factories import make_entry, make_resident, make_round, make_unit
from tests.journeys.faults import violations
from tests.journeys.nursery import Nursery
from tests.realtime.servers import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

NAMES = ["Nguyễn Phước Thiên Hương Bảo Châu", "Trần Văn An", "Lê Thị Hoa", "Phạm Minh Đức", "Võ Thị Mỹ Linh"]


@pytest.fixture
def contest(valkey: Any, transactional_db: Any) -> Contest:
    now = timezone.now()
    contest = simple_contest(masking={"style": "full", "minors_style": "initials", "show_unit": True})
    Contest.objects.filter(pk=contest.pk).update(slug="hoi-thi", listed_at=now)
    make_round(contest, opens_at=now - timezone.timedelta(hours=1), closes_at=now + timezone.timedelta(hours=2))
    return contest


@pytest.fixture
def server(contest: Contest, nursery: Nursery) -> Any:
    with nursery.server() as one:
        yield one
    announcer.close()


def finish(contest: Contest, name: str, *, sheet: str = "BBBBB", seconds: int = 60) -> str:
    """Somebody hands in; their public id."""
    round_ = contest.rounds.get()
    unit = make_unit("Ủy ban Mặt trận Tổ quốc Việt Nam xã Tân Phú Đông")
    entry = make_entry(contest, make_resident(name, unit=unit))
    make_paper(round_, entry, sheet, seconds=seconds, at=timezone.now())
    score_round(round_id=round_.pk, now=timezone.now())
    return entry.public_id


def watched(page: Page) -> list[str]:
    """Errors of the page."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda said: errors.append(said.text) if said.type == "error" and "Security" in said.text else None
    )
    return errors


def test_the_first_paper_takes_the_podium_of_the_contest_page(server: Server, contest: Contest, page: Page) -> None:
    """The page was opened before anybody had handed in."""
    errors = watched(page)
    page.goto(f"{server.http}/c/hoi-thi/")
    nobody = page.get_by_text("Chưa có ai nộp bài")
    expect(nobody).to_be_visible()
    podium = page.locator("[data-board-podium]")
    expect(podium).to_be_hidden()
    finish(contest, NAMES[0])
    expect(podium.locator(".name")).to_have_text([NAMES[0]], timeout=15_000)
    expect(podium).to_be_visible()
    expect(nobody).to_be_hidden()
    assert errors == []


def test_who_stands_on_the_podium_is_not_drawn_anew(server: Server, contest: Contest, page: Page) -> None:
    """What the page came with is the same person the first frame tells of: nothing fades in a second time."""
    finish(contest, NAMES[0], seconds=30)
    # Marked before the connection can say anything.
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        " const one = document.querySelector('[data-board-podium] li'); if (one) one.mine = true; })"
    )
    page.goto(f"{server.http}/c/hoi-thi/")
    names = page.locator("[data-board-podium] .name")
    expect(names).to_have_text([NAMES[0]])
    finish(contest, NAMES[1], seconds=100)
    expect(names).to_have_text(NAMES[:2], timeout=15_000)
    stood = page.locator("[data-board-podium] li").evaluate_all("all => all.map((one) => one.mine === true)")
    assert stood == [True, False]


def test_the_wall_fills_reorders_and_takes_turns(server: Server, contest: Contest, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page = context.new_page()
    errors = watched(page)
    page.goto(f"{server.http}/chieu/hoi-thi/")
    expect(page.get_by_text("Chưa có ai nộp bài")).to_be_visible()
    for place, name in enumerate(NAMES[1:]):
        finish(contest, name, seconds=100 + place)
    rows = page.locator("[data-board-rows] .name")
    expect(rows).to_have_text([NAMES[4]], timeout=15_000)
    expect(page.locator("[data-board-podium] .name")).to_have_text(NAMES[1:4])
    finish(contest, NAMES[0], seconds=30)
    expect(page.locator("[data-board-podium] .name")).to_have_text([NAMES[0], NAMES[1], NAMES[2]], timeout=15_000)
    expect(rows).to_have_text([NAMES[3], NAMES[4]])
    expect(page.locator("[data-wall-people]")).to_have_text("5")
    assert page.evaluate("document.documentElement.scrollHeight") == 1080
    assert page.evaluate("document.documentElement.scrollWidth") == 1920
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Đơn vị dẫn đầu")).to_be_visible()
    expect(page.locator("[data-wall-sound]")).to_have_attribute("aria-pressed", "false")
    assert violations(page) == []
    assert errors == []
    context.close()


def test_a_page_marks_the_own_row_wherever_it_moves(server: Server, contest: Contest, browser: Browser) -> None:
    mine = finish(contest, NAMES[1], sheet="BBBAA")
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    errors = watched(page)
    # The page of a person who is signed in carries the public id of the entry; here it is put there by hand.
    page.add_init_script(
        "new MutationObserver(() => { const board = document.querySelector('[data-board]');"
        f"if (board) board.dataset.own = '{mine}'; }}).observe(document, {{ childList: true, subtree: true }})"
    )
    page.goto(f"{server.http}/c/hoi-thi/bang/")
    expect(page.locator("[data-board]")).to_have_attribute("data-live", "live", timeout=15_000)
    finish(contest, NAMES[0])
    finish(contest, NAMES[2], sheet="BBBAA")
    rows = page.locator("[data-board-rows] > li")
    expect(rows).to_have_count(3, timeout=15_000)
    own = page.locator("[data-board-rows] > li[data-own]")
    expect(own).to_have_count(1)
    expect(own).to_have_attribute("data-key", mine)
    expect(own.locator(".board-you")).to_have_text("Bạn")
    expect(own.locator(".board-tie")).to_have_text("đồng hạng")
    expect(rows.first.locator(".board-tie:visible")).to_have_count(0)
    expect(page.locator("[data-board-stamp]")).to_contain_text("cập nhật")
    assert errors == []
    context.close()


def test_without_websocket_the_board_is_polled(server: Server, contest: Contest, browser: Browser) -> None:
    finish(contest, NAMES[1])
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("delete window.WebSocket; Math.random = () => 0;")
    page.goto(f"{server.http}/chieu/hoi-thi/")
    expect(page.locator("[data-board]")).to_have_attribute("data-live", "polling")
    finish(contest, NAMES[0], seconds=30)
    expect(page.locator("[data-board-podium] .name").first).to_have_text(NAMES[0], timeout=20_000)
    context.close()


def test_a_dropped_line_comes_back_and_catches_up(server: Server, contest: Contest, browser: Browser) -> None:
    finish(contest, NAMES[1])
    context = browser.new_context()
    page = context.new_page()
    lines: list[Any] = []

    def through(line: Any) -> None:
        lines.append(line)
        line.connect_to_server()

    page.route_web_socket("**/ws/board/**", through)
    page.goto(f"{server.http}/chieu/hoi-thi/")
    expect(page.locator("[data-board]")).to_have_attribute("data-live", "live", timeout=15_000)
    lines[0].close(code=1012, reason="deploy")
    finish(contest, NAMES[0], seconds=30)
    expect(page.locator("[data-board-podium] .name").first).to_have_text(NAMES[0], timeout=20_000)
    assert len(lines) > 1
    # A line that is refused for good is not asked again.
    lines[-1].close(code=4404, reason="gone")
    expect(page.locator("[data-board]")).to_have_attribute("data-live", "gone")
    expect(page.get_by_text("Bảng này không còn được công khai")).to_be_visible()
    context.close()


def test_without_javascript_the_wall_is_complete(server: Server, contest: Contest, browser: Browser) -> None:
    for place, name in enumerate(NAMES):
        finish(contest, name, seconds=100 + place)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.http}/chieu/hoi-thi/")
    expect(page.locator("[data-board-podium] .name")).to_have_text(NAMES[:3])
    expect(page.locator("[data-board-rows] .name")).to_have_text(NAMES[3:])
    context.close()
