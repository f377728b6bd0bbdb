"""The outbox: one unfinished job a key, one worker a job, a dead worker's job is taken over, a slow one is stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest.domain import jobs
from contest.enums import JobKind, JobState
from contest.jobs import LEASE, MOST_TRIES, Busy, JobLost, pause_after
from contest.models import Job
from contest.queries.jobs import job_progress
from tests.contest.test_scoring_run import in_threads
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def make_job(key: str = "board:1", **fields) -> Job:
    return jobs.enqueue(kind=JobKind.BOARD, key=key, payload={"round": 1}, now=NOW, **fields)


def test_enqueue_is_idempotent_until_done():
    first = make_job()
    assert make_job().pk == first.pk

    held = jobs.claim(job_id=first.pk, now=NOW)
    assert held is not None
    assert make_job().pk == first.pk
    jobs.finish(held, now=NOW)

    assert make_job().pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_many_enqueue_at_once_make_one_job():
    made = in_threads(8, lambda: make_job().pk)

    assert len(set(made)) == 1
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_claim_at_once_and_one_gets_it():
    job = make_job()

    claims = in_threads(8, lambda: jobs.claim(job_id=job.pk, now=NOW))

    assert len([one for one in claims if one is not None]) == 1
    assert Job.objects.get().tries == 1


def test_dead_worker_is_replaced_and_may_not_go_on():
    job = make_job()
    first = jobs.claim(job_id=job.pk, now=NOW)
    assert first is not None
    assert jobs.claim(job_id=job.pk, now=NOW + LEASE) is None

    second = jobs.claim(job_id=job.pk, now=NOW + LEASE + timedelta(seconds=1))

    assert second is not None
    assert second.token == 2
    for move in (lambda: jobs.beat(first, done=1), lambda: jobs.finish(first, now=NOW)):
        with pytest.raises(JobLost):
            move()
    jobs.fail(first, error="too late", now=NOW)  # changes nothing either
    jobs.beat(second, done=3, total=9, now=NOW)
    progress = job_progress(public_id=job.public_id, now=NOW)
    assert progress is not None
    assert (progress.state, progress.done, progress.total, progress.percent) == ("running", 3, 9, 33)


def test_failure_rests_then_is_tried_again_and_given_up_at_last():
    job = make_job()
    now = NOW
    for tries in range(1, MOST_TRIES + 1):
        held = jobs.claim(job_id=job.pk, now=now)
        assert held is not None
        jobs.fail(held, error="đĩa đầy", now=now)
        assert jobs.claim(job_id=job.pk, now=now) is None
        now += pause_after(tries)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "đĩa đầy")
    assert jobs.due_jobs(now=now + timedelta(days=1)) == []


def test_work_on_notes_the_error_and_raises_it():
    job = make_job()
    held = jobs.claim(job_id=job.pk, now=NOW)
    assert held is not None

    with pytest.raises(ZeroDivisionError):
        jobs.work_on(held, lambda: 1 / 0)

    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert job.error.startswith("ZeroDivisionError")


def test_busy_is_no_failure():
    job = make_job()
    held = jobs.claim(job_id=job.pk, now=NOW)
    assert held is not None

    def busy() -> None:
        raise Busy

    jobs.work_on(held, busy)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.WAITING, "")


def test_due_jobs_are_waiting_or_abandoned_ones():
    waiting, running, done = make_job("a"), make_job("b"), make_job("c")
    jobs.claim(job_id=running.pk, now=NOW)
    held = jobs.claim(job_id=done.pk, now=NOW)
    assert held is not None
    jobs.finish(held, now=NOW)

    assert jobs.due_jobs(now=NOW) == [waiting.public_id]
    assert jobs.due_jobs(now=NOW + 2 * LEASE) == [waiting.public_id, running.public_id]


def test_progress_estimates_what_is_left():
    job = make_job()
    held = jobs.claim(job_id=job.pk, now=NOW)
    assert held is not None
    jobs.beat(held, done=25, total=100, now=NOW)

    progress = job_progress(public_id=job.public_id, now=NOW + timedelta(seconds=10))

    assert progress is not None
    assert progress.seconds_left == 30
    assert not progress.finished
    jobs.finish(held, now=NOW)
    progress = job_progress(public_id=job.public_id, now=NOW)
    assert progress is not None
    assert (progress.percent, progress.done, progress.finished) == (100, 100, True)
    assert job_progress(public_id="nothing", now=NOW) is None
