"""`python3 manage.py test [--sqlite|--postgres] [pytest arguments…]`: the whole suite, on both databases.

First everything on SQLite, the browser journeys included; then, on a PostgreSQL that is started for it, everything that
touches the database and is not a journey. The last line printed is pytest's own summary.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from config.testing import postgres
from config.up.places import ROOT

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What is looked for, in this order: the shell draws the same pages at two thirds of the CPU, having no windows."""

INSTALL = f"sudo apt-get install {BROWSERS[0]}"
ONCE = "browser or sqlite_only"  # what is not run again on PostgreSQL
NO_TESTS = 5  # pytest's exit code when nothing was selected
PARALLEL = ["-n", "2", "--dist", "loadgroup"]
PLAIN = {"-n", "--numprocesses", "-s", "--capture=no", "--pdb", "--collect-only", "--co", "-x", "--lf", "--sw"}


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 only when every part passed."""
    given = list(arguments)
    only_sqlite, only_postgres = "--sqlite" in given, "--postgres" in given
    given = [a for a in given if a not in ("--sqlite", "--postgres")]
    if importlib.util.find_spec("pytest") is None:
        say(
            "Thiếu công cụ kiểm thử: chạy “python3 manage.py setup --dev”.",
            "pytest is missing: run manage.py setup --dev.",
        )
        return 2
    strict = os.environ.get("THISO_NO_SKIP") == "1"
    if not only_postgres and not any(shutil.which(name) for name in BROWSERS):
        say(
            f"Chưa có Chromium nên bỏ qua các bài thử trên trình duyệt; cài bằng: {INSTALL} (hoặc chromium)",
            f"Chromium is not installed, so the browser journeys are skipped: {INSTALL} (or chromium)",
        )
        if strict:
            return 2
    codes = []
    if not only_postgres:
        say("Chạy trên SQLite…", "On SQLite…")
        codes.append(pytest(given, {"DATABASE_URL": ""}))
    if not only_sqlite and codes != [130]:
        codes.append(on_postgres(given))
    failed = [code for code in codes if code not in (0, NO_TESTS)]
    if failed:
        return failed[0]
    return NO_TESTS if codes and all(code == NO_TESTS for code in codes) else 0


def on_postgres(given: list[str]) -> int:
    """The second round. A machine without a PostgreSQL build fails it, rather than passing unseen."""
    say("Chạy trên PostgreSQL…", "On PostgreSQL…")
    if os.environ.get("THISO_TEST_POSTGRES"):
        return pytest(again(given), {"DATABASE_URL": os.environ["THISO_TEST_POSTGRES"]})
    try:
        with postgres.running() as url:
            return pytest(again(given), {"DATABASE_URL": url})
    except postgres.PostgresMissing as missing:
        say("Không có PostgreSQL để chạy phần thứ hai.", str(missing))
        return 2


def again(given: list[str]) -> list[str]:
    """The arguments of the second round."""
    return ["-p", "config.testing.database_only", *marked(given)]


def marked(given: list[str]) -> list[str]:
    """The same arguments, without the tests that run once; a person's own -m stays in force."""
    wanted, rest = [f"not ({ONCE})"], []
    parts = iter(given)
    for part in parts:
        if part == "-m":
            wanted.append(f"({next(parts, '')})")
        elif part.startswith("-m") and len(part) > 2:
            wanted.append(f"({part[2:].removeprefix('=')})")
        else:
            rest.append(part)
    return ["-m", " and ".join(wanted), *rest]


def pytest(given: list[str], env: dict[str, str]) -> int:
    """One run of pytest in a process of its own, in parallel unless the arguments want to watch a single one."""
    named = any("::" in part for part in given)
    parallel = [] if named or PLAIN & {part.split("=")[0] for part in given} else PARALLEL
    strict = ["-p", "config.testing.no_skip"] if os.environ.get("THISO_NO_SKIP") == "1" else []
    whole = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "SITE_URL"}}
    whole |= {name: value for name, value in env.items() if value}
    command = [sys.executable, "-m", "pytest", *strict, *parallel, *given]
    try:
        return subprocess.run(command, cwd=ROOT, env=whole, check=False).returncode
    except KeyboardInterrupt:
        return 130


def say(vi: str, en: str) -> None:
    """A line between the rounds, on standard error: the last line of the output stays pytest's."""
    sys.stderr.write(f"{vi}\n  {en}\n")
    sys.stderr.flush()
