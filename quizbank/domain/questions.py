"""What authors and reviewers do with a question."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from people.models import User
from quizbank.drafts import Draft
from quizbank.enums import QuestionState
from quizbank.errors import OwnQuestion
from quizbank.models import Question, QuestionVersion, Topic


@transaction.atomic
def write_question(*, draft: Draft, author: User | None, now: datetime) -> Question:
    """Store a new question with its first version, as a draft.

    Raises:
        BadQuestion: when the draft's form is not sound.
    """
    draft.checked()
    question = Question.objects.create(
        code=draft.code or _next_code(draft.topic),
        topic=Topic.objects.get(slug=draft.topic),
        author=author,
        tags=list(draft.tags),
    )
    return _add_version(question, draft)


@transaction.atomic
def revise_question(*, question: Question, draft: Draft, now: datetime) -> Question:
    """Store a further version; the question must be approved again. An unchanged draft changes nothing.

    Raises:
        BadQuestion: when the draft's form is not sound.
    """
    draft.checked()
    current = question.current
    if current is not None and current.digest == draft.digest():
        return question
    question.state = QuestionState.DRAFT
    return _add_version(question, draft)


@transaction.atomic
def approve_question(*, question: Question, reviewer: User | None, now: datetime) -> Question:
    """Let the current version enter papers. ``reviewer`` None is the project itself (built-in bank).

    Raises:
        OwnQuestion: when the author approves the own question.
    """
    if reviewer is not None and question.author_id == reviewer.pk:
        raise OwnQuestion
    version = question.current
    if version is None:
        raise OwnQuestion
    version.approved_by = reviewer
    version.approved_at = now
    version.save(update_fields=["approved_by", "approved_at"])
    question.state = QuestionState.APPROVED
    question.save(update_fields=["state"])
    return question


def retire_question(*, question: Question, now: datetime) -> Question:
    """Keep a question out of future papers; papers already frozen are not touched."""
    question.state = QuestionState.RETIRED
    question.save(update_fields=["state"])
    return question


def _add_version(question: Question, draft: Draft) -> Question:
    last = question.versions.aggregate(last=Max("number"))["last"] or 0
    question.current = QuestionVersion.objects.create(
        question=question,
        number=last + 1,
        kind=draft.kind,
        stem=draft.stem,
        content=draft.content,
        key=draft.key,
        explanation=draft.explanation,
        citation=draft.citation,
        citation_url=draft.citation_url,
        facts=list(draft.facts),
        audience=list(draft.audience),
        difficulty=draft.difficulty,
        language=draft.language,
        digest=draft.digest(),
    )
    question.save(update_fields=["current", "state"])
    return question


def _next_code(topic: str) -> str:
    count = Question.objects.filter(code__startswith=f"{topic}-").count()
    return f"{topic}-{count + 1:04d}"
