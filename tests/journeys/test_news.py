"""What learning has won is said where it was won: once, also with two devices, a lost network, and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from people.models import Resident
from quizbank.models import BadgeAward
from tests.contest.pages import listed_round
from tests.factories import make_questions
from tests.journeys.faults import too_wide, violations
from tests.journeys.papers import Device
from tests.quizbank.decks import make_deck

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.slow]

HOME, STUDY = "/hoc/", "/hoc/the/co-ban/hoc/"
PAGES = ("progress", "knowledge", "league", "goals", "progress_settings")


def study_one_card(page: Page) -> None:
    page.locator(".flash-front").click()
    page.get_by_role("button", name="Dễ").click()


def begin(page: Page) -> None:
    page.goto(STUDY)
    page.locator("[data-study][data-live]").wait_for()


def test_the_end_of_a_sitting_tells_what_it_won_and_nobody_tells_it_again(open_device: Device, an: Resident) -> None:
    make_deck(cards=1)
    phone, tablet = open_device(an), open_device(an)
    begin(phone)
    study_one_card(phone)
    news = phone.locator("[data-news]")
    expect(news.get_by_text("Hạt mầm")).to_be_visible()
    assert (violations(phone), too_wide(phone)) == ([], [])
    tablet.goto(HOME)
    expect(tablet.locator("[data-news]")).to_be_empty()
    news.get_by_role("link", name="Xem thành tích").click()
    expect(phone.get_by_role("heading", name="Hạt mầm")).to_be_visible()
    expect(phone.get_by_text("Mới", exact=True)).to_have_count(0)


def test_what_was_won_without_a_network_is_told_on_the_page_that_sends_it(open_device: Device, an: Resident) -> None:
    make_deck(cards=2)
    page = open_device(an, service_workers="allow")
    begin(page)
    expect(page.locator("[data-ready]")).to_be_visible(timeout=15_000)
    page.context.set_offline(True)
    study_one_card(page)
    page.goto(HOME)
    assert not BadgeAward.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-news]").get_by_text("Hạt mầm")).to_be_visible(timeout=10_000)


def test_without_scripts_the_next_page_tells_it(open_device: Device, an: Resident) -> None:
    make_deck(cards=1)
    page = open_device(an, java_script_enabled=False)
    page.goto(STUDY)
    study_one_card(page)
    expect(page.get_by_role("heading", name="Xong phần hôm nay")).to_be_visible()
    expect(page.get_by_text("Hạt mầm")).to_be_visible()
    page.goto(HOME)
    expect(page.get_by_text("Hạt mầm")).to_have_count(0)


def test_a_page_never_opened_without_a_network_shows_ways_on(open_device: Device, an: Resident) -> None:
    make_deck(cards=1)
    page = open_device(an, service_workers="allow")
    begin(page)
    expect(page.locator("[data-ready]")).to_be_visible(timeout=15_000)
    page.context.set_offline(True)
    page.goto("/hoc/luyen/")
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("link", name="Đến trang học").click()
    expect(page.get_by_role("heading", name="Bộ thẻ ghi nhớ")).to_be_visible()
    page.goto("/hoc/luyen/")
    page.context.set_offline(False)
    page.get_by_role("link", name="Thử lại").click()
    page.wait_for_url("**/hoc/luyen/")
    expect(page.get_by_text("Lúc này chưa có câu nào để luyện")).to_be_visible()


def test_every_tab_is_in_sight_on_a_phone(open_device: Device, an: Resident) -> None:
    page = open_device(an)
    for name in PAGES:
        page.goto(reverse(f"quizbank:{name}"))
        tabs = page.locator(".progress-tabs a")
        expect(tabs).to_have_count(5)
        for tab in tabs.all():
            box = tab.bounding_box()
            assert box is not None
            assert (box["x"] >= 0, box["x"] + box["width"] <= 360, box["height"] >= 48) == (True, True, True), name


def test_a_mock_paper_can_be_left(open_device: Device) -> None:
    make_questions(5)
    listed_round()
    page = open_device()
    page.goto("/c/thi/vong/1/thi-thu/")
    page.get_by_role("button", name="Bắt đầu thi thử").click()
    page.get_by_role("link", name="Thoát bài thi thử").click()
    expect(page.get_by_role("button", name="Bắt đầu thi thử")).to_be_visible()
