"""The weekly league: groups, ranks, and where people go next week; drawn once, from the ledger alone."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.enums import Role
from people.models import User
from quizbank.domain.leagues import draw_week, tiers_of
from quizbank.domain.progress_settings import choose_progress, switch_off
from quizbank.leagues import FEWEST, TIERS, groups_of, next_tiers, placed, seated
from quizbank.models import LeagueSeat, LeagueWeek, Point
from quizbank.queries.leagues import league_board
from tests.factories import NOW, make_participant, make_place, make_role, make_user

WEEK = timedelta(weeks=1)


# --- pure -----------------------------------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 150), max_size=40))
def test_everybody_has_one_group_of_similar_people(earned: list[int]) -> None:
    points = dict(enumerate(earned))
    groups = groups_of(points, size=7)
    assert sorted(person for group in groups for person in group) == sorted(points)
    sizes = [len(group) for group in groups]
    assert all(0 < size <= 7 for size in sizes)
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
    for stronger, weaker in pairwise(groups):
        assert min(points[person] for person in stronger) >= max(points[person] for person in weaker)


def test_equal_points_share_a_rank() -> None:
    assert [(one.person, one.rank) for one in placed({1: 5, 2: 9, 3: 5, 4: 0})] == [(2, 1), (1, 2), (3, 2), (4, 4)]


def test_the_best_rise_and_only_who_did_nothing_steps_down() -> None:
    group = placed({person: person * 10 for person in range(8)})
    assert next_tiers(2, group) == {7: 3, 6: 3, 5: 2, 4: 2, 3: 2, 2: 2, 1: 2, 0: 1}
    assert next_tiers(0, placed({1: 0, 2: 0})) == {1: 0, 2: 0}
    assert next_tiers(len(TIERS) - 1, placed({1: 9})) == {1: len(TIERS) - 1}


def test_a_thin_tier_learns_with_the_one_below() -> None:
    many = dict.fromkeys(range(FEWEST), 1)
    assert seated(many | {90: 3, 91: 4}) == many | {90: 1, 91: 1}
    assert seated({1: 2}) == {1: 2}
    assert seated({}) == {}


# --- drawn ----------------------------------------------------------------------------------------------------------
def give(person: User, points: int, at=NOW) -> None:
    key = f"day:{at.isoformat()}:{points}"
    Point.objects.create(person=person, kind="day", key=key[:40], points=points, day=at.date(), at=at)


def member(name: str = "Nguyễn Văn An", points: int = 0) -> User:
    person = make_participant(name).user
    choose_progress(person=person, shown=True, league=True, now=NOW - WEEK)
    if points:
        give(person, points, NOW - WEEK)
    return person


@pytest.mark.django_db
def test_a_week_is_drawn_once_and_begins_on_monday() -> None:
    person = member()
    first, again = draw_week(now=NOW), draw_week(now=NOW)
    assert first.pk == again.pk
    assert first.monday == date(2026, 11, 16)
    assert LeagueSeat.objects.filter(person=person, week=first).count() == 1
    assert LeagueWeek.objects.count() == 2  # joining drew the week before


@pytest.mark.django_db
def test_nobody_is_in_a_league_without_wanting_it() -> None:
    person = make_participant().user
    draw_week(now=NOW)
    assert league_board(person.pk, NOW) is None


@pytest.mark.django_db
def test_the_board_counts_the_week_and_masks_the_others() -> None:
    lan, an = member("Nguyễn Thị Lan"), member("Trần Văn An")
    draw_week(now=NOW)
    give(lan, 30)
    give(lan, 10, NOW - WEEK)
    give(an, 50)
    board = league_board(lan.pk, NOW)
    assert board is not None
    assert [(row.rank, row.name, row.points, row.own, row.rises) for row in board.rows] == [
        (1, "Trần V** A**", 50, False, True),
        (2, "Nguyễn Thị Lan", 30, True, False),
    ]
    assert board.ends_at.isoformat() == "2026-11-23T00:00:00+07:00"


@pytest.mark.django_db
def test_the_best_of_last_week_meet_a_tier_higher_when_they_are_enough() -> None:
    strong = [member(f"A {number}", 90) for number in range(FEWEST)]
    others = [member(f"B {number}", 20) for number in range(15)]
    draw_week(now=NOW)
    assert {league_board(person.pk, NOW).tier for person in strong} == {1}  # type: ignore[union-attr]
    assert {league_board(person.pk, NOW).tier for person in others} == {0}  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_single_winner_stays_in_company() -> None:
    strong, idle = member("A B", 90), member("C D")
    draw_week(now=NOW)
    board = league_board(strong.pk, NOW)
    assert board is not None
    assert (board.tier, len(board.rows)) == (0, 2)
    assert tiers_of([strong.pk, idle.pk], date(2026, 11, 16)) == {strong.pk: 1, idle.pk: 0}


@pytest.mark.django_db
def test_joining_within_the_week_takes_the_smallest_group_and_leaving_clears_the_line() -> None:
    first = member()
    draw_week(now=NOW)
    late = make_participant("Lê Muộn").user
    for _ in range(2):
        choose_progress(person=late, shown=True, league=True, now=NOW)
    board = league_board(late.pk, NOW)
    assert board is not None
    assert len(board.rows) == 2
    choose_progress(person=late, shown=False, league=True, now=NOW)
    assert league_board(late.pk, NOW) is None
    assert len(league_board(first.pk, NOW).rows) == 1  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_unit_switched_off_has_no_seats() -> None:
    person, other = member(), member()
    organizer = make_user()
    unit = person.resident.unit
    make_role(organizer, Role.ORGANIZER, unit=unit)
    draw_week(now=NOW)
    switch_off(actor=organizer, unit=unit, now=NOW)
    assert league_board(person.pk, NOW) is None
    assert league_board(other.pk, NOW) is not None
    draw_week(now=NOW + WEEK)
    assert not LeagueSeat.objects.filter(person=person).exists()


@pytest.mark.django_db
def test_a_board_costs_the_same_queries_for_any_number(django_assert_num_queries) -> None:
    people = [member() for _ in range(2)]
    draw_week(now=NOW)
    for _ in range(2):
        with django_assert_num_queries(2):
            league_board(people[0].pk, NOW)
        choose_progress(person=make_participant(unit=make_place()).user, shown=True, league=True, now=NOW)
