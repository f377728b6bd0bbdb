"""The kinds of questions: small classes behind one registry."""

from __future__ import annotations

from quizbank.kinds.arranged import Matching, Ordering
from quizbank.kinds.base import FULL, Kind, Shown, ShownOption
from quizbank.kinds.choice import MultipleChoice, SingleChoice, TrueFalse
from quizbank.kinds.written import Numeric, ShortText

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (SingleChoice(), MultipleChoice(), TrueFalse(), Numeric(), ShortText(), Ordering(), Matching())
}


def get_kind(code: str) -> Kind:
    """Return the kind behind ``code``; a KeyError here is a fault of ours, never of a person."""
    return KINDS[code]


__all__ = ["FULL", "KINDS", "Kind", "Shown", "ShownOption", "get_kind"]
