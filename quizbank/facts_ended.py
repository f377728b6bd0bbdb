"""Facts that are history: since when, by which document, and which texts tell them as if they still held. Pure.

``data/facts_ended.tsv`` (tab-separated, no quoting: id, ended, by) names rows of facts.tsv that may be told only in the
past: a rule replaced, a target whose year is over, a province or portal that is gone. ``ended`` is the first day on
which the row no longer holds, for a target the last day of its term, for a province the day it became part of
another (what it resolved may live on). Rows of which the fact sheet gives no exact day are not listed: no date is invented.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from people.text import fold
from quizbank.deckfile import CardDraft
from quizbank.drafts import Draft

ENDED = Path(__file__).parent / "data" / "facts_ended.tsv"

_PAST = (
    "het hieu luc", "het thoi han", "truoc day", "giai doan", "khi do", "truoc sap xep", "truoc khi sap xep",
    "truoc sap nhap", "theo thoi diem", "no longer in force", "expired", "former", "at the time", "before the merger",
)  # fmt: skip
"""Words, without accents, by which a text says that it speaks of the past."""

_BEFORE = (
    r"truoc khi .{1,90} co hieu luc|da (duoc|bi) (.{1,60} )?thay|"
    r"(until|before) .{1,90} (took|takes|came|comes) (effect|into force)|replaced by"
)

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_YEARS_END = (12, 31)


@dataclass(frozen=True, slots=True)
class Ended:
    """A row of facts.tsv that is history since ``on``, by the document ``by``."""

    fact: str
    on: date
    by: str


@cache
def ended_facts(path: Path = ENDED) -> dict[str, Ended]:
    """Return {fact id: how it ended}."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["id"]: Ended(row["id"], date.fromisoformat(row["ended"]), row["by"]) for row in rows}


def ended_faults(drafts: Iterable[Draft | CardDraft]) -> list[str]:
    """Return one line per question or card that rests on an ended fact and does not say so.

    A text says so by a word for the past or by the day the fact ended, in its stem or explanation, front or back, or in
    what is to be ordered or matched; options do not count, most of them are wrong on purpose. Of a target, whose term
    ends with a year, naming that year as the term ("đến năm 2025") is enough.
    """
    faults = []
    for draft in drafts:
        told = fold(_told(draft))
        over = [ended_facts()[fact] for fact in draft.facts if fact in ended_facts()]
        unsaid = [f"{one.fact} (over since {one.on}: {one.by})" for one in over if not says_so(told, one.on)]
        if unsaid:
            faults.append(f"{draft.code}: does not say that it tells history: {', '.join(unsaid)}")
    return faults


def _told(draft: Draft | CardDraft) -> str:
    """Return what the text states as true."""
    if isinstance(draft, CardDraft):
        return f"{draft.front} {draft.back}"
    parts = [part for name in ("items", "lefts", "rights") for part in draft.content.get(name, [])]
    return " ".join([draft.stem, draft.explanation, *parts])


def says_so(folded: str, on: date) -> bool:
    """Return whether a folded text speaks of the past or names the day ``on``."""
    return any(word in folded for word in _PAST) or bool(re.search(f"{_BEFORE}|{_day_pattern(on)}", folded))


def _day_pattern(on: date) -> str:
    """A pattern for the day in Vietnamese and English as they stand in folded text."""
    day, month, year = on.day, on.month, on.year
    ways = [
        rf"(?<!\d)0?{day}/0?{month}/{year}(?!\d)",
        rf"(?<!\d)0?{day} thang 0?{month} nam {year}",
        rf"(?<!\d){day} {_MONTHS[month - 1]} {year}",
    ]
    if (month, day) == _YEARS_END:
        ways += [
            rf"\b(den|toi|het|cuoi|vao|cho)( het| cuoi)?( nam)? {year}",
            rf"\b(by|until|to|for|end of) {year}",
            rf"\d{{4}} ?[–-] ?{year}",
        ]
    return "|".join(ways)
