"""Points, levels, streaks, badges and quests: the pure rules."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from quizbank.badges import BADGES, earned_codes, still_open
from quizbank.petals import petals
from quizbank.quests import TopicLeft, quests_of
from quizbank.rewards import (
    DAILY_CAP,
    LEVELS,
    capped,
    earning_looks,
    level_of,
    paced_tokens,
    streak_of,
    vn_day,
)
from quizbank.scheduling import Look, remember

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # a Sunday
TODAY = date(2026, 11, 22)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NO_FACTS = dict.fromkeys({badge.fact for badge in BADGES}, 0)


def days(*ago: int) -> set[date]:
    return {TODAY - number * DAY for number in ago}


# --- points ---------------------------------------------------------------------------------------------------------
def test_a_day_is_that_of_viet_nam() -> None:
    assert vn_day(datetime(2026, 11, 21, 16, 59, tzinfo=UTC)) == TODAY - DAY
    assert vn_day(datetime(2026, 11, 21, 17, 0, tzinfo=UTC)) == TODAY


@given(st.lists(st.integers(1, 20), max_size=60), st.integers(0, 400))
def test_a_day_never_brings_more_than_the_cap(wanted: list[int], earned: int) -> None:
    given_points = capped(wanted, earned=earned)
    assert len(given_points) == len(wanted)
    assert sum(given_points) == min(sum(wanted), max(0, DAILY_CAP - earned))


def test_a_card_known_when_new_or_due_earns_and_one_seen_too_early_does_not() -> None:
    again, early = Look(NOW, "a", 1), Look(NOW + timedelta(seconds=20), "b", 3)
    due = Look(remember(None, again).due + MINUTE, "c", 3)
    paced = {"a", "b", "c"}
    assert earning_looks([Look(NOW, "n", 3)], paced={"n"}) == [Look(NOW, "n", 3)]
    assert earning_looks([Look(NOW, "h", 2)], paced={"h"}) == []
    assert earning_looks([again, early], paced=paced) == []
    assert [one.token for one in earning_looks([due, again], paced=paced)] == ["c"]
    assert earning_looks([due, again], paced={"a"}) == []


def test_looks_clicked_through_are_not_paced() -> None:
    looks = [
        (NOW + timedelta(seconds=after), name) for after, name in ((0, "a"), (1, "b"), (3, "c"), (4, "d"), (9, "e"))
    ]
    assert paced_tokens(looks) == {"a", "c", "e"}
    assert paced_tokens([]) == set()


# --- levels ---------------------------------------------------------------------------------------------------------
def test_levels_rise_from_nothing_and_the_last_has_no_end() -> None:
    starts = [start for start, _name in LEVELS]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert len(LEVELS) == 10
    assert [level_of(points).number for points in (0, 39, 40, 119, 120, 3299, 3300, 10**6)] == [
        1,
        1,
        2,
        2,
        3,
        9,
        10,
        10,
    ]
    assert level_of(40).end == 120
    assert level_of(9999).end is None


# --- streak ---------------------------------------------------------------------------------------------------------
def test_days_in_a_row_count_and_today_is_not_missed_before_it_is_over() -> None:
    assert streak_of(days(0, 1, 2), TODAY).length == 3
    open_today = streak_of(days(1, 2, 3), TODAY)
    assert (open_today.length, open_today.today, open_today.freeze_left) == (3, False, True)
    assert streak_of(set(), TODAY).length == 0


def test_one_missed_day_a_week_is_bridged_and_a_second_ends_the_streak() -> None:
    bridged = streak_of(days(0, 1, 3, 4), TODAY)
    assert (bridged.length, bridged.frozen, bridged.freeze_left) == (4, days(2), False)
    ended = streak_of(days(0, 2, 4), TODAY)
    assert (ended.length, ended.best, ended.frozen) == (1, 2, days(3))


def test_each_week_has_its_own_freeze_from_monday() -> None:
    # Monday 16 November is 6 days ago: Sunday 15 and Monday 16 missed take the freezes of two weeks.
    assert streak_of(days(0, 1, 2, 3, 4, 5, 8, 9), TODAY).length == 8
    # Monday 16 and Tuesday 17 are of one week.
    assert streak_of(days(0, 1, 2, 3, 4, 7, 8), TODAY).length == 5


def test_a_freeze_that_led_nowhere_is_not_shown() -> None:
    assert streak_of(days(0, 5), TODAY).frozen == frozenset()


def test_coming_back_after_more_than_a_week_is_counted() -> None:
    assert streak_of(days(0, 7), TODAY).comebacks == 0
    assert streak_of(days(0, 8, 30), TODAY).comebacks == 2


@given(st.sets(st.integers(0, 60)))
def test_a_streak_is_never_longer_than_its_days(ago: set[int]) -> None:
    streak = streak_of(days(*ago), TODAY)
    assert streak.length <= streak.best <= len(ago)
    assert streak.frozen.isdisjoint(days(*ago))


# --- badges ---------------------------------------------------------------------------------------------------------
def test_badges_are_many_and_each_is_drawn() -> None:
    assert len(BADGES) >= 15
    assert len({badge.code for badge in BADGES}) == len({badge.symbol for badge in BADGES}) == len(BADGES)
    sprite = (Path(settings.BASE_DIR) / "quizbank/static/quizbank/badges.svg").read_text()
    assert set(re.findall(r'<symbol id="([a-z-]+)"', sprite)) == {badge.symbol for badge in BADGES}


@pytest.mark.parametrize("badge", BADGES, ids=lambda badge: badge.code)
def test_a_badge_is_given_at_its_number_and_not_before(badge) -> None:
    assert badge.code not in earned_codes(NO_FACTS | {badge.fact: badge.goal - 1})
    assert badge.code in earned_codes(NO_FACTS | {badge.fact: badge.goal})


def test_the_nearest_badge_comes_first_and_none_twice() -> None:
    facts = NO_FACTS | {"cards": 9}
    ahead = still_open(facts, {"first-card"})
    assert (ahead[0].badge.code, ahead[0].done) == ("cards-10", 9)
    assert len(ahead) == len(BADGES) - 1


# --- quests ---------------------------------------------------------------------------------------------------------
def test_quests_are_the_same_all_week_and_can_be_done() -> None:
    left = {"an-toan": TopicLeft(4, 40), "du-lieu-so": TopicLeft(12, 0), "phap-ly": TopicLeft(1, 2)}
    monday = date(2026, 11, 16)
    quests = quests_of("p1", monday, left)
    assert quests == quests_of("p1", monday, left)
    assert [quest.kind for quest in quests] == ["today", "cards", "questions"]
    for quest in quests[1:]:
        assert quest.goal <= getattr(left[quest.topic], quest.kind)
    weeks = {quests_of("p1", monday + timedelta(weeks=week), left)[1].topic for week in range(12)}
    assert weeks == {"an-toan", "du-lieu-so"}


def test_who_knows_everything_has_days_to_keep() -> None:
    assert [quest.kind for quest in quests_of("p1", date(2026, 11, 16), {})] == ["today", "days"]


# --- petals ---------------------------------------------------------------------------------------------------------
def test_a_petal_for_each_topic_filled_as_far_as_known() -> None:
    drawn = petals([0.0, 0.5, 1.0, 2.0])
    assert [one.number for one in drawn] == [1, 2, 3, 4]
    assert [bool(one.filled) for one in drawn] == [False, True, True, True]
    assert drawn[2].filled == drawn[2].outline
    assert petals([]) == []
