"""The compact answer sheet: one character per pool item, everything a paper's grading needs in one short column.

"-" not dealt, "." blank, "*" see ``extras`` (numbers, words), anything else the kind's own character. Index in the
sheet = position in the pool, whatever the order shown, so that one expression grades a question over all attempts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quizbank.kinds.base import Content, Kind

NOT_DEALT, BLANK, EXTRA = "-", ".", "*"
MARKS = frozenset((NOT_DEALT, BLANK, EXTRA))


@dataclass(frozen=True, slots=True)
class Item:
    """A pool item without its key: what reading, writing and folding a response need."""

    kind: Kind
    content: Content


@dataclass(frozen=True, slots=True)
class Sheet:
    """A folded paper. ``extras`` maps str(pool position) to the canonical response (JSON keys are strings)."""

    text: str
    extras: dict[str, str] = field(default_factory=dict)
    answered: int = 0


def fold(items: Sequence[Item], dealt: Sequence[int], responses: Mapping[int, str]) -> Sheet:
    """Fold canonical ``responses`` (by index in the order shown; absent or "" is blank) into a sheet."""
    chars = [NOT_DEALT] * len(items)
    extras: dict[str, str] = {}
    answered = 0
    for shown, position in enumerate(dealt):
        canonical = responses.get(shown, "")
        if not canonical:
            chars[position] = BLANK
            continue
        answered += 1
        char = items[position].kind.char(items[position].content, canonical)
        if char is None or len(char) != 1 or char in MARKS:
            char, extras[str(position)] = EXTRA, canonical
        chars[position] = char
    return Sheet("".join(chars), extras, answered)


def unfold(items: Sequence[Item], dealt: Sequence[int], text: str, extras: Mapping[str, str]) -> dict[int, str]:
    """Return the canonical responses of a sheet by index in the order shown; "" is blank. Inverse of ``fold``."""
    return {
        shown: response_at(items[position], text[position], extras.get(str(position), ""))
        for shown, position in enumerate(dealt)
    }


def response_at(item: Item, char: str, extra: str) -> str:
    """Return the canonical response behind one character of a sheet."""
    if char in (BLANK, NOT_DEALT):
        return ""
    if char == EXTRA:
        return extra
    return item.kind.from_char(item.content, char)
