"""Points: the published numbers, and the promise that one more right answer always wins where it is made."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.enums import Play, Scoring
from realtime.game_state import PlanItem
from realtime.rules import EventRules
from realtime.scoring import STRATEGIES, Award, Course, award, closest_points, course_of, half_up

ACCURACY = EventRules(scoring=Scoring.ACCURACY)
KAHOOT = EventRules(scoring=Scoring.KAHOOT)
FIRST = EventRules(scoring=Scoring.ACCURACY_FIRST)
ITEM = PlanItem(seconds=30, points=1000)


def points(rules, item=ITEM, *, right=1000, t=0, streak=0, bet=0, course=None):
    return award(
        rules,
        item,
        right_permille=right,
        elapsed_ms=t,
        limit_ms=item.limit_ms,
        streak=streak,
        bet=bet,
        course=course or course_of([item] * 10),
    )


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        (0, 1000),
        (499, 1000),  # full under half a second
        (500, 992),  # 1000 × (1 − 0.5/30/2) = 991.67
        (2_000, 967),  # the example of Kahoot's help page: 2 s of 30 s
        (15_000, 750),
        (30_000, 500),
        (45_000, 500),  # seconds a host added earn what the last moment earned
    ],
)
def test_kahoot_gives_the_published_points(t, expected):
    assert points(KAHOOT, t=t).points == expected


@pytest.mark.parametrize(("streak", "bonus"), [(0, 0), (1, 100), (2, 200), (5, 500), (6, 500), (40, 500)])
def test_kahoot_streak_adds_a_hundred_each_and_five_hundred_at_most(streak, bonus):
    assert points(replace(KAHOOT, streak=True), streak=streak) == Award(1000 + bonus, streak + 1)
    assert points(KAHOOT, streak=streak) == Award(1000, streak + 1)


@given(st.integers(0, 30_000), st.integers(0, 30_000), st.sampled_from([ACCURACY, KAHOOT, FIRST]))
def test_slower_never_earns_more_and_right_always_earns(one, other, rules):
    fast, slow = sorted((one, other))

    assert points(rules, t=fast).points >= points(rules, t=slow).points > 0


@pytest.mark.parametrize("t", [0, 15_000, 30_000])
def test_accuracy_does_not_look_at_the_clock(t):
    assert points(replace(ACCURACY, streak=True), t=t, streak=7) == Award(1000, 8)


@pytest.mark.parametrize("rules", [ACCURACY, KAHOOT, FIRST])
def test_partly_right_earns_its_part_and_breaks_the_streak(rules):
    assert points(rules, right=500, streak=3) == Award(500, 0)


@pytest.mark.parametrize("right", [0, None])
def test_wrong_or_silent_earns_nothing_and_breaks_the_streak(right):
    assert points(KAHOOT, right=right, streak=3) == Award(0, 0)


@pytest.mark.parametrize(
    "item", [replace(ITEM, play=Play.POLL), replace(ITEM, play=Play.CLOUD), replace(ITEM, practice=True)]
)
@pytest.mark.parametrize("right", [1000, 0, None])
def test_polls_clouds_and_practice_give_nothing_and_leave_the_streak(item, right):
    assert points(replace(KAHOOT, bets=True), item, right=right, streak=3, bet=2) == Award(0, 3)


def test_question_worth_nothing_still_carries_the_streak():
    assert points(KAHOOT, replace(ITEM, points=0), streak=3) == Award(0, 4)


# ------------------------------------------------------------------------------------------------- the promise

ANSWERS = st.tuples(st.integers(0, 40_000), st.booleans())  # (milliseconds, right)


def total(rules, plan, answers, right):
    """An evening's total of somebody right on exactly the questions ``right``."""
    course, streak, points_sum = course_of(plan), 0, 0
    for index, (item, t) in enumerate(zip(plan, answers, strict=True)):
        earned = award(
            rules,
            item,
            right_permille=1000 if index in right else 0,
            elapsed_ms=t,
            limit_ms=item.limit_ms,
            streak=streak,
            bet=0,
            course=course,
        )
        streak, points_sum = earned.streak, points_sum + earned.points
    return points_sum


@given(st.data())
def test_one_more_right_answer_always_beats_speed_and_streak(data):
    """Equal points: whoever is right once more is ahead, however slow, whatever the streaks."""
    count = data.draw(st.integers(1, 30), label="questions")
    worth = data.draw(st.integers(1, 5_000), label="points")
    rules = replace(FIRST, streak=data.draw(st.booleans(), label="streak"))
    plan = [PlanItem(seconds=data.draw(st.integers(3, 60)), points=worth) for _ in range(count)]
    places = st.sets(st.integers(0, count - 1))
    more, fewer = data.draw(places), data.draw(places)
    if len(more) <= len(fewer):
        return
    slow = [item.limit_ms for item in plan]

    assert total(rules, plan, slow, more) > total(rules, plan, [0] * count, fewer)


@given(st.data())
def test_right_on_all_of_anothers_questions_and_one_more_is_ahead_whatever_each_is_worth(data):
    count = data.draw(st.integers(1, 30), label="questions")
    plan = [PlanItem(points=data.draw(st.integers(1, 5_000))) for _ in range(count)]
    fewer = data.draw(st.sets(st.integers(0, count - 1), max_size=count - 1))
    more = fewer | {min(set(range(count)) - fewer)}
    rules = replace(FIRST, streak=data.draw(st.booleans(), label="streak"))

    assert total(rules, plan, [10**6] * count, more) > total(rules, plan, [0] * count, fewer)


def test_accuracy_first_rewards_speed_and_streak_a_little():
    course = Course(questions=10, smallest=1000)  # 99 a question

    assert points(FIRST, t=0, course=course).points == 1099
    assert points(FIRST, t=15_000, course=course).points == 1049
    assert points(FIRST, t=30_000, course=course).points == 1000
    streaks = replace(FIRST, streak=True)
    assert points(streaks, t=0, course=course).points == 1050
    assert points(streaks, t=0, streak=5, course=course).points == 1099


def test_course_counts_only_what_gives_points():
    plan = [
        ITEM,
        replace(ITEM, practice=True, points=1),
        replace(ITEM, play=Play.POLL),
        replace(ITEM, points=0),
        replace(ITEM, points=300),
    ]

    assert course_of(plan) == Course(questions=2, smallest=300)
    assert course_of([]) == Course(0, 0)


# ------------------------------------------------------------------------------------------------- bets and guesses


@pytest.mark.parametrize(
    ("right", "bet", "expected"),
    [
        (1000, 0, 1000),
        (1000, 1, 1500),
        (1000, 2, 2000),
        (0, 0, 0),
        (0, 1, -500),
        (0, 2, -1000),
        (500, 2, 500),
        (None, 2, 0),
    ],
)
def test_bet_wins_and_loses_the_same(right, bet, expected):
    rules = replace(ACCURACY, bets=True)

    assert points(rules, right=right, bet=bet).points == expected
    assert points(ACCURACY, right=right, bet=bet) == points(ACCURACY, right=right), "without bets in the rules"


def test_bet_beyond_the_rules_is_the_largest():
    assert points(replace(ACCURACY, bets=True), bet=9).points == 2000


def test_nearest_guess_gets_all_and_ties_share():
    assert closest_points([Decimal(5), Decimal(0), Decimal(5), Decimal(90)], points=1000) == [750, 1000, 750, 250]
    assert closest_points([3, 3, 3], points=900) == [900, 900, 900]
    assert closest_points([], points=1000) == []


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_nearer_guesses_never_earn_less(distances):
    given_points = closest_points(distances, points=1000)

    assert max(given_points) == 1000
    for one, its_points in zip(distances, given_points, strict=True):
        for other, other_points in zip(distances, given_points, strict=True):
            assert (one < other) <= (its_points >= other_points)
            assert (one == other) <= (its_points == other_points)


def test_guess_earns_its_share_whatever_the_time():
    guess = replace(ITEM, play=Play.CLOSEST)

    assert points(KAHOOT, guess, right=750, t=30_000, streak=2) == Award(750, 2)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"), [(1, 2, 1), (3, 2, 2), (-1, 2, 0), (-3, 2, -1), (7, 3, 2)]
)
def test_halves_round_up(numerator, denominator, expected):
    assert half_up(numerator, denominator) == expected


def test_every_way_of_scoring_explains_itself():
    assert set(STRATEGIES) == set(Scoring)
    for strategy in STRATEGIES.values():
        assert all(line.endswith(".") for line in strategy.explain(streak=True))
