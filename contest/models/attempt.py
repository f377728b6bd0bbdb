"""An attempt at a round and the short-lived log of its answers: the most written rows of the system."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from contest.enums import AttemptState
from people.ids import PUBLIC_ID_LENGTH, new_public_id


class Attempt(models.Model):
    """One person's paper.

    ``period`` and ``slot`` (1..limit within the period) make the attempt limit a unique constraint.
    ``dealt`` lists pool positions in the order shown. ``lease`` rises when another device takes over; answers from an
    older lease are refused. ``sheet`` is the compact response column (contest/sheet.py): one character per pool item;
    ``extras`` holds responses that need more than a character. Times are UTC, ``duration_ms`` is the server's.
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    round = models.ForeignKey("contest.Round", on_delete=models.CASCADE, related_name="attempts")
    entry = models.ForeignKey("contest.Entry", on_delete=models.PROTECT, related_name="attempts")
    period = models.CharField(max_length=16)
    slot = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    dealt = models.CharField(max_length=1500)
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.OPEN)
    lease = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    accept_until = models.DateTimeField(help_text="deadline plus the published grace")
    submitted_at = models.DateTimeField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    prediction = models.BigIntegerField(null=True, blank=True, help_text="scaled by the rule set's decimals")
    predicted_at = models.DateTimeField(null=True, blank=True)
    sheet = models.CharField(max_length=1000, blank=True)
    extras = models.JSONField(default=dict, blank=True)
    answered = models.PositiveSmallIntegerField(default=0)
    points_milli = models.PositiveIntegerField(null=True, blank=True)
    correct = models.PositiveSmallIntegerField(null=True, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)
    # How many times grading has counted this attempt; a test proves it never exceeds what regrades ordered.
    graded_by = models.PositiveIntegerField(default=0, help_text="number of the grading run that set the points")

    class Meta:
        verbose_name = _("lượt thi")
        verbose_name_plural = _("lượt thi")
        constraints = (
            models.UniqueConstraint(fields=["entry", "period", "slot"], name="attempt_slot_once"),
            models.UniqueConstraint(
                fields=["entry", "round"], condition=models.Q(state="open"), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(accept_until__gte=models.F("deadline")), name="attempt_grace_not_negative"
            ),
        )
        indexes = (
            models.Index(fields=["round", "state", "accept_until"], name="attempt_due"),
            models.Index(
                fields=["round"],
                condition=models.Q(graded_at__isnull=True) & ~models.Q(state="open"),
                name="attempt_ungraded",
            ),
        )


class AnswerEvent(models.Model):
    """One acknowledged answer. ``seq`` is the client's rising number for this position: the highest wins.
    ``response`` is the kind's canonical text; "" clears the answer on purpose."""

    # No index of its own: the unique constraint leads with it, and this is the table that is written most.
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="events", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="index in the order shown, 0-based")
    seq = models.PositiveIntegerField()
    response = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["attempt_id", "position", "seq"]
        constraints = (models.UniqueConstraint(fields=["attempt", "position", "seq"], name="answer_event_once"),)
