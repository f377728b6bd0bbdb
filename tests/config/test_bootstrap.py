"""The start on a machine with only Python: environment made once, entered always, every failure one sentence."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap
from config.bootstrap_words import explain
from config.up.places import ROOT

pytestmark = [pytest.mark.sqlite_only, pytest.mark.xdist_group("bootstrap")]

PYTHON = getattr(sys, "_base_executable", sys.executable)  # the interpreter itself, not the environment's
# Stands in for the house: says which Python runs it.
UP = """
import json, sys
def main(arguments):
    print(json.dumps({"prefix": sys.prefix, "arguments": arguments}))
    return 7
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh copy of the start, with locks that ask for nothing: no test here needs a network."""
    repo = tmp_path / "bản sao"
    (repo / "config" / "up").mkdir(parents=True)
    shutil.copy2(ROOT / "manage.py", repo)
    for name in ("bootstrap.py", "bootstrap_words.py"):
        shutil.copy2(ROOT / "config" / name, repo / "config")
    (repo / "config" / "__init__.py").touch()
    (repo / "config" / "up" / "__init__.py").touch()
    (repo / "config" / "up" / "main.py").write_text(UP)
    for name in (*bootstrap.LEVELS.values(), bootstrap.UV_REQUIREMENTS):
        (repo / name).write_text("# nothing\n")
    return repo


def run(repo: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`python3 manage.py …` in a clean shell without network."""
    clean = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "THISO_VENV", "THISO_NO_VENV"}}
    offline = {"UV_OFFLINE": "1", "UV_CACHE_DIR": str(repo.parent / "no-cache"), "PIP_NO_INDEX": "1"}
    return subprocess.run(
        [PYTHON, str(repo / "manage.py"), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=clean | offline | {"PYTHONIOENCODING": "utf-8"} | env,
        timeout=170,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence of a start that could not go on: Vietnamese, then English, no traceback, exit code 2."""
    lines = [line for line in done.stderr.strip().splitlines() if "Đang chuẩn bị" not in line]
    assert done.returncode == 2, done.stderr
    assert len(lines) == 2, done.stderr
    assert lines[1].startswith("  ")
    return "\n".join(lines)


def stamp(repo: Path) -> dict[str, str]:
    return json.loads((repo / ".venv" / bootstrap.STAMP).read_text())


def test_first_start_makes_environment_and_enters_it(clone: Path) -> None:
    done = run(clone, "up", "--port", "8123")
    assert done.returncode == 7, done.stderr
    assert json.loads(done.stdout) == {"prefix": str(clone / ".venv"), "arguments": ["--port", "8123"]}
    assert done.stderr.count("Preparing the environment") == 1
    assert stamp(clone)["level"] == "runtime"


def test_second_start_changes_nothing(clone: Path) -> None:
    run(clone, "up")
    before = (clone / ".venv" / bootstrap.STAMP).stat().st_mtime_ns
    done = run(clone, "up")
    assert (done.returncode, done.stderr) == (7, "")
    assert (clone / ".venv" / bootstrap.STAMP).stat().st_mtime_ns == before


def test_changed_lock_is_installed_again(clone: Path) -> None:
    run(clone, "up")
    old = stamp(clone)["sha256"]
    (clone / "requirements.txt").write_text("# still nothing, but another lock\n")
    assert run(clone, "up").returncode == 7
    assert stamp(clone)["sha256"] != old


def test_development_environment_serves_every_command(clone: Path) -> None:
    assert run(clone, "setup", "--dev").returncode == 0
    assert stamp(clone)["level"] == "dev"
    assert run(clone, "up", "--server", "uvicorn").stderr == ""
    assert stamp(clone)["level"] == "dev"


def test_interrupted_environment_is_made_again(clone: Path) -> None:
    run(clone, "up")
    (clone / ".venv" / bootstrap.UNFINISHED).touch()
    (clone / ".venv" / "half").touch()
    assert run(clone, "up").returncode == 7
    assert not (clone / ".venv" / "half").exists()
    assert not (clone / ".venv" / bootstrap.UNFINISHED).exists()


def test_environment_without_interpreter_is_made_again(clone: Path) -> None:
    run(clone, "up")
    for name in ("python", "python3"):
        (clone / ".venv" / "bin" / name).unlink(missing_ok=True)
    assert run(clone, "up").returncode == 7


def test_foreign_folder_is_never_removed(clone: Path) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv" / "thesis.txt").write_text("mine")
    assert ".venv" in refusal(run(clone, "up"))
    assert (clone / ".venv" / "thesis.txt").read_text() == "mine"


def test_without_uv_the_standard_library_is_enough(clone: Path) -> None:
    done = run(clone, "up", PATH="/usr/bin:/bin")
    assert done.returncode == 7, done.stderr


def test_no_network_is_said(clone: Path) -> None:
    lock = f"django==5.2.19 --hash=sha256:{'0' * 64}\n"
    (clone / "requirements.txt").write_text(lock)
    said = refusal(run(clone, "up"))
    assert "kiểm tra kết nối mạng" in said
    assert "check the network" in said
    assert bootstrap.LOG in said
    (clone / "requirements.txt").write_text("# nothing\n")
    assert run(clone, "up").returncode == 7  # the half-made environment is no obstacle


def test_missing_venv_module_is_said(clone: Path) -> None:
    fake = clone / "fake" / "venv"
    fake.mkdir(parents=True)
    (fake / "__init__.py").touch()
    (fake / "__main__.py").write_text("import sys; sys.exit('ensurepip is not available')")
    said = refusal(run(clone, "up", PATH="/nowhere", PYTHONPATH=str(clone / "fake")))
    assert "apt install python3-venv" in said


def test_unwritable_place_is_said(clone: Path) -> None:
    (clone / "file").touch()
    said = refusal(run(clone, "up", THISO_VENV=str(clone / "file" / "venv")))
    assert "THISO_VENV=" in said


def test_two_starts_at_once_make_one_environment(clone: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "THISO_NO_VENV")} | {
        "PYTHONIOENCODING": "utf-8"
    }
    command = [PYTHON, str(clone / "manage.py"), "up"]
    both = [
        subprocess.Popen(
            command, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [7, 7, 7]
    assert sum("first time only" in errors for _, errors in said) == 1
    assert {json.loads(out)["prefix"] for out, _ in said} == {str(clone / ".venv")}


def test_no_venv_uses_the_running_python(clone: Path) -> None:
    done = run(clone, "up", THISO_NO_VENV="1")
    assert json.loads(done.stdout)["prefix"] != str(clone / ".venv")
    assert not (clone / ".venv").exists()


def test_old_python_is_told_what_it_needs(clone: Path) -> None:
    source = (ROOT / "manage.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    pretend = f"import sys, runpy; sys.version_info = (3, 8, 10); sys.argv = ['x', 'up']; runpy.run_path({str(clone / 'manage.py')!r}, run_name='__main__')"
    done = subprocess.run(
        [PYTHON, "-c", pretend],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": "/nowhere", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert "3.8" in refusal(done)
    assert "Python 3.11" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "level"),
    [
        ([], "runtime"),
        (["up"], "runtime"),
        (["up", "--server", "daphne"], "runtime"),
        (["up", "--server", "uvicorn"], "server"),
        (["up", "--server=uvicorn"], "server"),
        (["test"], "dev"),
        (["bench", "save"], "dev"),
        (["setup"], "runtime"),
        (["setup", "--server"], "server"),
        (["setup", "--dev"], "dev"),
    ],
)
def test_each_command_asks_for_the_packages_it_needs(arguments: list[str], level: str) -> None:
    assert bootstrap.level_for(arguments) == level


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("error: No space left on device", "disk is full"),
        ("error: Hash mismatch for `django==5.2.19`", "locked hash"),
        ("error: Failed to build `autobahn==26.1`", "ready-made build"),
        ("error: Failed to fetch: dns error", "check the network"),
        ("ERROR: No matching distribution found for uv", "check the network"),
        ("something nobody has seen before", "something nobody has seen before"),
    ],
)
def test_what_the_installer_said_becomes_advice(output: str, words: str) -> None:
    error = explain(output, None)
    assert words in error.en
    assert error.vi != error.en


def test_locks_name_no_host_and_hold_a_hash_for_every_package() -> None:
    for name in (*bootstrap.LEVELS.values(), bootstrap.UV_REQUIREMENTS):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert packages
        assert all(line.endswith("\\") for line in packages)


def test_locks_agree_on_versions() -> None:
    def versions(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.split("==")[0] + line.partition(";")[2]: line for line in lines if line[:1].isalpha()}

    runtime, dev = versions("requirements.txt"), versions("requirements-dev.txt")
    assert {name: dev.get(name) for name in runtime if ";" not in runtime[name]} == {
        name: line for name, line in runtime.items() if ";" not in line
    }
