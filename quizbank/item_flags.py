"""What figures say about a question: flags for its author, a difficulty to consider, drift between uses. Pure.

Thresholds that are not cited are our own and stand here so that one place changes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from quizbank.enums import Difficulty, KindCode
from quizbank.item_analysis import ItemFigures
from quizbank.kinds.base import LETTERS

FEWEST = 30
"""People below whom figures say nothing."""
FEWEST_FOR_OPTIONS = 50
FEWEST_FOR_DIFFICULTY = 100
TOO_EASY, TOO_HARD = 0.95, 0.20
WEAK = 0.20
"""Ebel and Frisbie (1991) call an upper-lower index below 0.20 poor."""
DEAD = 0.05
"""A distractor that fewer than 5 % choose does no work (Haladyna and Downing 1993)."""
EASY_FROM, HARD_BELOW, MARGIN = 0.75, 0.40, 0.05
"""Bands of facility behind the three difficulties, and how clearly a question must leave its own."""
DRIFT, SURE = 0.15, 3.0
"""Change of facility worth telling, and how many standard errors it must be."""


class Flag(StrEnum):
    """What an author should look at."""

    KEY_DOUBTFUL = "key_doubtful"
    NEGATIVE = "negative"
    WEAK = "weak"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    DEAD_OPTION = "dead_option"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag with the responses it is about."""

    flag: Flag
    choices: tuple[str, ...] = ()


def flags_of(figures: ItemFigures, *, kind: str, options: int = 0, uses: Sequence[ItemFigures] = ()) -> list[Raised]:
    """Return what is striking, the gravest first; nothing below ``FEWEST`` people."""
    if figures.people < FEWEST:
        return []
    raised = []
    if rivals := better_liked(figures):
        raised.append(Raised(Flag.KEY_DOUBTFUL, rivals))
    if figures.discrimination is not None and figures.discrimination < 0:
        raised.append(Raised(Flag.NEGATIVE))
    elif _is_weak(figures):
        raised.append(Raised(Flag.WEAK))
    if figures.facility >= TOO_EASY:
        raised.append(Raised(Flag.TOO_EASY))
    elif figures.facility <= TOO_HARD:
        raised.append(Raised(Flag.TOO_HARD))
    if dead := dead_options(figures, kind=kind, options=options):
        raised.append(Raised(Flag.DEAD_OPTION, dead))
    if drift_of(uses) is not None:
        raised.append(Raised(Flag.DRIFT))
    return raised


PRACTISED = frozenset({Flag.TOO_HARD, Flag.DEAD_OPTION, Flag.DRIFT})
"""What practice alone may say. Whether the key is right or the question parts people needs scores of whole papers; that
nearly everybody is right may only mean that they have just read the card."""


def practice_flags_of(
    figures: ItemFigures, *, kind: str, options: int = 0, uses: Sequence[ItemFigures] = ()
) -> list[Raised]:
    """Return what is striking about first answers in practice; nothing below ``FEWEST`` people, nothing that needs a
    score."""
    return [one for one in flags_of(figures, kind=kind, options=options, uses=uses) if one.flag in PRACTISED]


def _is_weak(figures: ItemFigures) -> bool:
    # What nearly everybody knows cannot tell people apart; that is said by another flag.
    return figures.upper_lower is not None and figures.upper_lower < WEAK and figures.facility < TOO_EASY


def better_liked(figures: ItemFigures) -> tuple[str, ...]:
    """Return the wrong response that the best third gave most, where they gave it more often than all right ones
    together: is the key right?"""
    right = sum(choice.upper for choice in figures.choices.values() if choice.right)
    rivals = {name: one.upper for name, one in figures.choices.items() if not one.right and one.upper > right}
    return (max(rivals, key=lambda name: rivals[name]),) if rivals else ()


def dead_options(figures: ItemFigures, *, kind: str, options: int) -> tuple[str, ...]:
    """Return the wrong options of a single choice that nearly nobody takes."""
    if kind != KindCode.SINGLE or figures.people < FEWEST_FOR_OPTIONS or figures.facility >= TOO_EASY:
        return ()
    counts = figures.choices
    return tuple(
        letter
        for letter in LETTERS[:options]
        if (counts[letter].count if letter in counts else 0) < DEAD * figures.people
        and not (letter in counts and counts[letter].right)
    )


@dataclass(frozen=True, slots=True)
class Drift:
    """Facility of the first and the last use that have enough people, and the difference in standard errors."""

    first: float
    last: float
    errors: float


def drift_of(uses: Sequence[ItemFigures]) -> Drift | None:
    """Return the change from the first to the last use (in order of time) where it is large and sure.

    z = (p2 - p1) / sqrt(p(1-p)(1/n1 + 1/n2)) with the pooled p: the usual test of two proportions.
    """
    enough = [one for one in uses if one.people >= FEWEST]
    if len(enough) < 2:
        return None
    first, last = enough[0], enough[-1]
    p = (first.facility * first.people + last.facility * last.people) / (first.people + last.people)
    error = sqrt(p * (1 - p) * (1 / first.people + 1 / last.people))
    change = last.facility - first.facility
    if abs(change) < DRIFT or error == 0 or abs(change) / error < SURE:
        return None
    return Drift(first.facility, last.facility, round(change / error, 1))


def suggested_difficulty(figures: ItemFigures, present: str) -> str:
    """Return the difficulty the figures speak for, "" where they agree with the present one or are too few.

    To be asked of exams only: the bands mean people who answer without help and without having just read the card.
    """
    if figures.people < FEWEST_FOR_DIFFICULTY:
        return ""
    wanted = band(figures.facility)
    if wanted == present:
        return ""
    # Near a border the question may stay what its author said.
    near = {band(figures.facility - MARGIN), band(figures.facility + MARGIN)}
    return "" if present in near else wanted


def band(facility: float) -> str:
    """Return the difficulty whose band holds a facility."""
    if facility >= EASY_FROM:
        return Difficulty.EASY
    return Difficulty.HARD if facility < HARD_BELOW else Difficulty.MEDIUM
