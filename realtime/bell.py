"""Golden bell: who falls, who may come back, who stands. Pure, over small persons; ``realtime.game`` says when.

As decided here:

* Only a wholly right answer keeps the place; wrong, partly right, late and silent are out alike.
* A cut-off question closes the floor behind it: who fell on it or earlier can no longer be rescued. Reserves have not
  fallen, so they may still be called in.
* Rescued first is who stood longest; among those who fell on one question a lot decides, drawn from the event's secret, so
  that nobody can steer it and a judge can draw it again.
* Reserves are called in once each, after the questions from ``rescue_from`` on, when their unit (or the floor) is down to
  ``quota_k`` or fewer, by seat number. A called-in reserve is a player like all others.
* Who stands is never remembered alone: ``floor`` computes it from the grades, the counted questions and the moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from realtime.enums import MoveBy, PlayerStatus, Stakes
from realtime.game_state import Game, Move, PlanItem
from realtime.rules import BellRules

FULL = 1000  # per mille
STILL_STANDING = 1_000_000  # more questions than any event has
NEVER_ON_FLOOR = -2

Grades = Mapping[int, int]
"""Player id → per mille of the answer; who is missing did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One seat. ``out_at``: index of the question the person fell on (-1: sent off before any), None while in or waiting.

    ``unit``: row number of the unit, None counts as a unit of its own.
    """

    id: int
    seat: int
    unit: int | None = None
    status: PlayerStatus = PlayerStatus.IN
    out_at: int | None = None


def survivors(people: Iterable[Person]) -> tuple[int, ...]:
    """Ids of those who stand, by seat."""
    return tuple(p.id for p in sorted(people, key=lambda p: (p.seat, p.id)) if p.status == PlayerStatus.IN)


def fall(people: Iterable[Person], graded: Grades, stakes: Stakes) -> frozenset[int]:
    """Ids of those standing who fall on a question with these stakes. Ask ``item.eliminates`` first: polls let nobody fall."""
    if stakes == Stakes.SAFE:
        return frozenset()
    return frozenset(p.id for p in people if p.status == PlayerStatus.IN and graded.get(p.id, 0) < FULL)


def rescue_candidates(people: Iterable[Person], *, game: Game, plan: Sequence[PlanItem], lot: str) -> tuple[int, ...]:
    """Ids of the fallen whom teachers or audience may bring back now, best first. ``lot``: the event's secret."""
    order = {index: place for place, index in enumerate(game.counted)}
    closed = max(
        (order[index] for index in order if plan[index].stakes == Stakes.CUTOFF and plan[index].eliminates), default=-1
    )
    barred = ruled_out(game.moves)
    fallen = [
        p for p in people if p.status == PlayerStatus.OUT and p.id not in barred and order.get(_fell(p), -1) > closed
    ]
    return tuple(p.id for p in sorted(fallen, key=lambda p: (-order[_fell(p)], _draw(lot, game.index, p.id))))


def reserves_for_units(people: Sequence[Person], rules: BellRules, *, game: Game) -> tuple[int, ...]:
    """Ids of the reserves whom the quota calls in after the question on the wall, by seat; empty when it does not."""
    if not rules.rescue_from or not game.is_counted or game.index + 1 < rules.rescue_from:
        return ()
    standing: dict[int | None, int] = defaultdict(int)
    for person in people:
        if person.status == PlayerStatus.IN:
            standing[person.unit if rules.quota_by_unit else None] += 1
    return tuple(
        p.id
        for p in sorted(people, key=lambda p: (p.seat, p.id))
        if p.status == PlayerStatus.RESERVE and standing[p.unit if rules.quota_by_unit else None] <= rules.quota_k
    )


def moved(people: Iterable[Person], move: Move) -> list[Person]:
    """The people after a rescue or ruling. It reaches only those who play or wait: never a kicked person or a spectator."""
    chosen = set(move.players)
    return [_moved(p, move) if p.id in chosen else p for p in people]


def _moved(person: Person, move: Move) -> Person:
    match person.status, move.inward:
        case ((PlayerStatus.OUT | PlayerStatus.RESERVE), True):
            return replace(person, status=PlayerStatus.IN, out_at=None)
        case PlayerStatus.IN, False:
            return replace(person, status=PlayerStatus.OUT, out_at=move.after)
        case PlayerStatus.RESERVE, False:
            return replace(person, status=PlayerStatus.OUT, out_at=None)
        case _:
            return person  # somebody who fell earlier and is ruled out keeps the question: a ruling improves no rank


def fell_on(people: Iterable[Person], index: int, *, game: Game) -> tuple[int, ...]:
    """Ids of those who fell on question ``index`` and are out because of it: whom ``Restore`` brings back, ``Facts.fell`` counts."""
    barred = ruled_out(game.moves)
    return tuple(p.id for p in people if p.status == PlayerStatus.OUT and p.out_at == index and p.id not in barred)


def floor(
    people: Iterable[Person], *, game: Game, plan: Sequence[PlanItem], grades: Mapping[int, Grades]
) -> dict[int, Person]:
    """Everybody's place, computed from the start: {id: person}. The oracle of recounts, and the way back after an undo.

    ``people`` as they took their seats (IN, RESERVE; others are left as they are), ``grades`` by question index.
    """
    now = moves_after(list(people), -1, game)
    for index in game.counted:
        if plan[index].eliminates:
            falling = fall(now, grades.get(index, {}), plan[index].stakes)
            if index not in game.restored:
                now = [replace(p, status=PlayerStatus.OUT, out_at=index) if p.id in falling else p for p in now]
        now = moves_after(now, index, game)
    return {p.id: p for p in now}


def moves_after(people: list[Person], index: int, game: Game) -> list[Person]:
    """The people after all moves that followed question ``index``."""
    for move in game.moves:
        if move.after == index:
            people = moved(people, move)
    return people


def stood(person: Person, *, game: Game) -> int:
    """How long somebody stood, for ranking: higher is longer."""
    if person.status == PlayerStatus.IN:
        return STILL_STANDING
    if person.out_at is None:
        return NEVER_ON_FLOOR
    return game.counted.index(person.out_at) if person.out_at in game.counted else -1


def ruled_out(moves: Sequence[Move]) -> set[int]:
    """Ids of those the judges sent off and have not called back: no rescue reaches them."""
    out: set[int] = set()
    for move in moves:
        if move.by == MoveBy.JUDGE_OUT:
            out |= set(move.players)
        else:
            out -= set(move.players)
    return out


def _fell(person: Person) -> int:
    return -1 if person.out_at is None else person.out_at


def _draw(lot: str, index: int, player: int) -> bytes:
    return sha256(f"rescue:{lot}:{index}:{player}".encode()).digest()
