"""Spans in which attempts are counted: days and weeks of Viet Nam, never of the server."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.periods import day_key, next_opening, next_period_start, period_key, week_key
from contest.rules.enums import AttemptPer, CalendarKind
from contest.rules.words import VIETNAM

SUNDAY = datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Viet Nam
MONDAY = SUNDAY + timedelta(seconds=1)
FAR = datetime(2027, 1, 1, tzinfo=UTC)


def test_days_and_weeks_turn_at_midnight_in_viet_nam():
    assert (day_key(SUNDAY), day_key(MONDAY)) == ("2026-11-22", "2026-11-23")
    assert (week_key(SUNDAY), week_key(MONDAY)) == ("2026-W47", "2026-W48")


def test_first_days_of_january_belong_to_the_iso_year():
    assert week_key(datetime(2027, 1, 1, 5, tzinfo=UTC)) == "2026-W53"


@pytest.mark.parametrize(
    ("per", "calendar", "key"),
    [
        (AttemptPer.CONTEST, CalendarKind.SINGLE, "contest"),
        (AttemptPer.ROUND, CalendarKind.SINGLE, "round-3"),
        (AttemptPer.DAY, CalendarKind.BURSTS, "3:2026-11-22"),
        (AttemptPer.WEEK, CalendarKind.SINGLE, "3:2026-W47"),
        (AttemptPer.WEEK, CalendarKind.WEEKLY, "round-3"),
    ],
)
def test_period_key_names_the_span(per, calendar, key):
    assert period_key(per, SUNDAY, round_number=3, calendar=calendar) == key


def test_weekly_round_that_ends_on_monday_morning_is_one_week():
    keys = {
        period_key(AttemptPer.WEEK, moment, round_number=1, calendar=CalendarKind.WEEKLY) for moment in (SUNDAY, MONDAY)
    }

    assert keys == {"round-1"}


@pytest.mark.parametrize(
    ("per", "calendar", "start"),
    [
        (AttemptPer.DAY, CalendarKind.SINGLE, MONDAY),
        (AttemptPer.WEEK, CalendarKind.SINGLE, MONDAY),
        (AttemptPer.WEEK, CalendarKind.WEEKLY, None),
        (AttemptPer.ROUND, CalendarKind.SINGLE, None),
        (AttemptPer.CONTEST, CalendarKind.SINGLE, None),
    ],
)
def test_next_period_starts_at_midnight(per, calendar, start):
    assert next_period_start(per, SUNDAY, calendar=calendar) == start


def test_next_opening_is_the_next_span_only_while_the_round_is_open():
    next_round = MONDAY + timedelta(hours=8)

    assert next_opening(AttemptPer.WEEK, SUNDAY, closes_at=FAR, next_round_opens_at=next_round) == MONDAY
    assert next_opening(AttemptPer.WEEK, SUNDAY, closes_at=MONDAY, next_round_opens_at=next_round) == next_round
    assert next_opening(AttemptPer.ROUND, SUNDAY, closes_at=FAR, next_round_opens_at=None) is None
    assert next_opening(AttemptPer.CONTEST, SUNDAY, closes_at=FAR, next_round_opens_at=next_round) is None


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(moment=moments, per=st.sampled_from([AttemptPer.DAY, AttemptPer.WEEK]))
def test_next_start_is_the_first_instant_of_another_span(moment, per):
    start = next_period_start(per, moment)

    assert start is not None
    here = period_key(per, moment, round_number=1)
    assert moment < start <= moment + timedelta(days=7)
    assert period_key(per, start, round_number=1) != here
    assert period_key(per, start - timedelta(microseconds=1), round_number=1) == here


@given(moment=moments, per=st.sampled_from(list(AttemptPer)), number=st.integers(1, 32_767))
def test_key_fits_its_column_and_ignores_the_time_zone_of_the_value(moment, per, number):
    key = period_key(per, moment, round_number=number)

    assert len(key) <= 16
    assert key == period_key(per, moment.astimezone(VIETNAM), round_number=number)
