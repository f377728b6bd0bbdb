"""`python -m bench.board_child PEOPLE`: fill this environment's board, measure calls, print {what: [median, p95]} in ms."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any

import django

TURNS, CALLS = 40, 10
PAGE = 50


def main(arguments: list[str]) -> None:
    """Make, measure, print."""
    django.setup()
    people = int(arguments[0])
    print(json.dumps(measure(make(people), people)))


def measure(contest_round: Any, people: int) -> dict[str, list[float]]:
    """Time each kind of call; the calls of one kind ask for different people and pages."""
    import redis
    from django.conf import settings

    from contest import boards
    from contest.arrivals import now_utc
    from contest.domain.board_building import rebuild_board
    from contest.queries import board_sql
    from contest.queries.boards import board_page

    begun = time.perf_counter()
    rebuild_board(round_id=contest_round.pk)
    rebuilt = (time.perf_counter() - begun) * 1000
    # The same bounded pool as ours: what a round trip costs this process.
    client = redis.Redis(connection_pool=redis.BlockingConnectionPool.from_url(settings.REDIS_URL, max_connections=16))
    random = Random(20261122)
    ref, pk, now = contest_round.public_id, contest_round.pk, now_utc()

    def somebody() -> int:
        return random.randint(1, people)

    def somewhere() -> int:
        return random.randrange(people - PAGE) // PAGE * PAGE

    kinds: dict[str, Callable[[], object]] = {
        "ping": client.ping,
        "rank": lambda: boards.rank(ref, "", somebody()),
        "first page": lambda: boards.page(ref, "", 0, PAGE),
        "deep page": lambda: boards.page(ref, "", somewhere(), PAGE),
        "rank from SQL": lambda: board_sql.rank(pk, "", somebody()),
        "first page from SQL": lambda: board_sql.page(pk, "", 0, PAGE),
        "deep page from SQL": lambda: board_sql.page(pk, "", somewhere(), PAGE),
        "whole page with names": lambda: board_page(
            contest_round=contest_round, page=somewhere() // PAGE + 1, viewer_entry_id=somebody(), now=now
        ),
    }
    if boards.rank(ref, "", 1) != board_sql.rank(pk, "", 1):
        raise RuntimeError("Redis and the database disagree")
    figures = timed(kinds)
    return figures | {"rebuild of the board": [rebuilt, rebuilt]}


def timed(kinds: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Median and 95th percentile of each call, milliseconds.

    Taken in turns, so that the machine's drift falls out; a few calls a turn, so that nobody pays for the caches the
    one before has emptied.
    """
    taken: dict[str, list[float]] = {what: [] for what in kinds}
    for _turn in range(TURNS):
        for what, one in kinds.items():
            one()
            for _ in range(CALLS):
                begun = time.perf_counter()
                one()
                taken[what].append((time.perf_counter() - begun) * 1000)
    return {what: [median(times), sorted(times)[int(len(times) * 0.95)]] for what, times in taken.items()}


def make(people: int) -> Any:
    """A round whose board in the database has that many people, with their entries; without their papers' rows."""
    from django.core.management import call_command
    from django.db import connection

    from bench.cast import make_round
    from contest.arrivals import now_utc
    from contest.domain.attempts import start_attempt
    from contest.histogram import POINTS_BITS, SPAN_BITS
    from contest.models import Attempt, Entry
    from people.models import Resident, User

    call_command("migrate", verbosity=0, interactive=False)
    now = now_utc()
    contest_round, unit = make_round(now)
    user = User.objects.create_user(full_name="Người dự thi")
    resident = Resident.objects.create(user=user, full_name="Nguyễn Văn An", birth_year=1990, unit=unit)
    entry = Entry.objects.create(
        contest=contest_round.contest, resident=resident, full_name="Nguyễn Văn An", unit=unit, registered_at=now
    )
    paper = start_attempt(entry=entry, round_=contest_round, now=now)
    Attempt.objects.filter(pk=paper.pk).update(duration_ms=300_000)
    lite = connection.vendor == "sqlite"
    series = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {people})"
        if lite
        else f"WITH n(i) AS (SELECT generate_series(1, {people}))"
    )

    def chance(below: int) -> str:
        return f"abs(random()) % {below}" if lite else f"floor(random() * {below})::bigint"

    points = f"(10000 + ({chance(11)}) * 1000)"
    with connection.cursor() as cursor:
        # Two million residents and papers would say nothing about a board; their keys are left dangling on purpose.
        cursor.execute("PRAGMA foreign_keys = OFF" if lite else "SET session_replication_role = replica")
        columns = [f'"{f.column}"' for f in Entry._meta.concrete_fields]  # noqa: SLF001  the documented API
        values = {'"id"': "n.i", '"public_id"': "'e' || n.i", '"resident_id"': "n.i + 10"}
        cursor.execute(f"CREATE TABLE bench_entry AS SELECT * FROM contest_entry WHERE id = {entry.pk}")
        cursor.execute(f"DELETE FROM contest_entry WHERE id = {entry.pk}")
        insert = f"INSERT INTO contest_entry ({', '.join(columns)})"
        select = f"SELECT {', '.join(values.get(c, f'e.{c}') for c in columns)} FROM n CROSS JOIN bench_entry AS e"
        cursor.execute(f"{insert} {series} {select}" if lite else f"{series} {insert} {select}")
        insert = 'INSERT INTO contest_boardplace (round_id, entry_id, attempt_id, unit_id, "group", score, points_milli, perfect)'
        true = "1" if lite else "true"
        select = (
            f"SELECT {contest_round.pk}, s.i, {paper.pk}, {unit.pk}, '', s.points * 2147483648 + 2147483647 - s.ms,"
            f" s.points, {true} FROM (SELECT n.i AS i, {points} AS points, 30000 + {chance(870_000)} AS ms FROM n LIMIT"
            f" {people}) AS s"
        )
        cursor.execute(f"{insert} {series} {select}" if lite else f"{series} {insert} {select}")
        for bucket in (f"-1 - (score >> {POINTS_BITS})", f"score >> {SPAN_BITS}"):
            cursor.execute(
                "INSERT INTO contest_boardbucket (round_id, board, bucket, people)"
                f" SELECT round_id, '', {bucket}, count(*) FROM contest_boardplace GROUP BY 1, 3"
            )
        cursor.execute("ANALYZE")
    return type(contest_round).objects.select_related("contest", "rule_set").get(pk=contest_round.pk)


if __name__ == "__main__":
    main(sys.argv[1:])
