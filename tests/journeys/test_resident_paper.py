"""A resident takes a round on a phone, alone: with a bad network, two devices, too little time, no JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from contest.enums import AttemptState
from contest.models import Round
from people.enums import UnitKind
from people.models import OutboxMessage, Resident
from tests.contest.pages import every_kind, listed_round, page_rules, questions_of, shift
from tests.factories import make_place
from tests.journeys.faults import too_wide, violations
from tests.journeys.papers import Device, go_on, kept, option, question, start, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service, pytest.mark.slow]

CUT_LINE = """
const real = window.fetch;
let cut = true;
window.mendLine = () => { cut = false; };
window.fetch = (url, ...rest) => (cut && url === "/api/answer" ? Promise.reject(new TypeError("cut")) : real(url, ...rest));
"""
NAME = "Nguyễn Phước Thiên Hương Bảo Châu"


def test_from_the_link_to_the_rank_without_help(open_device: Device) -> None:
    province = make_place("Tỉnh Đồng Tháp", code="82")
    make_place("Phường Mỹ Tho", parent=province, code="28249", kind=UnitKind.WARD)
    listed_round(slug="thi")
    page = open_device()
    page.goto(reverse("contest:contest", args=["thi"]))
    assert (violations(page), too_wide(page)) == ([], [])
    page.locator(".thumb-bar").get_by_role("link", name="Vào thi").click()
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("link", name="Đăng ký hoặc đăng nhập").click()
    sign_up(page)
    page.wait_for_url(f"**{reverse('contest:round', args=['thi', 1])}")
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("checkbox", name=re.compile("đồng ý với thể lệ")).check()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.wait_for_url("**/t/**")
    assert (violations(page), too_wide(page)) == ([], [])
    for _ in range(3):
        right = question(page).locator(".option", has_text="Ngày 10/10")
        right.click()
        expect(right.locator(".option-note")).to_have_text("Đã lưu")
        go_on(page)
    expect(page.get_by_text("Bạn đã trả lời tất cả các câu.")).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.locator(".gold")).to_have_text("3", timeout=3_000)
    expect(page.get_by_text("Thứ hạng tạm thời")).to_be_visible()
    expect(page.locator("main").get_by_text(NAME)).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], [])
    assert kept(page) == []


def sign_up(page: Page) -> None:
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0912 345 678")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.get_by_label("Mã gồm 6 chữ số").wait_for()
    message = OutboxMessage.objects.latest("pk")
    found = re.search(r"\d{6}", message.body)
    assert found is not None
    page.get_by_label("Mã gồm 6 chữ số").press_sequentially(found[0])
    page.get_by_label("Họ và tên", exact=True).fill(NAME)
    page.get_by_label("Năm sinh").fill("1985")
    page.get_by_label("Xã, phường, đặc khu").press_sequentially("my tho")
    page.get_by_role("radio", name=re.compile("Phường Mỹ Tho")).first.check()
    page.get_by_role("checkbox", name=re.compile("dùng thông tin của tôi")).check()
    page.get_by_role("button", name="Xong, vào thi").click()


def test_a_lost_network_loses_no_answer(open_device: Device, an: Resident) -> None:
    listed_round(questions=4)
    page = open_device(an)
    attempt = start(page)
    option(page, 0).click()
    expect(option(page, 0).locator(".option-note")).to_have_text("Đã lưu")
    page.context.set_offline(True)
    go_on(page)
    option(page, 1).click()
    expect(option(page, 1).locator(".option-note")).to_have_text("Giữ trên máy này")
    expect(page.get_by_text("Mất mạng. Câu trả lời vẫn được giữ trên máy này")).to_be_visible()
    go_on(page)
    option(page, 2).click()
    option(page, 3).click()  # changed one's mind while offline
    expect(page.locator("[data-net-unsent]")).to_have_text("2")
    assert len(stored(attempt)) == 1
    page.context.set_offline(False)
    expect(option(page, 3).locator(".option-note")).to_have_text("Đã lưu", timeout=10_000)
    expect(page.get_by_text("Đã kết nối. Mọi câu trả lời đã được lưu.")).to_be_visible()
    saved = [one.saved for one in questions_of(attempt)]
    shown = [one.shown.options for one in questions_of(attempt)]
    assert saved == [shown[0][0].id, shown[1][1].id, shown[2][3].id, ""]


def test_a_reload_keeps_what_was_not_sent(open_device: Device, an: Resident) -> None:
    listed_round()
    page = open_device(an)
    attempt = start(page)
    page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?": something is still unsent

    # Playwright does not see requests that outlive their page, so the line is cut inside the page.
    page.add_init_script(CUT_LINE)
    page.reload()
    option(page, 2).click()
    go_on(page)
    question(page).get_by_role("button", name="Đánh dấu").click()
    page.reload()
    expect(question(page).get_by_role("button", name="Bỏ đánh dấu")).to_be_visible()
    question(page).get_by_role("link", name="Câu trước").click()
    expect(option(page, 2).locator("input")).to_be_checked()
    assert stored(attempt) == {}
    page.evaluate("window.mendLine()")
    expect(option(page, 2).locator(".option-note")).to_have_text("Đã lưu", timeout=15_000)
    assert questions_of(attempt)[0].saved == questions_of(attempt)[0].shown.options[2].id
    # A number used before the reload is never used again: a change after it is the newer answer.
    option(page, 0).click()
    expect(option(page, 0).locator(".option-note")).to_have_text("Đã lưu")
    assert questions_of(attempt)[0].saved == questions_of(attempt)[0].shown.options[0].id


def test_going_on_at_another_device_and_back(open_device: Device, an: Resident) -> None:
    listed_round()
    phone, tablet = open_device(an), open_device(an, viewport={"width": 768, "height": 1024})
    attempt = start(phone)
    option(phone, 0).click()
    expect(option(phone, 0).locator(".option-note")).to_have_text("Đã lưu")
    tablet.goto(reverse("contest:attempt", args=[attempt.public_id]))
    assert violations(tablet) == []
    tablet.get_by_role("button", name="Làm tiếp trên máy này").click()
    expect(option(tablet, 0).locator("input")).to_be_checked()
    option(tablet, 1).click()
    expect(option(tablet, 1).locator(".option-note")).to_have_text("Đã lưu")
    option(phone, 3).click()
    moved = phone.get_by_role("dialog", name="Bài thi đang được làm ở nơi khác")
    expect(moved).to_be_visible()
    assert questions_of(attempt)[0].saved == questions_of(attempt)[0].shown.options[1].id
    moved.get_by_role("button", name="Làm tiếp trên máy này").click()
    # What the tablet saved stands; the phone's refused tap has the lower number.
    expect(option(phone, 1).locator("input")).to_be_checked()
    option(phone, 2).click()
    expect(option(phone, 2).locator(".option-note")).to_have_text("Đã lưu")
    assert questions_of(attempt)[0].saved == questions_of(attempt)[0].shown.options[2].id


def test_a_tap_before_the_script_is_there_is_sent_and_only_then_saved(open_device: Device, an: Resident) -> None:
    listed_round()
    page = open_device(an)
    attempt = start(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/contest/paper*.js", hold)
    page.goto(page.url, wait_until="commit")
    option(page, 1).click()
    assert questions_of(attempt)[0].saved == ""
    while not held:
        page.wait_for_timeout(20)
    for route in held:
        route.continue_()
    expect(option(page, 1).locator(".option-note")).to_have_text("Đã lưu")
    assert questions_of(attempt)[0].saved == questions_of(attempt)[0].shown.options[1].id


def test_time_over_hands_in_by_itself(open_device: Device, an: Resident) -> None:
    listed_round()
    page = open_device(an)
    attempt = start(page)
    shift(attempt, -timedelta(minutes=9, seconds=50))
    page.reload()
    option(page, 0).click()
    expect(option(page, 0).locator(".option-note")).to_have_text("Đã lưu")
    expect(page.locator("[data-ring]")).to_have_attribute("data-level", "son", timeout=15_000)
    page.wait_for_url("**/k/**", timeout=25_000)
    expect(page.get_by_text("Hết giờ. Bài của bạn đã được nộp với 1/3 câu đã trả lời.")).to_be_visible()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.answered) == (AttemptState.SUBMITTED, 1)
    assert kept(page) == []


def test_missing_and_flagged_questions_are_listed_before_handing_in(open_device: Device, an: Resident) -> None:
    listed_round()
    page = open_device(an)
    attempt = start(page)
    option(page, 0).click()
    go_on(page)
    question(page).get_by_role("button", name="Đánh dấu").click()
    page.get_by_role("link", name="Tất cả các câu").click()
    sheet = page.locator("#tong-quan")
    expect(sheet.get_by_role("link", name="Câu 1, đã trả lời")).to_be_visible()
    expect(sheet.get_by_role("link", name="Câu 2, chưa trả lời, đã đánh dấu")).to_be_visible()
    assert violations(page) == []
    sheet.get_by_role("link", name="Xem lại và nộp bài").click()
    expect(page.locator("[data-finish-missing] a")).to_have_text(["2", "3"])
    expect(page.locator("[data-finish-flagged] a")).to_have_text(["2"])
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    confirm = page.get_by_role("dialog", name="Nộp bài luôn?")
    expect(confirm).to_contain_text("Còn 2 câu chưa trả lời: 2, 3.")
    assert violations(page) == []
    confirm.get_by_role("button", name="Làm tiếp").click()
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN
    page.locator("[data-finish-missing]").get_by_role("link", name="3").click()
    option(page, 1).click()
    expect(option(page, 1).locator(".option-note")).to_have_text("Đã lưu")
    go_on(page)
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    confirm.get_by_role("button", name="Nộp bài").dblclick()
    page.wait_for_url("**/k/**")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.answered) == (AttemptState.SUBMITTED, 2)


def test_what_cannot_be_an_answer_is_told_and_holds_nothing_up(open_device: Device, an: Resident) -> None:
    listed_round(questions=[one for one in every_kind() if one.current and one.current.kind in ("numeric", "short")])
    page = open_device(an)
    attempt = start(page)
    number = next(one.number for one in questions_of(attempt) if one.kind == "numeric")
    page.goto(f"{reverse('contest:attempt', args=[attempt.public_id])}?c={number}")
    field = question(page).get_by_role("textbox")
    field.fill("34")
    expect(question(page).get_by_text("Đã lưu")).to_be_visible()
    field.fill("ba mươi tư")
    expect(question(page).get_by_text("chưa được lưu")).to_be_visible()
    page.get_by_role("link", name="Tất cả các câu").click()
    page.locator("#tong-quan").get_by_role("link", name="Xem lại và nộp bài").click()
    expect(page.locator("[data-finish-missing] a")).to_have_text(["1", "2"])
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    page.get_by_role("dialog", name="Nộp bài luôn?").get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/k/**")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.answered) == (AttemptState.SUBMITTED, 1)  # what was saved before counts


def test_every_kind_by_hand_and_by_keyboard(open_device: Device, an: Resident) -> None:
    asked = {"target": "all_correct", "asked": "on_paper", "required": True, "role": "tie_break"}
    rules = page_rules(prediction=asked, ranking={"keys": ["points", "prediction_distance", "duration"]})
    listed_round(questions=every_kind(), rules=rules)
    page = open_device(an, viewport={"width": 1440, "height": 900})
    attempt = start(page)
    for one in questions_of(attempt):
        here = question(page)
        expect(here).to_have_attribute("data-position", str(one.position))
        match one.kind:
            case "single":
                page.keyboard.press("b")
            case "multiple":
                page.keyboard.press("1")
                page.keyboard.press("3")
            case "boolean":
                page.keyboard.press("2")
            case "numeric":
                here.get_by_role("textbox").fill("34")
            case "short":
                here.get_by_role("textbox").fill("VNeID")
            case "ordering":
                grip = here.locator("[data-grip]").first
                target = here.locator(".order-item").last.bounding_box()
                assert target is not None
                grip.hover()
                page.mouse.down()
                page.mouse.move(target["x"] + 20, target["y"] + target["height"] - 4, steps=8)
                page.mouse.up()
            case "matching":
                here.get_by_label("Trái hai").select_option(label="Phải hai")
        expect(here.get_by_text("Đã lưu").first).to_be_visible()
        assert violations(page) == []
        page.locator("body").press("ArrowRight") if one.kind not in ("numeric", "short", "matching") else go_on(page)
    page.get_by_label(re.compile("trả lời đúng tất cả")).fill("1.204")
    expect(question(page).get_by_text("Đã lưu")).to_be_visible()
    go_on(page)
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    page.wait_for_url("**/k/**")
    saved = {one.kind: one for one in questions_of(attempt)}
    attempt.refresh_from_db()
    assert (attempt.answered, attempt.prediction) == (7, 1204)
    order = [one.id for one in saved["ordering"].shown.options]
    assert saved["ordering"].saved == [*order[1:], order[0]]
    assert saved["single"].saved == saved["single"].shown.options[1].id
    assert set(saved["multiple"].saved) == {saved["multiple"].shown.options[place].id for place in (0, 2)}
    assert saved["matching"].saved == ["", next(t.id for t in saved["matching"].shown.targets if t.text == "Phải hai")]


def test_without_javascript(open_device: Device, an: Resident) -> None:
    listed_round()
    page = open_device(an, java_script_enabled=False)
    attempt = start(page)
    for place in range(2):
        option(page, place).locator("input").check()
        page.get_by_role("button", name="Lưu và sang câu tiếp").click()
    expect(page.get_by_text("Câu 3/3").first).to_be_visible()
    page.get_by_role("link", name="Tất cả các câu").click()
    expect(page.locator("[data-finish-missing] a")).to_have_text(["3"])
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(page.locator(".score-line")).to_be_visible()
    expect(page.get_by_text("Thứ hạng tạm thời")).to_be_visible()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.answered) == (AttemptState.SUBMITTED, 2)


def test_the_next_person_on_a_shared_device_finds_nothing(open_device: Device, an: Resident) -> None:
    listed_round()
    page = open_device(an)
    attempt = start(page)
    option(page, 0).click()
    expect(option(page, 0).locator(".option-note")).to_have_text("Đã lưu")
    page.goto(f"{reverse('contest:attempt', args=[attempt.public_id])}?c=nop")
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    page.get_by_role("dialog", name="Nộp bài luôn?").get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/k/**")
    page.get_by_role("button", name="Xong, đăng xuất khỏi máy này").click()
    page.go_back()
    expect(page.get_by_text("Trần Văn An")).to_have_count(0)
    assert kept(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_in_both_themes(open_device: Device, an: Resident, scheme: str) -> None:
    rules = page_rules(reveal={"score": "at_submit", "explanations": "at_submit", "board": "live"})
    listed_round(questions=every_kind(), rules=rules)
    page = open_device(an, color_scheme=scheme)
    attempt = start(page)
    for step in [*map(str, range(1, 8)), "nop"]:
        page.goto(f"{reverse('contest:attempt', args=[attempt.public_id])}?c={step}")
        assert (step, violations(page), too_wide(page)) == (step, [], [])
    page.get_by_role("button", name="Nộp bài", exact=True).click()
    page.get_by_role("dialog", name="Nộp bài luôn?").get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/k/**")
    paths = [
        reverse("contest:home"),
        reverse("contest:contest", args=["thi"]),
        reverse("contest:rules", args=["thi"]),
        reverse("contest:round", args=["thi", 1]),
        reverse("contest:board", args=["thi"]),
        f"{reverse('contest:board', args=['thi'])}?bang=don-vi",
        reverse("contest:result", args=[attempt.public_id]),
        reverse("contest:review", args=[attempt.public_id]),
        reverse("contest:mine"),
    ]
    for path in paths:
        page.goto(path)
        assert (path, violations(page), too_wide(page)) == (path, [], [])
    Round.objects.update(cancelled_at=attempt.started_at)
    for path in paths:
        page.goto(path)
        assert (path, violations(page), too_wide(page)) == (path, [], [])
