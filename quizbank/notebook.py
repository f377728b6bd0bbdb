"""The notebook of mistakes and the weak topics: what past answers say. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from quizbank.kinds.base import FULL

RIGHT_DAYS = 2
"""A question leaves the notebook when it was answered rightly on this many different days since the last mistake: once
could be the memory of five minutes ago."""

RECENT = 20
"""Answers of a topic that say how weak it is now; older ones are forgiven."""

PRIOR_ANSWERS, PRIOR_CREDIT = 3, 600
"""A topic never practised counts as middling: as if this many answers had earned this much (per mille) each."""

WEAKEST = (5, 3, 2)
"""How often each of the weakest topics is asked, against each other."""


@dataclass(frozen=True, slots=True)
class Try:
    """One answer: the question, what it earned (per mille), the day."""

    question: int
    credit: int
    day: date


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question in the notebook: how often it went wrong, on how many days it went right since, when last tried."""

    question: int
    wrong: int
    right_days: int
    last: date


def open_mistakes(tries: Iterable[Try]) -> list[Mistake]:
    """Return what is in the notebook after ``tries`` (in the order they were made), the latest first."""
    wrong: dict[int, int] = defaultdict(int)
    right: dict[int, set[date]] = defaultdict(set)
    last: dict[int, date] = {}
    for one in tries:
        last[one.question] = one.day
        if one.credit < FULL:
            wrong[one.question] += 1
            right[one.question] = set()
        elif one.question in wrong:
            right[one.question].add(one.day)
            if len(right[one.question]) >= RIGHT_DAYS:
                del wrong[one.question]
    found = [Mistake(question, count, len(right[question]), last[question]) for question, count in wrong.items()]
    return sorted(found, key=lambda one: (one.last, one.question), reverse=True)


def strength(earned: Sequence[int]) -> float:
    """How well a topic is known, 0..1000, by its recent answers (the latest first)."""
    recent = earned[:RECENT]
    return (sum(recent) + PRIOR_ANSWERS * PRIOR_CREDIT) / (len(recent) + PRIOR_ANSWERS)


def weak_topic(earned: Mapping[str, Sequence[int]], topics: Sequence[str], random: Random) -> str:
    """Choose what to practise: one of the weakest topics, the weakest most often. "" where there are no topics."""
    weakest = sorted(topics, key=lambda topic: (strength(earned.get(topic, ())), topic))[: len(WEAKEST)]
    return random.choices(weakest, weights=WEAKEST[: len(weakest)])[0] if weakest else ""
