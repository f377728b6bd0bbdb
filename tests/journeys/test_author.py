"""An author and a reviewer in a real browser: from an empty editor to a question in use, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from people.enums import Role
from people.models import User
from quizbank.domain.editing import save_edit, write_new
from quizbank.domain.sealing import add_questions, create_set
from quizbank.enums import QuestionState, Sight
from quizbank.models import Question, Sighting
from tests.factories import make_role, make_topics, make_user, single_draft
from tests.journeys.faults import too_wide, violations

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Nguyễn Phước Thiên Hương Bảo Châu"


@pytest.fixture
def author() -> User:
    make_topics()
    user = make_user(NAME)
    make_role(user, Role.AUTHOR)
    return user


@pytest.fixture
def reviewer() -> User:
    user = make_user("Phạm Văn Duyệt")
    make_role(user, Role.REVIEWER)
    return user


@pytest.fixture
def desk_of(browser: Browser, live_server: Any) -> Iterator[Any]:
    """``desk_of(user, width)``: a page signed in as somebody. No script may fail, no policy be broken."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(user: User, width: int = 1280) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="vi-VN", base_url=live_server.url
        )
        contexts.append(context)
        sign_in(context, user, live_server.url)
        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


def looks_right(page: Page) -> None:
    assert too_wide(page) == []
    assert violations(page) == []


def write(page: Page, stem: str = "Mã OTP dùng để làm gì?") -> None:
    page.locator("#id_stem").fill(stem)
    for letter, text in zip("ABCD", ("Xác nhận giao dịch", "Gọi điện thoại", "Nghe nhạc", "Chụp ảnh"), strict=True):
        page.get_by_label(f"Phương án {letter}", exact=True).fill(text)
    page.get_by_label("A là đáp án đúng").check()


def test_from_an_empty_editor_to_a_question_in_use(author: User, reviewer: User, desk_of: Any, tmp_path: Path) -> None:
    page = desk_of(author)
    page.goto(reverse("quizbank:bank"))
    looks_right(page)
    page.get_by_role("link", name="Soạn câu mới").first.click()
    write(page)
    expect(page.locator("#thu .stem")).to_contain_text("Mã OTP dùng để làm gì?")
    expect(page.locator("#thu [data-state=missed]")).to_contain_text("Xác nhận giao dịch")
    expect(page.locator("#goi-y-explanation")).to_contain_text("Chưa có giải thích")
    expect(page.locator("[data-hints-said]")).to_contain_text("Chưa có giải thích")
    page.locator("#thu").get_by_role("link", name="Giải thích").click()
    expect(page.get_by_role("textbox", name="Giải thích").first).to_be_focused()
    page.get_by_label("B là đáp án đúng").check()
    expect(page.get_by_label("A là đáp án đúng")).not_to_be_checked()
    page.get_by_label("A là đáp án đúng").check()
    page.locator("#id_explanation").fill("Mã OTP chỉ bạn được biết.")
    page.locator("#id_citation").fill("Luật An toàn thông tin mạng")
    expect(page.locator("#thu")).to_contain_text("Cách viết ổn")
    expect(page.locator("[data-hints-said]")).to_be_empty()
    picture = tmp_path / "cau.png"
    Image.new("RGB", (640, 400), "#23408E").save(picture)
    page.locator("#id_picture").set_input_files(picture)
    page.get_by_label("Mô tả hình").fill("Một màn hình điện thoại")
    page.get_by_role("button", name="Tải hình lên").click()
    expect(page.locator("#thu img")).to_have_attribute("alt", "Một màn hình điện thoại")
    looks_right(page)
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.get_by_text("Đã lưu và gửi duyệt.")).to_be_visible()
    expect(page.get_by_text("Người soạn không tự duyệt câu hỏi của mình.")).to_be_visible()
    looks_right(page)

    reading = desk_of(reviewer, 360)
    reading.goto(f"{reverse('quizbank:bank')}?state=in_review")
    looks_right(reading)
    reading.get_by_role("link", name="Mã OTP dùng để làm gì?").click()
    expect(reading.locator("[data-state=missed]")).to_have_count(0)
    reading.get_by_role("button", name="Xem đáp án để duyệt").click()
    expect(reading.locator("[data-state=missed]")).to_have_count(1)
    looks_right(reading)
    reading.get_by_role("button", name="Duyệt", exact=True).click()
    expect(reading.get_by_text("Đã duyệt. Câu này được dùng")).to_be_visible()
    question = Question.objects.get()
    assert question.state == QuestionState.APPROVED
    assert set(Sighting.objects.filter(reader=reviewer).values_list("what", flat=True)) == {
        Sight.OPENED,
        Sight.REVIEWED,
    }


def test_offline_the_editor_says_so_and_keeps_what_was_typed(author: User, desk_of: Any) -> None:
    page = desk_of(author, 360)
    page.goto(reverse("quizbank:bank_new"))
    write(page, "Câu gõ lúc còn mạng?")
    expect(page.locator("#thu .stem")).to_contain_text("Câu gõ lúc còn mạng?")
    page.context.set_offline(True)
    page.locator("#id_stem").fill("Câu gõ khi mất mạng?")
    note = page.locator("[data-kept-note]")
    expect(note).to_contain_text("Chữ bạn gõ vẫn được giữ trên máy này")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.locator("#id_stem")).to_have_value("Câu gõ khi mất mạng?")
    page.context.set_offline(False)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("heading", name="Như trên điện thoại")).to_be_visible()
    assert Question.objects.get().current.stem == "Câu gõ khi mất mạng?"


def test_what_was_typed_outlives_the_session(author: User, desk_of: Any, live_server: Any) -> None:
    page = desk_of(author, 360)
    page.goto(reverse("quizbank:bank_new"))
    write(page, "Câu chưa kịp lưu?")
    expect(page.locator("#thu .stem")).to_contain_text("Câu chưa kịp lưu?")
    Session.objects.all().delete()
    page.get_by_label("Phương án A", exact=True).fill("Sửa thêm")
    expect(page.get_by_text("Phiên đăng nhập đã hết.")).to_be_visible()
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url("**/tai-khoan/**")
    assert Question.objects.count() == 0
    sign_in(page.context, author, live_server.url)
    page.goto(reverse("quizbank:bank_new"))
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.locator("#id_stem")).to_have_value("Câu chưa kịp lưu?")
    expect(page.get_by_label("Phương án A", exact=True)).to_have_value("Sửa thêm")
    expect(page.get_by_label("A là đáp án đúng")).to_be_checked()
    looks_right(page)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Câu chưa kịp lưu?").first).to_be_visible()
    assert Question.objects.get().current.stem == "Câu chưa kịp lưu?"  # type: ignore[union-attr]
    page.goto(reverse("quizbank:bank_new"))
    expect(page.get_by_role("button", name="Lấy lại")).to_be_hidden()


def test_every_kind_has_its_own_fields_and_a_preview(author: User, desk_of: Any) -> None:
    page = desk_of(author)
    page.goto(reverse("quizbank:bank_new"))
    page.locator("#id_stem").fill("Sắp xếp?")
    for kind, shown in (
        ("Sắp xếp thứ tự", "item_4"),
        ("Ghép cặp", "left_4"),
        ("Điền số", "value"),
        ("Trả lời ngắn", "accept"),
        ("Đúng hay sai", "right_bool"),
        ("Chọn nhiều đáp án", "option_3"),
    ):
        page.get_by_label("Loại câu").select_option(label=kind)
        expect(page.locator(f"#id_{shown}")).to_be_visible()
        assert violations(page) == []
    page.get_by_label("Loại câu").select_option(label="Sắp xếp thứ tự")
    for number, text in enumerate(("một", "hai", "ba"), start=1):
        page.get_by_label(f"Mục {number}", exact=True).fill(text)
    expect(page.locator("#thu .plain-order > li")).to_have_count(3)
    page.get_by_text("Bản dịch, đặt cạnh bản gốc").click()
    expect(page.locator('[data-mirror="item_0"]')).to_have_text("một")
    page.get_by_label("Câu hỏi, bản dịch").fill("Put in order?")
    page.get_by_label("Mục 1, bản dịch").fill("one")
    page.get_by_label("Mục 2, bản dịch").fill("two")
    page.get_by_label("Mục 3, bản dịch").fill("three")
    looks_right(page)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("heading", name="Gửi duyệt")).to_be_visible()
    version = Question.objects.get().current
    assert version is not None
    assert sorted(version.translations["en"]["content"]["items"]) == ["one", "three", "two"]
    first = version.content["items"].index("một")
    assert version.translations["en"]["content"]["items"][first] == "one"


def test_two_editors_see_both_wordings(author: User, reviewer: User, desk_of: Any) -> None:
    now = timezone.now()
    question = write_new(draft=single_draft("Ngày nào là ngày hội?"), author=author, now=now)
    page = desk_of(author)
    page.goto(reverse("quizbank:bank_edit", args=[question.public_id]))
    theirs = single_draft("Ngày nào là ngày hội của cả nước?")
    save_edit(question=question, base=question.current_id or 0, draft=theirs, editor=reviewer, now=now)
    page.locator("#id_stem").fill("Ngày nào là ngày hội chuyển đổi số?")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Bản vừa được lưu và bản của bạn")).to_be_visible()
    expect(page.locator(".diff ins")).to_contain_text("chuyển đổi số")
    looks_right(page)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.locator(".log b", has_text="Bản 3")).to_be_visible()
    assert question.versions.count() == 3


def test_without_scripts_the_same_work_is_done(author: User, browser: Browser, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, locale="vi-VN")
    sign_in(context, author, live_server.url)
    page = context.new_page()
    page.goto(reverse("quizbank:bank_new"))
    write(page, "Không cần JavaScript?")
    page.get_by_role("button", name="Xem trước").last.click()
    expect(page.locator("#thu .stem")).to_contain_text("Không cần JavaScript?")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("heading", name="Như trên điện thoại")).to_be_visible()
    assert Question.objects.count() == 1
    context.close()


def test_every_page_of_an_author_fits_a_phone_at_twice_the_text(author: User, reviewer: User, desk_of: Any) -> None:
    now = timezone.now()
    question = write_new(
        draft=single_draft(f"Theo {NAME}, https://www.dichvucong.gov.vn/{'p' * 60}?"), author=author, now=now
    )
    sealed = create_set(name="Bộ đề của Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Đồng Tháp", owner=reviewer, now=now)
    add_questions(sealed=sealed, questions=[Question.objects.get(pk=question.pk)], actor=reviewer, now=now)
    page = desk_of(reviewer, 360)
    names = ("bank", "bank_sets", "bank_log", "import_new", "export", "statistics")
    addresses = [reverse(f"quizbank:{name}") for name in names]
    addresses += [
        reverse("quizbank:bank_question", args=[question.public_id]),
        reverse("quizbank:bank_set", args=[sealed.public_id]),
    ]
    wide = {}
    for address in addresses:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide[address] = too_wide(page)
    assert {address: found for address, found in wide.items() if found} == {}
