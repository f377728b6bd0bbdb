"""C: accounts and robots. Whom the limits count, and which headers are believed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.test import RequestFactory

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).resolve().parents[2]
CLASSROOM = 300  # people who sign in within one minute behind one address


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded", "CF-Connecting-IP"])
def test_without_a_proxy_no_header_moves_the_address_that_is_counted(rf: RequestFactory, name: str) -> None:
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
    request = rf.get("/", headers={name: "203.0.113.9"}, REMOTE_ADDR="198.51.100.1")
    assert get_adapter().get_client_ip(request) == "198.51.100.1"


def test_behind_one_proxy_only_its_own_word_counts(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 1)
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}, REMOTE_ADDR="10.0.0.1")
    assert get_adapter().get_client_ip(request) == "198.51.100.7"


def test_a_forwarded_host_is_never_the_host() -> None:
    assert settings.USE_X_FORWARDED_HOST is False
    assert settings.USE_X_FORWARDED_PORT is False


def test_limits_of_one_address_leave_room_for_a_classroom() -> None:
    rates = {
        name: [int(part.split("/")[0]) for part in str(rate).split(",") if part.endswith("/m/ip")]
        for name, rate in settings.ACCOUNT_RATE_LIMITS.items()
        if name in ("login", "request_login_code", "confirm_code")
    }
    assert rates
    assert all(found and min(found) >= CLASSROOM for found in rates.values()), rates


def test_a_forgotten_await_is_an_error_in_tests_and_in_the_linter() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    ignored = [rule for rule in project["pytest"]["ini_options"]["filterwarnings"] if rule.startswith("ignore")]
    assert project["pytest"]["ini_options"]["filterwarnings"][0] == "error"
    assert not [rule for rule in ignored if re.search("RuntimeWarning|never awaited", rule)]
    assert {"ASYNC", "RUF"} <= set(project["ruff"]["lint"]["select"])
