"""Celery's edge: the tick does what is due, once; a submit is scored within seconds by a real worker, and without one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from contest import boards, tasks
from contest.domain.jobs import due_jobs
from contest.domain.scoring import request_scoring
from contest.domain.sweeping import Swept, sweep
from contest.enums import AttemptState, JobKind
from contest.models import Attempt, Job, ResultSet, Round, Standing
from contest.signals import attempt_submitted, attempts_expired
from people import waking
from tests.contest.papers import CLOSED, cast, make_paper
from tests.contest.test_scoring_run import in_threads
from tests.contest.workers import Worker, wait_for
from tests.factories import NOW, make_entry, make_resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hints(monkeypatch):
    """What workers are told, instead of telling them."""
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr("contest.domain.scoring.wake", lambda *hint: sent.append(hint))
    monkeypatch.setattr("contest.domain.jobs.wake", lambda *hint: sent.append(hint))
    monkeypatch.setattr("contest.domain.sweeping.wake", lambda *hint: sent.append(hint))
    # Whether Redis runs depends on the tests before; its boards have tests of their own.
    monkeypatch.setattr("contest.domain.sweeping.board_is_missing", lambda _round: False)
    return sent


def test_tick_finds_what_a_lost_message_left(hints, django_capture_on_commit_callbacks):
    round_, _ = cast(("An", "BBBBB", 60))

    with django_capture_on_commit_callbacks(execute=True):
        swept = sweep(now=NOW)

    assert swept == Swept(scoring=1)
    assert hints == [("contest.score", round_.pk)]
    tasks.score(round_.pk)
    assert Attempt.objects.get().points_milli == 5000
    again = sweep(now=NOW)  # whether the board is missing in Redis depends on whether there is one
    assert (again.scoring, again.expired, again.closing) == (0, 0, 0)


def test_tick_closes_papers_and_rounds_whose_time_is_over(hints):
    round_, _ = cast(("An", "BBBBB", 60))
    make_paper(round_, make_entry(round_.contest, make_resident("Bình")), "BBBBB", state="open")

    swept = sweep(now=CLOSED)

    assert (swept.expired, swept.closing, swept.jobs) == (1, 1, 1)
    assert not Attempt.objects.filter(state=AttemptState.OPEN).exists()
    [job] = Job.objects.filter(kind=JobKind.CLOSE)
    assert ("contest.run_job", job.public_id) in hints
    again = sweep(now=CLOSED)
    assert again.closing == 1  # asked again, and the same job answers
    assert Job.objects.filter(kind=JobKind.CLOSE).count() == 1


def test_tick_leaves_cancelled_and_closed_rounds_alone():
    cancelled, _ = cast(("An", "BBBBB", 60))
    Round.objects.filter(pk=cancelled.pk).update(cancelled_at=NOW)
    Attempt.objects.update(graded_at=NOW, points_milli=0, correct=0)

    assert sweep(now=CLOSED) == Swept()
    assert ResultSet.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_three_ticks_at_once_do_the_work_once():
    round_, _ = cast(("An", "BBBBB", 60), ("Bình", "BBBBA", 60))

    # Leases run by the wall clock, so the round must have ended by it.
    long_ago = timezone.now() - timedelta(days=365)
    Round.objects.update(opens_at=long_ago - timedelta(days=1), closes_at=long_ago)

    def tick() -> None:
        tasks.tick()
        for public_id in due_jobs(now=timezone.now()):
            tasks.work(public_id)

    in_threads(3, tick)

    assert Job.objects.filter(kind=JobKind.CLOSE).count() == 1
    assert ResultSet.objects.filter(round=round_).count() == 1
    assert Standing.objects.count() == 2


def test_announcements_of_closed_papers_ask_for_points(hints, django_capture_on_commit_callbacks):
    round_, papers = cast(("An", "BBBBB", 60))

    with django_capture_on_commit_callbacks(execute=True):
        attempt_submitted.send(Attempt, attempt_id=papers["An"].pk, round_id=round_.pk, entry_id=papers["An"].entry_id)
    Round.objects.update(score_requested_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        attempts_expired.send(Attempt, attempt_ids=[papers["An"].pk], round_ids={round_.pk})

    assert hints == [("contest.score", round_.pk)] * 2


def test_unknown_job_is_nobodys():
    tasks.work("no-such-job")


def test_dead_broker_costs_the_caller_nothing(monkeypatch, caplog):
    waker = waking.Waker()
    monkeypatch.setattr(waking.current_app, "send_task", lambda *_a, **_k: 1 / 0)

    waker.send("contest.score", (1,))
    waker.send("contest.score", (1,))  # within the pause: not even tried

    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_flood_of_hints_is_bounded(caplog):
    waker = waking.Waker()
    waker.owner = __import__("os").getpid()  # no thread empties the queue
    for _ in range(waking.MOST_WAITING + 5):
        waker.wake("contest.score", 1)

    assert waker.hints.qsize() == waking.MOST_WAITING


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_real_worker_scores_within_a_second(valkey, monkeypatch):
    monkeypatch.undo()
    boards.forget_client()
    round_, papers = cast(("An", "BBBBB", 60))
    Round.objects.update(closes_at=timezone.now() + timedelta(days=1))
    worker = Worker()
    try:
        # The first one also waits for the worker to start; the tick would find it anyway.
        wait_for(lambda: Attempt.objects.get().graded_at is not None, seconds=60, what="first score")
        late = make_paper(round_, make_entry(round_.contest, make_resident("Bình")), "BBBBA")
        request_scoring(round_id=round_.pk, now=timezone.now())
        took = wait_for(lambda: Attempt.objects.get(pk=late.pk).graded_at is not None, seconds=20, what="score")
        assert took < 4.5, "the tick found it, not the message"
        wait_for(
            lambda: (boards.rank(round_.public_id, "", papers["An"].entry_id) or boards.Place(0, False, 0)).total == 2,
            seconds=20,
            what="board",
        )
    finally:
        worker.stop()
        connections.close_all()
