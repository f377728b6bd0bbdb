"""What authors and reviewers do with a question."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

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
        code=draft.code or free_code(draft.topic),
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
    question.current = QuestionVersion.objects.create(question=question, number=last + 1, **version_fields(draft))
    question.save(update_fields=["current", "state"])
    return question


def version_fields(draft: Draft) -> dict[str, Any]:
    """The columns of a version that a draft fills."""
    return {
        "kind": draft.kind,
        "stem": draft.stem,
        "content": draft.content,
        "key": draft.key,
        "explanation": draft.explanation,
        "citation": draft.citation,
        "citation_url": draft.citation_url,
        "facts": list(draft.facts),
        "audience": list(draft.audience),
        "difficulty": draft.difficulty,
        "language": draft.language,
        "extra": draft.extra,
        "translations": draft.translations,
        "digest": draft.digest(),
    }


def draft_of(version: QuestionVersion) -> Draft:
    """The draft a version was made of: ``draft_of(v).digest() == v.digest``."""
    return Draft(
        code=version.question.code,
        topic=version.question.topic.slug,
        tags=tuple(version.question.tags),
        kind=version.kind,
        stem=version.stem,
        content=version.content,
        key=version.key,
        explanation=version.explanation,
        citation=version.citation,
        citation_url=version.citation_url,
        facts=tuple(version.facts),
        audience=tuple(version.audience),
        difficulty=version.difficulty,
        language=version.language,
        extra=version.extra,
        translations=version.translations,
    )


def free_code(topic: str) -> str:
    """The next number of a topic's codes, "an-toan-0131": never one that is taken, whatever was imported or deleted."""
    numbers = [
        int(found[1])
        for code in Question.objects.filter(code__startswith=f"{topic}-").values_list("code", flat=True)
        if (found := re.fullmatch(re.escape(topic) + r"-([0-9]{1,9})", code))
    ]
    return f"{topic}-{max(numbers, default=0) + 1:04d}"
