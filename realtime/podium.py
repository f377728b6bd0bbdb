"""Who is ahead in an event: competition ranks 1, 2, 2, 4, and a tie reads as a tie.

Race and team: points, then (if the rules say so) the smaller total time of right answers. Golden bell: who stood longer, and
nothing else; all who fell on one question share a rank, whatever the order of their seats.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from realtime.enums import Mode
from realtime.game_state import Game
from realtime.rules import EventRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What decides. ``time_ms``: sum of the times of answers that earned points; ``stood``: ``bell.stood`` (0 elsewhere)."""

    key: int
    points: int
    time_ms: int = 0
    stood: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ranking; ``tied``: somebody else has the same rank."""

    rank: int
    tied: bool
    row: Row


def rank_lines(rows: Iterable[Row], *, rules: EventRules, ghosts: bool = False) -> list[Line]:
    """All rows, best first; the order given does not matter. ``ghosts``: the board of those who have fallen, by points.

    Inside a tie the key only fixes the printed order.
    """
    keyed = sorted(((_keys(row, rules, ghosts=ghosts), row.key, row) for row in rows), key=lambda item: item[:2])
    lines: list[Line] = []
    place = 0
    for index, (keys, _key, row) in enumerate(keyed):
        like_before = index > 0 and keyed[index - 1][0] == keys
        like_after = index + 1 < len(keyed) and keyed[index + 1][0] == keys
        place = place if like_before else index + 1
        lines.append(Line(place, like_before or like_after, row))
    return lines


def winners_of(lines: Sequence[Line], *, rules: EventRules, game: Game, standing: Iterable[int]) -> tuple[int, ...]:
    """Keys of the winners: the judges' decision; else in golden bell those still standing (perhaps nobody: the bell did not
    ring); else everybody at rank 1 who has a point. A tie has several winners."""
    if game.winners:
        return game.winners
    if rules.mode == Mode.BELL:
        still = set(standing)
        return tuple(line.row.key for line in lines if line.row.key in still)
    return tuple(line.row.key for line in lines if line.rank == 1 and line.row.points > 0)


def leaders(lines: Sequence[Line]) -> int:
    """How many share the first rank with at least one point: above 1, extra questions are worth asking."""
    return sum(line.rank == 1 and line.row.points > 0 for line in lines)


def _keys(row: Row, rules: EventRules, *, ghosts: bool) -> tuple[int, ...]:
    if rules.mode == Mode.BELL and not ghosts:
        return (-row.stood,)
    return (-row.points, row.time_ms if rules.tie_by_time else 0)
