"""Closing a round: expire, score, exclude, compute the truth, rank, seal; then a person looks and publishes.

Each step reads where the database stands and may be interrupted and done again: a worker may die at any line. One job
holds one unfinished result set at a time, so two simultaneous closes give one result.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contest.domain.expiry import SETTLE, expire_attempts
from contest.domain.jobs import UNFINISHED, beat, claim, enqueue, work_on
from contest.domain.scoring import score_round
from contest.domain.standings import count_population, seal_of, write_standings, write_unit_standings
from contest.enums import AttemptState, JobKind, JobState
from contest.errors import NotYet
from contest.jobs import Busy, Claim, JobLost
from contest.models import Attempt, Job, ResultSet, Round, Standing, UnitStanding
from contest.queries.grading import grading_of
from contest.queries.result_sets import latest_result
from contest.result_signals import result_completed
from contest.signals import tell_after_commit
from people.domain.audit import record
from people.ids import new_public_id
from people.models import User

# The steps a screen can count: expire, score, rank and units, seal.
STEPS = 4


def close_key(round_id: int) -> str:
    """Return the job key of a round's first closing."""
    return f"close:{round_id}"


def request_close(*, contest_round: Round, actor: User | None, now: datetime) -> Job:
    """Have the round closed in the background; return the job, whose progress a screen can follow.

    Raises NotYet while papers may still be answered.
    """
    done = Job.objects.filter(key=close_key(contest_round.pk), state=JobState.DONE).order_by("-pk").first()
    if done is not None:
        return done
    require_over(contest_round, now=now)
    return enqueue(
        kind=JobKind.CLOSE,
        key=close_key(contest_round.pk),
        payload={"round": contest_round.pk},
        total=STEPS,
        actor=actor,
        now=now,
    )


def close_round(*, round_id: int, actor: User | None, now: datetime) -> ResultSet:
    """Close the round here and now and return its result; the second call returns the first result.

    Raises NotYet while papers may still be answered, or while somebody else is closing it.
    """
    contest_round = Round.objects.select_related("contest", "rule_set").get(pk=round_id)
    job = request_close(contest_round=contest_round, actor=actor, now=now)
    # Leases run by the wall clock, whatever moment the round is closed for.
    held = claim(job_id=job.pk, now=timezone.now())
    if held is not None:
        with suppress(JobLost):  # somebody took over; their result is the result
            work_on(held, partial(run_close, held, job.payload, now=now))
    result = latest_result(round_id=round_id)
    if result is None:
        raise NotYet(_("Kết quả đang được chốt. Mời bạn đợi một lát."))
    return result


def request_recompute(*, contest_round: Round, reason: str, actor: User | None, now: datetime) -> Job:
    """Have a closed round's result computed anew under the next number; ``reason`` is published with it.

    Requests that come before the work begins share one result.
    """
    ordered = [actor.pk] if actor else []
    with transaction.atomic():
        waiting = (
            Job.objects.select_for_update()
            .filter(kind=JobKind.CLOSE, key__startswith=f"close:{contest_round.pk}:", state=JobState.WAITING, tries=0)
            .first()
        )
        if waiting is not None:
            waiting.payload["reasons"] = [*dict.fromkeys([*waiting.payload["reasons"], reason])]
            waiting.payload["by"] = sorted({*waiting.payload["by"], *ordered})
            waiting.save(update_fields=["payload"])
            return waiting
        return enqueue(
            kind=JobKind.CLOSE,
            key=f"close:{contest_round.pk}:{new_public_id()}",
            payload={"round": contest_round.pk, "reasons": [reason], "by": ordered},
            total=STEPS,
            actor=actor,
            now=now,
        )


def require_over(contest_round: Round, *, now: datetime) -> None:
    """Raise NotYet while the round's papers may still be answered, or an answer may still be on its way."""
    if contest_round.cancelled_at is not None or contest_round.frozen_at is None:
        raise NotYet
    if now < contest_round.closes_at:
        raise NotYet(_("Vòng thi chưa hết giờ nên chưa chốt kết quả được."))
    answering = Attempt.objects.filter(
        round=contest_round, state=AttemptState.OPEN, accept_until__gte=now - SETTLE
    ).exists()
    if answering:
        raise NotYet(_("Vẫn còn bài đang được nhận trong vài giây cuối. Mời bạn thử lại sau một phút."))


def run_close(held: Claim, payload: dict[str, Any], *, now: datetime) -> ResultSet:
    """Do the work of a closing job, from wherever it was left. Raises Busy, JobLost, NotYet."""
    round_id = payload["round"]
    reasons: list[str] = payload.get("reasons", [])
    if not reasons and (done := latest_result(round_id=round_id)) is not None:
        return done
    contest_round = Round.objects.select_related("contest", "rule_set").get(pk=round_id)
    require_over(contest_round, now=now)
    step: Callable[..., None] = partial(beat, held, total=STEPS)
    step(done=0)
    while expire_attempts(now=now, round_=contest_round).closed:
        step()
    step(done=1)
    score_round(round_id=round_id, now=now, beat=step)
    step(done=2)
    grading = grading_of(round_id)
    _refuse_outdated(round_id, grading.run)
    result = _begin_result(held, contest_round, " ".join(reasons), now=now)
    counted = count_population(grading)
    winners = write_standings(result, counted, grading.rules, beat=step)
    write_unit_standings(result, counted, grading.rules, winners, beat=step)
    step(done=3)
    result.counts = counted.counts | {"ordered_by": payload.get("by", []), "grading_run": grading.run}
    result.truth, result.full_points_milli = counted.truth, counted.full_points_milli
    result.root = seal_of(result, beat=step)
    _complete(held, result, now=now)
    return result


def _refuse_outdated(round_id: int, run: int) -> None:
    """A result never rests on two keys: where a regrade was ordered, it comes first."""
    if Attempt.objects.filter(round_id=round_id, graded_at__isnull=False, graded_by__lt=run).exists():
        raise Busy


def _begin_result(held: Claim, contest_round: Round, reason: str, *, now: datetime) -> ResultSet:
    """Return this job's unfinished result set, empty. Raises Busy while another job works on one."""
    with transaction.atomic():
        beat(held)
        last = ResultSet.objects.filter(round=contest_round).order_by("-number").first()
        if last is None or last.completed_at is not None:
            number = 1 if last is None else last.number + 1
            try:
                with transaction.atomic():
                    return ResultSet.objects.create(
                        round=contest_round,
                        number=number,
                        reason=reason[:300],
                        computed_at=now,
                        counts={"job": held.job_id},
                    )
            except IntegrityError:  # another job took the number
                raise Busy from None
        owner = last.counts.get("job")
        if owner != held.job_id and Job.objects.filter(pk=owner, state__in=UNFINISHED).exists():
            raise Busy
        Standing.objects.filter(result_set=last).delete()
        UnitStanding.objects.filter(result_set=last).delete()
        last.counts, last.computed_at, last.reason = {"job": held.job_id}, now, reason[:300]
        last.save(update_fields=["counts", "computed_at", "reason"])
        last.round = contest_round
        return last


def _complete(held: Claim, result: ResultSet, *, now: datetime) -> None:
    """Finish the result; with the first one the round is closed (a decision, stored)."""
    with transaction.atomic():
        beat(held, done=STEPS)
        completed = ResultSet.objects.filter(pk=result.pk, completed_at__isnull=True).update(
            counts=result.counts,
            truth=result.truth,
            full_points_milli=result.full_points_milli,
            root=result.root,
            completed_at=now,
        )
        if not completed:
            return
        result.completed_at = now
        Round.objects.filter(pk=result.round_id, closed_at__isnull=True).update(closed_at=now)
        job = Job.objects.select_related("created_by").get(pk=held.job_id)
        record(
            actor=job.created_by,
            verb="round.closed" if result.number == 1 else "round.recomputed",
            subject=f"round:{result.round.public_id}",
            data={"result": result.number, "root": result.root, "counts": result.counts, "reason": result.reason},
            now=timezone.now(),
        )
        tell_after_commit(result_completed, Round, round_id=result.round_id, result_set_id=result.pk)
