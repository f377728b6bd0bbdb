"""The histogram: buckets cover every score once, in the order of the scores."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contest.histogram import above_span, points_bucket, span_bucket, span_limits
from contest.ranking import MAX_COMPOSITE_POINTS, TIEBREAK_SPAN, composite_score

scores = st.builds(composite_score, st.integers(0, MAX_COMPOSITE_POINTS - 1), st.integers(0, TIEBREAK_SPAN - 1))


@given(scores)
def test_a_score_lies_within_its_buckets(score):
    lowest, highest = span_limits(points_bucket(score))

    assert points_bucket(score) < 0 <= span_bucket(score)
    assert lowest <= span_bucket(score) < highest
    assert score < above_span(span_bucket(score))
    assert span_bucket(above_span(span_bucket(score))) == span_bucket(score) + 1


@given(scores, scores)
def test_buckets_are_in_the_order_of_scores(one, other):
    if one < other:
        one, other = other, one

    assert points_bucket(one) <= points_bucket(other)
    assert span_bucket(one) >= span_bucket(other)
    if points_bucket(one) == points_bucket(other):
        assert span_limits(points_bucket(one)) == span_limits(points_bucket(other))
