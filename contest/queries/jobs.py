"""What a screen shows of long work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contest.enums import JobState
from contest.models import Job


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is. ``seconds_left`` is an estimate from the speed so far, None while there is none."""

    public_id: str
    kind: str
    label: str
    state: str
    done: int
    total: int
    percent: int
    error: str
    seconds_left: int | None

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in (JobState.DONE, JobState.FAILED)


def job_progress(*, public_id: str, now: datetime) -> JobProgress | None:
    """Return how far the job is, None when there is no such job."""
    job = Job.objects.filter(public_id=public_id).first()
    return None if job is None else progress_of(job, now=now)


def jobs_of_round(*, round_id: int, now: datetime, limit: int = 10) -> list[JobProgress]:
    """Return the newest jobs of a round, newest first."""
    jobs = Job.objects.filter(payload__round=round_id).order_by("-pk")[:limit]
    return [progress_of(job, now=now) for job in jobs]


def progress_of(job: Job, *, now: datetime) -> JobProgress:
    """Return how far a job at hand is."""
    finished = job.state == JobState.DONE
    left = None
    if job.started_at and 0 < job.done < job.total and not finished:
        left = int((now - job.started_at).total_seconds() * (job.total - job.done) / job.done)
    return JobProgress(
        public_id=job.public_id,
        kind=job.kind,
        label=str(job.get_kind_display()),
        state=job.state,
        done=job.done,
        total=job.total,
        percent=100 if finished else min(99, job.done * 100 // job.total) if job.total else 0,
        error=job.error,
        seconds_left=None if left is None else max(0, left),
    )
