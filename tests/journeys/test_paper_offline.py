"""A paper reloaded without a network is still there, with its answers and its clock; afterwards nothing of it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from people.models import Resident
from tests.contest.pages import listed_round, questions_of
from tests.journeys.papers import Device, go_on, kept, option, question, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.slow]

PAPERS = (
    "caches.open('thiso-bai').then((cache) => cache.keys()).then((all) => all.map((one) => new URL(one.url).pathname))"
)


def until_kept(page: Page) -> None:
    page.locator("html[data-copied]").wait_for(state="attached", timeout=20_000)
    assert len(page.evaluate(PAPERS)) == 1


def test_a_paper_reloaded_offline_shows_its_answers_and_goes_on(open_device: Device, an: Resident) -> None:
    listed_round(questions=4)
    page = open_device(an, service_workers="allow")
    page.on("dialog", lambda dialog: dialog.accept())
    attempt = start(page)
    until_kept(page)
    option(page, 1).click()
    expect(option(page, 1).locator(".option-note")).to_have_text("Đã lưu")
    go_on(page)
    page.context.set_offline(True)
    option(page, 2).click()
    expect(option(page, 2).locator(".option-note")).to_have_text("Giữ trên máy này")
    page.goto(f"/t/{attempt.public_id}/?c=1")
    expect(option(page, 1).locator("input")).to_be_checked()
    expect(page.get_by_text("Mất mạng. Câu trả lời vẫn được giữ trên máy này")).to_be_visible()
    left = page.evaluate("document.querySelector('[data-ring]').innerText")
    assert re.search(r"9:\d\d", left), left  # ten minutes, a few seconds ago: the copy's clock did not stand still
    go_on(page)
    expect(option(page, 2).locator("input")).to_be_checked()
    go_on(page)
    option(page, 3).click()
    page.context.set_offline(False)
    expect(option(page, 3).locator(".option-note")).to_have_text("Đã lưu", timeout=15_000)
    shown = [one.shown.options for one in questions_of(attempt)]
    expected = [shown[0][1].id, shown[1][2].id, shown[2][3].id, ""]
    assert [one.saved for one in questions_of(attempt)] == expected
    page.get_by_role("link", name="Tất cả các câu").click()
    page.locator("#tong-quan").get_by_role("link", name="Xem lại và nộp bài").click()
    question(page).get_by_role("button", name="Nộp bài", exact=True).click()
    page.locator("#xac-nhan").get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/k/**")
    assert [one.saved for one in questions_of(attempt)] == expected
    assert page.evaluate(PAPERS) == []
    assert kept(page) == []
    page.context.set_offline(True)
    page.goto(f"/t/{attempt.public_id}/")
    expect(page.get_by_role("heading", name="Mất mạng")).to_be_visible()


def test_the_copy_holds_nothing_but_the_page_and_goes_with_the_person(open_device: Device, an: Resident) -> None:
    listed_round(questions=2)
    page = open_device(an, service_workers="allow")
    start(page)
    until_kept(page)
    names = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
             (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()"""
    )
    assert {name for name in names if not name.startswith("/static/")} == {
        "/ngoai-tuyen/",
        page.evaluate("location.pathname"),
    }
    copy = page.evaluate(
        "caches.open('thiso-bai').then(async (cache) => (await cache.match((await cache.keys())[0])).text())"
    )
    assert "Quyết định 505" not in copy  # explanation and citation tell the key
    page.goto("/")
    page.locator(".site-header .menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/")
    assert page.evaluate(PAPERS) == []
