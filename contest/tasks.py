"""Celery's edge: each task translates its message into one domain call. A lost or doubled message changes nothing."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from contest.domain.expiry import purge_answer_events
from contest.domain.forgetting import forget_erased
from contest.domain.invite_credit import recount_due
from contest.domain.item_figures import count_due_rounds
from contest.domain.scoring import score_requested
from contest.domain.sweeping import sweep
from contest.domain.work import run_job
from contest.wake import FIGURES, RUN_JOB, SCORE, TICK, TIDY
from people.domain.retention import purge_people

log = logging.getLogger(__name__)


@shared_task(name=TICK)
def tick() -> None:
    """Find whatever is due (every few seconds, by beat), and leave the sign the supervisor's watchdog looks for."""
    sign = settings.DATA_DIR / "run" / "tick"
    sign.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sign.touch()
    sweep(now=timezone.now())
    recount_due(now=timezone.now())


@shared_task(name=TIDY)
def tidy() -> None:
    """Delete what is past its time: codes, kept messages, answer logs of long closed rounds, ended sessions, names of
    who was erased (hourly)."""
    now = timezone.now()
    purge_people(now=now)
    purge_answer_events(now=now)
    forget_erased()
    SessionStore.clear_expired()


@shared_task(name=SCORE)
def score(round_id: int) -> None:
    """Score the round's closed attempts."""
    score_requested(round_id=round_id, now=timezone.now())


@shared_task(name=RUN_JOB)
def work(public_id: str) -> None:
    """Work on a job of the outbox."""
    run_job(public_id=public_id, now=timezone.now())


@shared_task(name=FIGURES)
def figures() -> None:
    """Give the questions of closed rounds their figures (after a result, and every few minutes)."""
    count_due_rounds(now=timezone.now())
