"""Aiken: a question, its options "A. …", a line "ANSWER: A". The simplest of all, for single choices only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext as _

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats import answers
from quizbank.formats.answers import Answer, Built
from quizbank.formats.assemble import Question, head_of, limited, notes_of, text_of
from quizbank.formats.base import Defaults, Format, Found, Parsed
from quizbank.formats.texts import one_line
from quizbank.kinds.base import LETTERS

_OPTION = re.compile(r"\s*([A-Za-z])\s*[.)](?:\s+|$)(.*)")
_ANSWER = re.compile(r"\s*(ANSWER|ĐÁP ÁN|ĐA)\s*[:：]\s*(.*)", re.IGNORECASE)
_KEY = re.compile(r"([A-Za-z])\s*[.)]?")
# Written in front of a stem that would otherwise be taken for an option or a key; no screen shows it.
_GUARD = "\u2060"
_BOOLEAN = ["Đúng", "Sai"]


@dataclass(slots=True)
class _Item:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=list)
    """The lines of each option."""
    letters: list[str] = field(default_factory=list)
    key: str | None = None
    parted: bool = False
    """An empty line followed the last option."""
    warnings: list[str] = field(default_factory=list)


class Aiken(Format):
    code: ClassVar[str] = "aiken"
    name: ClassVar[str] = "Aiken"
    extension: ClassVar[str] = "txt"
    accepts: ClassVar[tuple[str, ...]] = ("txt", "aiken")
    media_type: ClassVar[str] = "text/plain"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset({"single", "boolean"})

    def likely(self, data: bytes, filename: str) -> int:
        text = head_of(data)
        sure = bool(re.search(r"^ANSWER:\s*[A-Z]\s*$", text, re.MULTILINE))
        return 85 if sure and re.search(r"^\s*[A-Za-z][.)]\s", text, re.MULTILINE) else 0

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        text, note = text_of(data)
        if not re.search(r"^\s*(?:ANSWER|ĐÁP ÁN|ĐA)\s*[:：]", text, re.MULTILINE | re.IGNORECASE):
            raise BadFile(_("Tệp không có dòng ANSWER: nào, nên không phải là tệp Aiken."))
        found = limited(_found(item, defaults) for item in _items(text))
        return Parsed(found=tuple(found), notes=notes_of(found, note))

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        return "\n".join(_written(draft) for draft in drafts if draft.kind in self.kinds).encode()


def _items(text: str) -> Iterator[_Item]:
    item = _Item(1)
    for place, line in enumerate(text.split("\n")):
        if not line.strip():
            item.parted = bool(item.options)
        elif match := _ANSWER.match(line):
            item.key = match[2].strip()
            if match[1] != "ANSWER":
                item.warnings.append(_("Dòng đáp án nên viết đúng là ANSWER: rồi đến chữ cái."))
            yield item
            item = _Item(place + 2)
        elif (match := _OPTION.match(line)) and item.stem:
            item.letters.append(match[1])
            item.options.append([match[2]])
            item.parted = False
        elif item.parted:
            yield item  # without a key: a new question begins
            item = _Item(place + 1, stem=[line])
        elif item.options:
            item.options[-1].append(line)
            item.warnings.append(_("Phương án viết trên nhiều dòng đã được nối lại."))
        else:
            item.line = item.line if item.stem else place + 1
            item.stem.append(line)
    if item.stem or item.options:
        yield item


def _found(item: _Item, defaults: Defaults) -> Found:
    question = Question(
        fmt="aiken",
        place=_("Dòng %(line)d") % {"line": item.line},
        stem=one_line(" ".join(item.stem)),
        warnings=item.warnings,
    )
    return question.finish(_built(item, question), defaults=defaults)


def _built(item: _Item, question: Question) -> Built:
    letters = "".join(item.letters)
    if len(letters) > answers.MOST_ANSWERS:
        return answers.crowded()
    if letters != letters.upper() or (item.key or "").strip() != (item.key or "").strip().upper():
        question.warnings.append(_("Chữ cái của phương án nên viết hoa."))
    key = _KEY.fullmatch(item.key or "")
    right = key[1].upper() if key else ""
    found = [
        Answer(text=one_line(" ".join(text)), weight=1000 if letter.upper() == right else 0)
        for letter, text in zip(item.letters, item.options, strict=True)
    ]
    if letters.upper() != "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(letters)]:
        question.problems.append(_("Các phương án phải theo thứ tự A, B, C…"))
    if item.key is None:
        question.problems.append(_("Thiếu dòng ANSWER: sau các phương án."))
    elif not key:
        question.problems.append(_("Dòng ANSWER: phải ghi đúng một chữ cái."))
    elif right not in letters.upper():
        question.problems.append(_("Đáp án %(letter)s không có trong các phương án.") % {"letter": right})
    if question.problems:
        return Built(kind="single", content={"options": [one.text for one in found]})
    if [one.text for one in found] == _BOOLEAN:
        return answers.boolean(right == "A")
    return answers.choice(found, single=True)


def _written(draft: Draft) -> str:
    stem = one_line(draft.stem)
    if _OPTION.match(stem) or _ANSWER.match(stem):
        stem = _GUARD + stem
    options = _BOOLEAN if draft.kind == "boolean" else draft.content["options"]
    right = draft.key["right"] if draft.kind == "single" else "A" if draft.key["right"] else "B"
    listed = "".join(f"{letter}. {one_line(text)}\n" for letter, text in zip(LETTERS, options, strict=False))
    return f"{stem}\n{listed}ANSWER: {right}\n"
