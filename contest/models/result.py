"""Results: immutable, numbered, sealed. Published pages read these tables, never Redis."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from people.ids import PUBLIC_ID_LENGTH, new_public_id


class ResultSet(models.Model):
    """One computation of a round's result; a regrade or an exclusion after closing makes the next number.

    ``counts`` holds the frozen population ({"participants", "attempts", "all_correct", …}), ``truth`` the value the
    prediction is measured against (scaled integer), ``root`` the Merkle root over salted rows (contest/seal.py).
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    round = models.ForeignKey("contest.Round", on_delete=models.CASCADE, related_name="result_sets")
    number = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    truth = models.BigIntegerField(null=True)
    full_points_milli = models.PositiveIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    computed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["round_id", "number"]
        constraints = (models.UniqueConstraint(fields=["round", "number"], name="result_set_once"),)


class Standing(models.Model):
    """One person's place in one result set. ``board`` is "" for everybody or a group's code."""

    result_set = models.ForeignKey(ResultSet, on_delete=models.CASCADE, related_name="standings")
    board = models.CharField(max_length=24, blank=True)
    position = models.PositiveIntegerField(help_text="dense 1..n, for paging")
    rank = models.PositiveIntegerField()
    tied = models.BooleanField(default=False)
    entry = models.ForeignKey("contest.Entry", on_delete=models.PROTECT, related_name="standings")
    attempt = models.ForeignKey("contest.Attempt", on_delete=models.PROTECT, related_name="standings")
    points_milli = models.PositiveIntegerField()
    correct = models.PositiveSmallIntegerField()
    duration_ms = models.PositiveIntegerField()
    distance = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField()
    attempts_used = models.PositiveSmallIntegerField(default=1)
    salt = models.CharField(max_length=PUBLIC_ID_LENGTH, default=new_public_id)

    class Meta:
        ordering: ClassVar[list[str]] = ["result_set_id", "board", "position"]
        constraints = (
            models.UniqueConstraint(fields=["result_set", "board", "position"], name="standing_position_once"),
            models.UniqueConstraint(fields=["result_set", "board", "entry"], name="standing_entry_once"),
        )


class UnitStanding(models.Model):
    """One unit's place by one collective metric (contest/collective.py). ``value`` is an integer: per mille of
    ratios and shares, milli-points of averages, people of head counts."""

    result_set = models.ForeignKey(ResultSet, on_delete=models.CASCADE, related_name="unit_standings")
    metric = models.CharField(max_length=24)
    position = models.PositiveIntegerField()
    rank = models.PositiveIntegerField()
    tied = models.BooleanField(default=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    value = models.BigIntegerField()
    people = models.PositiveIntegerField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["result_set_id", "metric", "position"]
        constraints = (models.UniqueConstraint(fields=["result_set", "metric", "unit"], name="unit_standing_once"),)
