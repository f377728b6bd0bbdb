"""How a version fared in one use of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class VersionStatistic(models.Model):
    """Item statistics of one version in one source ("round:12", "event:7", "practice:2026-4", a quarter).

    ``people`` counts who had the question before them; ``data`` has the shape of quizbank.item_analysis.ItemFigures.
    Counted anew as a whole, never added to.
    """

    version = models.ForeignKey("quizbank.QuestionVersion", on_delete=models.CASCADE, related_name="statistics")
    source = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    used_at = models.DateTimeField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["used_at", "id"]
        constraints = (models.UniqueConstraint(fields=["version", "source"], name="statistic_once"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.source}"
