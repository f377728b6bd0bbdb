"""An author brings a file in a real browser: chosen, sent, looked over, mended, stored, taken back, taken out."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from people.enums import Role
from people.models import User
from quizbank.domain.import_reading import read_import
from quizbank.domain.import_storing import store_import
from quizbank.domain.questions import write_question
from quizbank.models import ImportBatch, Question, Sighting
from tests.factories import make_role, make_topics, make_user
from tests.journeys.test_organizer import no_violations
from tests.quizbank.coming_back import CODES, reworded
from tests.quizbank.files import BAD_ROW, csv_of, plain_drafts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Any:
    """A phone signed in as an author; refuses content that breaks the security policy."""
    make_topics()
    author = make_user("Nguyễn Phước Thiên Hương Bảo Châu")
    make_role(author, Role.AUTHOR)
    client = Client()
    client.force_login(author)
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", base_url=live_server.url, accept_downloads=True
    )
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_from_a_file_to_the_bank_and_back(desk: Page, tmp_path: Path) -> None:
    page = desk
    path = tmp_path / "Đề thi của Ủy ban Mặt trận Tổ quốc xã.csv"
    path.write_bytes(csv_of(*plain_drafts(3, topic=""), BAD_ROW))

    page.goto("/quan-ly/ngan-hang/nhap/")
    page.get_by_role("link", name="Gửi tệp đầu tiên").click()
    page.get_by_label("Tệp câu hỏi").set_input_files(path)
    fits(page)
    no_violations(page)
    page.get_by_role("button", name="Gửi và xem trước").click()

    expect(page.locator("#tien-do")).to_contain_text("Đang đọc tệp")
    batch = ImportBatch.objects.get()
    assert read_import(public_id=batch.public_id, now=timezone.now())  # in a child process, as the worker does
    # The page notices by itself that it was read.
    expect(page.get_by_text("4 câu có lỗi nên không lưu được.")).to_be_visible()
    fits(page)
    no_violations(page)

    page.get_by_text("Bổ sung chung cho mọi câu").click()
    page.locator("#id_topic").select_option("an-toan")
    page.get_by_role("button", name="Bổ sung").click()
    expect(page.get_by_text("1 câu có lỗi nên không lưu được.")).to_be_visible()
    page.get_by_role("link", name="Chỉ câu có lỗi").click()
    expect(page.locator(".files-item")).to_have_count(1)
    page.get_by_role("link", name="Tất cả").click()
    page.get_by_role("checkbox", name="Dòng 3").uncheck()
    save = page.get_by_role("button", name="Lưu 2 câu vào ngân hàng")
    expect(save).to_be_visible()
    no_violations(page)
    save.click()

    expect(page.locator("#tien-do")).to_contain_text("Đang lưu")
    store_import(public_id=batch.public_id, now=timezone.now())
    expect(page.get_by_text("an-toan-0001")).to_be_visible()
    fits(page)
    assert Question.objects.count() == 2

    page.goto("/quan-ly/ngan-hang/xuat/")
    page.get_by_label("Dạng tệp").select_option("csv")
    no_violations(page)
    page.get_by_role("button", name="Xem sẽ có gì trong tệp").click()
    expect(page.get_by_text("2 câu vào tệp")).to_be_visible()
    fits(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải tệp về").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == ["an-toan-0001", "an-toan-0002"]
    assert Sighting.objects.count() == 2

    page.goto(f"/quan-ly/ngan-hang/nhap/{batch.public_id}/")
    page.get_by_role("button", name="Hoàn tác").click()
    no_violations(page)
    page.get_by_role("dialog").get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã gỡ 2 câu khỏi ngân hàng.")).to_be_visible()
    assert Question.objects.count() == 0


def test_an_exported_file_is_edited_and_comes_back(desk: Page, tmp_path: Path) -> None:
    page = desk
    author = User.objects.get()
    drafts = [replace(draft, code=code) for draft, code in zip(plain_drafts(2), CODES, strict=False)]
    questions = [write_question(draft=draft, author=author, now=timezone.now()) for draft in drafts]
    path = tmp_path / "Đã sửa.csv"
    path.write_bytes(csv_of(drafts[0], reworded(drafts[1]), plain_drafts(3)[2]))

    page.goto("/quan-ly/ngan-hang/nhap/moi/")
    page.get_by_label("Tệp câu hỏi").set_input_files(path)
    page.get_by_role("button", name="Gửi và xem trước").click()
    batch = ImportBatch.objects.get()
    assert read_import(public_id=batch.public_id, now=timezone.now())
    page.goto(f"/quan-ly/ngan-hang/nhap/{batch.public_id}/")
    expect(page.get_by_text(f"Sửa câu {CODES[1]}: chữ khác bản hiện tại")).to_be_visible()
    expect(page.locator("ins")).to_have_text("Mời bạn chọn.")
    expect(page.get_by_role("checkbox", name="Dòng 2")).to_be_disabled()
    fits(page)
    no_violations(page)
    page.get_by_role("link", name="Không đổi 1").click()
    expect(page.locator(".files-item")).to_have_count(1)
    page.get_by_role("link", name="Tất cả").click()
    page.get_by_role("button", name="Lưu 2 câu vào ngân hàng").click()
    expect(page.locator("#tien-do")).to_contain_text("Đang lưu")
    store_import(public_id=batch.public_id, now=timezone.now())
    expect(page.get_by_text("trong đó 1 câu là bản mới của câu đã có")).to_be_visible()
    fits(page)
    assert [one.versions.count() for one in questions] == [1, 2]

    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_role("dialog").get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã đưa 1 câu về bản trước khi nhập.")).to_be_visible()
    no_violations(page)
    assert [one.versions.count() for one in questions] == [1, 1]


def test_a_file_too_large_is_told_before_it_is_sent(desk: Page, tmp_path: Path) -> None:
    page = desk
    path = tmp_path / "to.xlsx"
    path.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    page.goto("/quan-ly/ngan-hang/nhap/moi/")
    page.get_by_label("Tệp câu hỏi").set_input_files(path)
    expect(page.get_by_text("nặng quá 10 MB")).to_be_visible()
    page.get_by_role("button", name="Gửi và xem trước").click()
    expect(page).to_have_url(page.url)
    assert ImportBatch.objects.count() == 0
