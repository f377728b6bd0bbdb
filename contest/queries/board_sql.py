"""The provisional board from the database alone, while Redis is away or does not hold it yet.

Counting everybody ahead takes 50 ms and more for a million people; by the histogram (contest.histogram) it is three
short index ranges. A page deep in the list starts at the span that holds it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from contest.boards import Line, Page, Place
from contest.histogram import POINTS_BITS, SPAN_BITS, above_span, span_limits
from contest.models import BoardBucket, BoardPlace

# Pages up to here are quicker by a plain offset.
NEAR = 500

# How many are ahead of a score (more points; a higher span at equal points; better inside the span), how many share
# it (at most 2 are told), how many there are. ``source`` says whose score. One statement: a round trip costs more.
# The tables are named each time: PostgreSQL would write out a WITH that is used twice.
_B = "(SELECT coalesce(sum(people), 0) FROM contest_boardbucket WHERE round_id = %s AND board = %s AND bucket"
_Q = "FROM contest_boardplace AS q WHERE q.round_id = %s {group} AND q.score"
_STANDING = f"""
SELECT {_B} < -1 - (p.score >> {POINTS_BITS}))
     + {_B} > p.score >> {SPAN_BITS} AND bucket < (p.score >> {POINTS_BITS}) + 1 << {POINTS_BITS - SPAN_BITS})
     + (SELECT count(*) {_Q} > p.score AND q.score < (p.score >> {SPAN_BITS}) + 1 << {SPAN_BITS}),
       (SELECT count(*) FROM (SELECT 1 {_Q} = p.score LIMIT 2) AS t),
       {_B} < 0)
FROM {{source}} AS p
"""  # noqa: S608  nothing here comes from a request

_SPAN_AT = """
SELECT bucket, reached - people FROM (
    SELECT bucket, people, sum(people) OVER (ORDER BY bucket DESC) AS reached
    FROM contest_boardbucket WHERE round_id = %s AND board = %s AND bucket >= %s AND bucket < %s) AS t
WHERE reached > %s ORDER BY bucket DESC LIMIT 1
"""


def rank(round_id: int, board: str, entry_id: int) -> Place:
    """Return a person's place; rank 0 when not on this board. One query."""
    group = 'AND "group" = %s' if board else ""
    source = f"(SELECT score FROM contest_boardplace WHERE round_id = %s AND entry_id = %s {group})"  # noqa: S608
    found = _standing(round_id, board, source, [round_id, entry_id, *([board] if board else [])])
    if found is None:
        return Place(0, tied=False, total=total(round_id, board))
    ahead, equal, people = found
    return Place(ahead + 1, equal > 1, people)


def total(round_id: int, board: str) -> int:
    """Return how many people the board has."""
    by_points = BoardBucket.objects.filter(round_id=round_id, board=board, bucket__lt=0)
    return by_points.aggregate(people=Sum("people"))["people"] or 0


def page(round_id: int, board: str, first: int, count: int) -> Page:
    """Return ``count`` rows from the 0-based ``first``. At most four queries."""
    by_points = list(
        BoardBucket.objects.filter(round_id=round_id, board=board, bucket__lt=0)
        .order_by("bucket")
        .values_list("bucket", "people")
    )
    people = sum(number for _bucket, number in by_points)
    if first >= people:
        return Page((), people)
    places = _places(round_id, board)
    # One row more at each end: a tie may reach over the edge of the page.
    before = 1 if first else 0
    offset = first - before
    if offset > NEAR:
        span, skipped = _span_at(round_id, board, by_points, offset)
        places = places.filter(score__lt=above_span(span))
        offset -= skipped
    rows = list(places[offset : offset + before + count + 1].values_list("entry_id", "score"))
    if len(rows) <= before:
        return Page((), people)
    found = _standing(round_id, board, "(SELECT CAST(%s AS bigint) AS score)", [rows[before][1]])
    assert found is not None
    place = found[0] + 1
    lines: list[Line] = []
    for index in range(before, min(before + count, len(rows))):
        entry_id, score = rows[index]
        same_before = index > 0 and rows[index - 1][1] == score
        same_after = index + 1 < len(rows) and rows[index + 1][1] == score
        position = first + index - before + 1
        if index > before and not same_before:
            place = position
        lines.append(Line(entry_id, place, same_before or same_after, position))
    return Page(tuple(lines), people)


def _places(round_id: int, board: str) -> QuerySet[BoardPlace]:
    mine = Q(round_id=round_id, group=board) if board else Q(round_id=round_id)
    return BoardPlace.objects.filter(mine).order_by("-score", "entry_id")


def _standing(round_id: int, board: str, source: str, parameters: Sequence[str | int]) -> tuple[int, int, int] | None:
    group = 'AND q."group" = %s' if board else ""
    buckets: list[str | int] = [round_id, board]
    places: list[str | int] = [round_id, *([board] if board else [])]
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING.format(group=group, source=source),
            [*buckets, *buckets, *places, *places, *buckets, *parameters],
        )
        row = cursor.fetchone()
    return None if row is None else (int(row[0]), int(row[1]), int(row[2]))


def _span_at(round_id: int, board: str, by_points: list[tuple[int, int]], offset: int) -> tuple[int, int]:
    """Return the span that holds the row at ``offset``, and how many rows stand before that span."""
    reached = list(accumulate(people for _points, people in by_points))
    index = bisect_right(reached, offset)
    skipped = reached[index - 1] if index else 0
    lowest, highest = span_limits(by_points[index][0])
    with connection.cursor() as cursor:
        cursor.execute(_SPAN_AT, [round_id, board, lowest, highest, offset - skipped])
        span, before = cursor.fetchone()
    return int(span), skipped + int(before)
