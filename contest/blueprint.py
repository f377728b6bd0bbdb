"""Filling a blueprint from the bank: which questions serve which line, when lines compete for the same questions.

Pure. A question enters a round's pool once, so lines that overlap ("any difficulty" beside "hard") share a stock; a
greedy choice would call such a blueprint unfillable although it is not. Demands are met by augmenting paths (maximum
bipartite matching), then what is left goes where the choice is still smallest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LARGEST_POOL = 1000
"""Pool items of a round: the answer sheet has one character for each."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Which questions serve each demand (by index), and how many each is short of."""

    chosen: dict[int, list[int]] = field(default_factory=dict)
    short: dict[int, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not self.short

    def size(self) -> int:
        return sum(map(len, self.chosen.values()))


def fill(
    needs: Sequence[int], fits: Mapping[int, frozenset[int]], *, spare: bool, limit: int = LARGEST_POOL
) -> Filling:
    """Choose questions for demands.

    ``needs[i]`` is how many questions demand i wants; ``fits`` maps each question, in the order of preference, to the
    demands it may serve. With ``spare`` the rest of the stock joins the pool too, up to ``limit`` questions in all.
    """
    holder: dict[int, int] = {}
    stock: list[list[int]] = [[] for _ in needs]
    for question, demands in fits.items():
        for demand in demands:
            stock[demand].append(question)
    short: dict[int, int] = {}
    # Scarce demands first: fewer detours.
    for demand in sorted(range(len(needs)), key=lambda d: len(stock[d]) - needs[d]):
        met = 0
        while met < needs[demand] and _augment(demand, stock, holder):
            met += 1
        if met < needs[demand]:
            short[demand] = needs[demand] - met
    chosen: dict[int, list[int]] = {demand: [] for demand in range(len(needs))}
    for question in fits:
        if question in holder:
            chosen[holder[question]].append(question)
    if spare:
        _spread(needs, stock, set(holder), chosen, limit)
    return Filling(chosen, short)


def _augment(demand: int, stock: Sequence[Sequence[int]], holder: dict[int, int]) -> bool:
    """Give ``demand`` one more question, moving others along a chain of swaps if need be (breadth first)."""
    came_from: dict[int, tuple[int, int]] = {}  # demand reached -> (demand that reaches it, question taken from it)
    queue, seen = [demand], {demand}
    for current in queue:
        for question in stock[current]:
            owner = holder.get(question)
            if owner is None:
                holder[question] = current
                while current != demand:
                    previous, moved = came_from[current]
                    holder[moved] = previous
                    current = previous
                return True
            if owner not in seen:
                seen.add(owner)
                came_from[owner] = (current, question)
                queue.append(owner)
    return False


def _spread(
    needs: Sequence[int],
    stock: Sequence[Sequence[int]],
    taken: set[int],
    chosen: dict[int, list[int]],
    limit: int,
) -> None:
    """Let the demand with the least choice per question asked take the next question it can use, again and again."""
    waiting = [iter(questions) for questions in stock]
    hungry = set(range(len(needs)))
    while hungry and len(taken) < limit:
        poorest = min(hungry, key=lambda demand: (len(chosen[demand]) / needs[demand], demand))
        question = next((one for one in waiting[poorest] if one not in taken), None)
        if question is None:
            hungry.discard(poorest)
            continue
        taken.add(question)
        chosen[poorest].append(question)
