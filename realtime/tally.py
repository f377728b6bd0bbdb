"""From answers to points, places and ranks: one question after the other over the people of a hall. Pure.

Counting one question and recounting all of them run through the same steps, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from people.text import fold
from quizbank.kinds import get_kind
from realtime.bell import Person, fall, moves_after, stood
from realtime.enums import Mode, Play, PlayerStatus
from realtime.game_state import Game, PlanItem
from realtime.podium import Row, rank_lines
from realtime.rules import EventRules
from realtime.scoring import FULL, Course, award, closest_points


class Given(NamedTuple):
    """One stored answer."""

    id: int
    player: int
    response: str
    bet: int
    elapsed_ms: int
    ghost: bool
    verdict: bool | None


class Mark(NamedTuple):
    """What counting writes to one answer. ``permille`` is None where there is no right and wrong."""

    id: int
    permille: int | None
    points: int
    streak: int
    ghost: bool


@dataclass(slots=True)
class Score:
    """What one player has collected so far; changed while counting."""

    score: int = 0
    ghost_score: int = 0
    correct: int = 0
    time_ms: int = 0
    streak: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as it is graded. ``item`` is how it is played (practice when voided), ``also`` the canonical responses
    judges accept besides the key."""

    kind: str
    content: dict[str, Any]
    key: dict[str, Any]
    also: tuple[str, ...]
    item: PlanItem


@dataclass(slots=True, kw_only=True)
class Hall:
    """Everybody while counting: {player id: …}. ``floor`` is golden bell's (in, out, reserve) and changes with every
    question; it is empty in other modes."""

    rules: EventRules
    course: Course
    scores: dict[int, Score]
    floor: dict[int, Person]

    def count(self, asked: Asked, given: Sequence[Given]) -> list[Mark]:
        """Count one question: points, then who falls. Returns what to write to its answers, in their order."""
        if self.floor:
            given = [self._placed(one) for one in given]
        return tally(asked, given, self.scores, rules=self.rules, course=self.course)

    def let_fall(self, index: int, item: PlanItem, marks: Sequence[Mark], given: Sequence[Given]) -> None:
        """Golden bell: whoever was not wholly right leaves the floor."""
        if self.rules.mode != Mode.BELL or not item.eliminates:
            return
        graded = {one.player: mark.permille or 0 for one, mark in zip(given, marks, strict=True)}
        for player in fall(self.floor.values(), graded, item.stakes):
            self.floor[player] = replace(self.floor[player], status=PlayerStatus.OUT, out_at=index)

    def _placed(self, one: Given) -> Given:
        """The answer as somebody's who was on the floor then, or was not: a ruling may have changed it since."""
        person = self.floor.get(one.player)
        ghost = one.ghost if person is None else person.status != PlayerStatus.IN
        return one if ghost == one.ghost else one._replace(ghost=ghost)


def replay(
    hall: Hall, game: Game, asked: Mapping[int, Asked], given: Mapping[int, Sequence[Given]]
) -> dict[int, list[Mark]]:
    """Count every counted question from the start, {index: marks}. ``hall`` holds empty scores and the floor as people
    took their seats. Moves (rescues, rulings) and questions on which everybody came back are in ``game``."""
    marks: dict[int, list[Mark]] = {}
    _move(hall, -1, game)
    for index in game.counted:
        answers = given.get(index, ())
        marks[index] = hall.count(asked[index], answers)
        if index not in game.restored:
            hall.let_fall(index, asked[index].item, marks[index], answers)
        _move(hall, index, game)
    return marks


def _move(hall: Hall, index: int, game: Game) -> None:
    if any(move.after == index for move in game.moves):
        hall.floor = {person.id: person for person in moves_after(list(hall.floor.values()), index, game)}


def tally(
    asked: Asked, given: Sequence[Given], scores: Mapping[int, Score], *, rules: EventRules, course: Course
) -> list[Mark]:
    """Give the points of one question: change ``scores`` and return the marks of its answers, in their order.

    Whoever gave none loses the streak where the question has a key. Each distinct response is graded once.
    """
    item, limit_ms = asked.item, asked.item.limit_ms
    marks = []
    answered = set()
    for one, permille in zip(given, grades(asked, given), strict=True):
        score = scores[one.player]
        answered.add(one.player)
        earned = award(
            rules,
            item,
            right_permille=permille or 0,
            elapsed_ms=one.elapsed_ms,
            limit_ms=limit_ms,
            streak=score.streak,
            bet=one.bet,
            course=course,
        )
        score.streak = earned.streak
        _add(score, one, earned.points, right=permille == FULL and item.play == Play.QUIZ and not item.practice)
        marks.append(Mark(one.id, permille, earned.points, earned.streak, one.ghost))
    silent = award(rules, item, right_permille=None, elapsed_ms=0, limit_ms=limit_ms, streak=1, bet=0, course=course)
    if not silent.streak:
        for player, score in scores.items():
            if score.streak and player not in answered:
                score.streak = 0
    return marks


def _add(score: Score, one: Given, points: int, *, right: bool) -> None:
    if one.ghost:
        score.ghost_score += points
        return
    score.score += points
    score.correct += right
    if points > 0:
        score.time_ms += one.elapsed_ms


def grades(asked: Asked, given: Sequence[Given]) -> list[int | None]:
    """Return the per mille of each answer, None where there is no right and wrong (polls, word clouds)."""
    match asked.item.play:
        case Play.POLL | Play.CLOUD:
            return [None] * len(given)
        case Play.CLOSEST:
            return _closest(asked, given)
        case _:
            known = {response: _grade(asked, response) for response in {one.response for one in given}}
            return [known[one.response] if one.verdict is None else FULL * one.verdict for one in given]


def _grade(asked: Asked, response: str) -> int:
    if response in asked.also:
        return FULL
    if asked.kind == "short" and fold(response) in {fold(one) for one in asked.also}:
        return FULL
    return get_kind(asked.kind).grade(asked.content, asked.key, response)


def _closest(asked: Asked, given: Sequence[Given]) -> list[int | None]:
    """The share by the rank of the distance; people in the game and ghosts are measured apart."""
    value = Decimal(str(asked.key["value"]))
    shares: dict[int, int | None] = {}
    for ghost in (False, True):
        away = {one.id: _away(one.response, value) for one in given if one.ghost == ghost}
        guessed = {pk: distance for pk, distance in away.items() if distance is not None}
        shares |= dict(zip(guessed, closest_points(list(guessed.values()), points=FULL), strict=True))
    return [shares.get(one.id, 0) for one in given]


def _away(response: str, value: Decimal) -> Decimal | None:
    try:
        return abs(Decimal(response) - value)
    except InvalidOperation:
        return None


class Place(NamedTuple):
    """A rank and whether somebody shares it; (0, False) for who is not ranked."""

    rank: int = 0
    tied: bool = False


def ranking(hall: Hall, game: Game, takes_part: Iterable[int]) -> dict[int, Place]:
    """Rank everybody who takes part, after whatever ``game.counted`` says was counted."""
    bell = hall.rules.mode == Mode.BELL
    rows = [
        Row(
            key=player,
            points=score.score,
            time_ms=score.time_ms,
            stood=stood(hall.floor[player], game=game) if bell else 0,
        )
        for player in takes_part
        for score in (hall.scores[player],)
    ]
    return {line.row.key: Place(line.rank, line.tied) for line in rank_lines(rows, rules=hall.rules)}
