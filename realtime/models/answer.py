"""Answers of live events: what everything later is counted from."""

from __future__ import annotations

from django.db import models


class LiveAnswer(models.Model):
    """One acknowledged answer; the first is final.

    ``response`` is canonical. ``received_ms`` (ms since 1970) is the server's, ``elapsed_ms`` counts from the moment
    the question was open. ``ghost``: given by somebody who was out already. ``verdict`` is a marshal's or judge's word
    where there is one and overrides the key. ``permille``, ``points`` and ``streak`` (right answers in a row up to and
    with this one) are null until the question is counted.
    """

    # No index of its own: the unique constraint leads with it, and this is the table a thousand people write at once.
    question = models.ForeignKey(
        "realtime.EventQuestion", on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    instance = models.PositiveIntegerField()
    player = models.ForeignKey("realtime.Player", on_delete=models.CASCADE, related_name="answers")
    response = models.CharField(max_length=200, blank=True)
    bet = models.PositiveSmallIntegerField(default=0)
    received_ms = models.BigIntegerField()
    elapsed_ms = models.PositiveIntegerField()
    ghost = models.BooleanField(default=False)
    verdict = models.BooleanField(null=True)
    permille = models.PositiveSmallIntegerField(null=True)
    points = models.IntegerField(null=True)
    streak = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["question", "instance", "player"], name="live_answer_once"),)
