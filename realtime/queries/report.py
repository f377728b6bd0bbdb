"""What is told of an event afterwards: people, questions, units, teams. Five queries, however long the event was."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from quizbank.kinds import get_kind
from realtime.enums import Play, PlayerStatus
from realtime.game_state import Game
from realtime.models import Event, LiveAnswer
from realtime.queries.groups import Group, team_groups, unit_groups
from realtime.queries.lines import Line, lines_of, winners_among
from realtime.queries.snapshot import SEATED, Question, questions_of
from realtime.rules import from_json
from realtime.shown_people import shown_name

FULL = 1000
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One kind of response to a question: as people read it, how often, and whether it was right (None: no key)."""

    text: str
    people: int
    right: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReport:
    """One question that was asked. ``right_permille`` is the share of wholly right answers among those who could answer,
    None without a key; ``median_ms`` the middle time of all answers, None without any; ``counted`` false: skipped or
    voided. ``answers`` are the most frequent ones. ``fell``: golden bell, how many left the floor on it."""

    index: int
    stem: str
    kind: str
    play: str
    key: str
    answered: int
    right: int
    silent: int
    right_permille: int | None
    median_ms: int | None
    counted: bool
    fell: int
    answers: tuple[Answered, ...]


class Cell(NamedTuple):
    """One player's answer to one question."""

    text: str
    permille: int | None
    points: int
    elapsed_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """``lines`` are ranked, best first; ``winners`` their ids; ``cells`` {(player, question index): cell}."""

    lines: tuple[Line, ...]
    winners: frozenset[int]
    questions: tuple[QuestionReport, ...]
    teams: tuple[Group, ...]
    units: tuple[Group, ...]
    cells: dict[tuple[int, int], Cell]
    spectators: int


def report_of(event: Event) -> EventReport:
    """Read the report of an event, ended or not."""
    rules, game = from_json(event.rules), Game.from_json(event.state)
    everybody = lines_of(event.pk)
    lines = sorted(
        (_named(one) for one in everybody.values() if one.status in SEATED),
        key=lambda one: (one.rank or 1 << 30, one.id),
    )
    questions = questions_of(event, rules)
    given = _answers(event, questions)
    return EventReport(
        lines=tuple(lines),
        winners=frozenset(winners_among(lines, rules, game)),
        questions=tuple(_question(one, given[one.index], game, lines) for one in questions if one.instance),
        teams=team_groups(event.pk, rules, lines),
        units=unit_groups(lines),
        cells=_cells(questions, given),
        spectators=sum(one.status == PlayerStatus.SPECTATOR for one in everybody.values()),
    )


def _named(line: Line) -> Line:
    """Staff read names as they are; who was forgotten has a number."""
    return line if line.name else line._replace(name=shown_name(line))


class _Answer(NamedTuple):
    player: int
    response: str
    permille: int | None
    points: int | None
    elapsed_ms: int
    verdict: bool | None


def _answers(event: Event, questions: tuple[Question, ...]) -> defaultdict[int, list[_Answer]]:
    """{index: answers of the opening that counts}. One query."""
    found: defaultdict[int, list[_Answer]] = defaultdict(list)
    last = {one.index: one.instance for one in questions}
    rows = LiveAnswer.objects.filter(question__event_id=event.pk).order_by("pk")
    for index, instance, *rest in rows.values_list(
        "question__position", "instance", "player_id", "response", "permille", "points", "elapsed_ms", "verdict"
    ):
        if last[index] == instance:
            found[index].append(_Answer._make(rest))
    return found


def _question(question: Question, given: list[_Answer], game: Game, lines: list[Line]) -> QuestionReport:
    keyed = question.item.play in (Play.QUIZ, Play.CLOSEST)
    right = sum(one.permille == FULL for one in given) if keyed else 0
    could = max(len(lines), len(given))
    times = [one.elapsed_ms for one in given if one.verdict is None]
    kind = get_kind(question.kind)
    said = Counter(one.response for one in given if one.response)
    graded = {one.response: one.permille for one in given}
    return QuestionReport(
        index=question.index,
        stem=question.stem,
        kind=question.kind,
        play=question.item.play,
        key=kind.tell_key(question.content, question.key) if keyed else "",
        answered=len(given),
        right=right,
        silent=max(0, could - len(given)),
        right_permille=FULL * right // could if keyed and could else None,
        median_ms=round(median(times)) if times else None,
        counted=question.index in game.counted and not question.voided,
        fell=sum(one.out_at == question.index for one in lines),
        answers=tuple(
            Answered(
                text=kind.tell_response(question.content, response),
                people=people,
                right=graded[response] == FULL if question.item.play == Play.QUIZ else None,
            )
            for response, people in said.most_common(MOST_SHOWN)
        ),
    )


def _cells(questions: tuple[Question, ...], given: defaultdict[int, list[_Answer]]) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for question in questions:
        kind = get_kind(question.kind)
        texts = {one.response: kind.tell_response(question.content, one.response) for one in given[question.index]}
        for one in given[question.index]:
            cells[one.player, question.index] = Cell(texts[one.response], one.permille, one.points or 0, one.elapsed_ms)
    return cells
