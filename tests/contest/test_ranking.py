"""Who is ahead: the chain of keys, ties shown as ties, and the same list whatever the order of the rows."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.ranking import (
    MAX_COMPOSITE_POINTS,
    TIEBREAK_SPAN,
    Contender,
    board_tiebreak,
    composite_score,
    counting_attempt,
    counting_attempts,
    keys_of,
    rank,
    split_composite,
    why_ahead,
)
from contest.rules import Chain
from contest.rules.enums import CountingPolicy, PredictionRole, RankKey

OPENS = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
FULL = 10_000
VCNET = Chain((RankKey.POINTS, RankKey.PREDICTION_DISTANCE, RankKey.SUBMITTED_AT))
DAK_LAK = Chain((RankKey.CORRECT_COUNT, RankKey.DURATION, RankKey.ATTEMPTS_USED, RankKey.REGISTERED_AT))


def contender(
    name: str,
    points: int = 10,
    *,
    off: int | None = None,
    took: int = 300,
    at: int = 0,
    tries: int = 1,
    entered: int = 0,
) -> Contender:
    """`took` and `at` in seconds, `entered` in seconds before opening."""
    return Contender(
        public_id=name,
        points_milli=points * 1000,
        correct_count=points,
        prediction_distance=off,
        duration_ms=took * 1000,
        submitted_at=OPENS + timedelta(seconds=at),
        attempts_used=tries,
        registered_at=OPENS - timedelta(seconds=entered),
    )


def places(rows, chain, full=FULL):
    return [(place.rank, place.tied, place.row.public_id) for place in rank(rows, chain, full_points_milli=full)]


def test_nearest_prediction_wins_among_full_scores_then_the_earliest():
    cast = [
        contender("an", off=3, at=900),
        contender("binh", off=3, at=600),
        contender("chi", off=1, at=950),
        contender("dung", 9, off=0, at=10),
    ]

    assert places(cast, VCNET) == [(1, False, "chi"), (2, False, "binh"), (3, False, "an"), (4, False, "dung")]


def test_prediction_of_lower_scores_counts_only_where_the_role_says_so():
    cast = [contender("an", 9, off=500, at=10), contender("binh", 9, off=0, at=20)]

    assert places(cast, VCNET)[0][2] == "an"
    assert places(cast, replace(VCNET, prediction_role=PredictionRole.TIE_BREAK))[0][2] == "binh"


def test_missing_prediction_stands_behind_the_worst_one():
    cast = [contender("an", off=None, at=1), contender("binh", off=10**13, at=2)]

    assert [name for _rank, _tied, name in places(cast, VCNET)] == ["binh", "an"]


def test_exact_tie_is_shown_as_a_tie_and_the_next_rank_is_skipped():
    cast = [contender("dung", 7), contender("chi", 8), contender("an", 9), contender("binh", 8)]

    assert places(cast, VCNET) == [(1, False, "an"), (2, True, "binh"), (2, True, "chi"), (4, False, "dung")]


def test_fewer_attempts_then_earlier_registration_decide_where_the_chain_says_so():
    cast = [
        contender("an", tries=2, entered=900),
        contender("binh", tries=1, entered=10),
        contender("chi", tries=1, entered=500),
        contender("dung", took=200, tries=9),
    ]

    assert [name for _rank, _tied, name in places(cast, DAK_LAK)] == ["dung", "chi", "binh", "an"]


def test_moments_decide_by_the_millisecond_and_not_finer():
    early = contender("an")
    chain = Chain((RankKey.POINTS, RankKey.SUBMITTED_AT))

    later = replace(early, public_id="binh", submitted_at=OPENS + timedelta(milliseconds=1))
    same = replace(early, public_id="chi", submitted_at=OPENS + timedelta(microseconds=999))

    assert places([later, same, early], chain) == [(1, True, "an"), (1, True, "chi"), (3, False, "binh")]


def test_nobody_is_ranked_without_rows():
    assert rank([], VCNET, full_points_milli=FULL) == []


@pytest.mark.parametrize(
    ("one", "other", "chain", "sentence"),
    [
        (contender("an", 9), contender("binh", 8), VCNET, "Người xếp trên nhiều điểm hơn (9 so với 8 điểm)."),
        (
            contender("an", off=12),
            contender("binh", off=3),
            VCNET,
            "Hai người bằng nhau về điểm; người xếp trên dự đoán gần hơn (lệch 3 so với lệch 12).",
        ),
        (
            contender("an", off=12),
            contender("binh"),
            VCNET,
            "Hai người bằng nhau về điểm; người xếp trên có câu dự đoán (lệch 12), người kia không dự đoán.",
        ),
        (
            contender("an", off=3, at=62),
            contender("binh", off=3, at=61),
            VCNET,
            (
                "Hai người bằng nhau về điểm và câu dự đoán; người xếp trên nộp bài sớm hơn "
                "(8:01:01,000 ngày 22/11/2026 so với 8:01:02,000 ngày 22/11/2026)."
            ),
        ),
        # Below the full score the prediction did not count, so it is not named as equal.
        (
            contender("an", 9, off=3, at=1),
            contender("binh", 9, off=0, at=2),
            VCNET,
            (
                "Hai người bằng nhau về điểm; người xếp trên nộp bài sớm hơn "
                "(8:00:01,000 ngày 22/11/2026 so với 8:00:02,000 ngày 22/11/2026)."
            ),
        ),
        (
            contender("an", took=423),
            contender("binh", took=59),
            DAK_LAK,
            "Hai người bằng nhau về số câu đúng; người xếp trên làm bài nhanh hơn (59,000 giây so với 7 phút 3,000 giây).",
        ),
        (
            contender("an", tries=3),
            contender("binh", tries=1),
            DAK_LAK,
            (
                "Hai người bằng nhau về số câu đúng và thời gian làm bài; "
                "người xếp trên dùng ít lượt thi hơn (1 so với 3 lượt)."
            ),
        ),
        (contender("an"), contender("binh"), DAK_LAK, "Hai người bằng nhau ở mọi tiêu chí nên đồng hạng."),
    ],
)
def test_why_ahead_says_what_decided_with_both_values(one, other, chain, sentence):
    assert why_ahead(one, other, chain, full_points_milli=FULL) == sentence
    assert why_ahead(other, one, chain, full_points_milli=FULL) == sentence


def test_why_ahead_writes_percentages_with_their_decimals():
    sentence = why_ahead(contender("an", off=125), contender("binh", off=50), VCNET, full_points_milli=FULL, decimals=1)

    assert "lệch 5,0 so với lệch 12,5" in sentence


# --- properties: small ranges, so that ties happen -----------------------------------------------------------

chains = st.builds(
    Chain,
    st.lists(st.sampled_from(list(RankKey)), min_size=1, max_size=7, unique=True).map(tuple),
    st.sampled_from(list(PredictionRole)),
)
rows = st.builds(
    contender,
    st.uuids().map(str),
    st.integers(8, 10),
    off=st.none() | st.integers(0, 2),
    took=st.integers(1, 3),
    at=st.integers(0, 2),
    tries=st.integers(1, 2),
    entered=st.integers(0, 2),
)
fields = st.lists(rows, max_size=12, unique_by=lambda row: row.public_id)


@given(cast=fields, chain=chains, random=st.randoms())
def test_order_of_the_rows_changes_nothing(cast, chain, random):
    assert rank(random.sample(cast, len(cast)), chain, full_points_milli=FULL) == rank(
        cast, chain, full_points_milli=FULL
    )


@given(cast=fields, chain=chains)
def test_rank_is_one_more_than_the_number_of_people_ahead(cast, chain):
    ranked = rank(cast, chain, full_points_milli=FULL)

    assert sorted(place.row.public_id for place in ranked) == sorted(row.public_id for row in cast)
    for place in ranked:
        assert place.rank == 1 + sum(other.keys < place.keys for other in ranked)
        assert place.tied == (sum(other.rank == place.rank for other in ranked) > 1)
    assert all(above.keys <= below.keys for above, below in pairwise(ranked))


@given(one=rows, other=rows, chain=chains)
def test_ties_are_mutual_and_two_people_are_always_comparable(one, other, chain):
    other = replace(other, public_id=f"{one.public_id}+")
    mine, theirs = (keys_of(row, chain, full_points_milli=FULL) for row in (one, other))
    first, second = rank([one, other], chain, full_points_milli=FULL)

    assert (first.rank, second.rank) == ((1, 1) if mine == theirs else (1, 2))
    assert first.tied == second.tied == (mine == theirs)
    assert (first.row is one) or mine > theirs


@given(cast=fields, extra=rows, chain=chains)
def test_a_newcomer_moves_only_people_who_are_behind(cast, extra, chain):
    extra = replace(extra, public_id="newcomer")
    before = {place.row.public_id: place for place in rank(cast, chain, full_points_milli=FULL)}
    keys = keys_of(extra, chain, full_points_milli=FULL)

    for place in rank([*cast, extra], chain, full_points_milli=FULL):
        if place.row is extra:
            continue
        old = before[place.row.public_id]
        assert place.keys == old.keys
        assert place.rank == old.rank + (1 if keys < old.keys else 0)


@given(row=rows, chain=chains, gain=st.integers(1, 2))
def test_more_points_never_put_a_person_behind_where_points_come_first(row, chain, gain):
    keys = (RankKey.POINTS, *(key for key in chain.keys if key is not RankKey.POINTS))
    better = replace(row, points_milli=row.points_milli + gain * 1000)

    chain = replace(chain, keys=keys)

    assert keys_of(better, chain, full_points_milli=FULL) < keys_of(row, chain, full_points_milli=FULL)


# --- the number on the live board -----------------------------------------------------------------------------

board_points = st.integers(0, MAX_COMPOSITE_POINTS - 1)
tiebreaks = st.integers(0, TIEBREAK_SPAN - 1)


@given(points=board_points, tiebreak=tiebreaks)
def test_composite_score_is_exact_in_a_double(points, tiebreak):
    score = composite_score(points, tiebreak)

    assert int(float(score)) == score < 2**53
    assert split_composite(float(score)) == (points, tiebreak)


@given(one=st.tuples(board_points, tiebreaks), other=st.tuples(board_points, tiebreaks))
def test_composite_score_orders_by_points_then_by_the_smaller_tiebreak(one, other):
    ahead = (-one[0], one[1]) < (-other[0], other[1])

    assert (composite_score(*one) > composite_score(*other)) == ahead


@pytest.mark.parametrize(("points", "tiebreak"), [(-1, 0), (2**22, 0), (0, -1), (0, 2**31)])
def test_composite_score_refuses_what_would_lose_digits(points, tiebreak):
    with pytest.raises(ValueError, match="board score"):
        composite_score(points, tiebreak)


def test_board_tiebreak_takes_the_first_key_that_is_already_known():
    row = contender("an", took=300, at=62, tries=4)

    assert board_tiebreak(row, VCNET, opens_at=OPENS) == 62
    assert board_tiebreak(row, DAK_LAK, opens_at=OPENS) == 300_000
    assert board_tiebreak(row, Chain((RankKey.POINTS, RankKey.ATTEMPTS_USED)), opens_at=OPENS) == 4
    assert board_tiebreak(row, Chain((RankKey.POINTS,)), opens_at=OPENS) == 0


# --- which attempt counts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Try:
    public_id: str
    points_milli: int
    duration_ms: int
    submitted_at: datetime
    week: str = "2026-W47"


def attempt(name: str, points: int, *, took: int, at: int, week: int = 47) -> Try:
    return Try(name, points * 1000, took * 1000, OPENS + timedelta(seconds=at), f"2026-W{week}")


TRIES = [
    attempt("first", 7, took=50, at=10),
    attempt("slow", 9, took=400, at=20),
    attempt("quick", 9, took=100, at=30),
    attempt("last", 6, took=60, at=40),
]


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        (CountingPolicy.ONLY, "first"),
        (CountingPolicy.FIRST, "first"),
        (CountingPolicy.LAST, "last"),
        (CountingPolicy.BEST, "quick"),
        (CountingPolicy.BEST_EARLIEST, "slow"),
        (CountingPolicy.BEST_OF_WEEK, "quick"),
        (CountingPolicy.SUM_OF_WEEKS, "quick"),
    ],
)
def test_counting_attempt_follows_the_policy(policy, name):
    chosen = counting_attempt(TRIES, policy)

    assert chosen is not None
    assert chosen.public_id == name
    assert counting_attempt([], policy) is None


def test_sum_of_weeks_takes_the_best_of_each_week_in_order():
    later = [attempt("next", 5, took=9, at=700_000, week=48), attempt("next-best", 8, took=9, at=700_100, week=48)]

    assert [row.public_id for row in counting_attempts([*later, *TRIES], CountingPolicy.SUM_OF_WEEKS)] == [
        "quick",
        "next-best",
    ]
    assert [row.public_id for row in counting_attempts([*later, *TRIES], CountingPolicy.BEST)] == ["quick"]
    assert counting_attempts([], CountingPolicy.SUM_OF_WEEKS) == ()


attempts = st.builds(
    attempt,
    st.uuids().map(str),
    st.integers(0, 3),
    took=st.integers(1, 3),
    at=st.integers(0, 3),
    week=st.integers(47, 49),
)


@given(
    tries=st.lists(attempts, min_size=1, max_size=8, unique_by=lambda row: row.public_id),
    policy=st.sampled_from(list(CountingPolicy)),
    random=st.randoms(),
)
def test_counting_does_not_depend_on_the_order_of_attempts(tries, policy, random):
    shuffled = random.sample(tries, len(tries))

    assert counting_attempt(shuffled, policy) == counting_attempt(tries, policy)
    assert counting_attempts(shuffled, policy) == counting_attempts(tries, policy)


@given(
    tries=st.lists(attempts, min_size=1, max_size=8, unique_by=lambda row: row.public_id),
    extra=attempts,
    policy=st.sampled_from(
        [CountingPolicy.BEST, CountingPolicy.BEST_EARLIEST, CountingPolicy.BEST_OF_WEEK, CountingPolicy.SUM_OF_WEEKS]
    ),
)
def test_one_more_attempt_never_lowers_what_counts(tries, extra, policy):
    def total(some: list[Try]) -> int:
        return sum(row.points_milli for row in counting_attempts(some, policy))

    assert total([*tries, extra]) >= total(tries)
