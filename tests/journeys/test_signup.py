"""Signing up in a real Chromium, on a phone, with and without JavaScript, in both themes, without an axe violation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from people.enums import UnitKind
from people.models import OutboxMessage, Resident
from tests.factories import make_participant, make_place, make_user
from tests.journeys.faults import violations

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Nguyễn Phước Thiên Hương Bảo Châu"


@pytest.fixture(autouse=True)
def _places() -> None:
    cache.clear()
    province = make_place("Tỉnh Gia Lai", code="52", former="Bình Định")
    ward = make_place("Phường Quy Nhơn", parent=province, code="21583", kind=UnitKind.WARD, former="Thị Nại")
    make_place("Trường Trung học phổ thông chuyên Lê Quý Đôn", parent=ward, code="LQD")
    make_place("Xã An Lương", parent=province, code="21700")


def code() -> str:
    message = OutboxMessage.objects.first()
    assert message is not None
    found = re.search(r"\d{6}", message.body)
    assert found is not None
    return found[0]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_resident_signs_up_on_a_phone(browser: Browser, live_server: Any, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, locale="vi-VN")
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security" in line.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))

    page.goto(f"{live_server.url}{reverse('people:signup')}?next={reverse('people:contact')}")
    assert (violations(page), fits(page)) == ([], True)
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0912 345 678")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(page.get_by_text("0912 345 678")).to_be_visible()
    assert (violations(page), fits(page)) == ([], True)

    page.get_by_label("Mã gồm 6 chữ số").press_sequentially(code())  # the sixth digit sends it
    expect(page.get_by_role("heading", name="Bạn là ai, ở đâu?")).to_be_visible()
    page.get_by_label("Họ và tên", exact=True).fill(NAME)
    page.get_by_label("Năm sinh").fill("1985")
    expect(page.get_by_role("heading", name="Người giám hộ")).to_be_hidden()
    page.get_by_label("Xã, phường, đặc khu").press_sequentially("thi nai")
    page.get_by_role("radio", name=re.compile("Phường Quy Nhơn")).check()
    page.get_by_role("radio", name=re.compile("Lê Quý Đôn")).check()
    assert (violations(page), fits(page)) == ([], True)
    page.get_by_role("button", name="Xong, vào thi").click()
    expect(page.get_by_text("Để dự thi, cần bạn đồng ý")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("checkbox", name=re.compile("dùng thông tin của tôi")).check()
    page.get_by_role("button", name="Xong, vào thi").click()
    page.wait_for_url(f"**{reverse('people:contact')}")

    assert Resident.objects.values_list("full_name", "unit__code").get() == (NAME, "LQD")
    page.goto(f"{live_server.url}{reverse('people:me')}")
    assert (violations(page), fits(page)) == ([], True)
    assert refused == []
    context.close()


def test_a_minor_meets_the_guardians_part_by_birth_year(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}{reverse('people:signup')}")
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0912345678")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.get_by_label("Mã gồm 6 chữ số").press_sequentially(code())
    guardian = page.get_by_role("heading", name="Người giám hộ")
    page.get_by_label("Năm sinh").fill("2015")
    expect(guardian).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Năm sinh").fill("1985")
    expect(guardian).to_be_hidden()


def test_a_complaint_takes_one_to_its_field_and_goes_when_it_is_mended(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}{reverse('people:signup')}")
    field = page.get_by_label("Số điện thoại hoặc thư điện tử")
    field.fill("12")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    complaint = page.get_by_text("Chưa đúng số di động")
    expect(complaint).to_be_visible()
    expect(field).to_be_focused()
    field.fill("0912 345 678")
    expect(complaint).to_be_hidden()
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_signing_up_works_without_javascript(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('people:signup')}?next={reverse('people:contact')}")
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill("lan@example.vn")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    digits = re.search(r"\d{6}", mail.outbox[-1].body)
    assert digits is not None
    page.get_by_label("Mã gồm 6 chữ số").fill(digits[0])
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Họ và tên", exact=True).fill("Lan")
    page.get_by_label("Năm sinh").fill("1985")
    page.get_by_label("Xã, phường, đặc khu").fill("quy nhon")
    page.get_by_role("button", name="Tìm xã, phường").click()
    page.get_by_role("radio", name=re.compile("Phường Quy Nhơn")).check()
    page.get_by_role("checkbox", name=re.compile("dùng thông tin của tôi")).check()
    page.get_by_role("button", name="Xong, vào thi").click()
    assert page.url.endswith(reverse("people:contact"))
    assert Resident.objects.get().full_name == "Lan"
    context.close()


def test_a_passkey_opens_the_account_without_a_code(page: Page, live_server: Any) -> None:
    """Chromium's virtual authenticator adds a passkey and signs in with it."""
    resident = make_participant(user=make_user(phone="+84912345678"))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    site = live_server.url.replace("127.0.0.1", "localhost")

    page.goto(f"{site}{reverse('people:signup')}")
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0912345678")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.get_by_label("Mã gồm 6 chữ số").press_sequentially(code())
    page.wait_for_url(f"**{reverse('people:me')}")
    page.goto(f"{site}{reverse('mfa_add_webauthn')}")
    page.get_by_role("button", name="Thêm").click()
    page.wait_for_url(re.compile(r"/2fa/(?!webauthn/add)"))
    assert violations(page) == []

    page.goto(f"{site}{reverse('account_logout')}")
    page.locator("main").get_by_role("button", name="Đăng xuất").click()
    page.goto(f"{site}{reverse('account_login')}")
    page.get_by_role("button", name="Vào bằng khóa truy cập").click()
    page.wait_for_url(f"**{reverse('people:me')}")
    expect(page.get_by_role("heading", name=resident.full_name)).to_be_visible()
