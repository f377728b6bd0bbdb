"""One line a player: who they are, where they stand, what they did with the present question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import F

from realtime.enums import PlayerStatus
from realtime.game_state import Game
from realtime.models import LiveAnswer, Player
from realtime.podium import Line as Ranked
from realtime.podium import Row, winners_of
from realtime.rules import EventRules


class Line(NamedTuple):
    """One player. ``key`` is the public id. ``shown`` is the name as everybody else reads it ("": as it is). ``unit`` is the unit's name, "" without one. ``rank`` is 0 before the first
    count; ``was`` is the rank before the last one. The last five speak about the present question's present instance:
    ``response`` is None where there is no answer, ``permille`` and ``gained`` are None until it is counted."""

    id: int
    key: str
    name: str
    name_state: str
    unit_id: int | None
    unit: str
    team_id: int | None
    seat: int | None
    status: str
    out_at: int | None
    marshal: bool
    bot: bool
    score: int
    ghost_score: int
    correct: int
    time_ms: int
    streak: int
    rank: int
    tied: bool
    was: int
    shown: str
    response: str | None = None
    bet: int = 0
    permille: int | None = None
    gained: int | None = None
    ghost: bool = False


_COLUMNS = (
    "id", "public_id", "name", "name_state", "unit_id", "unit__name", "team_id", "seat", "status", "out_at", "marshal",
    "bot", "score", "ghost_score", "correct", "time_ms", "streak", "rank", "tied", "was",
    "shown",
)  # fmt: skip


_Answer = tuple[str | None, int, int | None, int | None, bool]
_NOTHING: _Answer = (None, 0, None, None, False)


def lines_of(event_id: int, *, question_id: int | None = None, instance: int = 0) -> dict[int, Line]:
    """Return {player id: line} of everybody who ever took a seat, in the order they came. Two queries at most."""
    rows = Player.objects.filter(event_id=event_id).order_by("pk").values_list(*_COLUMNS)
    answers = answers_to(question_id, instance) if question_id is not None and instance else {}
    return {row[0]: _line(row, answers.get(row[0], _NOTHING)) for row in rows}


def line_of(player_id: int) -> Line | None:
    """Return one player's line with the answer to the present question. Three queries."""
    rows = Player.objects.filter(pk=player_id)
    row = rows.values_list(*_COLUMNS).first()
    if row is None:
        return None
    event_id, index, instance = rows.values_list("event_id", "event__index", "event__instance").get()
    answer = LiveAnswer.objects.filter(
        player_id=player_id, question__event_id=event_id, question__position=index, instance=instance
    )
    given = answer.values_list("response", "bet", "permille", "points", "ghost").first()
    return _line(row, given or _NOTHING)


def _line(row: Sequence[Any], answer: _Answer) -> Line:
    return Line._make((*row[:5], row[5] or "", *row[6:], *answer))


def answers_to(question_id: int, instance: int) -> dict[int, _Answer]:
    """Return {player: (response, bet, permille, points, ghost)} of one opening of a question."""
    rows = LiveAnswer.objects.filter(question_id=question_id, instance=instance)
    return {
        player: (response, bet, permille, points, ghost)
        for player, response, bet, permille, points, ghost in rows.values_list(
            "player_id", "response", "bet", "permille", "points", "ghost"
        )
    }


def winners_among(lines: Iterable[Line], rules: EventRules, game: Game) -> tuple[int, ...]:
    """Return ids of who has won among those who take part, best first: the judges' decision, who still stands, or the
    first rank."""
    ranked = sorted((line for line in lines if line.rank), key=lambda line: (line.rank, line.id))
    rows = [Ranked(one.rank, one.tied, Row(key=one.id, points=one.score, time_ms=one.time_ms)) for one in ranked]
    standing = [one.id for one in ranked if one.status == PlayerStatus.IN]
    return winners_of(rows, rules=rules, game=game, standing=standing)


def answered_count(event_id: int, instance: int) -> int:
    """Return how many answers the present question has. One query by index."""
    return LiveAnswer.objects.filter(
        question__event_id=event_id, question__position=F("question__event__index"), instance=instance
    ).count()
