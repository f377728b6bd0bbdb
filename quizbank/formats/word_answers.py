"""Answers that stand apart from their questions: a table at the end, a line "1.B 2.C 3.A". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from people.text import search_key, tidy

_PAIR = re.compile(r"(?:câu\s*)?(\d{1,4})\s*[.:)\-–/]?\s*([A-H](?:\s*[,;&+]?\s*[A-H]){0,7})(?![^\W\d_])", re.IGNORECASE)
_ONE = re.compile(rf"^{_PAIR.pattern}[.;,]?$", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:câu\s*)?(\d{1,4})[.:)]?$", re.IGNORECASE)
_LETTERS = re.compile(r"^[A-H](?:\s*[,;&+]?\s*[A-H]){0,7}$")
_HEADING = re.compile(
    r"^(?:bảng\s+)?(?:đáp\s*án|hướng\s+dẫn\s+chấm)(?:\s+(?:đề|bài|môn|phần|tham\s+khảo|trắc\s+nghiệm|chi\s+tiết).{0,60})?\s*[:.]?$",
    re.IGNORECASE,
)
_DETAILED = re.compile(
    r"^\s*(?:câu\s*)?(\d{1,4})\s*[.:)\-]\s*(?:chọn|đáp\s*án)?\s*:?\s*([A-H])\s*(?:$|[.,;:(–\-](.*)$)",
    re.IGNORECASE | re.DOTALL,
)
_HEADS = {
    "cau",
    "cau hoi",
    "cau so",
    "stt",
    "so cau",
    "dap an",
    "da",
    "d a",
    "tra loi",
    "question",
    "answer",
    "key",
    "",
}
FEWEST_IN_LINE = 2

Answers = dict[int, list[str]]
"""{number of the question: what is said of it}; more than one entry is a contradiction unless they are equal."""


def is_heading(line: str) -> bool:
    """Whether a line begins the answers of the whole paper."""
    return bool(_HEADING.match(tidy(line)))


def in_line(line: str, *, section: bool) -> Answers:
    """Return the answers of a line that holds nothing else: "1.B 2.C 3.A".

    ``section``: the line stands below a heading of answers, where a single pair is enough.
    """
    text = tidy(line)
    if not text or not text[0].isalnum():
        return {}
    left = _PAIR.sub("", text)
    found: Answers = {}
    for match in _PAIR.finditer(text):
        found.setdefault(int(match[1]), []).append(letters(match[2]))
    if re.sub(r"[\s.,;|:\-–]", "", left) or len(found) < (1 if section else FEWEST_IN_LINE):
        return {}
    return found


def detailed(line: str) -> tuple[int, str, str] | None:
    """Return number, letter and explanation of a line of worked answers: "Câu 3: Chọn B. Vì …"."""
    match = _DETAILED.match(line)
    return (int(match[1]), match[2].upper(), tidy(match[3] or "")) if match else None


def in_table(rows: Sequence[Sequence[str]]) -> Answers:
    """Return the answers of a table that holds nothing else, however it is laid out; {} for any other table."""
    cells = [[tidy(cell) for cell in row] for row in rows]
    filled = [cell for row in cells for cell in row if cell]
    found: Answers = {}
    used = 0
    for row in cells:
        for cell in row:
            if match := _ONE.match(cell):
                found.setdefault(int(match[1]), []).append(letters(match[2]))
                used += 1
    if not used:
        for one in (_by_columns(cells), _by_columns([list(column) for column in zip(*_square(cells), strict=True)])):
            if one[1] > used:
                found, used = one
    heads = sum(search_key(cell) in _HEADS for cell in filled)
    return found if used and used + heads >= 0.8 * len(filled) else {}


def letters(text: str) -> str:
    """Return "A; C" for "A, C" and "AC"."""
    return "; ".join(re.findall("[A-H]", text.upper()))


def _by_columns(cells: list[list[str]]) -> tuple[Answers, int]:
    """A row of numbers with a row of letters under it, as often as it comes."""
    found: Answers = {}
    used = 0
    for above, below in pairwise(cells):
        for number, letter in zip(above, below, strict=False):
            match = _NUMBER.match(number)
            if match and _LETTERS.match(letter):
                found.setdefault(int(match[1]), []).append(letters(letter))
                used += 2
    return found, used


def _square(cells: list[list[str]]) -> list[list[str]]:
    width = max(map(len, cells), default=0)
    return [row + [""] * (width - len(row)) for row in cells]
