"""Clocks, write-ahead log, disk, and a Redis that was brought along: what goes wrong is said before it hurts."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config import checks, vitals
from config.tasks import care
from tests.conftest import Valkey

SOUND = {"redis_version": "7.2.4", "maxmemory": 1, "maxmemory_policy": "noeviction", "aof_enabled": 1}


class Skewed(datetime):
    """An application whose clock is wrong by ``by``."""

    by = timedelta()

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.by


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "agree"), [(0, True), (0.2, True), (90, False), (-90, False)])
def test_a_clock_that_differs_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seconds: float, agree: bool
) -> None:
    monkeypatch.setattr(Skewed, "by", timedelta(seconds=seconds))
    monkeypatch.setattr(vitals, "datetime", Skewed)
    if connection.vendor == "sqlite":
        agree = True  # one machine, one clock
    assert vitals.clocks_agree() is agree
    assert [one.id for one in checks.clocks(None, databases=["default"])] == ([] if agree else ["thiso.E003"])
    assert ("NTP" in caplog.text) is not agree
    reply = client.get("/healthz")
    assert (reply.status_code, reply.json()["clock"]) == (200, agree)  # told, and still in service


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database file of its own with a log of some megabytes, as our connection would see it."""
    path = tmp_path / "db.sqlite3"
    with sqlite3.connect(path, isolation_level=None) as line:
        line.execute("PRAGMA journal_mode=WAL")
        line.execute("CREATE TABLE t (x BLOB)")
    line.close()
    mine = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    mine.execute("PRAGMA wal_autocheckpoint=0")  # as if readers had always been in the way
    for _ in range(50):
        mine.execute("INSERT INTO t VALUES (zeroblob(60000))")

    class Cursor:
        def __enter__(self) -> Any:
            return mine

        def __exit__(self, *_: object) -> None: ...

    ours = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": str(path)}, cursor=Cursor)
    monkeypatch.setattr(vitals, "connection", ours)
    monkeypatch.setattr(vitals, "SHRINK_WAL_ABOVE", vitals.MB)
    monkeypatch.setattr(vitals, "ALARM_WAL_ABOVE", 2 * vitals.MB)
    yield path
    mine.close()


@pytest.mark.sqlite_only
def test_a_large_log_is_copied_back(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert file.with_name("db.sqlite3-wal").stat().st_size > 2 * vitals.MB
    assert vitals.shrink_wal() == 0
    assert caplog.text == ""


@pytest.mark.sqlite_only
def test_a_reader_that_holds_the_file_is_told_and_then_over(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with sqlite3.connect(file, isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM t").fetchone()
        assert vitals.shrink_wal() > 2 * vitals.MB
        assert "some reader holds" in caplog.text
        reader.execute("COMMIT")
    reader.close()
    assert vitals.shrink_wal() == 0


@pytest.mark.parametrize(("free", "short"), [(600 * vitals.MB, False), (499 * vitals.MB, True), (0, True)])
def test_a_disk_that_fills_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, free: int, short: bool
) -> None:
    usage = SimpleNamespace(free=free, total=100_000 * vitals.MB)
    monkeypatch.setattr(vitals.shutil, "disk_usage", lambda _folder: usage)
    assert vitals.short_of_space() is short
    assert ("are free" in caplog.text) is short


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        ({}, []),
        ({"redis_version": "6.2.14"}, ["thiso.E001"]),
        ({"maxmemory_policy": "allkeys-lru"}, ["thiso.E002"]),
        ({"maxmemory": 0, "maxmemory_policy": "allkeys-lru"}, []),
        ({"aof_enabled": 0}, ["thiso.W003"]),
    ],
)
def test_a_redis_that_would_lose_work_is_refused_before_the_contest(change: dict[str, Any], ids: list[str]) -> None:
    assert [one.id for one in checks.faults_of(SOUND | change)] == ids


def test_the_embedded_valkey_passes_its_own_check(valkey: Valkey) -> None:
    asked = ["default"]
    assert checks.redis_of_ones_own(None, databases=asked) == []
    valkey.kill()
    assert [one.id for one in checks.redis_of_ones_own(None, databases=asked)] == ["thiso.W002"]
    assert checks.redis_of_ones_own(None) == [], "settings can be checked before anything runs"


def test_a_redis_open_to_the_network_is_told(settings: Any) -> None:
    settings.REDIS_URL = "redis://10.255.255.1:1"
    assert checks.redis_of_ones_own(None)[0].id == "thiso.W001"


@pytest.mark.django_db
def test_the_care_of_a_healthy_machine_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    care()
    assert caplog.text == ""
