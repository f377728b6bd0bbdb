"""One person invites another: the link goes from phone to phone, the paper is taken, the board tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from contest.arrivals import now_utc
from contest.models import Attempt, Contest, InviteCredit, InviteLink, Round
from people.models import Resident
from tests.contest.invitees import make_verified
from tests.contest.pages import listed_round, page_rules
from tests.journeys.faults import too_wide, violations
from tests.journeys.papers import Device, go_on, question, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.slow]

LATER = timedelta(minutes=3)


def open_contest() -> Round:
    return listed_round(rules=page_rules(masking={"style": "masked", "minors_style": "initials"}))


def test_from_phone_to_phone(open_device: Device) -> None:
    open_contest()
    lan, mai = make_verified("Nguyễn Phước Thiên Hương Bảo Châu"), make_verified("Lê Thị Mai")
    phone = open_device(lan)
    phone.goto(reverse("contest:contest", args=["thi"]))
    phone.get_by_role("link", name="Link mời của riêng bạn và bảng lan tỏa").click()
    assert (violations(phone), too_wide(phone)) == ([], [])
    phone.get_by_role("button", name="Lấy link mời của tôi").click()
    expect(phone.get_by_role("button", name="Chia sẻ", exact=True)).to_be_visible()
    expect(phone.get_by_role("button", name="Chép link")).to_be_visible()
    phone.get_by_role("link", name="Mã QR").click()
    expect(phone.locator("dialog[open] img")).to_be_visible()
    phone.get_by_role("button", name="Đóng").click()
    assert (violations(phone), too_wide(phone)) == ([], [])

    other = open_device(mai)
    other.goto(f"/moi/{InviteLink.objects.get().code}/")
    expect(other.get_by_text("Nguyễn P** T** H** B** C** mời bạn dự thi")).to_be_visible()
    assert (violations(other), too_wide(other)) == ([], [])
    take_the_paper(other, mai)

    Contest.objects.update(invites_counted_at=None)  # its turn comes every minute
    phone.reload()
    expect(phone.get_by_text("Được tính", exact=True).first).to_be_visible()
    phone.get_by_text("Những người đã vào thi từ link này").click()
    expect(phone.get_by_text("Lê T** M**")).to_be_visible()
    expect(phone.locator(".board-row[data-own]")).to_contain_text("Nguyễn P** T** H** B** C**")
    assert (violations(phone), too_wide(phone)) == ([], [])
    assert InviteCredit.objects.get().state == "counted"


def take_the_paper(page: Page, who: Resident) -> None:
    """Start, answer and hand in; the start is put back, so that nobody answers faster than they can read."""
    start(page)
    Attempt.objects.filter(entry__resident=who).update(started_at=now_utc() - LATER)
    for _ in range(3):
        right = question(page).locator(".option", has_text="Ngày 10/10")
        right.click()
        expect(right.locator(".option-note")).to_have_text("Đã lưu")
        go_on(page)
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.locator(".gold")).to_have_text("3", timeout=10_000)


def test_without_javascript(open_device: Device) -> None:
    open_contest()
    page = open_device(make_verified("Nguyễn Thị Lan"), java_script_enabled=False)
    page.goto(reverse("contest:spread", args=["thi"]))
    page.get_by_role("button", name="Lấy link mời của tôi").click()
    code = InviteLink.objects.get().code
    expect(page.locator(".invite-url")).to_contain_text(f"/moi/{code}/")
    expect(page.get_by_role("button", name="Chia sẻ", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Mã QR").click()
    page.wait_for_url(f"**/moi/{code}.svg")
