"""What journeys at a paper share: signing a browser in, walking through questions."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import Locator, Page

from contest.models import AnswerEvent, Attempt
from people.models import Resident

PHONE = {"width": 360, "height": 740}

Device = Callable[..., Page]
"""``open_device(resident, **context options)`` gives a page of a new browser (tests/journeys/conftest.py)."""


def session_of(resident: Resident) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(resident.user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = resident.user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def start(page: Page, slug: str = "thi") -> Attempt:
    page.goto(reverse("contest:round", args=[slug, 1]))
    page.get_by_role("checkbox", name=re.compile("đồng ý với thể lệ")).check()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.wait_for_url("**/t/**")
    return Attempt.objects.latest("pk")


def question(page: Page) -> Locator:
    return page.locator("[data-step]:not([hidden])")


def option(page: Page, index: int) -> Locator:
    return question(page).locator(".option").nth(index)


def go_on(page: Page) -> None:
    question(page).locator(".paper-nav .btn-primary").click()


def stored(attempt: Attempt) -> dict[int, str]:
    rows = AnswerEvent.objects.filter(attempt=attempt).order_by("position", "seq")
    return dict(rows.values_list("position", "response"))


def kept(page: Page) -> list[str]:
    """What the browser still holds of papers."""
    return list(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('thiso.bai.'))"))
