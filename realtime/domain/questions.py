"""The running order of an event before it begins: choosing, arranging, and writing questions on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F

from contest.blueprint import fill
from people.models import User
from quizbank.domain.questions import revise_question, write_question
from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Difficulty
from quizbank.models import QuestionVersion
from quizbank.queries.questions import practice_versions
from realtime.domain.events import not_begun, rules_of
from realtime.enums import Mode, Play, Stakes
from realtime.errors import BadCommand, BadRules
from realtime.models import Event, EventQuestion
from realtime.words import too_few, too_many

LIVE_TAG = "live"
MOST_QUESTIONS = 200
# What a question costs besides reading and answering: looking at the key, the board, and a word of the host.
TALK_SECONDS = 20
# While rows change places they stand above any place there can be: the order is a unique constraint.
_ASIDE = 10_000


class Settings(TypedDict, total=False):
    """How a question is played; None is "as the event's rules say"."""

    seconds: int | None
    read_seconds: int | None
    points: int | None
    stakes: Stakes
    play: Play
    extra: bool
    practice: bool


class BlueprintLine(TypedDict):
    """So many questions of one topic and difficulty; "" is any."""

    topic: str
    difficulty: str
    count: int


@transaction.atomic
def add_questions(
    *, event: Event, versions: Sequence[QuestionVersion], now: datetime, **settings: Unpack[Settings]
) -> list[EventQuestion]:
    """Append questions to the running order. Raises EventRunning, BadRules (too many)."""
    not_begun(event)
    start = event.questions.count()
    if start + len(versions) > MOST_QUESTIONS:
        raise BadRules([too_many(MOST_QUESTIONS)])
    rows = [
        EventQuestion(event=event, position=start + place, version=version, **settings)
        for place, version in enumerate(versions)
    ]
    return EventQuestion.objects.bulk_create(rows)


@transaction.atomic
def set_questions(*, event: Event, versions: Sequence[QuestionVersion], now: datetime) -> list[EventQuestion]:
    """Let the running order be exactly these; questions that stay keep their settings. Raises EventRunning, BadRules."""
    not_begun(event)
    kept = {row.version_id: row for row in event.questions.all()}
    wanted = {version.pk for version in versions}
    event.questions.exclude(version_id__in=wanted).delete()
    start = event.questions.count()
    fresh = [version for version in versions if version.pk not in kept]
    if start + len(fresh) > MOST_QUESTIONS:
        raise BadRules([too_many(MOST_QUESTIONS)])
    event.questions.update(position=F("position") + _ASIDE)
    added = EventQuestion.objects.bulk_create(
        [EventQuestion(event=event, position=2 * _ASIDE + place, version=v) for place, v in enumerate(fresh)]
    )
    rows = {version_id: row for version_id, row in kept.items() if version_id in wanted}
    rows |= {row.version_id: row for row in added}
    return _number([rows[version.pk] for version in versions])


@transaction.atomic
def move_question(*, event: Event, question_id: int, to: int, now: datetime) -> list[EventQuestion]:
    """Put a question at place ``to`` (0-based; beyond the end is the end). Raises EventRunning, BadCommand."""
    not_begun(event)
    rows = list(event.questions.order_by("position"))
    moved = next((row for row in rows if row.pk == question_id), None)
    if moved is None:
        raise BadCommand
    rows.remove(moved)
    rows.insert(max(0, to), moved)
    event.questions.update(position=F("position") + _ASIDE)
    return _number(rows)


@transaction.atomic
def remove_question(*, event: Event, question_id: int, now: datetime) -> None:
    """Take a question out of the running order; doing it twice changes nothing. Raises EventRunning."""
    not_begun(event)
    if event.questions.filter(pk=question_id).delete()[0]:
        event.questions.update(position=F("position") + _ASIDE)
        _number(list(event.questions.order_by("position")))


@transaction.atomic
def change_question(*, event: Event, question_id: int, now: datetime, **settings: Unpack[Settings]) -> EventQuestion:
    """Change how one question is played. Raises EventRunning, BadCommand."""
    not_begun(event)
    row = event.questions.filter(pk=question_id).first()
    if row is None:
        raise BadCommand
    for name, value in settings.items():
        setattr(row, name, value)
    row.save(update_fields=list(settings))
    return row


@transaction.atomic
def write_live_question(
    *, event: Event, draft: Draft, author: User, now: datetime, **settings: Unpack[Settings]
) -> EventQuestion:
    """Write a question in the quick editor: a draft in the author's name, outside the papers of contests, appended to
    the running order. Raises EventRunning, quizbank.errors.BadQuestion."""
    question = write_question(draft=_tagged(draft), author=author, now=now)
    assert question.current is not None
    return add_questions(event=event, versions=[question.current], now=now, **settings)[0]


@transaction.atomic
def revise_live_question(
    *, event: Event, question_id: int, draft: Draft, now: datetime, **settings: Unpack[Settings]
) -> EventQuestion:
    """Change the wording of a question written for an event: the running order takes the new version.

    A question of the bank is never changed from here. Raises EventRunning, BadCommand, quizbank.errors.BadQuestion.
    """
    not_begun(event)
    row = event.questions.select_related("version__question").filter(pk=question_id).first()
    if row is None or LIVE_TAG not in row.version.question.tags:
        raise BadCommand
    revised = revise_question(question=row.version.question, draft=_tagged(draft), now=now)
    assert revised.current is not None
    row.version = revised.current
    row.save(update_fields=["version"])
    return change_question(event=event, question_id=row.pk, now=now, **settings) if settings else row


@transaction.atomic
def fill_from_blueprint(
    *, event: Event, lines: Sequence[BlueprintLine], seed: str, now: datetime
) -> list[EventQuestion]:
    """Append approved questions line by line, none twice. Raises EventRunning, BadRules (what the bank lacks)."""
    not_begun(event)
    chosen = _choose(event, lines, seed)
    return add_questions(event=event, versions=chosen, now=now, stakes=Stakes.OUT)


def make_me_one(*, event: Event, topics: Sequence[str], minutes: int, seed: str, now: datetime) -> list[EventQuestion]:
    """Fill an empty event with as many questions as fit into ``minutes``, spread over the topics (none: all), from easy
    to hard; golden bell gets two extra questions besides. Raises EventRunning, BadRules."""
    rules = rules_of(event)
    each = rules.read_seconds + rules.seconds + TALK_SECONDS
    number = max(3, min(MOST_QUESTIONS, minutes * 60 // each))
    extra = min(2, rules.bell.extra) if event.mode == Mode.BELL and rules.bell else 0
    wanted = [slug for slug in TOPICS if slug in topics] or list(TOPICS)
    shares = _shares(number + extra)
    lines: list[BlueprintLine] = []
    for difficulty, share in shares.items():
        for place in range(share):
            topic = wanted[(len(lines) + place) % len(wanted)]
            lines.append({"topic": topic, "difficulty": difficulty, "count": 1})
    with transaction.atomic():
        not_begun(event)
        chosen = _choose(event, lines, seed, loosen=True)
        rows = add_questions(event=event, versions=chosen, now=now)
        for row in rows[len(rows) - extra :] if extra else []:
            change_question(event=event, question_id=row.pk, now=now, extra=True)
    return rows


def _shares(number: int) -> dict[str, int]:
    """Half easy, a third medium, the rest hard."""
    easy, medium = round(number * 0.5), round(number * 0.3)
    return {Difficulty.EASY: easy, Difficulty.MEDIUM: medium, Difficulty.HARD: number - easy - medium}


def _choose(event: Event, lines: Sequence[BlueprintLine], seed: str, *, loosen: bool = False) -> list[QuestionVersion]:
    """Choose from what is not sealed: nobody knows who will look at this running order. With ``loosen`` a line that cannot be met takes any question of the topics instead."""
    used = set(event.questions.values_list("version__question_id", flat=True))
    stock = [
        version
        for version in practice_versions(language=event.language).prefetch_related(None)
        if version.question_id not in used
    ]
    Random(seed).shuffle(stock)
    by_id = {version.pk: version for version in stock}
    fits = {
        version.pk: frozenset(place for place, line in enumerate(lines) if _fits(version, line)) for version in stock
    }
    needs = [line["count"] for line in lines]
    filling = fill(needs, fits, spare=False)
    chosen = [by_id[pk] for place in range(len(lines)) for pk in filling.chosen[place]]
    missing = sum(filling.short.values())
    if missing and loosen:
        topics = {line["topic"] for line in lines}
        have = {version.pk for version in chosen}
        spare = [one for one in stock if one.pk not in have and one.question.topic.slug in topics]
        chosen += spare[:missing]
        order = list(Difficulty)
        chosen.sort(key=lambda version: order.index(Difficulty(version.difficulty)))
        missing = max(0, missing - len(spare))
    if missing:
        raise BadRules([too_few(missing)])
    return chosen


def _fits(version: QuestionVersion, line: BlueprintLine) -> bool:
    return (not line["topic"] or version.question.topic.slug == line["topic"]) and (
        not line["difficulty"] or version.difficulty == line["difficulty"]
    )


def _number(rows: Sequence[EventQuestion]) -> list[EventQuestion]:
    """Give rows that stand aside their places 0…n."""
    for place, row in enumerate(rows):
        row.position = place
    EventQuestion.objects.bulk_update(rows, ["position"])
    return list(rows)


def _tagged(draft: Draft) -> Draft:
    return replace(draft, tags=tuple({*draft.tags, LIVE_TAG}))


def settings_of(data: dict[str, Any]) -> Settings:
    """Return what a form says about a question in the types of the model.

    Raises:
        BadCommand: for values that are none.
    """
    try:
        return Settings(
            seconds=_optional(data.get("seconds")),
            read_seconds=_optional(data.get("read_seconds")),
            points=_optional(data.get("points")),
            stakes=Stakes(data.get("stakes") or Stakes.OUT),
            play=Play(data.get("play") or Play.QUIZ),
            extra=bool(data.get("extra")),
            practice=bool(data.get("practice")),
        )
    except (TypeError, ValueError) as error:
        raise BadCommand from error


def _optional(value: Any) -> int | None:
    return None if value in (None, "") else int(value)
