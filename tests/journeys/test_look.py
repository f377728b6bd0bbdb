"""The design system in a real Chromium: axe, no sideways scroll, and the modules every page relies on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.faults import violations

pytestmark = pytest.mark.django_db(transaction=True)

# What the style guide shows as moving is still moving while axe looks; colours are final by then.
SETTLED_MS = 400


@pytest.fixture
def guide(live_server: Any, settings: Any) -> str:
    """Address of the style guide, open because this is development."""
    settings.DEBUG = True
    return f"{live_server.url}/kieu/"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_style_guide_is_accessible_and_fits(browser: Browser, guide: str, scheme: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for screen in ("", "?man=quan-ly"):
        page.goto(guide + screen)
        page.wait_for_timeout(SETTLED_MS)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert errors == []
    context.close()


def test_projector_never_scrolls(page: Page, guide: str) -> None:
    for width, height in ((1920, 1080), (1366, 768), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{guide}?man=chieu")
        assert page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]") == [
            height,
            width,
        ]
        rows = page.locator(".stage-body").evaluate("box => box.scrollHeight <= box.clientHeight + 1")
        assert rows


def test_theme_is_kept_and_painted_by_the_server(page: Page, guide: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(guide)
    page.locator(".site-footer [data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".site-footer [data-theme-toggle]").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile(".*"))


def test_ring_counts_by_the_servers_clock_and_speaks(page: Page, guide: str) -> None:
    page.goto(guide)
    page.evaluate(
        """async () => {
            const { syncRing, setAnswered } = await import("/static/js/ring.js");
            const ring = document.querySelector("[data-ring]");
            window.heard = [];
            ring.addEventListener("ring:level", (event) => window.heard.push(event.detail.level));
            ring.addEventListener("ring:over", () => window.heard.push("over"));
            syncRing(ring, { now: 1000, deadline: 1011.5 });
            setAnswered(ring, 15, 15);
        }"""
    )
    ring = page.locator("[data-ring]").first
    expect(ring).to_have_attribute("data-level", "gold")
    expect(ring.locator("[data-ring-say]")).to_have_text("Còn 10 giây", timeout=4000)
    expect(ring).to_have_attribute("data-level", "son", timeout=4000)
    page.evaluate(
        """async () => {
            const { syncRing } = await import("/static/js/ring.js");
            syncRing(document.querySelector("[data-ring]"), { now: 1000, deadline: 1000.4 });
        }"""
    )
    expect(ring.locator("[data-ring-text]")).to_have_text("0:00")
    expect(ring.locator("[data-ring-say]")).to_have_text("Hết giờ")
    assert page.evaluate("window.heard") == ["gold", "son", "over"]


def test_dialog_opens_and_closes_and_gives_the_focus_back(page: Page, guide: str) -> None:
    page.goto(guide)
    opener = page.locator("[data-opens=hop]")
    opener.click()
    expect(page.locator("#hop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#hop")).to_be_hidden()
    expect(opener).to_be_focused()
    page.locator("[data-opens=to]").click()
    page.locator("#to [data-closes]").click()
    expect(page.locator("#to")).to_be_hidden()


def test_requests_are_repeated_until_there_is_an_answer(page: Page, guide: str) -> None:
    page.goto(guide)
    answers = page.evaluate(
        """async () => {
            const { sendWithRetry, net } = await import("/static/js/net.js");
            const seen = [];
            net.addEventListener("offline", () => seen.push("offline"));
            net.addEventListener("online", () => seen.push("online"));
            const script = [() => { throw new TypeError("network"); }, () => new Response("", { status: 503 }), () => new Response("", { status: 409 })];
            const response = await sendWithRetry(async () => script.shift()(), { base: 20, cap: 40 });
            return [response.status, ...seen];
        }"""
    )
    assert answers == [409, "offline", "online"]


def test_numbers_are_written_as_vietnamese(page: Page, guide: str) -> None:
    page.goto(guide)
    written = page.evaluate(
        """async () => {
            const f = await import("/static/js/format.js");
            return [f.clock(532), f.clock(3661), f.duration(545), f.duration(0), f.ago(2), f.number(12408.5), f.percent(0.125)];
        }"""
    )
    assert written == ["8:52", "1:01:01", "9 phút 5 giây", "0 giây", "2 giây trước", "12.408,5", "12,5%"]


def test_rows_move_to_their_new_places(page: Page, guide: str) -> None:
    page.goto(guide)
    moving = page.evaluate(
        """async () => {
            const { flip } = await import("/static/js/flip.js");
            const board = document.querySelector(".board");
            const rows = [...board.querySelectorAll(".board-row")].slice(0, 2);
            rows.forEach((row, i) => { row.dataset.key = i; });
            flip(board, () => rows[1].after(rows[0]));
            return rows.map((row) => row.getAnimations().length);
        }"""
    )
    assert moving == [1, 1]
