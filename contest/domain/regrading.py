"""A wrong key is mended by a regrade that is ordered by a person, logged, explained and reproducible.

The frozen question version stays as it is; the round's pool item says which key counts instead, or that the question
is void (right for everybody who was dealt it). Published results never change: a regrade makes the next number.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from contest.domain.closing import request_recompute
from contest.domain.jobs import beat, enqueue
from contest.domain.places import place_attempts
from contest.domain.scoring import These, add_extras, meet_open_columns, set_points
from contest.enums import AttemptState, JobKind
from contest.errors import NotYet
from contest.jobs import Claim
from contest.models import Attempt, Job, PoolItem, Round
from contest.queries.grading import RoundGrading, grading_of, grading_run, regrade_key
from people.domain.audit import record
from people.models import User
from quizbank.errors import BadQuestion
from quizbank.kinds import get_kind

# Ids a slice: short enough for SQLite's single writer, long enough that the statement's planning does not count.
WINDOW = 20_000


def change_key(*, item: PoolItem, key: dict[str, Any] | None, actor: User, reason: str, now: datetime) -> Job:
    """Let ``key`` count for this question from now on (None: the version's own key again) and order the regrade.

    Raises:
        BadQuestion: when the key does not fit the question.
        NotYet: when no reason is given, or the round is not frozen.
    """
    if key is not None:
        kind = get_kind(item.version.kind)
        if problems := kind.problems(item.version.content, key):
            raise BadQuestion(problems)
    return _order(item, {"key_override": key, "voided": False}, verb="key.changed", actor=actor, reason=reason, now=now)


def void_item(*, item: PoolItem, actor: User, reason: str, now: datetime) -> Job:
    """Count this question as right for everybody who was dealt it, and order the regrade. Raises NotYet."""
    return _order(item, {"voided": True}, verb="question.voided", actor=actor, reason=reason, now=now)


def _order(item: PoolItem, values: dict[str, Any], *, verb: str, actor: User, reason: str, now: datetime) -> Job:
    if not reason.strip() or item.round.frozen_at is None:
        raise NotYet
    with transaction.atomic():
        # One order at a time, or two would get the same number.
        Round.objects.select_for_update(of=("self",), no_key=True).get(pk=item.round_id)
        PoolItem.objects.filter(pk=item.pk).update(**values)
        item.refresh_from_db()
        run = grading_run(item.round_id) + 1
        record(
            actor=actor,
            verb=verb,
            subject=f"round:{item.round.public_id}",
            # The key itself stays out of a log that people read while the round may still be open.
            data={"position": item.position, "version": item.version_id, "run": run, "reason": reason,
                  "key_sha256": sha256(canonical_key(item)).hexdigest()},
            now=now,
        )  # fmt: skip
        return enqueue(
            kind=JobKind.REGRADE,
            key=regrade_key(item.round_id, run),
            payload={"round": item.round_id, "run": run, "reason": reason, "by": actor.pk},
            total=Attempt.objects.filter(round_id=item.round_id, graded_at__isnull=False).count(),
            actor=actor,
            now=now,
        )


def canonical_key(item: PoolItem) -> bytes:
    """Return the spelling of the key in force that the audit chain vouches for."""
    key = item.version.key if item.key_override is None else item.key_override
    return json.dumps([item.voided, key], ensure_ascii=False, sort_keys=True).encode()


def run_regrade(held: Claim, payload: dict[str, Any], *, now: datetime) -> int:
    """Grade again what an older grading has graded; how many attempts. From wherever it was left. Raises JobLost."""
    round_id = payload["round"]
    grading = grading_of(round_id)
    done = regrade_round(grading=grading, beat=lambda number: beat(held, done=number))
    contest_round = grading.round
    if contest_round.closed_at is not None or Round.objects.filter(pk=round_id, closed_at__isnull=False).exists():
        actor = User.objects.filter(pk=payload["by"]).first()
        request_recompute(contest_round=contest_round, reason=payload["reason"], actor=actor, now=now)
    else:
        replace_places(grading, beat=lambda: beat(held))
    return done


def regrade_round(*, grading: RoundGrading, beat: Callable[[int], object] = int) -> int:
    """Apply the tables in force to all attempts graded by an earlier run, in slices; how many were graded."""
    span = Attempt.objects.filter(round=grading.round).aggregate(first=Min("pk"), last=Max("pk"))
    if span["first"] is None:
        return 0
    # A literal, so that PostgreSQL's planner sees how short each span of ids is.
    condition = f"NOT (state = 'open') AND graded_at IS NOT NULL AND graded_by < {grading.run:d}"
    wide = any(table.open for table in grading.columns)
    done = 0
    for start in range(span["first"], span["last"] + 1, WINDOW):
        these = These("id >= %s AND id < %s", (start, start + WINDOW))
        with transaction.atomic():
            beat(done)
            if wide:
                meet_open_columns(grading.columns, these)
            changed = set_points(grading, these, condition=condition)
            add_extras(grading, changed)
        done += len(changed)
    return done


def replace_places(grading: RoundGrading, *, beat: Callable[[], object] = int) -> None:
    """Bring the provisional board up to date with the points of all attempts, in slices."""
    last = 0
    graded = Attempt.objects.filter(round=grading.round, graded_at__isnull=False).exclude(state=AttemptState.OPEN)
    while ids := list(graded.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:2_000]):
        last = ids[-1]
        with transaction.atomic():
            beat()
            place_attempts(grading=grading, attempt_ids=ids)
