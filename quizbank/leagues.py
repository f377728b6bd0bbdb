"""The weekly league: small groups of people who learn about as much as each other, and who goes where next week. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUP = 30
"""People of one group at most: few enough to know where one stands."""
TIERS: tuple[str | Promise, ...] = (_("Hạng Tre"), _("Hạng Gốm"), _("Hạng Lụa"), _("Hạng Đồng"), _("Hạng Sơn mài"))
TOP_SHARE = 4
"""One in so many of a group moves up, at least one person, and only with points."""
FEWEST = 5
"""A tier with fewer people this week learns with the tier below: nobody enjoys a board alone."""
MEMORY_WEEKS = 8
"""Who was away longer begins in the first tier again."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One person's place in a group; equal points share a rank."""

    person: int
    points: int
    rank: int


def groups_of(points: Mapping[int, int], *, size: int = GROUP) -> list[list[int]]:
    """Divide people ({person: last week's points}) into groups of similar activity, as equal in size as can be."""
    order = sorted(points, key=lambda person: (-points[person], person))
    count = -(-len(order) // size)
    return [order[len(order) * i // count : len(order) * (i + 1) // count] for i in range(count)]


def seated(tiers: Mapping[int, int]) -> dict[int, int]:
    """Return the tier in which each person sits this week ({person: earned tier} given): thin tiers join the next one
    below that has people."""
    sitting = dict(tiers)
    for tier in sorted(set(tiers.values()), reverse=True):
        members = [person for person, at in sitting.items() if at == tier]
        below = max((at for at in sitting.values() if at < tier), default=None)
        if len(members) < FEWEST and below is not None:
            sitting.update(dict.fromkeys(members, below))
    return sitting


def placed(points: Mapping[int, int]) -> list[Placed]:
    """Rank one group, best first."""
    order = sorted(points, key=lambda person: (-points[person], person))
    ahead = {value: sum(other > value for other in points.values()) for value in set(points.values())}
    return [Placed(person, points[person], ahead[points[person]] + 1) for person in order]


def rising(group: Sequence[Placed]) -> int:
    """Return the rank up to which this group moves up; 0 where nobody has points. Somebody alone moves up too."""
    return max(1, len(group) // TOP_SHARE) if any(one.points for one in group) else 0


def next_tiers(tier: int, group: Sequence[Placed]) -> dict[int, int]:
    """Return the tier of each person next week. Gentle: only who learned nothing all week steps down, one tier."""
    line = rising(group)
    moved = {}
    for one in group:
        step = 1 if one.points and one.rank <= line else -1 if not one.points else 0
        moved[one.person] = min(max(tier + step, 0), len(TIERS) - 1)
    return moved
