"""Learners who asked to be forgotten: nothing of what they learned stays, whatever happened on the way."""

from __future__ import annotations

from people.models import Resident
from quizbank.domain.progress_settings import forget_progress
from quizbank.domain.studying import forget_studies
from quizbank.models import (
    BadgeAward,
    CardMemory,
    CardReview,
    LeagueSeat,
    Point,
    PracticeAnswer,
    ProgressSetting,
    Win,
)

LEARNED = (CardReview, CardMemory, PracticeAnswer, Point, BadgeAward, Win, LeagueSeat, ProgressSetting)
"""Every table that holds something of a learner (field ``person``)."""


def forget_learner(*, person_id: int) -> None:
    """Throw away everything somebody learned and earned. Repeating it changes nothing."""
    forget_studies(person_id=person_id)
    forget_progress(person_id=person_id)


def forget_erased() -> int:
    """The same for everybody who was erased, should the word of it have been lost or a phone have spoken up after it; of how
    many there was something left. Safe to repeat."""
    erased = Resident.objects.filter(erased_at__isnull=False).values("user_id")
    left: set[int] = set()
    for model in LEARNED:
        rows = model.objects.filter(person_id__in=erased).order_by()
        left.update(rows.values_list("person_id", flat=True).distinct())
    for person_id in sorted(left):
        forget_learner(person_id=person_id)
    return len(left)
