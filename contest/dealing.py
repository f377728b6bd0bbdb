"""Dealing a paper: which questions of the frozen pool an attempt gets, and in which order.

Pure and recomputable in any language: an item's place is the SHA-256 of "seed/purpose/position", and the smallest
digests are dealt. Equal seeds give equal papers for ever (the standard library's ``sample`` promises no such thing),
every item of a cell is equally likely, and one cell's draw does not depend on another's, but for neighbours: of questions
that give each other away (one asks what the other tells) a paper holds one, as long as the cell has another.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a blueprint: ``count`` questions of a topic and difficulty ("" = any) for ``group`` ("" = all)."""

    topic: str
    difficulty: str
    count: int
    group: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Cell:
        """Read one stored line. Raises ValueError when it is no such line."""
        count = data.get("count")
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise ValueError(f"blueprint count {count!r}")
        return cls(
            topic=str(data.get("topic", "")),
            difficulty=str(data.get("difficulty", "")),
            count=count,
            group=str(data.get("group", "")),
        )


@dataclass(frozen=True, slots=True)
class PoolSlot:
    """What dealing must know of a pool item: its position, the blueprint line it fills, whose papers may hold it."""

    position: int
    cell: int
    group: str = ""
    near: frozenset[str] = frozenset()
    """Names of the neighbourhoods it belongs to, as they were when the pool was frozen."""


class PoolTooSmall(Exception):
    """A cell holds fewer items than it must deal: a fault of freezing, never of a participant."""


def place(seed: int | str, purpose: str, position: int) -> bytes:
    """Return the digest by which items are ordered for one purpose ("deal" or "order")."""
    return hashlib.sha256(f"{seed}/{purpose}/{position}".encode()).digest()


def item_seed(seed: int, position: int) -> int:
    """Return the 64-bit seed of one pool item within one attempt: option order and opaque option ids hang on it."""
    return int.from_bytes(hashlib.blake2b(f"{seed}#{position}".encode(), digest_size=8).digest())


def deal(
    pool: Iterable[PoolSlot],
    blueprint: Sequence[Cell],
    *,
    choice_seed: int | str,
    order_seed: int | str,
    group: str = "",
    shuffle: bool = True,
) -> tuple[int, ...]:
    """Return pool positions in the order shown.

    ``choice_seed`` draws the questions (the attempt's seed; the round's where everybody gets one paper),
    ``order_seed`` orders them. Without ``shuffle`` they keep the order of the blueprint.

    Raises:
        PoolTooSmall: when a cell cannot be filled.
    """
    by_cell: dict[int, list[PoolSlot]] = defaultdict(list)
    for slot in pool:
        if slot.group in ("", group):
            by_cell[slot.cell].append(slot)
    dealt: list[int] = []
    told: set[str] = set()
    for index, cell in enumerate(blueprint):
        if cell.group not in ("", group):
            continue
        drawn = _draw(
            sorted(by_cell[index], key=lambda slot: place(choice_seed, "deal", slot.position)), cell.count, told
        )
        if len(drawn) < cell.count:
            raise PoolTooSmall(f"cell {index} holds {len(drawn)} of {cell.count}")
        dealt.extend(drawn)
    if shuffle:
        dealt.sort(key=lambda position: place(order_seed, "order", position))
    return tuple(dealt)


def _draw(slots: Sequence[PoolSlot], count: int, told: set[str]) -> list[int]:
    """The first ``count`` that share no neighbourhood with what is in the paper (``told``, added to); where the cell has
    too few of those, the first neighbours after all: a paper is never short for their sake."""
    drawn: list[int] = []
    neighbours: list[int] = []
    for slot in slots:
        if len(drawn) == count:
            break
        if slot.near & told:
            neighbours.append(slot.position)
        else:
            drawn.append(slot.position)
            told |= slot.near
    return drawn + neighbours[: count - len(drawn)]


def write_dealt(positions: Iterable[int]) -> str:
    """Return the stored form of a dealt paper: "12,3,45"."""
    return SEPARATOR.join(map(str, positions))


def read_dealt(text: str) -> tuple[int, ...]:
    """Return the positions of a stored paper, in the order shown."""
    return tuple(map(int, text.split(SEPARATOR))) if text else ()
