"""Goals of units and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from people.queries.roles import lineage, subtree
from quizbank.enums import PointKind
from quizbank.models import Point, UnitGoal
from quizbank.queries.progress import off_paths, within

SHOWN = 20
"""Goals of one page."""


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A goal with the cards its people have remembered for the first time so far, and how many people that is."""

    goal: UnitGoal
    done: int
    people: int
    state: str

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.goal.target)

    @property
    def left(self) -> int:
        return max(0, self.goal.target - self.done)

    @property
    def is_reached(self) -> bool:
        return self.done >= self.goal.target


def goals_in_force() -> QuerySet[UnitGoal]:
    """Goals nobody has called off, with their units."""
    return UnitGoal.objects.filter(cancelled_at__isnull=True).select_related("unit")


def goal_by_id(public_id: str) -> UnitGoal | None:
    return UnitGoal.objects.select_related("unit").filter(public_id=public_id).first()


def progress_of_goal(goal: UnitGoal, today: date) -> GoalProgress:
    """Count a goal: each card once for each person of the unit or below. One query beside the switched-off units.

    Who has switched rewards off is not counted, nor is anybody of a unit that has.
    """
    rows = Point.objects.filter(
        subtree([goal.unit.path], "person__resident__unit__path"),
        kind=PointKind.CARD,
        day__range=(goal.starts_on, goal.ends_on),
        person__resident__erased_at__isnull=True,
    ).exclude(person__progress_setting__shown=False)
    if paths := off_paths():
        rows = rows.exclude(within(paths))
    counted = rows.order_by().aggregate(cards=Count("id"), people=Count("person", distinct=True))
    return GoalProgress(goal, counted["cards"], counted["people"], _state(goal, today))


def _state(goal: UnitGoal, today: date) -> str:
    if goal.cancelled_at is not None:
        return "cancelled"
    return "coming" if today < goal.starts_on else "over" if today > goal.ends_on else "running"


def goals_of_path(path: str, today: date) -> list[GoalProgress]:
    """Goals of a unit and of those above it, running and coming ones first."""
    found = goals_in_force().filter(unit__path__in=lineage(path)).order_by("-ends_on", "-pk")[:SHOWN]
    return sorted((progress_of_goal(goal, today) for goal in found), key=_order)


def goals_within(paths: list[str], today: date) -> list[GoalProgress]:
    """Goals in somebody's care, running and coming ones first."""
    found = goals_in_force().filter(subtree(paths, "unit__path")).order_by("-ends_on", "-pk")[:SHOWN]
    return sorted((progress_of_goal(goal, today) for goal in found), key=_order)


def _order(one: GoalProgress) -> int:
    return ("running", "coming", "over", "cancelled").index(one.state)
