"""Figures of questions: stored as a whole for each use, and fed back as a difficulty somebody agrees to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.domain.audit import record
from people.models import User
from quizbank.domain.questions import draft_of, revise_question
from quizbank.domain.sightings import note_sight
from quizbank.enums import Difficulty, Sight
from quizbank.errors import NotNow
from quizbank.item_analysis import ItemFigures
from quizbank.models import Question, VersionStatistic

LONGEST_LABEL = 200


@transaction.atomic
def store_figures(
    *, source: str, label: str, used_at: datetime, figures: Mapping[int, ItemFigures], now: datetime
) -> int:
    """Replace everything known from ``source`` by ``figures`` ({version id: figures}); how many were stored."""
    VersionStatistic.objects.filter(source=source).delete()
    VersionStatistic.objects.bulk_create(
        VersionStatistic(
            version_id=version_id,
            source=source,
            label=label[:LONGEST_LABEL],
            people=one.people,
            data=one.to_json(),
            used_at=used_at,
            counted_at=now,
        )
        for version_id, one in figures.items()
        if one.people
    )
    return sum(1 for one in figures.values() if one.people)


def forget_figures(*, source: str) -> None:
    """Drop what is known from ``source``: whoever feeds it sees that it is to be counted again. In the transaction of what
    made it wrong, so that no lost message leaves old figures standing."""
    VersionStatistic.objects.filter(source=source).delete()


@transaction.atomic
def change_difficulty(*, question: Question, difficulty: str, actor: User, now: datetime) -> Question:
    """Give a question the difficulty its figures speak for: a further version that somebody approves again.

    Raises:
        NotNow: when the question has no such difficulty to take.
    """
    question = Question.objects.select_for_update().get(pk=question.pk)
    version = question.current
    if version is None or difficulty not in Difficulty.values or version.difficulty == difficulty:
        raise NotNow(_("Độ khó của câu này đã thay đổi rồi. Mời bạn tải lại trang."))
    before = version.difficulty
    question = revise_question(question=question, draft=replace(draft_of(version), difficulty=difficulty), now=now)
    # Who changed it is one of its authors now: another person approves.
    assert question.current is not None, "a revised question has a wording"
    note_sight(version=question.current, reader=actor, what=Sight.EDITED, now=now)
    record(
        actor=actor,
        verb="question.difficulty",
        subject=f"question:{question.public_id}",
        data={"before": before, "after": difficulty},
        now=now,
    )
    return question
