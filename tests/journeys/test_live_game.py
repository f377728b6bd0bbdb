"""Whole games in real browsers on a real server: the host's desk, the wall, phones. One of each mode, and what a phone does
when its page is reloaded, its network is gone, its owner is sent away."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from contest.arrivals import now_utc
from people.models import User
from realtime.domain.grants import grant
from realtime.domain.steering import steer_event
from realtime.enums import GrantRole, Mode
from realtime.models import Event, LiveAnswer, Player
from realtime.rules import BellRules, TeamRules, preset
from tests.journeys.faults import too_wide, violations
from tests.journeys.nursery import Nursery
from tests.journeys.papers import PHONE
from tests.realtime.live_factories import make_event, make_live_rules
from tests.realtime.servers import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

LONG = "Nguyễn Thiên Hương"
WAIT = 15_000


@dataclass
class Hall:
    """The desk, the wall and the phones of one event."""

    server: Server
    event: Event
    browser: Browser
    shots: Path | None = None
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        host = self.event.created_by
        assert host is not None
        context = self._context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "thiso", "value": _session(host), "url": self.server.http}])
        self.desk = self._page(context, reverse("realtime:live_desk", args=[self.event.public_id]))
        key = grant(event=self.event, role=GrantRole.WALL, actor=host, now=now_utc()).key
        wall = self._context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
        self.wall = self._page(wall, reverse("realtime:wall", args=[self.event.public_id]) + f"?k={key}")

    def phone(self, name: str = "", *, url: str = "", unit: str = "") -> Page:
        """A new phone; with a name it takes a seat through the PIN field."""
        page = self._page(self._context(viewport=PHONE), url or reverse("realtime:pin"))
        if not url:
            page.get_by_label("Mã PIN").fill(str(self.event.pin))
            page.get_by_role("button", name="Vào phòng").click()
        if name:
            page.get_by_label("Tên của bạn").fill(name)
            if unit:
                page.get_by_label("Đơn vị của bạn").select_option(label=unit)
            page.get_by_role("button", name="Vào chơi").click()
            expect(screen(page, "lobby")).to_be_visible(timeout=WAIT)
        return page

    def next(self, phase: str) -> None:
        """The host presses the one filled button; the wall follows."""
        self.desk.locator("[data-next]:not([disabled])").click()
        self.at(phase)

    def at(self, phase: str) -> None:
        """Wait until the wall shows this phase."""
        expect(self.wall.locator("body")).to_have_attribute("data-phase", phase, timeout=WAIT)

    def look(self, name: str, *pages: Page) -> None:
        """The wall does not scroll, no phone scrolls sideways, axe finds nothing."""
        size = self.wall.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [1920, 1080], name
        assert violations(self.wall) == [], name
        if self.shots:
            self.wall.screenshot(path=self.shots / f"{name}-wall.png")
        for number, page in enumerate(pages):
            assert too_wide(page) == [], name
            assert violations(page) == [], name
            if self.shots:
                page.screenshot(path=self.shots / f"{name}-phone{number}.png")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.errors == []

    def _context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(locale="vi-VN", base_url=self.server.http, **options)
        self.contexts.append(context)
        return context

    def _page(self, context: BrowserContext, url: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if "Security" in line.text else None)
        page.goto(url)
        return page


@pytest.fixture
def shots() -> Path | None:
    """Where to put screenshots, when somebody wants to look: THISO_SHOTS=<folder>."""
    return Path(folder) if (folder := os.environ.get("THISO_SHOTS")) else None


@pytest.fixture
def open_hall(
    transactional_db: Any, valkey: Any, browser: Browser, shots: Path | None, nursery: Nursery
) -> Iterator[Callable[..., Hall]]:
    cache.clear()
    halls: list[Hall] = []
    with nursery.server() as server:

        def start(event: Event) -> Hall:
            halls.append(Hall(server, event, browser, shots))
            return halls[-1]

        yield start
        for hall in halls:
            hall.close()


def _session(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def screen(page: Page, name: str) -> Any:
    return page.locator(f'#san[data-screen="{name}"]')


def tap(page: Page, letter: str) -> None:
    """Choose an option and see it received; the last one to answer sees the answer at once."""
    expect(screen(page, "ask")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name=re.compile(rf"^{letter}\b")).click()
    received = page.locator(".ask-note", has_text="Đã nhận")
    expect(received.or_(screen(page, "reveal"))).to_be_visible(timeout=WAIT)


def test_a_speed_race_from_the_lobby_to_the_result(open_hall: Callable[..., Hall]) -> None:
    event = make_event(now=now_utc(), rules=make_live_rules(seconds=40, board_every=1), questions=2)
    hall = open_hall(event)
    expect(hall.wall.locator(".lobby-pin")).to_have_text(
        re.sub(r"(\d{3})(\d{3})", r"\1\2", str(event.pin)), timeout=WAIT
    )
    an, binh = hall.phone(LONG), hall.phone("Bình")
    expect(hall.wall.locator(".lobby-names li")).to_have_count(2, timeout=WAIT)
    hall.look("race-lobby", an)
    hall.next("open")
    expect(an.locator(".stem")).to_be_visible(timeout=WAIT)
    hall.look("race-open", an)
    tap(an, "B")
    expect(hall.wall.locator(".q-tally b")).to_have_text("1", timeout=WAIT)
    binh.keyboard.press("1")  # the keyboard answers too
    hall.at("reveal")
    expect(screen(an, "reveal")).to_contain_text("Đúng rồi", timeout=WAIT)
    expect(screen(binh, "reveal")).to_contain_text("Chưa đúng", timeout=WAIT)
    expect(hall.wall.locator(".opt[data-right]")).to_have_count(1)
    hall.look("race-reveal", an, binh)
    hall.next("board")
    expect(hall.wall.locator(".rank .name")).to_have_text([LONG, "Bình"], timeout=WAIT)
    expect(screen(binh, "board").locator("[data-own]")).to_contain_text("Bình", timeout=WAIT)
    hall.look("race-board", binh)
    hall.next("open")
    tap(an, "B")
    tap(binh, "B")
    hall.at("reveal")
    hall.next("podium")
    expect(hall.wall.locator(".step[data-shown]")).to_have_count(2, timeout=WAIT)
    expect(screen(an, "result")).to_contain_text("Bạn đứng đầu", timeout=WAIT)
    hall.look("race-podium", an, binh)
    hall.next("ended")
    hall.look("race-ended", an)
    assert LiveAnswer.objects.count() == 4


def test_a_phone_that_reloads_loses_its_network_or_changes_keeps_its_seat_and_its_answer(
    open_hall: Callable[..., Hall],
) -> None:
    event = make_event(now=now_utc(), rules=make_live_rules(seconds=60, auto_reveal=False), questions=1)
    hall = open_hall(event)
    an, _binh = hall.phone(LONG), hall.phone("Bình")
    an.reload()
    expect(screen(an, "lobby")).to_contain_text(LONG, timeout=WAIT)
    # Storage lost, cookie kept: the same ticket is the same seat.
    an.evaluate("localStorage.clear()")
    an.reload()
    an.get_by_role("button", name="Vào chơi").click()
    expect(screen(an, "lobby")).to_contain_text(LONG, timeout=WAIT)
    hall.next("open")
    expect(screen(an, "ask")).to_be_visible(timeout=WAIT)
    an.context.set_offline(True)
    an.get_by_role("button", name=re.compile(r"^B\b")).click()
    expect(an.locator(".ask-note")).not_to_contain_text("Đã nhận")
    an.context.set_offline(False)
    expect(an.locator(".ask-note")).to_contain_text("Đã nhận", timeout=30_000)
    an.reload()
    expect(an.locator(".ask-note")).to_contain_text("Đã nhận", timeout=WAIT)
    expect(an.locator(".opt[data-mine]")).to_have_count(1)
    # The rejoin link on another device is the same player.
    token = an.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((k) => k.startsWith('thiso.choi')))).token"
    )
    other = hall.phone(url=reverse("realtime:play", args=[event.public_id]) + f"#v={token}")
    expect(other.locator("[data-name]")).to_have_text(LONG, timeout=WAIT)
    assert "v=" not in other.url
    assert Player.objects.count() == 2
    assert LiveAnswer.objects.count() == 1
    # Sent out by the host: said on every device of the seat. A kick is not a ban (decision 037): the seat and the answer wait.
    key = Player.objects.get(name=LONG).public_id
    send_out(event, "kick", key)
    for page in (an, other):
        expect(screen(page, "kicked")).to_contain_text("Bạn đã được mời ra", timeout=WAIT)
    screen(an, "kicked").get_by_role("link", name="Vào lại").click()
    an.get_by_role("button", name="Vào chơi").click()
    expect(an.locator(".ask-note")).to_contain_text("Đã nhận", timeout=WAIT)
    assert Player.objects.count() == 2
    # A ban: no way back is offered, and the ticket opens nothing more.
    send_out(event, "ban", key)
    expect(screen(an, "kicked")).to_contain_text("Bạn đã được mời ra", timeout=WAIT)
    expect(screen(an, "kicked").get_by_role("link", name="Vào lại")).to_have_count(0)
    an.goto(reverse("realtime:play", args=[event.public_id]))
    an.get_by_role("button", name="Vào chơi").click()
    expect(screen(an, "kicked")).to_contain_text("Bạn đã được mời ra", timeout=WAIT)
    expect(screen(an, "ask")).to_have_count(0)


def send_out(event: Event, action: str, key: str) -> None:
    """As the host does it."""
    event.refresh_from_db()
    steer_event(
        event_id=event.pk,
        action=action,
        data={"player": key},
        at_seq=event.seq,
        user_id=event.created_by_id,
        now=now_utc(),
    )


def test_a_team_race(open_hall: Callable[..., Hall]) -> None:
    rules = make_live_rules(Mode.TEAM, seconds=40, board_every=1, team=TeamRules(by="shuffle", size=2))
    hall = open_hall(make_event(Mode.TEAM, now=now_utc(), rules=rules, questions=2))
    phones = [hall.phone(name) for name in (LONG, "Bình", "Cúc", "Dũng")]
    for last in (False, True):
        hall.next("open")
        for phone, letter in zip(phones, "BBBA", strict=True):
            tap(phone, letter)
        hall.at("reveal")
        if not last:
            hall.next("board")
            expect(hall.wall.locator(".group-list .rank")).to_have_count(2, timeout=WAIT)
            expect(screen(phones[0], "board")).to_contain_text("Bảng đội", timeout=WAIT)
            hall.look("team-board", phones[0])
    hall.next("podium")
    expect(hall.wall.locator(".step[data-shown]")).to_have_count(2, timeout=WAIT)
    expect(screen(phones[0], "result")).to_be_visible(timeout=WAIT)
    hall.look("team-podium", phones[0])
    hall.next("ended")
    hall.look("team-ended", phones[0])


def test_a_golden_bell_until_one_is_left(open_hall: Callable[..., Hall]) -> None:
    bell = replace(
        preset(Mode.BELL).bell or BellRules(),
        seats=20,
        finish="last_standing",
        rescue_from=0,
        teacher_rescues=0,
        quota_by_unit=False,
        lifeline=False,
    )
    rules = make_live_rules(Mode.BELL, seconds=40, bell=bell, board_every=0)
    hall = open_hall(make_event(Mode.BELL, now=now_utc(), rules=rules, questions=3))
    an, binh, cuc = (hall.phone(name) for name in (LONG, "Bình", "Cúc"))
    expect(screen(an, "lobby").locator(".seat-plate b")).to_be_visible()
    hall.look("bell-lobby", an)
    hall.next("open")
    for phone, letter in ((an, "B"), (binh, "B"), (cuc, "A")):
        tap(phone, letter)
    hall.at("reveal")
    expect(screen(cuc, "reveal")).to_contain_text("Bạn rời sàn ở câu 1", timeout=WAIT)
    expect(screen(an, "reveal")).to_contain_text("Bạn vẫn ở trên sàn", timeout=WAIT)
    hall.look("bell-reveal", an, cuc)
    hall.wall.keyboard.press("ArrowRight")
    expect(hall.wall.locator('.seat[data-state="f"]')).to_have_count(1, timeout=WAIT)
    hall.look("bell-floor")
    while hall.wall.locator("body").get_attribute("data-phase") != "open":
        before = hall.wall.locator("body").get_attribute("data-phase")
        hall.desk.locator("[data-next]:not([disabled])").click()
        expect(hall.wall.locator("body")).not_to_have_attribute("data-phase", str(before), timeout=WAIT)
    expect(screen(cuc, "ask")).to_contain_text("Ngoài sàn", timeout=WAIT)
    hall.look("bell-ghost", cuc)
    for phone, letter in ((an, "B"), (binh, "C"), (cuc, "B")):
        tap(phone, letter)
    hall.at("reveal")
    expect(screen(an, "reveal")).to_contain_text("Bạn là người cuối cùng trên sàn", timeout=WAIT)
    for _ in range(3):
        if hall.wall.locator("body").get_attribute("data-phase") == "podium":
            break
        before = hall.wall.locator("body").get_attribute("data-phase")
        hall.desk.locator("[data-next]:not([disabled])").click()
        expect(hall.wall.locator("body")).not_to_have_attribute("data-phase", str(before), timeout=WAIT)
    hall.at("podium")
    expect(hall.wall.locator(".bell-who")).to_contain_text(LONG, timeout=WAIT)
    expect(screen(an, "result")).to_contain_text("Bạn đã rung chuông vàng", timeout=WAIT)
    hall.look("bell-podium", an, cuc)
