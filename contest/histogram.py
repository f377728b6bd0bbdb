"""The histogram by which a rank among millions is a short sum: people by points, and by spans of the tie-break.

Pure. A composite score (contest.ranking) is counted in two buckets: one for its points (a negative number, so that
both kinds share a column) and one of 2^11 units of the tie-break (2 seconds of a paper's duration) within them. Ahead
of somebody are the people of all higher points, of the higher spans at equal points, and the better ones inside the
same span: some hundred rows each, however many take part.
"""

from __future__ import annotations

SPAN_BITS = 11
POINTS_BITS = 31


def points_bucket(score: int) -> int:
    """Return the bucket of everybody with the same points: below zero, smaller for more points."""
    return -1 - (score >> POINTS_BITS)


def span_bucket(score: int) -> int:
    """Return the bucket of everybody with the same points and nearly the same tie-break: zero or more, larger is better."""
    return score >> SPAN_BITS


def span_limits(points: int) -> tuple[int, int]:
    """Return the spans of a points bucket: from (inclusive), to (exclusive)."""
    value = -1 - points
    return value << POINTS_BITS - SPAN_BITS, value + 1 << POINTS_BITS - SPAN_BITS


def above_span(span: int) -> int:
    """Return the smallest score above a span."""
    return span + 1 << SPAN_BITS
