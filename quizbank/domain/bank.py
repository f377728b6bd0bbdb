"""Loading the built-in bank: idempotent, set-based, never touching what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quizbank.bankfile import read_bank
from quizbank.domain.questions import approve_question, revise_question, version_fields
from quizbank.drafts import Draft
from quizbank.enums import NEAR, TOPICS, QuestionState
from quizbank.models import Question, QuestionVersion, Topic


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in questions."""

    added: int
    revised: int
    unchanged: int


@transaction.atomic
def load_builtin_bank(*, now: datetime, drafts: list[Draft] | None = None) -> Loaded:
    """Store the built-in questions, approved by the project. A changed text becomes a further version; a code that
    left the files is retired. Running it again changes nothing.

    Raises:
        BadQuestion: when a file has a fault; nothing is stored then.
    """
    drafts = read_bank() if drafts is None else drafts
    topics = _topics()
    known = {q.code: q for q in Question.objects.filter(builtin=True).select_related("current")}
    fresh = [draft for draft in drafts if draft.code not in known]
    revised = 0
    for draft in drafts:
        question = known.get(draft.code)
        if question is None or question.current is None:
            continue
        if question.current.digest != draft.digest():
            revise_question(question=question, draft=draft, now=now)
            approve_question(question=question, reviewer=None, now=now)
            revised += 1
    _retag(known, drafts)
    _add_all(fresh, topics, now)
    gone = set(known) - {draft.code for draft in drafts}
    Question.objects.filter(code__in=gone, builtin=True).update(state=QuestionState.RETIRED)
    return Loaded(added=len(fresh), revised=revised, unchanged=len(drafts) - len(fresh) - revised)


def _topics() -> dict[str, Topic]:
    Topic.objects.bulk_create(
        [
            Topic(slug=slug, name_vi=names[0], name_en=names[1], position=place)
            for place, (slug, names) in enumerate(TOPICS.items())
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name_vi", "name_en", "position"],
    )
    return {topic.slug: topic for topic in Topic.objects.all()}


def _retag(known: dict[str, Question], drafts: list[Draft]) -> None:
    """Give stored questions the tags of the files, beside what people added. Tags belong to no version."""
    changed = []
    for draft in drafts:
        question = known.get(draft.code)
        if question is None:
            continue
        added = [tag for tag in question.tags if not tag.startswith(NEAR) and tag not in draft.tags]
        if question.tags != [*draft.tags, *added]:
            question.tags = [*draft.tags, *added]
            changed.append(question)
    if changed:
        Question.objects.bulk_update(changed, ["tags"])


def _add_all(drafts: list[Draft], topics: dict[str, Topic], now: datetime) -> None:
    """Insert many first versions with three statements."""
    questions = Question.objects.bulk_create(
        [
            Question(code=d.code, topic=topics[d.topic], builtin=True, state=QuestionState.APPROVED, tags=list(d.tags))
            for d in drafts
        ]
    )
    versions = QuestionVersion.objects.bulk_create(
        [
            QuestionVersion(question=question, number=1, approved_at=now, **version_fields(d))
            for question, d in zip(questions, drafts, strict=True)
        ]
    )
    for question, version in zip(questions, versions, strict=True):
        question.current = version
    Question.objects.bulk_update(questions, ["current"])
