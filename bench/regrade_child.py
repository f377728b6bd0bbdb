"""`python -m bench.regrade_child ATTEMPTS PAIRS`: fill this environment's database, measure, print JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from typing import Any

import django

QUESTIONS = 20
RUNS = "ABCD"


def main(arguments: list[str]) -> None:
    """Measure pairs of (bare, ours), each after a change of all keys."""
    django.setup()
    attempts, pairs = map(int, arguments)
    round_id = make(attempts)
    bare: list[float] = []
    ours: list[float] = []
    grown = 0.0
    for pair in range(pairs):
        # Another key for half of the questions each time, so that most attempts change.
        bare.append(timed(bare_sql, round_id, keys(2 * pair)))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ours.append(timed(regrade, round_id, keys(2 * pair + 1), 2 + pair))
        grown = max(grown, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
        check(round_id, keys(2 * pair + 1), 2 + pair, attempts)
    print(json.dumps({"bare": bare, "ours": ours, "grown_mb": grown}))


def keys(turn: int) -> str:
    """The right letters of one turn."""
    return "".join(RUNS[(position * 7 + (turn if position % 2 else 0)) % len(RUNS)] for position in range(QUESTIONS))


def timed(work: Any, *arguments: Any) -> float:
    """Seconds of one piece of work on a tidied table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE contest_attempt" if connection.vendor == "postgresql" else "PRAGMA optimize")
        cursor.execute("CHECKPOINT" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")
    begun = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begun


def right_sum(letters: str, worth: int) -> str:
    """The sum over the sheet's characters, as one would write it by hand."""
    return " + ".join(
        f"CASE WHEN substr(sheet, {place}, 1) = '{letter}' THEN {worth} ELSE 0 END"
        for place, letter in enumerate(letters, start=1)
    )


def bare_sql(round_id: int, letters: str) -> None:
    """One statement for everything."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE contest_attempt SET points_milli = {right_sum(letters, 1000)}, correct = {right_sum(letters, 1)}"
            " WHERE round_id = %s AND state <> 'open'",
            [round_id],
        )


def regrade(round_id: int, letters: str, number: int) -> None:
    """What a regrade job does, without the order and the board that follows."""
    from contest.domain.regrading import regrade_round
    from contest.models import PoolItem
    from contest.queries.grading import forget_gradings, grading_of

    for position, letter in enumerate(letters):
        PoolItem.objects.filter(round_id=round_id, position=position).update(key_override={"right": letter})
    forget_gradings()
    regrade_round(grading=replace(grading_of(round_id), run=number))


def check(round_id: int, letters: str, number: int, attempts: int) -> None:
    """Every attempt must have been graded by this run, and rightly."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM contest_attempt WHERE round_id = %s AND graded_by = %s AND correct * 1000 = points_milli"
            f" AND points_milli = {right_sum(letters, 1000)}",
            [round_id, number],
        )
        found = cursor.fetchone()[0]
    if found != attempts:
        raise RuntimeError(f"{found} of {attempts} attempts are right")


def make(attempts: int) -> int:
    """A round with that many graded attempts of random answers; return its id."""
    from django.core.management import call_command
    from django.db import connection

    from bench.cast import make_round, store
    from contest.arrivals import now_utc
    from contest.domain.attempts import start_attempt
    from contest.models import AnswerEvent, Attempt, Entry
    from people.models import Resident, User

    call_command("migrate", verbosity=0, interactive=False)
    now = now_utc()
    contest_round, unit = make_round(now)
    user = User.objects.create_user(full_name="Người dự thi")
    resident = Resident.objects.create(user=user, full_name=user.full_name, birth_year=1990, unit=unit)
    entry = Entry.objects.create(
        contest=contest_round.contest, resident=resident, full_name="Người dự thi", unit=unit, registered_at=now
    )
    first = start_attempt(entry=entry, round_=contest_round, now=now)
    store(attempts)
    AnswerEvent.objects.all().delete()
    Attempt.objects.filter(pk=first.pk).delete()
    chance = "abs(random()) % 5" if connection.vendor == "sqlite" else "floor(random() * 5)::int"
    sheet = " || ".join(f"substr('ABCD.', {chance} + 1, 1)" for _ in range(QUESTIONS))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE contest_attempt SET graded_by = 1, points_milli = 0, correct = 0, sheet = {sheet}")
    return contest_round.pk


if __name__ == "__main__":
    main(sys.argv[1:])
