"""The outbox of long work: the row is the truth, Celery only wakes somebody to do it (failures H4 to H8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from contest.enums import JobKind, JobState
from contest.jobs import BUSY_PAUSE, LEASE, MOST_TRIES, Busy, Claim, JobLost, pause_after
from contest.models import Job
from contest.wake import RUN_JOB, wake
from people.models import User

UNFINISHED = (JobState.WAITING, JobState.RUNNING)


def enqueue(
    *, kind: JobKind, key: str, payload: dict[str, Any], total: int = 0, actor: User | None = None, now: datetime
) -> Job:
    """Return the unfinished job of this key, made if there is none; a worker is woken after the commit."""
    job = Job.objects.filter(key=key, state__in=UNFINISHED).first()
    if job is None:
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, key=key, payload=payload, total=total, created_by=actor)
        except IntegrityError:  # somebody was faster
            found = Job.objects.filter(key=key).order_by("-pk").first()
            if found is None:
                raise
            job = found
    transaction.on_commit(partial(wake, RUN_JOB, job.public_id), robust=True)
    return job


def claim(*, job_id: int, now: datetime) -> Claim | None:
    """Take a job that waits, or whose worker has vanished; None when there is nothing to take.

    One conditional update: of two workers one gets it.
    """
    job = Job.objects.filter(_takeable(now), pk=job_id).values("tries").first()
    if job is None:
        return None
    taken = Job.objects.filter(_takeable(now), pk=job_id, tries=job["tries"]).update(
        state=JobState.RUNNING, tries=F("tries") + 1, beat_at=now, started_at=Coalesce("started_at", now), error=""
    )
    return Claim(job_id, job["tries"] + 1) if taken else None


def beat(held: Claim, *, done: int | None = None, total: int | None = None, now: datetime | None = None) -> None:
    """Say that the work goes on, and how far it is. Raises JobLost when it was taken over."""
    values: dict[str, Any] = {"beat_at": now or timezone.now()}
    values |= {"done": done} if done is not None else {}
    values |= {"total": total} if total is not None else {}
    if not _held(held).update(**values):
        raise JobLost(held.job_id)


def finish(held: Claim, *, now: datetime) -> None:
    """Mark the work as done. Raises JobLost."""
    if not _held(held).update(state=JobState.DONE, finished_at=now, beat_at=now, done=F("total"), error=""):
        raise JobLost(held.job_id)


def fail(held: Claim, *, error: str, now: datetime, final: bool = False) -> None:
    """Put the work back for another try after a pause, or give it up after MOST_TRIES or when trying is no use."""
    over = final or held.token >= MOST_TRIES
    # beat_at in the future is the pause: see _takeable.
    _held(held).update(
        state=JobState.FAILED if over else JobState.WAITING,
        error=error[:500],
        finished_at=now if over else None,
        beat_at=now if over else now + pause_after(held.token),
    )


def postpone(held: Claim, *, now: datetime, pause: timedelta) -> None:
    """Put the work back because something else must end first; no failure."""
    _held(held).update(state=JobState.WAITING, beat_at=now + pause)


def work_on(held: Claim, work: Callable[[], object]) -> None:
    """Run ``work`` under a claim and write how it ended. Errors that are ours are raised after they are noted."""
    try:
        work()
    except JobLost:
        raise
    except Busy:
        postpone(held, now=timezone.now(), pause=BUSY_PAUSE)
        return
    except Exception as error:
        fail(held, error=f"{type(error).__name__}: {error}", now=timezone.now())
        raise
    finish(held, now=timezone.now())


def due_jobs(*, now: datetime, limit: int = 50) -> list[str]:
    """Return the public ids of jobs that somebody should take, oldest first."""
    return list(Job.objects.filter(_takeable(now)).order_by("pk").values_list("public_id", flat=True)[:limit])


def _takeable(now: datetime) -> Q:
    waiting = Q(state=JobState.WAITING) & (Q(beat_at__isnull=True) | Q(beat_at__lte=now))
    return waiting | Q(state=JobState.RUNNING, beat_at__lt=now - LEASE)


def _held(held: Claim) -> Any:
    return Job.objects.filter(pk=held.job_id, state=JobState.RUNNING, tries=held.token)
