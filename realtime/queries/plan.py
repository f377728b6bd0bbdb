"""The running order as the state machine and the scoring read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from realtime.enums import Play, Stakes
from realtime.game_state import Plan, PlanItem
from realtime.models import EventQuestion
from realtime.rules import EventRules
from realtime.scoring import Course, course_of


@dataclass(frozen=True, slots=True)
class Running:
    """The running order. ``plan`` is how each question is played now: one that was voided gives nothing and nobody falls
    on it. ``course`` is what bonuses depend on and stays as it was at the start, voided questions included."""

    rows: tuple[EventQuestion, ...]
    plan: Plan
    course: Course


def running_of(event_id: int, rules: EventRules) -> Running:
    """Read the running order without the questions' texts. One query."""
    return running(list(EventQuestion.objects.filter(event_id=event_id).order_by("position")), rules)


def running(rows: Sequence[EventQuestion], rules: EventRules) -> Running:
    """The same of rows that are loaded."""
    items = [plan_item(row, rules) for row in rows]
    plan = tuple(replace(item, practice=True) if row.voided else item for row, item in zip(rows, items, strict=True))
    return Running(tuple(rows), plan, course_of(items))


def plan_item(row: EventQuestion, rules: EventRules) -> PlanItem:
    """Return one question: its own values, else what the event's rules say."""
    return PlanItem(
        seconds=rules.seconds if row.seconds is None else row.seconds,
        read_seconds=rules.read_seconds if row.read_seconds is None else row.read_seconds,
        points=rules.points if row.points is None else row.points,
        stakes=Stakes(row.stakes),
        play=Play(row.play),
        extra=row.extra,
        practice=row.practice,
    )
