"""Reads of the bank with names from the business."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from quizbank.enums import QuestionState
from quizbank.models import Question, QuestionVersion, Topic
from quizbank.queries.sealing import still_sealed


def topics() -> QuerySet[Topic]:
    """Every topic in its order."""
    return Topic.objects.all()


def readable_in(language: str, prefix: str = "") -> Q:
    """Versions written in a language or translated into it."""
    return Q(**{f"{prefix}language": language}) | Q(**{f"{prefix}translations__has_key": language})


def approved_versions(
    *, topic: str = "", difficulty: str = "", audience: str = "", language: str = "vi", tag: str = ""
) -> QuerySet[QuestionVersion]:
    """The current, approved versions that may enter a paper and can be read in ``language``, in a stable order. "" means
    any. Sealed ones are among them: papers are dealt from them, see quizbank.queries.sealing for who may look."""
    versions = QuestionVersion.objects.filter(
        readable_in(language), question__state=QuestionState.APPROVED, question__current_id=F("id")
    )
    if topic:
        versions = versions.filter(question__topic__slug=topic)
    if difficulty:
        versions = versions.filter(difficulty=difficulty)
    versions = versions.select_related("question", "question__topic").order_by("question__code", "id")
    if audience or tag:
        # JSON lists: membership is tested in Python, because SQLite has no JSON contains.
        wanted = [
            v.pk for v in versions if (not audience or audience in v.audience) and (not tag or tag in v.question.tags)
        ]
        versions = versions.filter(pk__in=wanted)
    return versions


def practice_versions(**wanted: str) -> QuerySet[QuestionVersion]:
    """The approved versions anybody may practise with: none of a set that is still sealed. Filters as above."""
    return approved_versions(**wanted).exclude(still_sealed("question__"))


@dataclass(frozen=True, slots=True)
class BankCell:
    """How many approved questions one topic holds at one difficulty."""

    topic: str
    topic_name: str
    difficulty: str
    count: int


def bank_cells(language: str = "vi") -> list[BankCell]:
    """The bank's stock by topic × difficulty, one query."""
    rows = (
        Question.objects.filter(readable_in(language, "current__"), state=QuestionState.APPROVED)
        .values("topic__slug", "topic__name_vi", "topic__position", "current__difficulty")
        .annotate(count=Count("id"))
        .order_by("topic__position")
    )
    return [
        BankCell(row["topic__slug"], row["topic__name_vi"], row["current__difficulty"], row["count"]) for row in rows
    ]


def bank_stock(language: str = "vi") -> Counter[tuple[str, str]]:
    """{(topic slug, difficulty): number of approved questions}; ("", "") style totals are the caller's to sum."""
    return Counter({(cell.topic, cell.difficulty): cell.count for cell in bank_cells(language)})
