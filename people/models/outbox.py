"""The development outbox: what would have gone out by SMS or e-mail, readable on a page of the embedded default."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class OutboxMessage(models.Model):
    """One message kept instead of sent. ``channel`` is "sms" or "email"."""

    channel = models.CharField(max_length=8)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]


class SmsDay(models.Model):
    """How many SMS left on one day: the global budget breaker against SMS pumping."""

    day = models.DateField(unique=True)
    sent = models.PositiveIntegerField(default=0)
