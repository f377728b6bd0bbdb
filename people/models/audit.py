"""The audit chain: append-only, each entry carrying the hash of the one before it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One thing a person or the system did. ``digest`` is SHA-256 over the canonical entry and ``previous``."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_label = models.CharField(max_length=160, default="hệ thống")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, help_text="kind and public id of the object, e.g. round:abc")
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        indexes = (models.Index(fields=["subject", "number"], name="audit_subject"),)
