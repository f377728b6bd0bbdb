"""Fixtures of the whole suite: the real Valkey, a present to test in, Chromium as Debian ships it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.testing.run import BROWSERS, INSTALL
from config.up import valkey as server
from config.up.places import Places
from tests.factories import NOW

CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture
def now() -> datetime:
    """09:00 on 22 November 2026 in Viet Nam."""
    return NOW


@dataclass(slots=True)
class Valkey:
    """The embedded server of this test process; may be killed and started again by a test."""

    places: Places
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.places.make()
        self.process = subprocess.Popen(server.command(self.places), stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 15
        while not server.is_up(self.places.socket):
            assert time.monotonic() < deadline, "Valkey did not start"
            time.sleep(0.01)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def ask(self, words: str) -> str:
        return server.ask(self.places.socket, words)


@pytest.fixture(scope="session")
def _valkey() -> Iterator[Valkey]:
    one = Valkey(Places(Path(settings.DATA_DIR)))
    one.start()
    yield one
    if one.process is not None:
        one.process.terminate()
        one.process.wait()


@pytest.fixture
def valkey(_valkey: Valkey) -> Valkey:
    """A running, empty Valkey at the place the settings point to."""
    if _valkey.process is None:
        _valkey.start()
    _valkey.ask("FLUSHALL")
    return _valkey


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip(f"Chromium is not installed: {INSTALL}")
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Instead of pytest-base-url's, whose way of defining it pytest 9.2 warns about (and warnings are errors)."""
    return ""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Journeys are marked by their folder, before marks are selected by."""
    if "journeys" in Path(str(item.path)).parts:
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come last: Playwright leaves a running event loop in the thread, in which no test that is a coroutine
    could run any more."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
