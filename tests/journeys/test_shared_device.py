"""A telephone that goes from hand to hand: nobody learns, writes or reads as the person before."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from people.models import Resident
from quizbank.models import CardReview
from tests.journeys.papers import Device
from tests.quizbank.decks import make_deck

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.slow]

STUDY = "/hoc/the/co-ban/hoc/"
WAITING = """() => Object.fromEntries(Object.keys(localStorage).filter((key) => key.startsWith("thiso.hoc."))
  .map((key) => [key, JSON.parse(localStorage.getItem(key)).wait.length]))"""


def begin(page: Page) -> None:
    page.goto(STUDY)
    page.locator("[data-study][data-live]").wait_for()


def look(page: Page) -> None:
    page.locator(".flash-front").click()
    page.get_by_role("button", name="Dễ").click()


def ready_offline(page: Page) -> None:
    expect(page.get_by_text("Bộ thẻ đã sẵn sàng để học khi không có mạng.")).to_be_visible(timeout=15_000)


def test_who_learns_after_somebodys_session_ended_learns_for_themselves(open_device: Device, an: Resident) -> None:
    make_deck(cards=3)
    page = open_device(an, service_workers="allow")
    begin(page)
    ready_offline(page)
    page.context.clear_cookies()  # the session ends, nobody has signed out
    begin(page)
    ready_offline(page)
    page.context.set_offline(True)
    begin(page)
    look(page)
    mine, guest = f"thiso.hoc.{an.user.public_id}", "thiso.hoc.khach"
    assert page.evaluate(WAITING) == {mine: 0, guest: 1}
    assert CardReview.objects.count() == 0


def test_what_waits_for_somebody_is_kept_and_told_on_every_visit(open_device: Device, an: Resident) -> None:
    make_deck(cards=3)
    page = open_device(an, service_workers="allow")
    begin(page)
    ready_offline(page)
    page.context.set_offline(True)
    look(page)
    page.context.clear_cookies()
    page.context.set_offline(False)
    for _ in range(2):
        begin(page)
        expect(page.locator(".toast").first).to_contain_text("1")
    assert page.evaluate(WAITING)[f"thiso.hoc.{an.user.public_id}"] == 1


def test_signing_out_empties_a_browser_that_does_not_know_how(open_device: Device, an: Resident) -> None:
    """Old browsers, and all of them on http in a local network, do not obey Clear-Site-Data."""
    page = open_device(an)

    def plain(route: Route) -> None:
        reply = route.fetch(max_redirects=0)
        headers = {name: value for name, value in reply.headers.items() if name.lower() != "clear-site-data"}
        route.fulfill(response=reply, headers=headers)

    page.route(f"**{reverse('account_logout')}", plain)
    page.goto(reverse("people:me"))
    page.evaluate("localStorage.setItem('thiso.soan.ai-do.new', '{}'); sessionStorage.setItem('thiso.soan.gui', 'x')")
    page.get_by_role("main").get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/")
    kept = (
        "[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key.startsWith('thiso.soan'))"
    )
    assert page.evaluate(kept) == []
