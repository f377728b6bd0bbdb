"""Units compared: by which number, under which conditions, ties as ties."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.collective import QuotaCount, UnitCounts, metric_value, missing_conditions, rank_units, stored
from contest.rules.enums import CollectiveMetric
from contest.rules.parts import Bloc, Collective, MandatoryQuota, MetricWeight, SizeTier

MY_THO = UnitCounts(
    public_id="my-tho",
    size=200,
    participants=50,
    papers=50,
    points_milli=400_000,
    full_points_milli=10_000,
    perfect=10,
    winners=1,
)
BEN_TRE = UnitCounts(
    public_id="ben-tre",
    size=40,
    participants=30,
    papers=30,
    points_milli=270_000,
    full_points_milli=10_000,
    perfect=3,
    winners=0,
)
EMPTY = UnitCounts(public_id="vang", size=10)


def places(units, rules):
    return [(place.rank, place.tied, place.unit.public_id, place.value) for place in rank_units(units, rules)[""]]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (CollectiveMetric.HEADCOUNT, [(1, False, "my-tho", 50), (2, False, "ben-tre", 30)]),
        (CollectiveMetric.RATIO, [(1, False, "ben-tre", 750), (2, False, "my-tho", 250)]),
        (CollectiveMetric.WINNERS, [(1, False, "my-tho", 1), (2, False, "ben-tre", 0)]),
        (CollectiveMetric.AVERAGE_SCORE, [(1, False, "ben-tre", 9000), (2, False, "my-tho", 8000)]),
        (CollectiveMetric.PERFECT_SHARE, [(1, False, "my-tho", 200), (2, False, "ben-tre", 100)]),
    ],
)
def test_each_metric_puts_its_own_unit_first(metric, expected):
    assert places([MY_THO, BEN_TRE], Collective(metric=metric)) == expected


def test_unit_without_participants_is_listed_without_a_rank():
    ranked = rank_units([EMPTY, MY_THO], Collective(metric=CollectiveMetric.RATIO))[""]

    assert [(place.rank, place.unit.public_id) for place in ranked] == [(1, "my-tho"), (None, "vang")]
    assert ranked[1].missing == ("Cần ít nhất 1 người dự thi, hiện có 0.",)


def test_ratio_counts_at_most_everybody_and_nothing_without_a_roster():
    crowd = replace(MY_THO, public_id="dong", size=20)
    unknown = replace(MY_THO, public_id="chua-ro", size=None)

    assert metric_value(crowd, CollectiveMetric.RATIO) == 1
    assert metric_value(unknown, CollectiveMetric.RATIO) == 0


@pytest.mark.parametrize(
    ("rules", "unsized"),
    [
        (Collective(metric=CollectiveMetric.RATIO), True),
        (Collective(metric=CollectiveMetric.HEADCOUNT), False),
        (
            Collective(
                metric=CollectiveMetric.COMBINED,
                weights=(
                    MetricWeight(metric=CollectiveMetric.RATIO, weight=50),
                    MetricWeight(metric=CollectiveMetric.HEADCOUNT, weight=50),
                ),
            ),
            True,
        ),
    ],
)
def test_unit_of_unknown_size_is_told_apart_where_a_ratio_counts(rules, unsized):
    unknown = replace(MY_THO, public_id="chua-ro", size=None)

    assert {place.unit.public_id: place.unsized for place in rank_units([unknown, BEN_TRE], rules)[""]} == {
        "chua-ro": unsized,
        "ben-tre": False,
    }


def test_units_of_unknown_size_come_last_by_their_participants():
    few = replace(BEN_TRE, public_id="it", size=None)
    many = replace(MY_THO, public_id="nhieu", size=None)
    tiny = UnitCounts(public_id="ti-le-nho", size=10_000, participants=1, papers=1)

    assert [
        (rank, name) for rank, _, name, _ in places([few, many, tiny], Collective(metric=CollectiveMetric.RATIO))
    ] == [
        (1, "ti-le-nho"),
        (2, "nhieu"),
        (3, "it"),
    ]


def test_equal_ratio_is_decided_by_head_count_then_by_average_then_shared():
    rules = Collective(metric=CollectiveMetric.RATIO)
    small = UnitCounts(public_id="nho", size=10, participants=5)
    large = UnitCounts(public_id="lon", size=100, participants=50)
    twin = replace(large, public_id="lon-2")
    better = replace(large, public_id="lon-gioi", papers=50, points_milli=1)

    assert places([small, twin, large, better], rules) == [
        (1, False, "lon-gioi", 500),
        (2, True, "lon", 500),
        (2, True, "lon-2", 500),
        (4, False, "nho", 500),
    ]


def test_minimum_ratio_follows_the_size_of_the_unit():
    tiers = (
        SizeTier(max_size=49, min_ratio_percent=80),
        SizeTier(min_size=50, max_size=99, min_ratio_percent=50),
        SizeTier(min_size=100, min_ratio_percent=25),
    )
    rules = Collective(metric=CollectiveMetric.RATIO_MIN_TIER, size_tiers=tiers)

    ranked = rank_units([MY_THO, BEN_TRE, replace(BEN_TRE, public_id="chua-ro", size=None)], rules)[""]

    assert [(place.rank, place.unit.public_id, place.missing) for place in ranked] == [
        (1, "my-tho", ()),
        (None, "ben-tre", ("Cần ít nhất 80% số người của đơn vị dự thi.",)),
        (None, "chua-ro", ("Chưa có tổng số người của đơn vị nên chưa tính được tỉ lệ.",)),
    ]


@pytest.mark.parametrize(
    ("quota", "count", "met"),
    [
        (MandatoryQuota(code="mc", name="Một cửa", min_percent=100), QuotaCount(people=8, took_part=8), True),
        (MandatoryQuota(code="mc", name="Một cửa", min_percent=100), QuotaCount(people=8, took_part=7), False),
        (MandatoryQuota(code="mc", name="Lãnh đạo", min_count=1), QuotaCount(people=3, took_part=1), True),
        (MandatoryQuota(code="mc", name="Lãnh đạo", min_count=1), QuotaCount(people=3, took_part=0), False),
        (MandatoryQuota(code="mc", name="Lãnh đạo", min_count=2), QuotaCount(people=1, took_part=1), True),
        (MandatoryQuota(code="mc", name="Lãnh đạo", min_count=2), QuotaCount(people=0, took_part=0), True),
        (MandatoryQuota(code="mc", name="Trưởng phòng", min_percent=50), QuotaCount(people=3, took_part=1), False),
        (MandatoryQuota(code="mc", name="Trưởng phòng", min_percent=50), None, False),
    ],
)
def test_mandatory_people_must_take_part(quota, count, met):
    rules = Collective(metric=CollectiveMetric.RATIO, mandatory=(quota,))
    unit = replace(MY_THO, mandatory={"mc": count} if count else {})

    assert missing_conditions(unit, rules) == (() if met else (f"Chưa đủ người bắt buộc dự thi: {quota.name}.",))


def test_mandatory_share_adds_up_all_quotas():
    unit = replace(MY_THO, mandatory={"a": QuotaCount(people=3, took_part=2), "b": QuotaCount(people=1, took_part=5)})

    assert metric_value(unit, CollectiveMetric.MANDATORY_SHARE) == Fraction(3, 4)


def test_unit_needs_enough_people_and_a_winner_where_the_rules_say_so():
    rules = Collective(metric=CollectiveMetric.RATIO, min_participants=31, require_winner=True)

    assert missing_conditions(MY_THO, rules) == ()
    assert missing_conditions(BEN_TRE, rules) == (
        "Cần ít nhất 31 người dự thi, hiện có 30.",
        "Cần có ít nhất một người đạt giải cá nhân.",
    )


def test_combination_weighs_metrics_as_parts_of_their_best():
    rules = Collective(
        metric=CollectiveMetric.COMBINED,
        weights=(
            MetricWeight(metric=CollectiveMetric.HEADCOUNT, weight=50),
            MetricWeight(metric=CollectiveMetric.RATIO, weight=30),
            MetricWeight(metric=CollectiveMetric.AVERAGE_SCORE, weight=20),
        ),
    )

    # Mỹ Tho: 50·1 + 30·0.25 + 20·0.8 = 73.5; Bến Tre: 50·0.6 + 30·0.75 + 20·0.9 = 70.5
    assert places([BEN_TRE, MY_THO], rules) == [(1, False, "my-tho", 735), (2, False, "ben-tre", 705)]


def test_unit_outside_the_ranking_sets_no_standard_and_exceeds_none():
    rules = Collective(
        metric=CollectiveMetric.COMBINED,
        weights=(MetricWeight(metric=CollectiveMetric.HEADCOUNT, weight=100),),
        require_winner=True,
    )
    crowd = replace(MY_THO, public_id="dong", participants=900, winners=0)

    assert places([crowd, MY_THO], rules) == [(1, False, "my-tho", 1000), (None, False, "dong", 1000)]


def test_blocs_are_ranked_apart():
    rules = Collective(
        metric=CollectiveMetric.HEADCOUNT, blocs=(Bloc(code="so", name="Sở"), Bloc(code="xa", name="Xã"))
    )
    units = [replace(MY_THO, bloc="xa"), replace(BEN_TRE, bloc="so")]

    ranked = rank_units(units, rules)

    assert {bloc: [(place.rank, place.unit.public_id) for place in rows] for bloc, rows in ranked.items()} == {
        "so": [(1, "ben-tre")],
        "xa": [(1, "my-tho")],
    }


def test_rules_that_compare_nothing_cannot_rank():
    with pytest.raises(ValueError, match="no simple metric"):
        rank_units([MY_THO], Collective())


def test_stored_values_round_half_up():
    assert stored(Fraction(1, 16), CollectiveMetric.RATIO) == 63
    assert stored(Fraction(5, 2), CollectiveMetric.AVERAGE_SCORE) == 3


small = st.integers(0, 4)
units = st.builds(
    UnitCounts,
    public_id=st.uuids().map(str),
    size=st.none() | small,
    participants=small,
    papers=small,
    points_milli=small,
    full_points_milli=st.just(4),
    perfect=small,
    winners=small,
)
rule_sets = st.builds(
    Collective,
    metric=st.sampled_from(
        [metric for metric in CollectiveMetric if metric not in {CollectiveMetric.NONE, CollectiveMetric.COMBINED}]
    ),
    min_participants=st.integers(0, 2),
    require_winner=st.booleans(),
) | st.just(
    Collective(
        metric=CollectiveMetric.COMBINED,
        weights=(
            MetricWeight(metric=CollectiveMetric.HEADCOUNT, weight=70),
            MetricWeight(metric=CollectiveMetric.PERFECT_SHARE, weight=30),
        ),
    )
)
casts = st.lists(units, max_size=8, unique_by=lambda unit: unit.public_id)


@given(cast=casts, rules=rule_sets, random=st.randoms())
def test_order_of_the_units_changes_nothing(cast, rules, random):
    assert rank_units(random.sample(cast, len(cast)), rules) == rank_units(cast, rules)


@given(cast=casts, rules=rule_sets)
def test_every_unit_is_listed_once_and_ranks_count_those_ahead(cast, rules):
    ranked = rank_units(cast, rules).get("", [])

    assert sorted(place.unit.public_id for place in ranked) == sorted(unit.public_id for unit in cast)
    inside = [place for place in ranked if place.rank is not None]
    assert ranked[: len(inside)] == inside
    for place in inside:
        same = sum(other.rank == place.rank for other in inside)
        assert place.tied == (same > 1)
        assert place.rank == 1 + sum(other.rank < place.rank for other in inside)
        assert all(other.exact >= place.exact for other in inside if other.rank < place.rank)
    assert all(place.missing for place in ranked[len(inside) :])


@given(unit=units, rules=rule_sets, cast=casts)
def test_one_more_participant_never_costs_a_unit_its_place_by_head_count(unit, rules, cast):
    rules = replace(rules, metric=CollectiveMetric.HEADCOUNT, weights=())
    cast = [other for other in cast if other.public_id != unit.public_id]
    more = replace(unit, participants=unit.participants + 1)

    def place(mine: UnitCounts) -> int | None:
        return next(row.rank for row in rank_units([mine, *cast], rules)[""] if row.unit is mine)

    before, after = place(unit), place(more)

    assert before is None or (after is not None and after <= before)
