"""The documents name only what exists: files, tests, commands, and every number of the failure catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from config.up.main import parse

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "deploy/README.md"])
FAILURES = DOCS / "failures.md"
# The parts of the catalogue that must be answered, and how many numbers each has.
PARTS = {"A": 8, "B": 20, "C": 10, "D": 23, "E": 12, "H": 21}
# Commands that never reach Django (manage.py, config/bootstrap.py).
OUR_OWN = {"up", "test", "setup"}

ROW = re.compile(r"^\| ([A-Z]\d[^|]*?) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED_TEST = re.compile(r"`(tests/[\w/.]+\.py)::(\w+)`")
NAMED_FILE = re.compile(r"`([\w.-]+/[\w./-]+\.\w{2,4})(?:`|::)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    local = [target.partition("#")[0] for target in targets if not re.match(r"\w+:|#", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_index_knows_every_document() -> None:
    linked = {
        (DOCS / target).resolve() for target in re.findall(r"\]\(([^)#]+)\)", (DOCS / "README.md").read_text("utf-8"))
    }
    assert [
        name(page) for page in sorted(DOCS.rglob("*.md")) if page.resolve() not in linked | {DOCS / "README.md"}
    ] == []


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [path.name[:3] for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert all(number.isdecimal() for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_documents_named_in_the_code_exist() -> None:
    named = set()
    for app in ("config", "people", "quizbank", "contest", "realtime", "deploy"):
        for path in (ROOT / app).rglob("*"):
            if path.suffix in {".py", ".js", ".css", ".md", ".html"}:
                named |= set(re.findall(r"\bdocs/[\w/-]+\.md", path.read_text(encoding="utf-8")))
    assert named
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def rows(heading: str = "") -> dict[str, str]:
    """Number → answer, of one section or of all before the list of gaps."""
    text = FAILURES.read_text(encoding="utf-8")
    text = text.partition("## Chưa có / open")[2] if heading == "open" else text.partition("## Chưa có / open")[0]
    parsed = (
        ROW.findall(text) if heading != "open" else re.findall(r"^\| ([A-Z]\d[^|]*?) \| ()(.+) \|$", text, re.MULTILINE)
    )
    found: dict[str, str] = {}
    for numbers, _what, answer in parsed:
        for number in numbers.split(", "):
            assert number not in found, f"{number} twice"
            found[number] = answer
    return found


def test_every_failure_of_our_parts_has_an_answer() -> None:
    answers = rows()
    expected = {f"{part}{number}" for part, count in PARTS.items() for number in range(1, count + 1)}
    assert expected - set(answers) == set()
    unanswered = [
        number for number, answer in answers.items() if not re.match(r"(?:test|decision|later|open): ", answer)
    ]
    assert unanswered == []
    assert [number for number, answer in answers.items() if answer.startswith("test: ") and "::" not in answer] == []


def test_gaps_are_listed_and_nothing_else_is() -> None:
    assert {number for number, answer in rows().items() if "open: see below" in answer} == set(rows("open"))


def test_every_test_named_for_a_failure_exists() -> None:
    text = FAILURES.read_text(encoding="utf-8")
    named = set(NAMED_TEST.findall(text))
    assert len(named) > 100
    gone = [
        f"{path}::{test}"
        for path, test in sorted(named)
        if not (ROOT / path).is_file()
        or not re.search(rf"^\s*(?:async )?def {test}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_a_document_names_exists(page: Path) -> None:
    """Paths in backquotes that begin with a folder of ours; other paths are those of an installation."""
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()}
    named = {path for path in NAMED_FILE.findall(page.read_text(encoding="utf-8")) if path.split("/")[0] in ours}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_a_document_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = OUR_OWN | set(get_commands())
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) - known == set()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE)) - targets == set()


def test_the_readme_has_every_option_of_up() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| `up` option")[2].partition("\n\n")[0]
    documented = set(re.findall(r"^\| `--([a-z-]+)", table, re.MULTILINE))
    assert documented == {option.replace("_", "-") for option in vars(parse([]))}
