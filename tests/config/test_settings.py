"""Every variable the settings read is documented, and nothing else is; the durable defaults are really in force."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.secret import read_or_make_secret
from config.store import LONGEST_SOCKET_PATH, redis_url, socket_path

ROOT = Path(__file__).resolve().parents[2]


def test_every_variable_is_documented() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "config").glob("settings*.py")))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    documented = set(
        re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert read == documented


@pytest.mark.django_db
def test_an_acknowledged_commit_is_durable() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for pragma, expected in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
                cursor.execute(f"PRAGMA {pragma}")
                assert cursor.fetchone() == (expected,)
        else:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)


def test_a_transaction_never_wraps_a_request() -> None:
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False


@pytest.mark.parametrize(
    ("url", "database", "celery", "expected"),
    [
        ("", 1, False, "unix:///d/run/valkey.sock?db=1"),
        ("", 0, True, "redis+socket:///d/run/valkey.sock?virtual_host=0"),
        ("unix:///run/r.sock", 3, False, "unix:///run/r.sock?db=3"),
        ("redis://h:6379", 2, False, "redis://h:6379/2"),
        ("rediss://u:p@h:6380/5", 0, True, "rediss://u:p@h:6380/0"),
    ],
)
def test_redis_urls(url: str, database: int, celery: bool, expected: str) -> None:
    assert redis_url(url, Path("/d"), database=database, celery=celery) == expected


def test_a_long_data_path_gets_a_short_socket() -> None:
    assert len(str(socket_path(Path("/" + "x" * 200)))) <= LONGEST_SOCKET_PATH
    assert socket_path(Path("/" + "x" * 200)) != socket_path(Path("/" + "y" * 200))


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    first = read_or_make_secret(path)
    assert len(first) >= 50
    assert read_or_make_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_half_written_secret_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_text("")
    assert len(read_or_make_secret(path)) >= 50
