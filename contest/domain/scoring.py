"""Scoring: all closed, ungraded attempts of a round graded as sets, in slices, exactly once.

One statement grades a slice from the compact sheets (contest.grade_sql); responses that no character can hold are
graded once each in Python and added in the same transaction. ``graded_at IS NULL`` in the statement makes a second
run, a doubled message or a race with the result page change nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from contest.domain.places import hold_board, place_attempts
from contest.grade_sql import assignment
from contest.grading import Column, Credit
from contest.models import Attempt, Round
from contest.queries.grading import RoundGrading, grading_of
from contest.sheet import EXTRA
from contest.wake import SCORE, wake

# Small enough that an answer waiting for SQLite's single writer does not notice (measured: 20 to 60 ms a slice).
SLICE = 2_000
# A scoring that has not shown a sign of life for so long is taken over.
SCORING_LEASE = timedelta(seconds=30)
# Distinct written answers remembered during one run.
KNOWN_EXTRAS = 20_000

# Spelled like the condition of the index attempt_ungraded, or SQLite does not use it.
UNGRADED = "graded_at IS NULL AND NOT (state = 'open')"


@dataclass(frozen=True, slots=True)
class These:
    """Which attempts a statement is about: a condition on ``id`` and its parameters."""

    sql: str
    parameters: tuple[Any, ...]


def request_scoring(*, round_id: int, now: datetime) -> None:
    """Ask for the round's closed attempts to be scored soon. Call it inside or after the transaction that closed one.

    Coalesced: while a request is waiting or running, further ones cost one read. Never waits for the broker and
    never fails: the tick finds what a lost message left.
    """
    transaction.on_commit(partial(_request, round_id, now), robust=True)


def _request(round_id: int, now: datetime) -> None:
    asked = Round.objects.filter(pk=round_id).values_list("score_requested_at", flat=True).first()
    if asked is not None and asked > now - SCORING_LEASE:
        return
    if Round.objects.filter(pk=round_id, score_requested_at=asked).update(score_requested_at=now):
        wake(SCORE, round_id)


def score_requested(*, round_id: int, now: datetime) -> int:
    """Do what was requested, until nothing is left; how many attempts were graded.

    The request stays marked while this runs, so that at most one scoring of a round is under way; it is cleared
    before the last look, so that whoever closed an attempt meanwhile is either seen here or asks again.
    """
    mine = Round.objects.filter(pk=round_id)
    total = 0
    while True:
        total += score_round(round_id=round_id, now=now, beat=lambda: mine.update(score_requested_at=timezone.now()))
        mine.update(score_requested_at=None)
        if not has_ungraded(round_id):
            return total
        mine.filter(score_requested_at=None).update(score_requested_at=timezone.now())


def has_ungraded(round_id: int) -> bool:
    """Whether a closed attempt of the round waits for its points."""
    return bool(_ungraded_ids(round_id, limit=1))


def score_round(*, round_id: int, now: datetime, beat: Callable[[], object] = int) -> int:
    """Grade every closed, ungraded attempt of the round; how many were graded by this call.

    ``beat`` is called before each slice after the first; it may raise to stop the work.
    """
    total = 0
    while ids := _ungraded_ids(round_id, limit=SLICE):
        if total:
            beat()
        # Asked for each slice: a key that is mended meanwhile holds from the next slice on.
        total += len(grade_slice(grading=grading_of(round_id), ids=ids, now=now))
    return total


def score_attempt_now(*, attempt_id: int, now: datetime) -> Attempt:
    """Return the attempt with its points, grading it here when nobody has (the worker may be away).

    Raises Attempt.DoesNotExist. An open attempt is returned as it is.
    """
    attempt = Attempt.objects.select_related("round__contest", "round__rule_set", "entry").get(pk=attempt_id)
    if attempt.graded_at is not None or attempt.state == "open":
        return attempt
    grade_slice(grading=grading_of(attempt.round_id), ids=[attempt.pk], now=now)
    attempt.refresh_from_db(fields=["points_milli", "correct", "graded_at", "graded_by"])
    return attempt


def grade_slice(*, grading: RoundGrading, ids: Sequence[int], now: datetime) -> list[int]:
    """Grade these attempts if nobody has yet; return the ids that this call graded. One transaction."""
    with transaction.atomic():
        # One grader of a round at a time: two that update the same rows in another order would lock each other out.
        hold_board(grading.round.pk)
        these = these_ids(ids)
        meet_open_columns(grading.columns, these)
        graded = set_points(grading, these, condition=UNGRADED, also_set=", graded_at = %s", also=[_moment(now)])
        add_extras(grading, graded)
        place_attempts(grading=grading, attempt_ids=graded)
    return graded


def set_points(
    grading: RoundGrading, these: These, *, condition: str, also_set: str = "", also: Sequence[Any] = ()
) -> list[int]:
    """Run the grading statement over ``these`` where ``condition`` holds; return the ids it changed."""
    with connection.cursor() as cursor:
        # round_id + 0: the ids choose the rows; an index on the round would read all of them for each slice.
        cursor.execute(
            f"UPDATE contest_attempt SET {assignment(grading.columns)}, graded_by = %s{also_set}"  # noqa: S608
            f" WHERE {these.sql} AND round_id + 0 = %s AND {condition} RETURNING id",
            [grading.run, *also, *these.parameters, grading.round.pk],
        )
        return [row[0] for row in cursor.fetchall()]


def meet_open_columns(columns: Sequence[Column], these: These) -> None:
    """Grade the characters that these sheets hold in columns whose alphabet is too large to list beforehand."""
    wide = [table for table in columns if table.open]
    parts = [
        f"SELECT DISTINCT {index}, substr(sheet,{table.question.position + 1},1) FROM contest_attempt WHERE {these.sql}"  # noqa: S608
        for index, table in enumerate(wide)
    ]
    # SQLite takes at most 500 terms in one compound statement.
    for start in range(0, len(parts), 100):
        chunk = parts[start : start + 100]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(chunk), [*these.parameters] * len(chunk))
            for index, char in cursor.fetchall():
                wide[index].meet(char)


def add_extras(grading: RoundGrading, ids: Sequence[int]) -> None:
    """Add what written answers (outside the sheet) earn. Inside the transaction that set the points."""
    if not ids or not any(table.open for table in grading.columns):
        return
    by_position = {str(table.question.position): table for table in grading.columns if not table.question.voided}
    known: dict[tuple[str, str], Credit] = {}
    earned: dict[Credit, list[int]] = defaultdict(list)
    for pk, extras in Attempt.objects.filter(pk__in=list(ids), sheet__contains=EXTRA).values_list("pk", "extras"):
        points = right = 0
        for position, canonical in extras.items():
            table = by_position.get(position)
            if table is None:
                continue
            credit = known.get((position, canonical))
            if credit is None:
                if len(known) >= KNOWN_EXTRAS:
                    known.clear()
                credit = known[position, canonical] = table.of_extra(canonical)
            points, right = points + credit.points_milli, right + credit.right
        if points or right:
            earned[Credit(points, right)].append(pk)
    with connection.cursor() as cursor:
        for credit, pks in sorted(earned.items()):
            those = these_ids(pks)
            cursor.execute(
                f"UPDATE contest_attempt SET points_milli = points_milli + %s, correct = correct + %s WHERE {those.sql}",  # noqa: S608
                [credit.points_milli, credit.right, *those.parameters],
            )


def these_ids(ids: Sequence[int]) -> These:
    """Choose attempts by id: one parameter, whatever their number."""
    if connection.vendor == "postgresql":
        return These("id = ANY(%s)", (list(ids),))
    return These("id IN (SELECT value FROM json_each(%s))", (json.dumps(list(ids)),))


def _ungraded_ids(round_id: int, *, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM contest_attempt WHERE round_id = %s AND {UNGRADED} LIMIT %s",  # noqa: S608
            [round_id, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def _moment(now: datetime) -> Any:
    """Return an instant as the raw cursor of this database wants it."""
    return connection.ops.adapt_datetimefield_value(now)
