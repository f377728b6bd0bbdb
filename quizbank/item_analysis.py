"""How a question fared: classical item analysis. Pure.

Sources. Facility, the discrimination index and its bands: R. L. Ebel and D. A. Frisbie, *Essentials of Educational
Measurement*, 5th ed., Prentice Hall 1991, ch. 13. Why the upper and lower 27 %: T. L. Kelley, "The selection of upper
and lower groups for the validation of test items", *Journal of Educational Psychology* 30 (1939) 17-24. Why the item
itself is left out of the score it is correlated with: S. Henrysson, "Correction of item-total correlations in item
analysis", *Psychometrika* 28 (1963) 211-218. When a distractor works: T. M. Haladyna and S. M. Downing, "How many
options is enough for a multiple-choice test item?", *Educational and Psychological Measurement* 53 (1993) 999-1010.

People are given as cells: how many of them gave one response and reached one score. That is all these figures need,
and it stays small however many people took part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

FULL = 1000
TAIL = 0.27
"""Share of the people in the upper and in the lower group (Kelley 1939)."""
MOST_CHOICES = 24
"""Different responses kept of one question; the rest is summed under ``OTHERS``."""
OTHERS = "…"


@dataclass(frozen=True, slots=True)
class Cell:
    """``count`` people who responded ``choice`` (canonical, "" for none), worth ``credit`` per mille.

    ``total`` is their score on the whole paper, ``rest`` the same without this question; both per mille of what could
    be reached, None where there is nothing to compare with.
    """

    choice: str
    credit: int
    count: int
    total: int | None = None
    rest: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One response: how many gave it, and how many of those stood in the best, middle and last third."""

    count: int
    upper: float = 0.0
    middle: float = 0.0
    lower: float = 0.0
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """One question in one use, or in several together (``pooled``).

    ``facility`` is the mean share of the points, 0 to 1. ``discrimination`` is the corrected point-biserial
    correlation, ``upper_lower`` the difference of facility between the best and the last 27 %; None where everybody
    did the same. ``median_ms`` is the time to an answer where it is known.
    """

    people: int
    blank: int = 0
    right: int = 0
    facility: float = 0.0
    discrimination: float | None = None
    upper_lower: float | None = None
    median_ms: int | None = None
    choices: dict[str, Choice] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return what VersionStatistic.data holds."""
        return {
            "people": self.people,
            "blank": self.blank,
            "right": self.right,
            "facility": self.facility,
            "discrimination": self.discrimination,
            "upper_lower": self.upper_lower,
            "median_ms": self.median_ms,
            "choices": {
                name: [one.count, one.upper, one.middle, one.lower, one.right] for name, one in self.choices.items()
            },
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ItemFigures:
        """Return the figures behind ``to_json``."""
        choices = {name: Choice(*values) for name, values in data.get("choices", {}).items()}
        return cls(**{name: value for name, value in data.items() if name in cls.__slots__} | {"choices": choices})


def analyse(cells: Sequence[Cell], *, median_ms: int | None = None) -> ItemFigures:
    """Return the figures of one use."""
    people = sum(cell.count for cell in cells)
    if not people:
        return ItemFigures(people=0)
    return ItemFigures(
        people=people,
        blank=sum(cell.count for cell in cells if not cell.choice),
        right=sum(cell.count for cell in cells if cell.credit == FULL),
        facility=round(sum(cell.credit * cell.count for cell in cells) / (FULL * people), 4),
        discrimination=point_biserial(cells),
        upper_lower=upper_lower(cells),
        median_ms=median_ms,
        choices=_choices(cells),
    )


def point_biserial(cells: Iterable[Cell]) -> float | None:
    """Return the correlation of credit with the rest of the score (Henrysson 1963); None without any spread.

    Pearson's r: (n·Σxy - Σx·Σy) / sqrt((n·Σx² - (Σx)²)·(n·Σy² - (Σy)²)), which for a question that is either right or
    wrong is the point-biserial coefficient. Whole numbers to the end: no rounding creeps in.
    """
    n = sx = sy = sxx = syy = sxy = 0
    for cell in cells:
        if cell.rest is None:
            continue
        x, y, w = cell.credit, cell.rest, cell.count
        n, sx, sy = n + w, sx + w * x, sy + w * y
        sxx, syy, sxy = sxx + w * x * x, syy + w * y * y, sxy + w * x * y
    spread = (n * sxx - sx * sx) * (n * syy - sy * sy)
    return round((n * sxy - sx * sy) / sqrt(spread), 4) if spread > 0 else None


def upper_lower(cells: Sequence[Cell], tail: float = TAIL) -> float | None:
    """Return D: facility of the upper group minus that of the lower one (Ebel and Frisbie 1991).

    Each group is exactly ``tail`` of the people: of those tied at its border it takes the same fraction of everybody,
    so that no order of rows decides. None where all have the same score.
    """
    scored = [cell for cell in cells if cell.total is not None]
    if len({cell.total for cell in scored}) < 2:
        return None
    size = tail * sum(cell.count for cell in scored)
    upper = sum(share * cell.credit for cell, share in _first(scored, size, best=True))
    lower = sum(share * cell.credit for cell, share in _first(scored, size, best=False))
    return round((upper - lower) / (FULL * size), 4)


def _first(cells: Sequence[Cell], size: float, *, best: bool) -> list[tuple[Cell, float]]:
    """Return how many people of each cell belong to the first ``size`` by score."""
    by_score: defaultdict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        assert cell.total is not None
        by_score[cell.total].append(cell)
    taken: list[tuple[Cell, float]] = []
    left = size
    for score in sorted(by_score, reverse=best):
        tied = sum(cell.count for cell in by_score[score])
        fraction = min(1.0, left / tied)
        taken += [(cell, fraction * cell.count) for cell in by_score[score]]
        left -= tied
        if left <= 0:
            break
    return taken


def _choices(cells: Sequence[Cell]) -> dict[str, Choice]:
    """Return who chose what, the most frequent first; blank is no choice."""
    counts: defaultdict[str, int] = defaultdict(int)
    right: dict[str, bool] = {}
    for cell in cells:
        if cell.choice:
            counts[cell.choice] += cell.count
            right[cell.choice] = cell.credit == FULL
    names = sorted(counts, key=lambda name: (-counts[name], name))
    kept = set(names[:MOST_CHOICES])
    thirds = _thirds(cells)
    found = {
        name: Choice(counts[name], *thirds.get(name, (0.0, 0.0, 0.0)), right[name]) for name in names if name in kept
    }
    if len(names) > MOST_CHOICES:
        found[OTHERS] = Choice(sum(counts[name] for name in names if name not in kept))
    return found


def _thirds(cells: Sequence[Cell]) -> dict[str, tuple[float, float, float]]:
    scored = [cell for cell in cells if cell.total is not None]
    if len({cell.total for cell in scored}) < 2:
        return {}
    third = sum(cell.count for cell in scored) / 3
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for cell in scored:
        sums[cell.choice][1] += cell.count
    for place, best in ((0, True), (2, False)):
        for cell, share in _first(scored, third, best=best):
            sums[cell.choice][place] += share
            sums[cell.choice][1] -= share
    return {name: (round(u, 2), round(max(0.0, m), 2), round(w, 2)) for name, (u, m, w) in sums.items()}


def pooled(uses: Sequence[ItemFigures]) -> ItemFigures:
    """Return several uses as one: counts are summed, rates weighted by people.

    Discrimination is the mean weighted by people of the uses that have one: scores of different papers are not
    comparable, so the people cannot simply be put together.
    """
    people = sum(one.people for one in uses)
    choices: dict[str, Choice] = {}
    for one in uses:
        for name, choice in one.choices.items():
            old = choices.get(name, Choice(0))
            choices[name] = Choice(
                old.count + choice.count,
                round(old.upper + choice.upper, 2),
                round(old.middle + choice.middle, 2),
                round(old.lower + choice.lower, 2),
                choice.right,
            )
    median = _mean([(one.median_ms, one.people) for one in uses])
    return ItemFigures(
        people=people,
        blank=sum(one.blank for one in uses),
        right=sum(one.right for one in uses),
        facility=round(sum(one.facility * one.people for one in uses) / people, 4) if people else 0.0,
        discrimination=_rounded(_mean([(one.discrimination, one.people) for one in uses])),
        upper_lower=_rounded(_mean([(one.upper_lower, one.people) for one in uses])),
        median_ms=None if median is None else round(median),
        choices=dict(sorted(choices.items(), key=lambda item: (-item[1].count, item[0]))),
    )


def _mean(values: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in values if value is not None and weight]
    total = sum(weight for _value, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
