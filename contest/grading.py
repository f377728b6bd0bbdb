"""Is it right: every distinct response of a question graded once, as a table from sheet characters to credit.

Pure. Papers are never graded one by one: a table says what each character of a question's column is worth, and
scoring applies the tables to all papers as sets. ``kinds`` say how right a response is (0 to 1000 per mille),
``contest.scoring`` what that is in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from contest.scoring import FULL_GRADE, points_for
from contest.sheet import BLANK, EXTRA, MARKS, NOT_DEALT
from quizbank.kinds.base import LETTERS, Content, Key, Kind


class Credit(NamedTuple):
    """What a response earns: thousandths of a point, and 1 when it is wholly right."""

    points_milli: int
    right: int


NOTHING = Credit(0, 0)

# Kinds whose characters can be listed beforehand; the others have up to 7,776 and are graded as they are met.
_LISTED: Mapping[str, str] = {
    "single": LETTERS,
    "boolean": "TF",
    "multiple": "".join(chr(0x2800 + mask) for mask in range(1, 256)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One pool item as grading sees it: ``key`` is the key in force (a mended one where there is one)."""

    position: int
    kind: Kind
    content: Content
    key: Key
    points_milli: int
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The credit of one question: by sheet character; ``others`` is what a dealt character not listed earns.

    ``open`` says that characters beyond those listed may still need grading (see ``meet``).
    """

    question: Question
    partial_credit: bool
    credits: dict[str, Credit] = field(default_factory=dict)
    others: Credit = NOTHING
    open: bool = False

    def meet(self, chars: Iterable[str]) -> None:
        """Grade characters not seen before."""
        for char in set(chars) - self.credits.keys() - MARKS:
            self.credits[char] = credit_of_char(self.question, char, partial_credit=self.partial_credit)

    def of_extra(self, canonical: str) -> Credit:
        """Return the credit of a response that stands outside the sheet (numbers, words)."""
        return credit_of(self.question, canonical, partial_credit=self.partial_credit)


def credit_of(question: Question, canonical: str, *, partial_credit: bool) -> Credit:
    """Grade one canonical response. A voided question is right for everybody who was dealt it."""
    grade = FULL_GRADE if question.voided else question.kind.grade(question.content, question.key, canonical)
    points = points_for(grade, question.points_milli, partial_credit=partial_credit)
    return Credit(points, int(grade == FULL_GRADE))


def credit_of_char(question: Question, char: str, *, partial_credit: bool) -> Credit:
    """Grade one sheet character. A character that means nothing to the question earns nothing."""
    if char == NOT_DEALT:
        return NOTHING
    if char == BLANK or question.voided:
        return credit_of(question, "", partial_credit=partial_credit)
    try:
        canonical = question.kind.from_char(question.content, char)
        if question.kind.char(question.content, canonical) != char:
            return NOTHING
        return credit_of(question, canonical, partial_credit=partial_credit)
    except (ValueError, IndexError, KeyError, StopIteration):
        # A sheet from elsewhere (a restored dump) must not stop the grading of everybody else.
        return NOTHING


def column(question: Question, *, partial_credit: bool) -> Column:
    """Return the table of one question, filled as far as its characters can be listed."""
    full = credit_of(question, "", partial_credit=partial_credit) if question.voided else NOTHING
    table = Column(
        question=question,
        partial_credit=partial_credit,
        others=full,
        open=not question.voided and question.kind.code not in _LISTED,
    )
    if not question.voided:
        options = len(question.content.get("options", ())) or len(LETTERS)
        listed = _LISTED.get(question.kind.code, "")
        table.meet(listed[:options] if question.kind.code == "single" else listed[: 2**options])
    return table


def grade_sheet(columns: Iterable[Column], sheet: str, extras: Mapping[str, str]) -> Credit:
    """Total one paper. What the set-based statement does for millions, said for one."""
    points = right = 0
    for table in columns:
        position = table.question.position
        char = sheet[position] if position < len(sheet) else NOT_DEALT
        if char == NOT_DEALT:
            continue
        if char == EXTRA and not table.question.voided:
            credit = table.of_extra(extras.get(str(position), ""))
        else:
            table.meet(char)
            credit = table.credits.get(char, table.others)
        points += credit.points_milli
        right += credit.right
    return Credit(points, right)
