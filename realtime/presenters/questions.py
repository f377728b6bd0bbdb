"""Questions as the host reads them: the key beside the options. Only for pages of those who prepare or steer an event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from quizbank.asking import CHOICES
from quizbank.enums import Difficulty, KindCode
from quizbank.kinds import get_kind
from quizbank.markup_html import plain_stem
from quizbank.models import QuestionVersion
from quizbank.presenting import right_labels
from realtime.enums import Play, Stakes
from realtime.models import EventQuestion
from realtime.rules import EventRules


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
    sealed: bool = False


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
    shown = kind.present(version.content, seed=0, shuffle=False) if version.kind in CHOICES else None
    right = right_labels(version.kind, version.key)
    return ShownQuestion(
        id=version.pk,
        kind=version.kind,
        kind_name=str(KindCode(version.kind).label),
        stem=plain_stem(version.stem, version.extra),
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


def closed_question(version: QuestionVersion) -> ShownQuestion:
    """A question of a sealed set, for a host who is not among its readers: its place, kind and topic."""
    return replace(
        shown_question(version),
        stem=_("Câu niêm phong"),
        options=(),
        answer="",
        explanation="",
        citation="",
        sealed=True,
    )


def shown_questions(
    items: Sequence[EventQuestion], rules: EventRules, *, hidden: Collection[int] = ()
) -> list[ShownItem]:
    """Return a running order as its host reads it; ``hidden`` are the ids of questions sealed from the host."""
    return [
        ShownItem(
            row=one,
            question=closed_question(one.version) if one.version.question_id in hidden else shown_question(one.version),
            number=place,
            seconds=rules.seconds if one.seconds is None else one.seconds,
            points=rules.points if one.points is None else one.points,
            keyed=one.play in (Play.QUIZ, Play.CLOSEST),
            play_name=str(Play(one.play).label) if one.play != Play.QUIZ else "",
            stakes_name=str(Stakes(one.stakes).label) if rules.bell and one.stakes != Stakes.OUT else "",
        )
        for place, one in enumerate(items, start=1)
    ]
