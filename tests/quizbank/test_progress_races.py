"""Two at once: what is earned is booked once, a week is drawn once, a unit has one goal."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from people.enums import Role
from quizbank.domain.leagues import draw_week
from quizbank.domain.progress_settings import choose_progress
from quizbank.domain.rewarding import reward_answers
from quizbank.domain.unit_goals import set_goal
from quizbank.enums import PracticeMode
from quizbank.models import BadgeAward, LeagueSeat, LeagueWeek, Point, PracticeAnswer, UnitGoal
from quizbank.rewards import DAILY_CAP
from tests.contest.test_races import names, race
from tests.factories import NOW, make_place, make_questions, make_role, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6
TODAY = date(2026, 11, 22)


def answered(person, questions) -> list[int]:
    PracticeAnswer.objects.bulk_create(
        PracticeAnswer(
            person=person, version=one.current, token=str(one.pk), mode=PracticeMode.ENDLESS, credit=1000, at=NOW
        )
        for one in questions
    )
    return [one.current_id for one in questions]


def test_the_same_answers_told_by_many_at_once_are_booked_once() -> None:
    learner = make_user()
    versions = answered(learner, make_questions(4))
    results = race(*[partial(reward_answers, person=learner, versions=versions, now=NOW)] * CROWD)
    assert names(results) == {"list": CROWD}
    assert Point.objects.filter(kind="question").count() == 4
    assert Point.objects.filter(kind="day").count() == 1
    assert BadgeAward.objects.count() == 0


def test_two_devices_cannot_both_find_room_below_the_cap() -> None:
    learner = make_user()
    versions = answered(learner, make_questions(36))
    parts = [versions[place::CROWD] for place in range(CROWD)]
    race(*[partial(reward_answers, person=learner, versions=part, now=NOW) for part in parts])
    assert Point.objects.filter(kind="question").count() == 36
    assert sum(Point.objects.values_list("points", flat=True)) == DAILY_CAP


def test_a_week_looked_at_by_many_is_drawn_once() -> None:
    people = [make_user() for _ in range(3)]
    for person in people:
        choose_progress(person=person, shown=True, league=True, now=NOW - timedelta(weeks=1))
    weeks = race(*[partial(draw_week, now=NOW)] * CROWD)
    assert {week.pk for week in weeks} == {LeagueWeek.objects.get(monday=date(2026, 11, 16)).pk}
    assert LeagueSeat.objects.filter(week__monday=date(2026, 11, 16)).count() == 3


def test_people_who_join_at_once_share_a_group() -> None:
    draw_week(now=NOW)
    people = [make_user() for _ in range(CROWD)]
    race(*[partial(choose_progress, person=person, shown=True, league=True, now=NOW) for person in people])
    assert list(LeagueSeat.objects.values_list("tier", "group")) == [(0, 1)] * CROWD


def test_a_unit_asked_for_many_goals_at_once_has_one() -> None:
    unit, officer = make_place(), make_user()
    make_role(officer, Role.UNIT_OFFICER, unit=unit)
    wanted = {"actor": officer, "unit": unit, "title": "Cùng học", "starts_on": TODAY, "ends_on": TODAY, "now": NOW}
    results = race(*[partial(set_goal, target=100 + place, **wanted) for place in range(CROWD)])
    assert names(results) == {"UnitGoal": 1, "GoalRefused": CROWD - 1}
    assert UnitGoal.objects.count() == 1
