"""The outbox of long work: the row is the truth, Celery only wakes somebody to do it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from contest.enums import JobKind, JobState
from people.ids import PUBLIC_ID_LENGTH, new_public_id


class Job(models.Model):
    """One piece of long work with visible progress. ``key`` makes it idempotent: one unfinished job per key.

    ``beat_at`` is renewed while somebody works on it; a job whose beat is older than its lease may be taken over.
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=16, choices=JobKind.choices)
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    payload = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state__in=["waiting", "running"]), name="job_one_unfinished"
            ),
        )
        indexes = (models.Index(fields=["state", "beat_at"], name="job_due"),)
