"""The provisional board from the database alone, while Redis is away or does not hold it yet.

A rank among millions is a sum over the histogram's buckets above and a count inside one bucket of 16 seconds; a page
deep in the list starts at the bucket that holds it (``speed.md``: 50 ms by counting, below 3 ms this way).
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from contest.boards import BUCKET_BITS, Line, Page, Place
from contest.models import BoardBucket, BoardPlace

# Pages up to here are quicker by a plain offset.
NEAR = 500

_RANK = f"""
SELECT coalesce((SELECT sum(b.people) FROM contest_boardbucket b
                 WHERE b.round_id = p.round_id AND b.board = %s AND b.bucket > p.score >> {BUCKET_BITS}), 0),
       (SELECT count(*) FROM contest_boardplace q
        WHERE q.round_id = p.round_id {{group}} AND q.score > p.score
          AND q.score < ((p.score >> {BUCKET_BITS}) + 1) << {BUCKET_BITS}),
       (SELECT count(*) FROM (SELECT 1 FROM contest_boardplace q
        WHERE q.round_id = p.round_id {{group}} AND q.score = p.score LIMIT 2) AS t),
       coalesce((SELECT sum(b.people) FROM contest_boardbucket b WHERE b.round_id = p.round_id AND b.board = %s), 0)
FROM contest_boardplace p WHERE p.round_id = %s AND p.entry_id = %s {{mine}}
"""  # noqa: S608  nothing here comes from a request

_BUCKET_AT = """
SELECT bucket, reached - people FROM (
    SELECT bucket, people, sum(people) OVER (ORDER BY bucket DESC) AS reached
    FROM contest_boardbucket WHERE round_id = %s AND board = %s) AS t
WHERE reached > %s ORDER BY bucket DESC LIMIT 1
"""

_BETTER = """
SELECT coalesce((SELECT sum(people) FROM contest_boardbucket WHERE round_id = %s AND board = %s AND bucket > %s), 0)
     + (SELECT count(*) FROM contest_boardplace WHERE round_id = %s {group} AND score > %s AND score < %s)
"""


def rank(round_id: int, board: str, entry_id: int) -> Place:
    """Return a person's place; rank 0 when not on this board. One query."""
    group = 'AND q."group" = p."group"' if board else ""
    mine = 'AND p."group" = %s' if board else ""
    parameters: list[str | int] = [board, board, round_id, entry_id, *([board] if board else [])]
    with connection.cursor() as cursor:
        cursor.execute(_RANK.format(group=group, mine=mine), parameters)
        row = cursor.fetchone()
    if row is None:
        return Place(0, tied=False, total=total(round_id, board))
    above, within, equal, people = map(int, row)
    return Place(above + within + 1, equal > 1, people)


def total(round_id: int, board: str) -> int:
    """Return how many people the board has."""
    people = BoardBucket.objects.filter(round_id=round_id, board=board).aggregate(people=Sum("people"))["people"]
    return people or 0


def page(round_id: int, board: str, first: int, count: int) -> Page:
    """Return ``count`` rows from the 0-based ``first``. At most four queries."""
    people = total(round_id, board)
    if first >= people:
        return Page((), people)
    places = _places(round_id, board)
    # One row more at each end: a tie may reach over the edge of the page.
    before = 1 if first else 0
    offset = first - before
    if offset > NEAR:
        start, skipped = _bucket_at(round_id, board, offset)
        places = places.filter(score__lt=(start + 1) << BUCKET_BITS)
        offset -= skipped
    rows = list(places[offset : offset + before + count + 1].values_list("entry_id", "score"))
    if len(rows) <= before:
        return Page((), people)
    place = _rank_of(round_id, board, rows[before][1])
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


def _bucket_at(round_id: int, board: str, offset: int) -> tuple[int, int]:
    """Return the bucket that holds the row at ``offset``, and how many rows stand before it."""
    with connection.cursor() as cursor:
        cursor.execute(_BUCKET_AT, [round_id, board, offset])
        bucket, skipped = cursor.fetchone()
    return int(bucket), int(skipped)


def _rank_of(round_id: int, board: str, score: int) -> int:
    own = score >> BUCKET_BITS
    group = "" if not board else 'AND "group" = %s'
    with connection.cursor() as cursor:
        cursor.execute(
            _BETTER.format(group=group),
            [round_id, board, own, round_id, *([board] if board else []), score, (own + 1) << BUCKET_BITS],
        )
        return int(cursor.fetchone()[0]) + 1
