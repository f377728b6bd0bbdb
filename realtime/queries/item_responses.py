"""What people answered in an ended live event, question by question, as the cells item analysis works with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any, NamedTuple

from django.db.models import Exists, Max, OuterRef

from quizbank.item_analysis import FULL, Cell
from quizbank.kinds import get_kind
from quizbank.models import VersionStatistic
from realtime.enums import Mode, Phase, Play
from realtime.models import Event, EventQuestion, LiveAnswer, Player
from realtime.queries.snapshot import SEATED

SOURCE = "event:"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LiveResponses:
    """One question of an event: its version, who answered what, the middle time of an answer."""

    version_id: int
    cells: list[Cell]
    median_ms: int | None


class _Answer(NamedTuple):
    player: int
    response: str
    permille: int | None
    elapsed_ms: int
    verdict: bool | None


def events_to_count(limit: int) -> list[int]:
    """Ended events that were played by people and have not been counted since they ended. Two queries."""
    answers = LiveAnswer.objects.filter(question__event=OuterRef("pk"), player__bot=False)
    played = Event.objects.filter(Exists(answers), ended_at__isnull=False, rehearsal=False, phase=Phase.ENDED)
    rows = VersionStatistic.objects.filter(source__startswith=SOURCE).order_by().values("source")
    counted = {row["source"]: row["at"] for row in rows.annotate(at=Max("counted_at"))}
    due = [
        pk
        for pk, ended_at in played.order_by("ended_at").values_list("pk", "ended_at")
        if counted.get(f"{SOURCE}{pk}", LONG_AGO) < ended_at
    ]
    return due[:limit]


def live_responses(event: Event) -> list[LiveResponses]:
    """Read an ended event. Three queries.

    Only questions with a key that were asked in earnest. Scores are compared in a race alone: on the golden bell's
    floor the weak leave early, and in a team one person answers for several.
    """
    asked = list(
        EventQuestion.objects.filter(event=event, play=Play.QUIZ, practice=False, instance__gt=0)
        .select_related("version")
        .order_by("position")
    )
    since = dict(Player.objects.filter(event=event, status__in=SEATED, bot=False).values_list("pk", "since"))
    given = _answers(event, {question.pk: question.instance for question in asked}, set(since))
    race = event.mode == Mode.RACE
    points: dict[int, dict[int, int]] = {
        question.pk: {one.player: _grade(question, one) for one in given[question.pk]} for question in asked
    }
    return [
        LiveResponses(
            question.version_id,
            _cells(question, given[question.pk], asked, points, since if race else {}),
            _middle(given[question.pk]),
        )
        for question in asked
        if given[question.pk]
    ]


def _answers(event: Event, instances: dict[int, int], players: set[int]) -> defaultdict[int, list[_Answer]]:
    found: defaultdict[int, list[_Answer]] = defaultdict(list)
    rows = LiveAnswer.objects.filter(question__event=event, ghost=False).order_by("pk")
    for question, instance, *rest in rows.values_list(
        "question_id", "instance", "player_id", "response", "permille", "elapsed_ms", "verdict"
    ):
        answer = _Answer._make(rest)
        # A judge's word about what was never typed tells who was right, not what was chosen.
        if instances.get(question) == instance and answer.player in players and answer.response:
            found[question].append(answer)
    return found


def _grade(question: EventQuestion, answer: _Answer) -> int:
    """Return what the answer is worth by the key and the judges, also where the question was taken out of the game."""
    if answer.permille is not None and not question.voided:
        return answer.permille
    version = question.version
    return FULL if answer.response in question.key_also else _by_key(version.kind, version, answer.response)


def _by_key(kind: str, version: Any, response: str) -> int:
    return get_kind(kind).grade(version.content, version.key, response)


def _cells(
    question: EventQuestion,
    given: list[_Answer],
    asked: list[EventQuestion],
    points: dict[int, dict[int, int]],
    since: dict[int, int],
) -> list[Cell]:
    """``since`` {player: first opening they might answer}: who could answer and did not is counted as blank."""
    tally: Counter[tuple[str, int, int | None, int | None]] = Counter()
    said = {one.player: one.response for one in given}
    could = [player for player, first in since.items() if first <= question.instance] if since else list(said)
    for player in dict.fromkeys([*could, *said]):
        credit = points[question.pk].get(player, 0)
        total, rest = _scores(player, question, asked, points, since)
        tally[said.get(player, ""), credit, total, rest] += 1
    return [Cell(choice, credit, count, total, rest) for (choice, credit, total, rest), count in tally.items()]


def _scores(
    player: int,
    question: EventQuestion,
    asked: list[EventQuestion],
    points: dict[int, dict[int, int]],
    since: dict[int, int],
) -> tuple[int | None, int | None]:
    if player not in since:
        return None, None
    own = [one.pk for one in asked if one.instance >= since[player] and not one.voided]
    others = [pk for pk in own if pk != question.pk]
    if not others:
        return None, None
    rest = sum(points[pk].get(player, 0) for pk in others)
    total = rest + points[question.pk].get(player, 0)
    return round(total / (len(others) + 1)), round(rest / len(others))


def _middle(given: list[_Answer]) -> int | None:
    times = [one.elapsed_ms for one in given if one.verdict is None]
    return round(median(times)) if times else None
