"""What is done to live events, in real browsers: names made of markup on every screen, phones that wake up, a crowd sent out."""

from __future__ import annotations

import io
import os
import re
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, Dialog, Page, expect
from pypdf import PdfReader

from contest.arrivals import now_utc
from contest.certificates.draw import draw
from contest.certificates.facts import Facts
from contest.enums import CertificateKind
from contest.models import Certificate
from realtime.domain.certificates import issue_event_certificates
from realtime.models import Event, Player
from tests.journeys.dead_lines import DeadLines
from tests.journeys.nursery import Nursery
from tests.journeys.test_live_game import WAIT, Hall, screen, tap
from tests.realtime.live_factories import join, make_event, make_live_rules
from tests.realtime.servers import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

TITLE = 'Hội thi <img src=x onerror=alert("tên")>'
FIRST, SECOND = "<svg/onload=alert(1)>", '"><i>Lan'
NAMES = (
    "<img src=x onerror=a()>", "<b>Lan</b>", "</script><b>Lan", "'-alert(1)-'", "{{7*7}} Lan", "${alert(1)} Lan",
    "<<b>script>alert(1)//", "&lt;b&gt;Lan", '=HYPERLINK("a")', "=1+1 Lan", "+1+1", "@SUM(1)", "javascript:alert(1)",
    "%3Cb%3ELan", "]]><b>Lan", "<!--Lan-->", "`Lan`", "Lan\\u003cb>", '#eval("1") Lan', "*Lan* $x$", "{% now %} Lan",
    "<base href=//a>", "<a href=//a>Lan",
)  # fmt: skip
# What a name would be if it were markup; nothing of ours is made so.
FOREIGN = 'img[src="x"], [onerror], [onload], base, a[href="//a"], #san i, #san b b'
AWAKE_WITHIN_S = 2.0
HIDDEN = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def open_hall(
    transactional_db: Any, valkey: Any, browser: Browser, nursery: Nursery
) -> Iterator[Callable[[Event], Hall]]:
    cache.clear()
    halls: list[Hall] = []
    with nursery.server() as server:

        def start(event: Event) -> Hall:
            halls.append(Hall(server, event, browser))
            return halls[-1]

        yield start
        for hall in halls:
            hall.close()


def watched(page: Page, met: list[str]) -> Page:
    """Count dialogs and violations of the content security policy from now on, also after the next page."""

    def shut(dialog: Dialog) -> None:
        met.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", shut)
    page.expose_function("metViolation", lambda what: met.append(f"violation {what}"))
    script = (
        'addEventListener("securitypolicyviolation", (e) => metViolation(e.violatedDirective + " " + e.blockedURI))'
    )
    page.add_init_script(script)
    page.reload()
    return page


def written_in(workbook: Path) -> tuple[set[str], int]:
    """The texts in a workbook's cells, and how many of its cells are formulas."""
    book = zipfile.ZipFile(workbook)
    strings = ET.fromstring(book.read("xl/sharedStrings.xml"))
    sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
    return {plain("".join(one.itertext())) for one in strings}, sum(sheet.count(b"<f") for sheet in sheets)


def text_of(page: Page) -> str:
    return str(page.evaluate("document.body.innerText"))


def names_on(page: Page, selector: str) -> set[str]:
    """The names that stand there; of names that look alike the later ones carry a number."""
    return {plain(one) for one in page.locator(selector).all_text_contents()}


def plain(name: str) -> str:
    return re.sub(r" \(\d+\)$", "", name)


def test_names_made_of_markup_are_only_text_from_the_door_to_the_certificate(open_hall: Callable[..., Hall]) -> None:
    rules = make_live_rules(seconds=60, board_every=1, board_rows=50)
    event = make_event(now=now_utc(), rules=rules, questions=2, title=TITLE)
    join(event, *NAMES, now=now_utc())
    hall = open_hall(event)
    met: list[str] = []
    wall, desk = watched(hall.wall, met), watched(hall.desk, met)
    an, binh = hall.phone(FIRST), hall.phone(SECOND)
    for phone in (watched(an, met), watched(binh, met)):
        expect(screen(phone, "lobby")).to_be_visible(timeout=WAIT)
    everybody = {*NAMES, FIRST, SECOND}

    # As many as fit stand on the wall, the newest first; those of the phones among them.
    expect(wall.locator(".lobby-names li").first).to_be_visible(timeout=WAIT)
    assert {FIRST, SECOND, *NAMES[-3:]} <= names_on(wall, ".lobby-names li") <= everybody
    expect(desk.locator(".roster .name").first).to_be_visible(timeout=WAIT)
    assert names_on(desk, ".roster .name") <= everybody
    expect(an.locator("[data-name]")).to_have_text(FIRST)

    hall.next("open")
    tap(an, "B")
    tap(binh, "A")
    hall.at("reveal")
    hall.next("board")
    expect(wall.locator(".rank .name").first).to_have_text(FIRST, timeout=WAIT)
    assert names_on(wall, ".rank .name") <= everybody
    expect(screen(binh, "board")).to_contain_text(SECOND, timeout=WAIT)
    hall.next("open")
    tap(an, "B")
    tap(binh, "A")
    hall.at("reveal")
    hall.next("podium")
    expect(wall.locator(".step[data-place='1'][data-shown]")).to_contain_text(FIRST, timeout=WAIT)
    hall.next("ended")
    expect(screen(an, "result")).to_be_visible(timeout=WAIT)

    for page in (wall, desk, an, binh):
        assert page.locator(FOREIGN).count() == 0
    desk.goto(reverse("realtime:live_report", args=[event.public_id]))
    for name in everybody:
        assert name in text_of(desk)
    assert TITLE in text_of(desk)
    assert desk.locator(FOREIGN).count() == 0
    with desk.expect_download() as download:
        desk.evaluate("url => { location.href = url }", reverse("realtime:live_report_xlsx", args=[event.public_id]))
    cells, formulas = written_in(Path(download.value.path()))
    assert everybody | {TITLE} <= cells
    assert formulas == 0

    event.refresh_from_db()
    issue_event_certificates(event=event, kind=CertificateKind.WINNER, actor=None, now=now_utc())
    one = Certificate.objects.get(event_ref=event.public_id, facts__name=FIRST)
    pdf = draw(Facts.from_json(one.facts), code=one.code, site_url=hall.server.http)
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert FIRST in words
    an.goto(reverse("contest:verify", args=[one.code]))
    assert FIRST in text_of(an)
    assert TITLE in text_of(an)
    assert an.locator(FOREIGN).count() == 0
    assert met == []


def pocket(page: Page) -> Callable[[], None]:
    """Put the phone into the pocket: hidden, and its process does nothing any more. The result takes it out again.

    Headless Chromium freezes no page (Page.setWebLifecycleState is without effect there), so the process itself is stopped;
    only what the page reads of its visibility is played.
    """
    browser = page.context.browser
    assert browser is not None
    asked = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    processes = [one["id"] for one in asked["processInfo"] if one["type"] == "renderer"]
    assert processes
    page.evaluate(HIDDEN, True)
    for one in processes:
        os.kill(one, signal.SIGSTOP)

    def wake() -> None:
        for one in processes:
            os.kill(one, signal.SIGCONT)
        page.evaluate(HIDDEN, False)

    return wake


def seen_after(page: Page, wake: Callable[[], None], name: str, text: str) -> float:
    """Wake the phone; the seconds until it shows this screen with this text."""
    begun = time.monotonic()
    wake()
    expect(screen(page, name)).to_contain_text(text, timeout=WAIT)
    return time.monotonic() - begun


@pytest.fixture
def other_browser(launch_browser: Callable[[], Browser]) -> Iterator[Browser]:
    """A browser of its own: its processes may be stopped."""
    one = launch_browser()
    yield one
    one.close()


@pytest.mark.parametrize("frozen_s", [4, 13])  # before and after the phone and the server take the line for dead
@pytest.mark.parametrize("line", ["alive", "dead"])
def test_a_phone_that_wakes_up_shows_the_right_screen(
    open_hall: Callable[..., Hall], other_browser: Browser, frozen_s: float, line: str
) -> None:
    rules = make_live_rules(seconds=120, board_every=0, auto_reveal=False)
    event = make_event(now=now_utc(), rules=rules, questions=2)
    hall = open_hall(event)
    proxy = DeadLines(hall.server.port)
    try:
        address = f"{Server(proxy.port).http}{reverse('realtime:play', args=[event.public_id])}"
        hall.browser = other_browser
        phone = hall.phone("Lan", url=address)
        hall.next("open")
        expect(screen(phone, "ask")).to_be_visible(timeout=WAIT)
        first = str(hall.wall.locator(".q-stem").inner_text())
        asleep, wake = time.monotonic(), pocket(phone)
        if line == "dead":
            proxy.die()
        hall.next("locked")
        hall.next("reveal")
        hall.next("open")
        second = str(hall.wall.locator(".q-stem").inner_text())
        assert second != first
        time.sleep(max(0.0, frozen_s - (time.monotonic() - asleep)))
        took = seen_after(phone, wake, "ask", second)
        assert took <= AWAKE_WITHIN_S
        tap(phone, "B")
    finally:
        proxy.close()


def test_a_host_sends_out_a_crowd_by_its_name(open_hall: Callable[..., Hall]) -> None:
    event = make_event(now=now_utc())
    join(event, *(f"Robot {n}" for n in range(30)), now=now_utc())
    hall = open_hall(event)
    an = hall.phone("Lan")
    desk = hall.desk
    expect(desk.locator("[data-players]")).to_have_text("31", timeout=WAIT)
    desk.get_by_role("button", name="Mời ra nhiều người").click()
    dialog = desk.locator("#moi-ra")
    dialog.get_by_label("Mời ra", exact=True).select_option("prefix")
    dialog.get_by_role("button", name="Chặn").click()
    expect(dialog.locator("[data-crowd-error]")).to_contain_text("ít nhất 2 chữ")
    dialog.get_by_label("Tên bắt đầu bằng").fill("robot")
    dialog.get_by_role("button", name="Chặn").click()
    expect(dialog).to_be_hidden(timeout=WAIT)
    expect(desk.locator("[data-players]")).to_have_text("1", timeout=WAIT)
    assert Player.objects.filter(event=event, status="banned").count() == 30
    expect(hall.wall.locator(".lobby-names li")).to_have_text(["Lan"], timeout=WAIT)
    expect(screen(an, "lobby")).to_be_visible()
    # By the time they came: the person is new too.
    desk.get_by_role("button", name="Mời ra nhiều người").click()
    dialog.get_by_label("Mời ra", exact=True).select_option("60")
    dialog.get_by_role("button", name="Mời ra khỏi phòng").click()
    expect(screen(an, "kicked")).to_be_visible(timeout=WAIT)
