"""Which function does which job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from contest.boards import Away
from contest.demo_fill import fill_demo
from contest.domain.board_building import rebuild_board
from contest.domain.certificates import run_drawing
from contest.domain.closing import run_close
from contest.domain.jobs import beat, claim, work_on
from contest.domain.regrading import run_regrade
from contest.domain.scoring import score_round
from contest.enums import JobKind
from contest.jobs import Busy, Claim, JobLost
from contest.models import Job

Work = Callable[[Claim, dict[str, Any], datetime], object]


def _close(held: Claim, payload: dict[str, Any], now: datetime) -> object:
    return run_close(held, payload, now=now)


def _regrade(held: Claim, payload: dict[str, Any], now: datetime) -> object:
    return run_regrade(held, payload, now=now)


def _score(held: Claim, payload: dict[str, Any], now: datetime) -> object:
    return score_round(round_id=payload["round"], now=now, beat=partial(beat, held))


def _board(held: Claim, payload: dict[str, Any], now: datetime) -> object:
    try:
        return rebuild_board(round_id=payload["round"], beat=partial(beat, held))
    except Away:
        raise Busy from None  # no failure: the board comes back when Redis does


def _certificates(held: Claim, payload: dict[str, Any], now: datetime) -> object:
    return run_drawing(held, payload, now=now)


def _demo(held: Claim, payload: dict[str, Any], now: datetime) -> object:
    fill_demo(contest_id=payload["contest"], now=now, beat=partial(beat, held))
    return None


WORK: Mapping[str, Work] = {
    JobKind.CLOSE: _close,
    JobKind.REGRADE: _regrade,
    JobKind.SCORE: _score,
    JobKind.BOARD: _board,
    JobKind.CERTIFICATES: _certificates,
    JobKind.DEMO: _demo,
}


def run_job(*, public_id: str, now: datetime) -> bool:
    """Do a job if it waits for somebody; whether this call worked on it. Errors are noted in the job and raised."""
    job = Job.objects.filter(public_id=public_id).first()
    held = claim(job_id=job.pk, now=now) if job is not None else None
    if job is None or held is None:
        return False
    job.refresh_from_db()
    try:
        work_on(held, partial(WORK[job.kind], held, job.payload, now))
    except JobLost:
        return False
    return True
