"""What one person has learned: cards and practice answers. No contest ever reads this."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from quizbank.enums import PracticeMode


class CardMemory(models.Model):
    """How well somebody remembers a card: the scheduler's state and when it is due."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="card_memories")
    card = models.ForeignKey("quizbank.Card", on_delete=models.CASCADE, related_name="memories")
    state = models.JSONField(default=dict)
    due = models.DateTimeField()
    seen = models.PositiveIntegerField(default=0)
    recalled = models.PositiveIntegerField(default=0)
    first_recalled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "card"], name="memory_once"),)
        indexes = (models.Index(fields=["person", "due"], name="memory_due"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.card_id}"


class CardReview(models.Model):
    """One look at a card. ``token`` is made by the phone: a review sent twice counts once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="card_reviews")
    card = models.ForeignKey("quizbank.Card", on_delete=models.CASCADE, related_name="reviews")
    token = models.CharField(max_length=36)
    rating = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints = (models.UniqueConstraint(fields=["person", "token"], name="review_once"),)
        indexes = (models.Index(fields=["person", "-at"], name="review_of_person"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.card_id} {self.rating}"


class PracticeAnswer(models.Model):
    """One practice answer, ``credit`` in per mille. ``token`` makes a repeated sending count once. ``earns`` is false where
    who organizes a mock round wants no rewards: it teaches and counts as an answer, and earns nothing."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_answers")
    version = models.ForeignKey("quizbank.QuestionVersion", on_delete=models.CASCADE, related_name="practice_answers")
    token = models.CharField(max_length=36)
    mode = models.CharField(max_length=8, choices=PracticeMode.choices)
    canonical = models.CharField(max_length=200, blank=True)
    credit = models.PositiveSmallIntegerField()
    earns = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = (models.UniqueConstraint(fields=["person", "token"], name="practice_once"),)
        indexes = (
            models.Index(fields=["person", "-at"], name="practice_of_person"),
            models.Index(fields=["person", "version", "-id"], name="practice_of_version"),
            models.Index(fields=["at"], name="practice_at"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.version_id} {self.credit}"
