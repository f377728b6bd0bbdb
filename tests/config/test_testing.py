"""What `manage.py test` asks of pytest, and that no skip passes unseen where none is allowed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.testing.run import marked
from config.up.places import ROOT

pytestmark = pytest.mark.sqlite_only

TWO_TESTS = """
import pytest

def test_runs():
    assert True

@pytest.mark.skipif({condition}, reason="for the test")
def test_sometimes():
    assert True
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-m", "not (browser or sqlite_only)"]),
        (["tests/people", "-q"], ["-m", "not (browser or sqlite_only)", "tests/people", "-q"]),
        (["-m", "slow"], ["-m", "not (browser or sqlite_only) and (slow)"]),
        (["-mslow", "-x"], ["-m", "not (browser or sqlite_only) and (slow)", "-x"]),
    ],
)
def test_postgres_round_leaves_out_what_runs_once(given: list[str], expected: list[str]) -> None:
    assert marked(given) == expected


@pytest.mark.parametrize(("condition", "code"), [("False", 0), ("True", 1)])
def test_skip_fails_the_run_where_none_is_allowed(tmp_path: Path, condition: str, code: int) -> None:
    (tmp_path / "test_two.py").write_text(TWO_TESTS.format(condition=condition))
    options = ["-p", "config.testing.no_skip", "-p", "no:django", "-p", "no:randomly", "-c", os.devnull]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert ("THISO_NO_SKIP=1" in done.stdout) == (code == 1)


def test_second_round_holds_whatever_touches_a_database() -> None:
    def collected(*options: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--co", "-q", "-p", "no:randomly", *options,
             "tests/contest/test_boards.py", "tests/contest/test_ranking.py", "tests/faults/test_kill.py",
             "tests/realtime/test_hall.py"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )  # fmt: skip
        return {line for line in done.stdout.splitlines() if "::" in line}

    everything, kept = collected(), collected("-p", "config.testing.database_only")

    def of(tests: set[str], name: str) -> int:
        return sum(name in test for test in tests)

    assert kept < everything
    assert of(kept, "test_ranking.py") == 0 < of(everything, "test_ranking.py")
    for name in ("test_boards.py", "test_kill.py"):
        assert of(kept, name) == of(everything, name) > 0
    assert {test.split("::")[1] for test in everything - kept if "test_hall.py" in test} == {
        "test_the_hub_of_tests_is_closed"
    }
