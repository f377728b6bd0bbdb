"""Who may steer an event, and what was done."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from realtime.enums import GrantRole


class Grant(models.Model):
    """The right to steer (or show) one event: of an account, or of whoever holds the key of a link.

    Only the SHA-256 of a key is kept. Every command asks anew, so a revoked grant ends at once.
    """

    event = models.ForeignKey("realtime.Event", on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=8, choices=GrantRole.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(user__isnull=False) & models.Q(key_hash=""))
                | (models.Q(user__isnull=True) & ~models.Q(key_hash="")),
                name="grant_user_or_key",
            ),
            models.UniqueConstraint(
                fields=["event", "user", "role"],
                condition=models.Q(user__isnull=False, revoked_at__isnull=True),
                name="grant_once",
            ),
            models.UniqueConstraint(fields=["key_hash"], condition=~models.Q(key_hash=""), name="grant_key_once"),
        )


class EventLog(models.Model):
    """One change of an event; append-only. ``who`` is "user:<public id>", "key:<grant>" or "clock"; ``data`` says with
    what, and what came of it (who fell, who came back): enough to take a step back."""

    event = models.ForeignKey("realtime.Event", on_delete=models.CASCADE, related_name="log", db_index=False)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    who = models.CharField(max_length=60)
    action = models.CharField(max_length=16)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["event_id", "seq"]
        constraints = (models.UniqueConstraint(fields=["event", "seq"], name="event_log_once"),)
