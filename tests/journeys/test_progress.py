"""Achievements on a phone and a wide screen: readable by everybody, nothing runs off the side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from people.enums import Role
from people.models import Resident
from quizbank.domain.progress_settings import choose_progress
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.domain.unit_goals import set_goal
from quizbank.rewards import vn_day
from tests.factories import make_role, make_user
from tests.journeys.faults import too_wide, violations
from tests.journeys.papers import Device
from tests.quizbank.decks import make_deck

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.slow]


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_of_achievements_are_whole(an: Resident, open_device: Device, width: int) -> None:
    make_deck(cards=12)
    now = timezone.now()
    looks = [
        SentReview(f"co-ban-{card:02d}", 4, now - timedelta(seconds=20 * card), f"look-{card}") for card in range(1, 12)
    ]
    record_reviews(person=an.user, reviews=looks, now=now)
    choose_progress(person=an.user, shown=True, league=True, now=now)
    officer = make_user("Phạm Thị Đầu Mối")
    make_role(officer, Role.UNIT_OFFICER, unit=an.unit)
    today = vn_day(now)
    goal = set_goal(
        actor=officer, unit=an.unit, title="Xã ta học 1.000 thẻ", target=1000, starts_on=today, ends_on=today, now=now
    )
    page = open_device(an, viewport={"width": width, "height": 800})
    for name in ("progress", "knowledge", "league", "goals", "progress_settings"):
        page.goto(reverse(f"quizbank:{name}"))
        assert (violations(page), too_wide(page)) == ([], []), name
    page.goto(reverse("quizbank:goal", args=[goal.public_id]))
    expect(page.locator("b.gold")).to_have_text("11")
    assert (violations(page), too_wide(page)) == ([], [])


def test_switching_it_all_off_and_on(an: Resident, open_device: Device) -> None:
    page = open_device(an)
    page.goto(reverse("quizbank:progress"))
    page.get_by_role("link", name="Bật, tắt").click()
    page.get_by_role("checkbox", name="Hiện điểm").uncheck()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Bạn đang tắt điểm và huy hiệu")).to_be_visible()
    page.get_by_role("link", name="Mở phần bật, tắt").click()
    page.get_by_role("checkbox", name="Hiện điểm").check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Hạt giống")).to_be_visible()
