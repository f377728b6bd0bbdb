"""The provisional board from the database alone, while Redis is away or does not hold it yet.

A rank among millions is a sum over the histogram's buckets above and a count inside one bucket of 16 seconds; a page
deep in the list starts at the bucket that holds it (``speed.md``: 50 ms by counting, below 3 ms this way).
"""

from __future__ import annotations

from itertools import accumulate

from django.db import connection
from django.db.models import Q, QuerySet

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
    return sum(BoardBucket.objects.filter(round_id=round_id, board=board).values_list("people", flat=True))


def page(round_id: int, board: str, first: int, count: int) -> Page:
    """Return ``count`` rows from the 0-based ``first``. At most four queries."""
    buckets = list(
        BoardBucket.objects.filter(round_id=round_id, board=board).order_by("-bucket").values_list("bucket", "people")
    )
    people = sum(number for _bucket, number in buckets)
    if first >= people:
        return Page((), people)
    places = _places(round_id, board)
    # One row more at each end: a tie may reach over the edge of the page.
    before = 1 if first else 0
    offset = first - before
    if offset > NEAR:
        start, skipped = _bucket_at(buckets, offset)
        rows = places.filter(score__lt=(start + 1) << BUCKET_BITS)[
            offset - skipped : offset - skipped + before + count + 1
        ]
    else:
        rows = places[offset : offset + before + count + 1]
    listed = list(rows.values_list("entry_id", "score"))
    if len(listed) <= before:
        return Page((), people)
    place = _rank_of(round_id, board, buckets, listed[before][1])
    lines: list[Line] = []
    for index in range(before, min(before + count, len(listed))):
        entry_id, score = listed[index]
        same_before = index > 0 and listed[index - 1][1] == score
        same_after = index + 1 < len(listed) and listed[index + 1][1] == score
        position = first + index - before + 1
        if index > before and not same_before:
            place = position
        lines.append(Line(entry_id, place, same_before or same_after, position))
    return Page(tuple(lines), people)


def _places(round_id: int, board: str) -> QuerySet[BoardPlace]:
    mine = Q(round_id=round_id, group=board) if board else Q(round_id=round_id)
    return BoardPlace.objects.filter(mine).order_by("-score", "entry_id")


def _bucket_at(buckets: list[tuple[int, int]], offset: int) -> tuple[int, int]:
    """Return the bucket that holds the row at ``offset``, and how many rows stand before it."""
    skipped = 0
    for (bucket, people), reached in zip(buckets, accumulate(number for _bucket, number in buckets), strict=True):
        if reached > offset:
            return bucket, skipped
        skipped += people
    return buckets[-1][0], skipped - buckets[-1][1]


def _rank_of(round_id: int, board: str, buckets: list[tuple[int, int]], score: int) -> int:
    own = score >> BUCKET_BITS
    above = sum(people for bucket, people in buckets if bucket > own)
    within = _places(round_id, board).filter(score__gt=score, score__lt=(own + 1) << BUCKET_BITS)
    return above + within.count() + 1
