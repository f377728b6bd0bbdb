"""H: infrastructure. Queues, durability, a full disk, a copy that can be restored."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.utils import ConnectionHandler

from config.celery import app
from config.up import valkey as embedded
from config.up.places import Places
from contest import writer as writer_module
from contest.writer import Busy, GroupWriter

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "people", "quizbank", "contest", "realtime")


def sources() -> Iterator[tuple[str, str]]:
    for name in APPS:
        for path in sorted((ROOT / name).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def test_valkey_keeps_what_it_was_given_and_listens_to_nobody_else(tmp_path: Path) -> None:
    words = embedded.command(Places(tmp_path))
    given = dict(zip(words[1::2], words[2::2], strict=True))
    assert given["--maxmemory-policy"] == "noeviction"
    assert (given["--appendonly"], given["--appendfsync"]) == ("yes", "everysec")
    assert (given["--port"], given["--unixsocketperm"]) == ("0", "700")


def test_a_task_survives_its_worker_and_comes_back_soon() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] <= 120
    assert app.conf.broker_transport_options["unacked_restore_interval"] <= 10


def test_the_scheduler_has_these_entries_and_speaks_utc() -> None:
    """Ticks that read the database, each by name: a missed, doubled or late one changes nothing."""
    assert (app.conf.timezone, app.conf.enable_utc, settings.USE_TZ) == ("UTC", True, True)
    assert [entry["task"] for entry in app.conf.beat_schedule.values()] == [
        "contest.tick",
        "config.care",
        "contest.tidy",
        "quizbank.tick",
        "contest.figures",
        "realtime.figures",
        "quizbank.figures",
        "quizbank.tidy",
        "realtime.tidy",
    ]


def test_no_task_waits_in_the_broker_for_its_time() -> None:
    late = re.compile(r"\b(?:countdown|eta)\s*=")
    assert [name for name, text in sources() if late.search(text)] == []


def test_no_clock_without_a_zone_is_read() -> None:
    naive = re.compile(r"\bdate\.today\(\)|\bdatetime\.now\(\)|\butcnow\(")
    assert [name for name, text in sources() if naive.search(text)] == []


def test_there_is_one_database_and_no_replica_to_decide_from() -> None:
    assert list(settings.DATABASES) == ["default"]
    assert settings.DATABASE_ROUTERS == []


def test_sessions_are_in_the_database() -> None:
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_race_tests_run_on_both_databases() -> None:
    """No race is left out where row locks do nothing: the same constraints hold there."""
    for path in [ROOT / "tests/contest/test_races.py", ROOT / "tests/people/test_codes.py"]:
        assert not re.search(r"mark\.(?:sqlite_only|skip)|pytest\.skip", path.read_text(encoding="utf-8")), path.name


class Store:
    """A small SQLite file of its own, behind the very writer that answers go through."""

    def __init__(self, path: Path) -> None:
        options = settings.DATABASES["default"] | {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
        options |= {"OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}}
        self.connections = ConnectionHandler({"default": options})
        self.most_pages: int | None = None
        self.run("CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)")

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self.connections["default"].cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def write(self, items: Sequence[int]) -> list[int]:
        self.run(f"PRAGMA max_page_count = {self.most_pages or 1_000_000}")
        with self.connections["default"].cursor() as cursor:
            for item in items:
                cursor.execute("INSERT INTO answers VALUES (%s, %s)", [item, "x" * 2_000])
        return list(items)


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLITE_FULL, as a full disk gives it: refused as busy, the acknowledged rows are there, and room mends it."""
    monkeypatch.setattr(writer_module, "PATIENCE_S", 0.1)
    store = Store(tmp_path / "small.sqlite3")
    writer: GroupWriter[int, int] = GroupWriter(store.write, name="full")
    acknowledged: list[int] = []

    async def answer_until_full() -> None:
        for number in range(400):
            acknowledged.extend(await writer.save([number]))

    async def answer_again() -> None:
        acknowledged.extend(await writer.save([1_000]))

    store.most_pages = 60
    with pytest.raises(Busy):
        asyncio.run(answer_until_full())
    assert 0 < len(acknowledged) < 400
    assert store.run("SELECT count(*) FROM answers") == [(len(acknowledged),)]
    store.most_pages = None
    asyncio.run(answer_again())
    writer.close()
    assert [row[0] for row in store.run("SELECT id FROM answers ORDER BY id")] == acknowledged
    assert store.run("PRAGMA integrity_check") == [("ok",)]
    store.connections.close_all()


def test_a_copy_taken_while_people_answer_is_whole(tmp_path: Path) -> None:
    """docs/operations.md, "Backup": VACUUM INTO takes one consistent moment of a file that is being written."""
    source, copy = tmp_path / "db.sqlite3", tmp_path / "copy.sqlite3"
    with sqlite3.connect(source, isolation_level=None) as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)")
        first.executemany("INSERT INTO pairs VALUES (?, ?)", [(n, n) for n in range(2_000)])
    stop = threading.Event()
    written = threading.Event()

    def keep_writing() -> None:
        with sqlite3.connect(source, isolation_level=None, timeout=20) as line:
            number = 10_000
            while not stop.is_set():
                number += 1
                line.execute("BEGIN IMMEDIATE")
                line.execute("INSERT INTO pairs VALUES (?, 0)", [number])
                line.execute("UPDATE pairs SET b = a WHERE a = ?", [number])
                line.execute("COMMIT")
                written.set()

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        assert written.wait(10)
        with sqlite3.connect(source, timeout=20) as reader:
            reader.execute("VACUUM INTO ?", [str(copy)])
    finally:
        stop.set()
        thread.join()
    with sqlite3.connect(copy) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert restored.execute("SELECT count(*) FROM pairs WHERE a <> b").fetchone() == (0,)
        assert restored.execute("SELECT count(*) FROM pairs").fetchone()[0] > 2_000
