"""Counting a question, taking a count back, counting everything again: read, tally (realtime/tally.py), write what changed.

All of it inside the caller's transaction, with the event's row locked. A question of three thousand answers costs three
reads and two statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import transaction

from contest.signals import tell_after_commit
from quizbank.domain.statistics import forget_figures
from realtime.bell import Person, moved
from realtime.domain.bulk import write_rows
from realtime.domain.places import status_at
from realtime.enums import PlayerStatus
from realtime.game_state import Game, Move
from realtime.live_signals import event_judged
from realtime.models import Event, EventQuestion, LiveAnswer, Player
from realtime.queries.item_responses import SOURCE
from realtime.queries.plan import Running, running_of
from realtime.rules import EventRules, from_json
from realtime.tally import Asked, Given, Hall, Mark, Place, Score, ranking, replay

TAKES_PART = frozenset({PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE})
_PLAYER = {
    "id": "bigint", "status": "text", "out_at": "int", "score": "int", "ghost_score": "int", "correct": "int",
    "time_ms": "int", "streak": "int", "rank": "int", "tied": "bool", "was": "int",
}  # fmt: skip
_ANSWER = {"id": "bigint", "permille": "int", "points": "int", "streak": "int", "ghost": "bool"}


class Stored(NamedTuple):
    """A player's row as it was read; the counted part in the order of ``_PLAYER``."""

    id: int
    status: str
    out_at: int | None
    score: int
    ghost_score: int
    correct: int
    time_ms: int
    streak: int
    rank: int
    tied: bool
    was: int
    seat: int | None
    unit_id: int | None


class Counting:
    """The people of one event while a change is applied; ``save`` writes what became different."""

    def __init__(self, event: Event, rules: EventRules, running: Running) -> None:
        self.event = event
        self.rules = rules
        self.running = running
        columns = (*_PLAYER, "seat", "unit_id")
        rows = Player.objects.filter(event_id=event.pk).order_by("pk").values_list(*columns)
        self.stored = {row[0]: Stored._make(row) for row in rows}
        self.hall = Hall(
            rules=rules,
            course=running.course,
            scores={row.id: Score(*row[3:8]) for row in self.stored.values()},
            floor={} if rules.bell is None else {row.id: _person(row) for row in self._taking_part()},
        )
        self.counted_now = False
        self.back: frozenset[int] = frozenset()

    def count(self, index: int, instance: int) -> None:
        """Count one question on top of what is counted: grade, give points, let fall."""
        asked = self._asked([index])[index]
        given = _given([self.running.rows[index].pk], {self.running.rows[index].pk: instance}).get(index, [])
        marks = self.hall.count(asked, given)
        self.hall.let_fall(index, asked.item, marks, given)
        write_rows("realtime_liveanswer", _ANSWER, marks)
        self.counted_now = True

    def move(self, move: Move, game: Game) -> None:
        """Apply a rescue or ruling."""
        self.back |= set(move.players)
        people = moved(self.hall.floor.values(), move)
        self.hall.floor = {person.id: person for person in people}

    def again(self, game: Game) -> None:
        """Count everything ``game`` says was counted from the start, and clear the marks of whatever was not."""
        rows = self.running.rows
        indexes = set(game.counted)
        answers = _given([row.pk for row in rows], {row.pk: row.instance for row in rows})
        self.hall.scores = {player: Score() for player in self.stored}
        self.hall.floor = {player: self._as_seated(person) for player, person in self.hall.floor.items()}
        marks = replay(self.hall, game, self._asked(indexes), answers)
        known = self._known_marks()
        fresh = [mark for each in marks.values() for mark in each]
        write_rows("realtime_liveanswer", _ANSWER, [mark for mark in fresh if known.get(mark.id) != mark[1:]])
        kept = {mark.id for mark in fresh}
        stale = [pk for pk, known_mark in known.items() if pk not in kept and known_mark[1] is not None]
        ghosts = {pk: known[pk][3] for pk in stale}
        write_rows("realtime_liveanswer", _ANSWER, [Mark(pk, None, None, None, ghosts[pk]) for pk in stale])  # type: ignore[arg-type]

    def save(self, game: Game) -> int:
        """Rank everybody and write the players that changed; how many did."""
        ranks = ranking(self.hall, game, [row.id for row in self._ranked()]) if game.counted else {}
        changed = []
        for player, row in self.stored.items():
            now = self._row(row, ranks.get(player, Place()))
            if now != row[: len(now)]:
                changed.append(now)
        write_rows("realtime_player", _PLAYER, changed)
        return len(changed)

    def _ranked(self) -> list[Stored]:
        """Who has a rank: everybody when a question is counted; who came since waits for the next one."""
        nothing = Score()
        return [
            row
            for row in self._taking_part()
            if self.counted_now or row.rank or row.id in self.back or self.hall.scores[row.id] != nothing
        ]

    def _taking_part(self) -> list[Stored]:
        return [row for row in self.stored.values() if row.status in TAKES_PART]

    def _row(self, row: Stored, place: Place) -> tuple[Any, ...]:
        score = self.hall.scores[row.id]
        person = self.hall.floor.get(row.id)
        status, out_at = (person.status.value, person.out_at) if person else (row.status, row.out_at)
        was = row.rank if self.counted_now else row.was
        return (
            row.id, status, out_at, score.score, score.ghost_score, score.correct, score.time_ms, score.streak,
            place.rank, place.tied, was,
        )  # fmt: skip

    def _as_seated(self, person: Person) -> Person:
        """The person as they took their seat: on the floor, or as a reserve by the number of the seat."""
        bell = self.rules.bell
        return replace(person, status=PlayerStatus.IN if bell is None else status_at(person.seat, bell), out_at=None)

    def _asked(self, indexes: Iterable[int]) -> dict[int, Asked]:
        rows = {row.pk: row for row in self.running.rows if row.position in set(indexes)}
        versions = EventQuestion.objects.filter(pk__in=rows).values_list(
            "position", "version__kind", "version__content", "version__key", "key_also"
        )
        return {
            index: Asked(kind=kind, content=content, key=key, also=tuple(also), item=self.running.plan[index])
            for index, kind, content, key, also in versions
        }

    def _known_marks(self) -> dict[int, tuple[int | None, int | None, int | None, bool]]:
        return {
            row[0]: row[1:]
            for row in LiveAnswer.objects.filter(question__event_id=self.event.pk).values_list(
                "pk", "permille", "points", "streak", "ghost"
            )
        }


def count_people_anew(
    event: Event, rules: EventRules, running: Running, game: Game, *, back: frozenset[int] = frozenset()
) -> None:
    """Somebody left, or came ``back`` as they took their seat: the ranks close up, and who came back stands where their
    answers say. In the caller's transaction, the event's row locked."""
    counting = Counting(event, rules, running)
    counting.back = back
    if back:
        counting.again(game)
    counting.save(game)


def recount(*, event_id: int) -> int:
    """Compute everything of an event anew from its answers: marks, points, places, ranks. Returns how many players
    stood otherwise before: 0 proves that what was shown is what the answers say.

    Of an event that is over this is the judges' later word: what it taught about its questions is counted again.
    """
    with transaction.atomic():
        event = Event.objects.select_for_update().get(pk=event_id)
        rules = from_json(event.rules)
        game = Game.from_json(event.state)
        counting = Counting(event, rules, running_of(event.pk, rules))
        counting.again(game)
        if event.ended_at is not None:
            forget_figures(source=f"{SOURCE}{event.pk}")
            tell_after_commit(event_judged, Event, event_id=event.pk)
        return counting.save(game)


def _given(questions: Sequence[int], instances: Mapping[int, int]) -> dict[int, list[Given]]:
    """{index: answers to the opening of the question that counts}. One query; in the order they were stored."""
    found: defaultdict[int, list[Given]] = defaultdict(list)
    rows = LiveAnswer.objects.filter(question_id__in=questions).order_by("pk")
    if len(questions) == 1:
        rows = rows.filter(instance=instances[questions[0]])
    for question, position, instance, *rest in rows.values_list(
        "question_id", "question__position", "instance", "pk", "player_id", "response", "bet", "elapsed_ms", "ghost",
        "verdict",
    ).iterator(chunk_size=5_000):  # fmt: skip
        if instances[question] == instance:
            found[position].append(Given._make(rest))
    return found


def _person(row: Stored) -> Person:
    return Person(id=row.id, seat=row.seat or 0, unit=row.unit_id, status=PlayerStatus(row.status), out_at=row.out_at)
