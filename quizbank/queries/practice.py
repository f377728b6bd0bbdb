"""What may be practised, and what past practice says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone

from quizbank.enums import QuestionState
from quizbank.kinds.base import FULL
from quizbank.models import PracticeAnswer, QuestionVersion
from quizbank.notebook import Mistake, Try, open_mistakes
from quizbank.queries.sealing import still_sealed
from quizbank.translated import Words, words_in
from quizbank.withholding import withheld

LOOKED_BACK = 400
"""Latest answers from which weak topics are told."""
NOT_AGAIN = 40
"""Latest questions that endless practice does not repeat."""

# What a participant may not read before answering: explanation and citation tell the answer as well as the key does.
SECRET = ("key", "explanation", "citation", "citation_url", "facts")


def practice_versions() -> QuerySet[QuestionVersion]:
    """The current versions that may be practised now: approved, in no sealed set that is still shut, and not in the
    pool of a round that is not over (in whatever wording)."""
    versions = QuestionVersion.objects.filter(
        question__state=QuestionState.APPROVED, question__current_id=F("id"), language="vi"
    ).exclude(still_sealed("question__"))
    for question_ids in withheld():
        versions = versions.exclude(question_id__in=question_ids)
    return versions.select_related("question", "question__topic")


def asked_version(version_id: int) -> QuestionVersion | None:
    """The version to put before somebody, without what tells its answer; None where it may not be practised (any more)."""
    return practice_versions().defer(*SECRET).filter(pk=version_id).first()


def shown_words(version: QuestionVersion, language: str) -> Words:
    """The words of a question without those that tell its answer: reading them would fetch them from the database."""
    return words_in(language, Words(version.stem, version.content), version.translations)


def candidates(*, topic: str = "", card: str = "", questions: list[int] | None = None) -> dict[int, int]:
    """{version id: question id} of what may be practised; of one topic, of one card, of these questions."""
    versions = practice_versions().order_by("pk")
    if topic:
        versions = versions.filter(question__topic__slug=topic)
    if card:
        versions = versions.filter(question__cards__code=card)
    if questions is not None:
        versions = versions.filter(question_id__in=questions)
    return dict(versions.values_list("pk", "question_id"))


def recent_questions(person_id: int) -> list[int]:
    """Questions somebody practised lately, the latest first."""
    rows = PracticeAnswer.objects.filter(person_id=person_id).order_by("-id")
    return list(rows.values_list("version__question_id", flat=True)[:NOT_AGAIN])


def topic_credits(person_id: int) -> dict[str, list[int]]:
    """{topic slug: per mille of the latest answers, the latest first}."""
    rows = PracticeAnswer.objects.filter(person_id=person_id).order_by("-id")
    found: defaultdict[str, list[int]] = defaultdict(list)
    for topic, credit in rows.values_list("version__question__topic__slug", "credit")[:LOOKED_BACK]:
        found[topic].append(credit)
    return dict(found)


def mistakes_of(person_id: int) -> list[Mistake]:
    """What is in somebody's notebook, the latest first; one query."""
    mine = PracticeAnswer.objects.filter(person_id=person_id)
    wrong = mine.filter(credit__lt=FULL).order_by().values("version__question_id")
    rows = mine.filter(version__question_id__in=wrong).order_by("at", "id")
    return open_mistakes(
        Try(question, credit, timezone.localdate(at))
        for question, credit, at in rows.values_list("version__question_id", "credit", "at")
    )


@dataclass(frozen=True, slots=True)
class NotebookLine:
    """One mistake with the words of its question."""

    mistake: Mistake
    version: QuestionVersion


def notebook(person_id: int) -> tuple[list[NotebookLine], int]:
    """The notebook's lines that may be practised now, and how many others rest while their round runs."""
    mistakes = mistakes_of(person_id)
    versions = {
        version.question_id: version
        for version in practice_versions().defer(*SECRET).filter(question_id__in=[one.question for one in mistakes])
    }
    lines = [NotebookLine(one, versions[one.question]) for one in mistakes if one.question in versions]
    return lines, len(mistakes) - len(lines)
