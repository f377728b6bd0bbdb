"""Browsers at a real server for journeys of residents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page

from config.fonts import prepare_fonts
from contest.queries.papers import forget_papers
from people.models import Resident
from tests.contest.pages import person
from tests.journeys.nursery import Nursery
from tests.journeys.papers import PHONE, Device, session_of
from tests.realtime.servers import Server


@pytest.fixture(scope="session", autouse=True)
def fonts() -> None:
    """Pages are measured in the letters people see."""
    prepare_fonts(Path(settings.STATIC_EXTRA))


@pytest.fixture(scope="session")
def nursery(fonts: None) -> Iterator[Nursery]:
    """Where journeys get their servers from."""
    one = Nursery()
    yield one
    one.close()


@pytest.fixture
def paper_server(transactional_db: Any, valkey: Any, nursery: Nursery) -> Iterator[Server]:
    cache.clear()
    forget_papers()
    with nursery.server() as one:
        yield one


@pytest.fixture
def an(transactional_db: Any) -> Resident:
    return person("Trần Văn An")


@pytest.fixture
def open_device(browser: Browser, paper_server: Server) -> Iterator[Device]:
    """New browsers: ``open_device(resident)`` gives a page of a phone signed in as that resident. At the end none of them
    may have met an error of a script or of the content security policy. Service workers are for the journeys about them:
    what passes through one cannot be cut off or delayed by a test."""
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(resident: Resident | None = None, **options: Any) -> Page:
        context = browser.new_context(
            **{"viewport": PHONE, "locale": "vi-VN", "base_url": paper_server.http, "service_workers": "block"}
            | options
        )
        contexts.append(context)
        if resident is not None:
            context.add_cookies([{"name": "thiso", "value": session_of(resident), "url": paper_server.http}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Security" in line.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
