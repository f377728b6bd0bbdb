"""A resident learns on a phone: guest and account, with and without a network, without scripts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from people.models import Resident
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.models import CardMemory, CardReview, PracticeAnswer
from quizbank.scheduling import Look, Memory, Rating, remember, rules_for_pages
from tests.contest.pages import listed_round, page_rules
from tests.factories import make_question, make_questions, single_draft
from tests.journeys.faults import too_wide, violations
from tests.journeys.papers import Device, session_of
from tests.quizbank.decks import card_draft, make_deck

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.slow]

HOME, STUDY, PRACTICE = "/hoc/", "/hoc/the/co-ban/hoc/", "/hoc/luyen/"


def front(page: Page) -> str:
    return page.locator("[data-f=front]").inner_text()


def begin(page: Page, url: str = STUDY) -> None:
    page.goto(url)
    page.locator("[data-study][data-live]").wait_for()


def flip(page: Page) -> None:
    page.locator(".flash-front").click()
    expect(page.locator(".flash-back")).to_be_visible()


def ready_offline(page: Page) -> None:
    expect(page.get_by_text("Bộ thẻ đã sẵn sàng để học khi không có mạng.")).to_be_visible(timeout=15_000)


def test_a_guest_learns_and_the_device_remembers(open_device: Device) -> None:
    make_deck(cards=3)
    page = open_device()
    page.goto(HOME)
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("link", name="Học ngay").click()
    page.locator("[data-study][data-live]").wait_for()
    assert (violations(page), too_wide(page)) == ([], [])
    expect(page.get_by_text("Còn 3 thẻ")).to_be_visible()
    flip(page)
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("button", name="Dễ").click()
    assert front(page) == "Chuyển đổi số là gì (co-ban-02)?"
    expect(page.locator(".flash-back")).to_be_hidden()
    flip(page)
    page.get_by_role("button", name="Chưa nhớ").click()  # comes back in this sitting
    expect(page.get_by_text("Còn 2 thẻ")).to_be_visible()
    page.keyboard.press(" ")
    page.keyboard.press("4")
    assert front(page) == "Chuyển đổi số là gì (co-ban-02)?"
    page.keyboard.press("4")  # not turned yet: says nothing
    page.keyboard.press(" ")
    page.keyboard.press("4")
    expect(page.get_by_role("heading", name="Xong phần hôm nay")).to_be_focused()
    expect(page.get_by_text("Bạn vừa ôn 4 thẻ.")).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("link", name="Về trang học").click()
    expect(page.get_by_text("3/3 thẻ đã thuộc")).to_be_visible()
    assert CardReview.objects.count() == 0


def test_what_a_guest_learned_becomes_the_accounts(open_device: Device, an: Resident) -> None:
    make_deck(cards=2)
    page = open_device()
    begin(page)
    flip(page)
    page.get_by_role("button", name="Dễ").click()
    page.context.add_cookies([{"name": "thiso", "value": session_of(an), "url": page.evaluate("location.origin")}])
    page.goto(HOME)
    page.get_by_role("button", name="Chuyển vào tài khoản của tôi").click()
    expect(page.get_by_text("Đã chuyển tiến độ học trên máy này vào tài khoản của bạn.")).to_be_visible()
    assert list(CardReview.objects.values_list("card__code", "rating")) == [("co-ban-01", 4)]
    expect(page.locator("[data-offer]")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("1/2 thẻ đã thuộc")).to_be_visible()


def test_a_deck_opened_once_is_studied_without_a_network(open_device: Device, an: Resident) -> None:
    make_deck(cards=3)
    page = open_device(an, service_workers="allow")
    begin(page)
    ready_offline(page)
    page.context.set_offline(True)
    page.goto(HOME)
    expect(page.get_by_role("heading", name="Bộ thẻ ghi nhớ")).to_be_visible()
    begin(page)
    for _ in range(2):
        flip(page)
        page.get_by_role("button", name="Nhớ", exact=False).nth(1).click()
    expect(page.get_by_text("Mất mạng. Bạn cứ học tiếp").first).to_be_visible()
    expect(page.locator("[data-net-unsent]")).to_have_text("2")
    page.reload()  # still there after closing and opening again
    page.locator("[data-study][data-live]").wait_for()
    assert front(page) == "Chuyển đổi số là gì (co-ban-03)?"
    expect(page.locator("[data-net-unsent]")).to_have_text("2")
    assert CardReview.objects.count() == 0
    page.context.set_offline(False)
    expect(page.locator("[data-net-unsent]")).to_be_hidden(timeout=10_000)
    assert list(CardReview.objects.values_list("person", "card__code", "rating")) == [
        (an.user.pk, "co-ban-01", 3),
        (an.user.pk, "co-ban-02", 3),
    ]


def test_two_devices_are_merged(open_device: Device, an: Resident) -> None:
    make_deck(cards=2)
    phone, tablet = open_device(an), open_device(an)
    begin(phone)
    begin(tablet)
    for device, word in ((phone, "Khó"), (tablet, "Dễ")):
        flip(device)
        device.get_by_role("button", name=word).click()
    for device in (phone, tablet):
        device.goto(HOME)
        device.wait_for_load_state("networkidle")
    assert CardReview.objects.filter(card__code="co-ban-01").count() == 2
    assert CardMemory.objects.get(card__code="co-ban-01").seen == 2


def test_nothing_of_a_person_is_kept_by_the_worker(open_device: Device, an: Resident) -> None:
    make_deck(cards=2)
    make_question()
    page = open_device(an, service_workers="allow")
    begin(page)
    ready_offline(page)
    for url in (HOME, PRACTICE, "/", reverse("people:me"), reverse("quizbank:mistakes"), "/hoc/trang-thai.json", STUDY):
        page.goto(url)
    ready_offline(page)
    kept = page.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const { pathname, search } = new URL(request.url);
              found[pathname + search] = await (await cache.match(request)).text();
            }
          }
          return found;
        }"""
    )
    pages = {path for path in kept if not path.startswith("/static/")}
    assert pages == {"/ngoai-tuyen/", HOME, "/hoc/the/co-ban/", STUDY, "/hoc/the/co-ban/the.json?n=vi"}
    assert not any(an.full_name in text or an.user.public_id in text for text in kept.values())


def test_an_update_of_the_site_throws_old_copies_away(open_device: Device) -> None:
    make_deck(cards=2)
    page = open_device(service_workers="allow")
    begin(page)
    ready_offline(page)
    page.evaluate(
        """async () => {
          await (await caches.open("thiso-trang-old")).put("/hoc/", new Response("old"));
          await (await navigator.serviceWorker.ready).unregister();
        }"""
    )
    page.reload()
    ready_offline(page)
    names = page.evaluate("caches.keys()")
    assert len(names) == 2
    assert "thiso-trang-old" not in names


def test_signing_out_leaves_nothing_on_the_device(open_device: Device, an: Resident) -> None:
    make_deck(cards=2)
    page = open_device(an, service_workers="allow")
    begin(page)
    flip(page)
    page.get_by_role("button", name="Dễ").click()
    page.goto(HOME)
    page.locator(".site-header .menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('thiso.hoc'))") == []
    assert "thiso-bai" not in page.evaluate("caches.keys()")


def test_the_phone_and_the_server_schedule_alike(open_device: Device) -> None:
    make_deck(cards=1)
    page = open_device()
    begin(page)
    dice = random.Random(7)
    histories = []
    for _ in range(60):
        at = datetime(2026, 9, 1, tzinfo=UTC)
        history = []
        for _ in range(dice.randint(1, 14)):
            at += dice.choice((timedelta(minutes=dice.randint(1, 900)), timedelta(days=dice.randint(1, 40), minutes=3)))
            history.append((dice.choice(list(Rating)), at))
        histories.append(history)
    expected = []
    for history in histories:
        memory: Memory | None = None
        for place, (rating, at) in enumerate(history):
            memory = remember(memory, Look(at, f"{place:03d}", rating))
        assert memory is not None
        expected.append((int(memory.due.timestamp()), memory.state["state"], memory.state["step"]))
    wire = [[[int(rating), at.timestamp() * 1000] for rating, at in history] for history in histories]
    found = page.evaluate(
        """async ([histories, rules, module]) => {
          const { review } = await import(module);
          return histories.map((history) => {
            let card = null;
            for (const [rating, at] of history) card = review(card, rating, at, rules);
            return [Math.floor(Date.parse(card.due) / 1000), card.state, card.step];
          });
        }""",
        [wire, rules_for_pages(), "/static/quizbank/learn/memory.js"],
    )
    assert [tuple(one) for one in found] == expected


def test_a_swipe_is_a_rating_and_a_short_one_is_not(open_device: Device) -> None:
    make_deck(cards=2)
    page = open_device(has_touch=True)
    begin(page)

    def swipe(by: int) -> None:
        page.evaluate(
            """(by) => {
              const card = document.querySelector("[data-flash] .flash-question");
              const send = (type, x) => card.dispatchEvent(new PointerEvent(type, {
                bubbles: true, pointerType: "touch", isPrimary: true, pointerId: 7, clientX: x, clientY: 300 }));
              send("pointerdown", 180);
              for (let step = 1; step <= 6; step++) send("pointermove", 180 + (by * step) / 6);
              send("pointerup", 180 + by);
            }""",
            by,
        )

    swipe(-130)  # not turned: turns
    expect(page.locator(".flash-back")).to_be_visible()
    swipe(-40)
    assert front(page) == "Chuyển đổi số là gì (co-ban-01)?"
    swipe(130)
    expect(page.locator("[data-f=front]")).to_have_text("Chuyển đổi số là gì (co-ban-02)?")
    assert page.evaluate("JSON.parse(localStorage.getItem('thiso.hoc.khach')).wait.map((row) => row.slice(0, 2))") == [
        ["co-ban-01", 3]
    ]


def test_a_card_leads_to_its_questions_and_a_mistake_to_the_notebook(open_device: Device, an: Resident) -> None:
    make_question(single_draft("Ngày nào là ngày chuyển đổi số?", code="q-1"))
    make_deck(cards=[card_draft("a", questions=("q-1",)), card_draft("b")])
    page = open_device(an)
    begin(page)
    flip(page)
    page.get_by_role("link", name="Tự kiểm tra bằng câu hỏi về thẻ này").click()
    assert (violations(page), too_wide(page)) == ([], [])
    page.locator(".option", has_text="Ngày 3/6").click()
    page.get_by_role("button", name="Trả lời").click()
    expect(page.get_by_text("Chưa đúng").first).to_be_visible()
    expect(page.get_by_text("Quyết định 505/QĐ-TTg chọn ngày 10/10.")).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("link", name="Câu tiếp").click()
    expect(page.get_by_role("heading", name="Xong câu hỏi của thẻ này")).to_be_visible()
    page.goto(reverse("quizbank:mistakes"))
    expect(page.get_by_text("Ngày nào là ngày chuyển đổi số?")).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], [])
    assert PracticeAnswer.objects.get().mode == "card"


def test_learning_without_scripts(open_device: Device, an: Resident) -> None:
    make_deck(cards=2)
    record_reviews(
        person=an.user,
        reviews=[SentReview("co-ban-02", 1, datetime.now(UTC) - timedelta(days=1), "t")],
        now=datetime.now(UTC),
    )
    page = open_device(an, java_script_enabled=False)
    page.goto(STUDY)
    assert front(page) == "Chuyển đổi số là gì (co-ban-02)?"
    page.locator(".flash-front").click()
    page.get_by_role("button", name="Dễ").click()
    assert front(page) == "Chuyển đổi số là gì (co-ban-01)?"
    page.locator(".flash-front").click()
    page.get_by_role("button", name="Dễ").click()
    expect(page.get_by_role("heading", name="Xong phần hôm nay")).to_be_visible()
    assert CardReview.objects.count() == 3


def test_a_mock_paper_hands_itself_in_when_time_is_over(open_device: Device) -> None:
    make_questions(3)
    listed_round(
        questions=1,
        rules=page_rules(paper={"question_count": 3}),
        blueprint=[{"topic": "", "difficulty": "", "count": 3, "group": ""}],
    )
    page = open_device()
    page.clock.install()
    page.goto("/c/thi/vong/1/thi-thu/")
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("button", name="Bắt đầu thi thử").click()
    page.locator(".mock-list").wait_for()
    assert (violations(page), too_wide(page)) == ([], [])
    page.locator(".option", has_text="Ngày 10/10").first.click()
    page.reload()
    expect(page.locator(".option", has_text="Ngày 10/10").first.locator("input")).to_be_checked()
    page.clock.fast_forward(11 * 60 * 1000)
    expect(page.get_by_role("heading", name="Kết quả thi thử")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("1/3").first).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], [])


@pytest.fixture
def other_site() -> Iterator[ThreadingHTTPServer]:
    """A site of somebody else: another port is another origin. Its pages show the address they are asked for in a frame."""

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            address = unquote(self.path.partition("?")[2])
            self.wfile.write(f'<iframe src="{address}" width="360" height="560" title="thẻ"></iframe>'.encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Framing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_deck_in_a_frame_of_another_site(open_device: Device, other_site: ThreadingHTTPServer) -> None:
    make_deck(cards=2)
    page = open_device()
    page.goto("/robots.txt")
    deck = page.evaluate("location.origin") + reverse("quizbank:deck_embed", args=["co-ban"])
    page.goto(f"http://127.0.0.1:{other_site.server_port}/?{deck}")
    frame = page.frame_locator("iframe")
    frame.get_by_text("Chuyển đổi số là gì (co-ban-01)?").click()
    expect(frame.get_by_text("Là thay đổi tổng thể").first).to_be_visible()


VOICE = """
window.spoken = [];
class Words { constructor(text) { this.text = text; } }
const speech = Object.assign(new EventTarget(), {
  speaking: false, getVoices: () => [{ lang: "en-US" }, { lang: "vi-VN" }], cancel() {}, speak(one) { window.spoken.push([one.lang, one.text]); },
});
Object.defineProperty(window, "speechSynthesis", { value: speech });
window.SpeechSynthesisUtterance = Words;
"""


def test_a_card_is_read_aloud_where_there_is_a_vietnamese_voice(open_device: Device) -> None:
    make_deck(cards=1)
    silent, speaking = open_device(), open_device()
    begin(silent)
    expect(silent.get_by_role("button", name="Đọc thẻ này")).to_be_hidden()
    speaking.add_init_script(VOICE)
    begin(speaking)
    speaking.get_by_role("button", name="Đọc thẻ này").click()
    assert speaking.evaluate("window.spoken") == [["vi-VN", "Chuyển đổi số là gì (co-ban-01)?"]]
    flip(speaking)
    speaking.get_by_role("button", name="Đọc thẻ này").click()
    assert len(speaking.evaluate("window.spoken")) == 4  # the answer and the example only once the card is turned
