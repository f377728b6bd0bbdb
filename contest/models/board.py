"""The provisional board as the database knows it: what Redis mirrors and what answers while Redis is away.

Filled by scoring, in the same transaction as the points. A published round reads ``Standing`` instead.
"""

from __future__ import annotations

from django.db import models


class BoardPlace(models.Model):
    """One person's counting attempt on the provisional board of a round. ``score`` is
    ``contest.ranking.composite_score``: larger is better, equal is a tie."""

    round = models.ForeignKey("contest.Round", on_delete=models.CASCADE, related_name="board_places")
    entry = models.ForeignKey("contest.Entry", on_delete=models.CASCADE, related_name="board_places")
    attempt = models.ForeignKey("contest.Attempt", on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.CharField(max_length=24, blank=True)
    score = models.BigIntegerField()
    points_milli = models.PositiveIntegerField()
    perfect = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round", "entry"], name="board_place_once"),)
        indexes = (
            models.Index(fields=["round", "-score", "entry"], name="board_order"),
            models.Index(fields=["round", "group", "-score", "entry"], name="board_group_order"),
        )


class BoardBucket(models.Model):
    """How many people of a board ("" = everybody, else a group) stand in one bucket of contest.histogram: by which a
    rank among millions is a short sum."""

    round = models.ForeignKey("contest.Round", on_delete=models.CASCADE, related_name="+", db_index=False)
    board = models.CharField(max_length=24, blank=True)
    bucket = models.BigIntegerField()
    people = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round", "board", "bucket"], name="board_bucket_once"),)


class BoardUnit(models.Model):
    """One unit's provisional counts in a round: people finished, their points together, how many were perfect."""

    round = models.ForeignKey("contest.Round", on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    people = models.IntegerField(default=0)
    points_milli = models.BigIntegerField(default=0)
    perfect = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round", "unit"], name="board_unit_once"),)
