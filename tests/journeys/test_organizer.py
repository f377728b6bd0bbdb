"""An organizer in a real browser, from an empty list to a certificate that anybody can verify."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from contest.arrivals import now_utc
from contest.domain.attempts import start_attempt, submit_attempt
from contest.domain.entries import enter_contest
from contest.domain.work import run_job
from contest.models import Contest, Job
from contest.queries.attempts import paper_questions
from contest.wire import SentAnswer
from people.domain.residents import give_consent
from people.enums import Purpose
from people.models import Resident
from quizbank.kinds import get_kind
from tests.conftest import Valkey
from tests.contest.desk import Desk, make_desk
from tests.factories import make_questions, make_resident, make_unit
from tests.journeys.faults import violations

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Nguyễn Phước Thiên Hương Bảo Châu"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def console(browser: Browser, live_server: Any, desk: Desk) -> Any:
    """A page signed in as the organizer; refuses content that breaks the security policy."""
    client = Client()
    client.force_login(desk.organizer)
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live_server.url}/quan-ly/")
    yield page
    context.close()
    assert faults == []


def no_violations(page: Page) -> None:
    assert violations(page) == []


def take_paper(resident: Resident, contest: Contest, *, right: bool) -> None:
    """Answer everything as a resident would, through the domain."""
    now = now_utc()
    give_consent(resident=resident, purpose=Purpose.TAKE_PART, now=now)
    round_ = contest.rounds.select_related("contest", "rule_set").get()
    attempt = start_attempt(entry=enter_contest(resident=resident, contest=contest, now=now), round_=round_, now=now)
    keys = {item.version.stem: item.version for item in round_.pool.select_related("version")}
    answers = []
    for question in paper_questions(attempt):
        version = keys[question.stem]
        wanted = get_kind(version.kind).tell_key(version.content, version.key)
        options = [one for one in question.shown.options if (one.text == wanted) is right]
        answers.append(SentAnswer(question.position, 1, options[0].id))
    submit_attempt(
        attempt=attempt, lease=attempt.lease, answers=answers, prediction="1", received_at=now, now=now_utc()
    )


def fits_a_phone_at_twice_the_text(page: Page) -> None:
    """Walk every page of the console that links reach from here, 360 px wide with letters twice as large."""
    site = page.url.split("/quan-ly/")[0]
    page.set_viewport_size({"width": 360, "height": 740})
    waiting, seen, wide = ["/quan-ly/"], set(), []
    while waiting:
        address = waiting.pop()
        shape = re.sub(r"(?<=/)[\w-]{22}(?=/)|[0-9]+", "1", address)
        if shape in seen:
            continue
        seen.add(shape)
        page.goto(site + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wide += [(address, beyond)] if beyond else []
        links = page.eval_on_selector_all(
            "a[href^='/quan-ly/']:not([download])", "all => all.map((one) => one.getAttribute('href'))"
        )
        waiting += [link.split("#")[0] for link in links if link.split("#")[0].split("?")[0].endswith("/")]
    assert len(seen) > 10
    assert wide == []


def finish_jobs() -> None:
    """What the worker would do."""
    for job in Job.objects.filter(state="waiting"):
        run_job(public_id=job.public_id, now=timezone.now())


def test_from_an_empty_list_to_a_verified_certificate(console: Page, desk: Desk, valkey: Valkey) -> None:
    page = console
    make_questions(30)
    ward = make_unit("Phường Mỹ Tho", parent=desk.province, head_count=4)
    people = [make_resident(name, unit=ward) for name in (NAME, "Trần Văn An")]

    page.get_by_role("link", name="Tạo cuộc thi").click()
    page.get_by_label("Tên cuộc thi").fill("Tìm hiểu về chuyển đổi số năm 2026")
    page.get_by_label("Đơn vị tổ chức").fill("Sở Khoa học và Công nghệ tỉnh Đồng Tháp")
    page.get_by_label("Phạm vi").fill("dong thap")
    page.get_by_role("radio", name="Tỉnh Đồng Tháp").check()
    page.get_by_role("radio", name="Thi theo tuần về chuyển đổi số").check()
    no_violations(page)
    page.get_by_role("button", name="Tạo cuộc thi").click()

    expect(page.get_by_role("heading", name="Thể lệ", exact=True)).to_be_visible()
    expect(page.locator("#van-ban")).to_contain_text("15 câu")
    page.get_by_label("Số câu của một đề").fill("10")
    expect(page.locator("#van-ban")).to_contain_text("10 câu")  # the text follows while one types
    no_violations(page)
    page.get_by_role("button", name="Lưu và lên lịch vòng thi").click()

    page.get_by_label("Tên vòng thi").fill("Tuần 1")
    start = timezone.localtime(now_utc())
    page.get_by_label("Mở lúc").fill(start.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Đóng lúc").fill((start + timedelta(days=1)).strftime("%Y-%m-%dT00:00"))
    expect(page.locator("#kiem-tra")).to_contain_text("đến 24:00")
    cell = page.get_by_label("Nhận thức về chuyển đổi số, Dễ", exact=True)
    cell.fill("40")
    expect(page.locator("#kiem-tra")).to_contain_text("còn thiếu")
    expect(page.locator(".cell-have[data-short]")).to_have_count(1)
    cell.fill("10")
    expect(page.locator("#kiem-tra")).to_contain_text("Đủ 10 câu")
    no_violations(page)
    page.get_by_role("button", name="Thêm vòng thi").click()

    page.get_by_role("link", name="Xem thử một đề").click()
    expect(page.locator(".paper-list > li")).to_have_count(10)
    expect(page.locator("[data-state=missed]")).to_have_count(0)
    page.get_by_role("button", name="Hiện đáp án").click()
    expect(page.locator("[data-state=missed]")).to_have_count(10)
    no_violations(page)
    page.get_by_role("link", name="Diễn biến").click()
    page.get_by_role("button", name="Đóng băng đề").click()
    page.get_by_role("button", name="Đưa ra công khai").click()
    expect(page.get_by_text("Cuộc thi đã công khai.")).to_be_visible()

    contest = Contest.objects.get()
    take_paper(people[0], contest, right=True)
    take_paper(people[1], contest, right=False)
    page.goto(f"{page.url}")
    expect(page.locator("#theo-doi")).to_contain_text("50,0%")
    no_violations(page)
    page.get_by_text("Kết thúc ngay").first.click()
    page.get_by_label("Lý do").locator("visible=true").fill("Diễn tập xong sớm")
    page.get_by_role("button", name="Kết thúc ngay").click()
    page.get_by_role("button", name="Chốt kết quả").click()
    expect(page.locator("#viec")).to_be_visible()
    finish_jobs()
    page.get_by_role("link", name="Kiểm tra kết quả").click()  # the page notices by itself that the job is done

    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("Giải Nhất")
    no_violations(page)
    page.get_by_role("link", name="Xem và công bố").click()
    no_violations(page)
    page.get_by_role("button", name="Công bố kết quả").click()
    page.get_by_role("link", name="Giấy chứng nhận", exact=True).click()
    page.get_by_role("button", name="Bắt đầu làm").click()
    expect(page.locator("#viec")).to_be_visible()
    finish_jobs()
    expect(page.get_by_role("row").filter(has_text=NAME)).to_be_visible(timeout=10_000)
    no_violations(page)
    certificates = page.url
    fits_a_phone_at_twice_the_text(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(certificates)
    page.get_by_role("row").filter(has_text=NAME).get_by_role("link", name="Trang kiểm tra").click()
    expect(page.get_by_role("main")).to_contain_text(NAME)
    expect(page.get_by_role("main")).to_contain_text(contest.title)


def test_everything_is_reached_by_keyboard_and_fits_a_phone(console: Page, desk: Desk) -> None:
    page = console
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("/quan-ly/", "/quan-ly/moi/"):
        page.goto(page.url.split("/quan-ly/")[0] + address)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.get_by_label("Tên cuộc thi").focus()
    for text in ("Cuộc thi gõ bằng phím", "Sở Khoa học"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # search, then the unit already picked
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the next template
    page.get_by_role("button", name="Tạo cuộc thi").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thể lệ", exact=True)).to_be_visible()
    assert Contest.objects.get().title == "Cuộc thi gõ bằng phím"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
