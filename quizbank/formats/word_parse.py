"""Questions in the lines of a Word file, as Vietnamese teachers write them. Pure.

"Câu 1:" or "1." begins a question; options begin with "A." or "a)", each on its line or several on one; what follows
("Đáp án: B", "Giải thích: …", and every column of our own template by its name) belongs to the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from people.text import search_key, tidy
from quizbank.formats.docx_lines import Line
from quizbank.formats.docx_numbering import BULLET
from quizbank.formats.sheet_columns import COLUMNS
from quizbank.formats.word_marks import Option
from quizbank.kinds.base import LETTERS

PROTECTED = "\u2060"
"""Begins a line that only continues the one before, and ends an answer whose full stop belongs to it (written by us,
unseen by readers)."""
_NAMED = re.compile(r"^\s*(?:câu(?:\s+hỏi)?|question|bài)\s*(\d{1,4})\s*([.:)\-–/]|(?=[\[(])|\s)\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(\d{1,4})\s*[.)/:]\s*(?=\S)")
_LEVEL = re.compile(r"^[\[(]\s*(NB|TH|VDC?|nhận biết|thông hiểu|vận dụng(?: cao)?)\s*[\])]\s*[.:]?\s*", re.IGNORECASE)
_LEVELS = {"nb": "Dễ", "nhan biet": "Dễ", "th": "Vừa", "thong hieu": "Vừa"}
_LABEL = r"[*]?\s*([{letters}])\s*[*]?\s*[.)/:]"
_UPPER = re.compile(rf"^\s*{_LABEL.format(letters='A-H')}(?:\s*)", re.UNICODE)
_LOWER = re.compile(rf"^\s*{_LABEL.format(letters='a-h')}(?:\s*)", re.UNICODE)
_GAP = r"(?:\t\s*|\s{{2,}}){label}\s*"
_SPACE = r"\s+{label}\s*"
_INSIDE = re.compile(rf"(?<=\S)(?:\t\s*|\s{{2,}})({_LABEL.format(letters='A')})")
_ANSWER = re.compile(
    r"^\s*(?:đáp\s*án(?:\s+(?:đúng|là))?|đ/?a|câu\s+trả\s+lời(?:\s+đúng)?|trả\s+lời|answers?|ans|key|chọn(?=\s*(?::|đáp\s*án|[A-H]\b)))"
    r"\s*(?:đáp\s*án\s*)?[:.\-–=]?\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_EXPLAIN = re.compile(
    r"^\s*(?:giải\s+thích|lời\s+giải|hướng\s+dẫn(?:\s+giải)?|explanation)\s*[:.]\s*(.*)$", re.IGNORECASE | re.DOTALL
)
_UNIT = re.compile(r"^\s*đơn\s+vị\s*:\s*(.*)$", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"^\s*([^:]{2,20}):\s*(.*)$", re.DOTALL)
_FIELDS = {
    search_key(title): name
    for name, title in COLUMNS.items()
    if name not in (*LETTERS, "stem", "answer", "explanation")
}
_FIELDS |= {"muc do": "difficulty", "thoi gian": "seconds", "nguon": "citation"}
_ENGLISH = re.compile(r"^\s*([A-H]) \(EN\):\s*(.*)$", re.DOTALL)
_TO_FILL = re.compile(r"^\s*(?:(?:trả\s+lời|đáp\s*án)\s*[:.]?)?[\s.…_]{4,}$", re.IGNORECASE)
_DOTS = re.compile(r"^[\s.…_]*$")


@dataclass(slots=True)
class Asked:
    """One question as found. ``cells`` are columns of our own template; ``answers`` everything said about the key."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    math: bool = False
    order_broken: bool = False
    drawn_options: bool = False
    after: str = ""
    """What stands below the last option behind an empty line, and was taken for a part of it."""
    grouped: bool = False
    """Among questions that share a text, which is not theirs alone."""


def starts(lines: Sequence[Line]) -> str:
    """Return how questions begin here: "named" ("Câu 1:") or "numbered" ("1."), "" when nothing does."""
    if any(_NAMED.match(line.text) for line in lines):
        return "named"
    return "numbered" if any(_NUMBERED.match(line.text) for line in lines) else ""


def begun(line: Line, how: str) -> tuple[int, int] | None:
    """Return number and length of what may begin a question, None for any other line."""
    if line.text.startswith(PROTECTED) or not how:
        return None
    match = (_NAMED if how == "named" else _NUMBERED).match(line.text)
    return (int(match[1]), match.end()) if match else None


def is_field(text: str) -> bool:
    """Whether a line says something of a question: its answer, its explanation."""
    return _field(text) is not None


def is_option(text: str, letter: str, *, within: bool = False) -> bool:
    """Whether a line begins with an option of this letter; ``within``: whether it holds one further on."""
    label = _LABEL.format(letters=letter + letter.lower())
    return bool(re.search(rf"(?<=\S)\s+{label}" if within else rf"^\s*{label}", text))


def begins_options(text: str) -> bool:
    """Whether the first option stands in a line, alone or after its stem."""
    return is_option(text, "A") or bool(_INSIDE.search(text))


def optioned(lines: Sequence[Line]) -> bool:
    """Whether a question has come to its options or its answer."""
    return _first_option(_apart(lines)) < len(lines)


def understand(asked: Asked) -> None:
    """Take a question's lines apart into stem, options and fields."""
    lines = _apart(asked.lines)
    first = _first_option(lines)
    head, rest = lines[:first], lines[first:]
    # The line that begins the question is its stem, even "Chọn đáp án đúng".
    stem, fields = _until_field(head[1:])
    stem = head[:1] + stem
    texts = [line.text for line in stem]
    if texts and (level := _LEVEL.match(texts[0])):
        asked.cells["difficulty"] = _LEVELS.get(search_key(level[1]), "Khó")
        texts[0] = texts[0][level.end() :]
    asked.cells["stem"] = "\n".join(text.lstrip(PROTECTED) for text in texts).strip()
    body, tail = _until_field(rest)
    asked.options = _options(body)
    asked.drawn_options = any(line.inline for line in body)
    asked.after = _after(body)
    if [option.letter for option in asked.options] != list(LETTERS[: len(asked.options)]):
        asked.order_broken = True
    _read_fields(asked, fields + tail)
    for line in asked.lines:
        asked.pictures += line.pictures
        asked.math = asked.math or line.math


def cut(line: Line, start: int, end: int | None = None) -> Line:
    """Return part of a line with the looks of its letters."""
    drawn = start == 0 or end is None
    return Line(
        line.text[start:end],
        line.marks[start:end],
        line.pictures if drawn else [],
        line.math,
        line.inline if drawn else 0,
    )


def _first_option(lines: Sequence[Line]) -> int:
    """Return where the options begin; the line that begins the question is none, whatever it looks like."""
    for place, line in enumerate(lines):
        if not place or line.text.startswith(PROTECTED):
            continue
        if _field(line.text):
            return place
        label = _UPPER.match(line.text) or _LOWER.match(line.text)
        if (label and label[1] in "Aa") or line.text.startswith(BULLET):
            return place
    return len(lines)


def _apart(lines: Sequence[Line]) -> list[Line]:
    """Part a line in which options follow other words after a tab or a wide gap; drop dots left for a pen."""
    found = []
    for place, line in enumerate(lines):
        if place and _TO_FILL.match(line.text):
            continue
        match = None if line.text.startswith(PROTECTED) else _INSIDE.search(line.text)
        if match:
            found += [cut(line, 0, match.start()), cut(line, match.start(1))]
        else:
            found.append(line)
    return found


def _until_field(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    for place, line in enumerate(lines):
        if not line.text.startswith(PROTECTED) and _field(line.text):
            return list(lines[:place]), list(lines[place:])
    return list(lines), []


def _field(text: str) -> tuple[str, str] | None:
    """Return the field a line begins and what it says."""
    if match := _ANSWER.match(text):
        return ("answer", match[1]) if _plausible(text, match[1]) else None
    if match := _EXPLAIN.match(text):
        return "explanation", match[1]
    if match := _UNIT.match(text):
        return "A", match[1]
    named = _FIELD.match(text)
    if named and (name := _FIELDS.get(search_key(named[1]))):
        return name, named[2]
    if match := _ENGLISH.match(text):
        return f"{match[1]}_en", match[2]
    return None


def _plausible(text: str, said: str) -> bool:
    """ "Trả lời các câu hỏi sau" is no answer: without a colon only letters or a truth are one."""
    if re.match(r"^[^:]{2,24}:", text):
        return not _DOTS.match(said)
    if re.match(r"^\s*[A-H](?:\s*[,;&]?\s*[A-H])*\s*\.?\s*$", said):
        return True
    return search_key(said) in ("dung", "sai") and not search_key(text).startswith("chon ")


def _read_fields(asked: Asked, lines: Sequence[Line]) -> None:
    name = ""
    for line in lines:
        protected = line.text.startswith(PROTECTED)
        found = None if protected else _field(line.text)
        if found:
            name, said = found
            if name == "answer":
                said = said.strip()
                asked.answers.append(
                    said.rstrip(PROTECTED) if said.endswith(PROTECTED) else said.removesuffix(".").strip()
                )
            else:
                asked.cells[name] = said.strip() if name not in asked.cells else f"{asked.cells[name]}\n{said.strip()}"
        elif name == "answer" and asked.answers:
            asked.answers[-1] += f"\n{line.text}" if line.text.strip() else ""
        elif name:
            asked.cells[name] += f"\n{line.text.lstrip(PROTECTED)}"


def _options(lines: Sequence[Line]) -> list[Option]:
    """Return the options: split at tabs and wide gaps, and at single spaces only where that alone makes a sequence."""
    if any(line.text.startswith(BULLET) for line in lines):
        return _bulleted(lines)
    lower = bool(lines) and not _UPPER.match(lines[0].text) and bool(_LOWER.match(lines[0].text))
    label = _LABEL.format(letters="a-h" if lower else "A-H")
    wide = _labelled(lines, re.compile(_GAP.format(label=label)), re.compile(rf"^\s*{label}\s*"))
    if len(wide) > 1 and _in_order(wide):
        return wide
    close = _labelled(lines, re.compile(_SPACE.format(label=label)), re.compile(rf"^\s*{label}\s*"))
    return close if len(close) > 1 and _in_order(close) else wide


def _in_order(options: Sequence[Option]) -> bool:
    return [option.letter for option in options] == list(LETTERS[: len(options)])


def _labelled(lines: Sequence[Line], gap: re.Pattern[str], start: re.Pattern[str]) -> list[Option]:
    found: list[Option] = []
    for line in lines:
        if line.text.startswith(PROTECTED) or not (found or start.match(line.text) or gap.search(line.text)):
            _continue(found, line)
            continue
        pieces, at = [], 0
        for match in gap.finditer(line.text):
            pieces.append((at, match.start()))
            at = match.start()
        pieces.append((at, len(line.text)))
        for low, high in pieces:
            piece = cut(line, low, high)
            head = start.match(piece.text)
            if head is not None and len(found) < len(LETTERS):
                found.append(_option(piece, head[1].upper(), head.start(1), head.end(1), head.end()))
            else:
                _continue(found, piece)
    return found


def _after(lines: Sequence[Line]) -> str:
    """Return the first words that follow the last option behind an empty line."""
    apart, found = False, ""
    for line in lines:
        if any(is_option(line.text, letter) for letter in LETTERS) or line.text.startswith((BULLET, PROTECTED)):
            apart, found = False, ""
        elif not line.text.strip():
            apart = True
        elif apart and not found:
            found = tidy(line.text)
    return found


def _option(line: Line, letter: str, low: int, high: int, end: int) -> Option:
    before = "*" in line.text[:end]
    body = line.text[end:]
    lead = len(body) - len(body.lstrip())
    text = tidy(body)
    marks = [look for char, look in zip(body[lead:], line.marks[end + lead :], strict=False) if not char.isspace()]
    return Option(letter, text, line.marks[low:high], marks, starred=before)


def _continue(found: list[Option], line: Line) -> None:
    if found and line.text.strip():
        found[-1].text = tidy(f"{found[-1].text} {line.text}")
        found[-1].text_marks += [look for char, look in zip(line.text, line.marks, strict=False) if not char.isspace()]


def _bulleted(lines: Sequence[Line]) -> list[Option]:
    found: list[Option] = []
    for line in lines:
        if line.text.startswith(BULLET) and len(found) < len(LETTERS):
            found.append(_option(line, LETTERS[len(found)], 0, 0, len(BULLET)))
        else:
            _continue(found, line)
    return found
