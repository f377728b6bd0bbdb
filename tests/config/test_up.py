"""`manage.py up` as a person meets it: one command, everything runs; one key, everything ends; nothing survives a kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.up import fingerprint
from config.up.places import ROOT, Places
from tests.config.up_house import Up, environment, free_port, gone

pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.service,
    pytest.mark.slow,
    pytest.mark.xdist_group("up"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A house that runs while the tests of this file look at it."""
    up = Up(tmp_path_factory.mktemp("house") / "data", "--no-demo").ready()
    yield up
    assert up.stop() == 0
    assert not gone([up.process.pid])


@pytest.fixture
def data(house: Up, tmp_path: Path) -> Path:
    """A data folder that is prepared already: a copy of the running house's, with a path no shell likes."""
    target = tmp_path / "nhà của tôi"
    target.mkdir()
    with sqlite3.connect(house.data / "db.sqlite3") as there, sqlite3.connect(target / "db.sqlite3") as here:
        there.backup(here)
    here.close()
    there.close()
    shutil.copytree(house.data / "static", target / "static")
    for name in ("prepared.json", "secret_key"):
        shutil.copy2(house.data / name, target / name)
    return target


def complaint(*options: str, **env: str) -> tuple[int, list[str]]:
    """Exit code and lines of an `up` that must refuse."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "up", *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(**env),
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip().splitlines()


def test_banner_tells_where_and_how_to_stop(house: Up) -> None:
    assert f"http://127.0.0.1:{house.port}/" in house.said
    assert str(house.data) in house.said
    assert house.said.index("Thi Số đã sẵn sàng") < house.said.index("Ready after")
    assert "Nhấn Ctrl-C để dừng." in house.said


def test_pages_answer_and_three_programs_run(house: Up) -> None:
    assert house.get() == 200
    commands = " ".join(house.family().values())
    assert [word in commands for word in ("serve_daphne", "serve_worker", "valkey-server")] == [True, True, True]
    assert len(house.family()) == 3  # the scheduler is a thread, not a fourth process


def test_secrets_and_sockets_are_private(house: Up) -> None:
    for path in (house.data / "secret_key", house.data / "prepared.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in ("run", "log", "valkey"):
        assert stat.S_IMODE((house.data / folder).stat().st_mode) == 0o700


def test_data_folder_holds_everything(house: Up) -> None:
    names = {entry.name for entry in house.data.iterdir()}
    assert {"db.sqlite3", "secret_key", "static", "log", "run", "valkey", "prepared.json"} <= names
    assert (house.data / "valkey" / "appendonlydir").is_dir()


def test_second_up_on_same_data_is_told_where_the_first_is(house: Up) -> None:
    code, lines = complaint("--data", str(house.data), "--port", str(free_port()))
    assert code == 2
    assert len(lines) == 2
    assert f"http://127.0.0.1:{house.port}/" in lines[0]


def test_taken_port_is_named_with_a_free_one(house: Up, tmp_path: Path) -> None:
    code, lines = complaint("--data", str(tmp_path), "--host", "127.0.0.1", "--port", str(house.port))
    assert code == 2
    assert f"Cổng {house.port}" in lines[0]
    assert "--port" in lines[0]
    assert f"Port {house.port}" in lines[1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--port", "70000"), "--port"),
        (("--host", "203.0.113.7"), "--host"),
        (("--host", "no.such.host.invalid"), "--host"),
        (("--data", "/proc/nowhere"), "--data"),
    ],
)
def test_wrong_options_get_one_sentence(options: tuple[str, ...], words: str, tmp_path: Path) -> None:
    code, lines = complaint("--data", str(tmp_path), "--port", str(free_port()), *options)
    assert code == 2
    assert len(lines) == 2
    assert words in lines[0]
    assert words in lines[1]


@pytest.mark.parametrize("word", ["serve_daphne", "serve_worker", "valkey-server"])
def test_killed_child_is_started_again(house: Up, word: str) -> None:
    old = house.child(word)
    os.kill(old, signal.SIGKILL)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        new = [pid for pid, command in house.family().items() if word in command and pid != old]
        if new and (word != "serve_daphne" or _answers(house)):
            break
        time.sleep(0.1)
    assert house.child(word) != old
    house.wait_for("đang khởi động lại")


def _answers(house: Up) -> bool:
    try:
        return house.get() == 200
    except OSError:
        return False


def test_killed_parent_leaves_no_child_and_next_up_works(data: Path) -> None:
    first = Up(data, "--no-demo").ready()
    family = list(first.family())
    assert len(family) == 3
    first.process.kill()
    first.process.wait()
    second = Up(data, "--no-demo", port=first.port)  # at once: the children of the first are still ending
    second.ready()
    assert not gone(family, 1)
    assert second.get() == 200
    assert second.stop(signal.SIGTERM) == 0
    assert not gone(family)
    assert "Stopped." in second.said
    assert not (data / "log" / "prepare.log").exists()  # nothing had changed, so nothing was prepared


def test_prepared_data_is_recognised_until_database_or_wish_changes(data: Path) -> None:
    places = Places(data)
    assert fingerprint.is_prepared(places, demo=False)
    assert not fingerprint.is_prepared(places, demo=True)
    for until, recognised in ((time.time() + 60, True), (time.time() - 60, False)):  # the demonstration's last round
        whole = fingerprint.of_sources(demo=True)
        places.prepared.write_text(json.dumps({"fingerprint": whole, "demo": {"until": until}}))
        with sqlite3.connect(data / "db.sqlite3") as db:
            db.execute(f"PRAGMA user_version = {fingerprint.mark(whole)}")
        db.close()
        assert fingerprint.is_prepared(places, demo=True) is recognised
    with sqlite3.connect(data / "db.sqlite3") as db:  # an older copy was restored
        db.execute("PRAGMA user_version = 7")
    db.close()
    assert not fingerprint.is_prepared(places, demo=True)


def test_crash_loop_ends_with_sentence_and_log(tmp_path: Path) -> None:
    """A database that cannot be read makes the preparation fail: its last lines are shown, nothing keeps running."""
    (tmp_path / "db.sqlite3").write_bytes(b"this is no database " * 500)
    house = Up(tmp_path, "--no-demo")
    assert house.process.wait(60) == 2
    house.wait_for("Preparing the data failed", 5)
    assert "file is not a database" in house.said
    assert str(tmp_path / "log" / "prepare.log") in house.said
    assert not gone(list(house.family()), 5)


def test_stale_socket_and_foreign_state_are_survived(data: Path) -> None:
    run = data / "run"
    run.mkdir()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(run / "valkey.sock"))
    (run / "up.json").write_text(json.dumps({"pid": 1, "children": [{"pid": os.getpid(), "birth": "1"}]}))
    house = Up(data, "--no-demo").ready()  # and this test process, named with a wrong birth, is still alive
    assert house.get() == 200
    assert house.stop() == 0
