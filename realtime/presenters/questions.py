"""Questions as the host reads them: the key beside the options. Only for pages of those who prepare or steer an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizbank.enums import Difficulty, KindCode
from quizbank.kinds import get_kind
from quizbank.models import QuestionVersion
from realtime.enums import Play, Stakes
from realtime.models import EventQuestion
from realtime.rules import EventRules

CHOSEN = frozenset({KindCode.SINGLE, KindCode.MULTIPLE, KindCode.BOOLEAN})


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One option: its text and whether it is right."""

    index: int
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with its key. ``options`` is empty for what is written; ``answer`` is the key in words."""

    id: int
    kind: str
    kind_name: str
    stem: str
    options: tuple[ShownLine, ...]
    answer: str
    topic: str
    difficulty: str
    explanation: str
    citation: str
    own: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One place of the running order, rules applied."""

    row: EventQuestion
    question: ShownQuestion
    number: int
    seconds: int
    points: int
    keyed: bool
    play_name: str
    stakes_name: str


def shown_question(version: QuestionVersion) -> ShownQuestion:
    """Return a version as its host reads it."""
    kind = get_kind(version.kind)
    shown = kind.present(version.content, seed=0, shuffle=False) if version.kind in CHOSEN else None
    right = right_labels(version)
    return ShownQuestion(
        id=version.pk,
        kind=version.kind,
        kind_name=str(KindCode(version.kind).label),
        stem=version.stem,
        options=tuple(
            ShownLine(place, one.text, one.letter in right) for place, one in enumerate(shown.options if shown else ())
        ),
        answer=kind.tell_key(version.content, version.key),
        topic=version.question.topic.name,
        difficulty=str(Difficulty(version.difficulty).label),
        explanation=version.explanation,
        citation=version.citation,
        own="live" in version.question.tags,
    )


def right_labels(version: QuestionVersion) -> frozenset[str]:
    """Letters of the right options of a question one chooses from."""
    right = version.key.get("right")
    match version.kind:
        case KindCode.SINGLE:
            return frozenset({str(right)})
        case KindCode.MULTIPLE:
            return frozenset(right or ())
        case KindCode.BOOLEAN:
            return frozenset({"A" if right else "B"})
        case _:
            return frozenset()


def shown_questions(items: Sequence[EventQuestion], rules: EventRules) -> list[ShownItem]:
    """Return a running order as its host reads it."""
    return [
        ShownItem(
            row=one,
            question=shown_question(one.version),
            number=place,
            seconds=rules.seconds if one.seconds is None else one.seconds,
            points=rules.points if one.points is None else one.points,
            keyed=one.play in (Play.QUIZ, Play.CLOSEST),
            play_name=str(Play(one.play).label) if one.play != Play.QUIZ else "",
            stakes_name=str(Stakes(one.stakes).label) if rules.bell and one.stakes != Stakes.OUT else "",
        )
        for place, one in enumerate(items, start=1)
    ]
