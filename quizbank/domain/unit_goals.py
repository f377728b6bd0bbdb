"""What a unit sets itself to learn together."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from people.domain.audit import record
from people.enums import Role
from people.errors import NotAllowed
from people.models import Unit, User
from people.queries.roles import can
from people.text import tidy
from quizbank.errors import GoalRefused
from quizbank.models import UnitGoal
from quizbank.queries.unit_goals import goals_in_force
from quizbank.rewards import vn_day

KEEPERS = (Role.ORGANIZER, Role.UNIT_OFFICER)
MOST_CARDS = 10_000_000
LONGEST = timedelta(days=366)


@transaction.atomic
def set_goal(
    *, actor: User, unit: Unit, title: str, target: int, starts_on: date, ends_on: date, now: datetime
) -> UnitGoal:
    """Set a goal for ``unit`` and everything below it; the same goal again gives the first one.

    One goal at a time: two that overlap would count the same cards twice. Raises NotAllowed, GoalRefused.
    """
    if not can(actor, KEEPERS, unit=unit):
        raise NotAllowed
    if ends_on < starts_on or ends_on < vn_day(now):
        raise GoalRefused(_("Ngày kết thúc phải từ hôm nay trở đi và không trước ngày bắt đầu."))
    if ends_on - starts_on > LONGEST:
        raise GoalRefused(_("Một mục tiêu dài nhất một năm."))
    if not 1 <= target <= MOST_CARDS:
        raise GoalRefused(_("Số thẻ chưa hợp lý. Ví dụ: 1000."))
    # The unit's row is the queue of everybody who sets its goals.
    Unit.objects.select_for_update().get(pk=unit.pk)
    wanted = {"title": tidy(title)[:120], "target": target, "starts_on": starts_on, "ends_on": ends_on}
    overlapping = goals_in_force().filter(unit=unit, starts_on__lte=ends_on, ends_on__gte=starts_on)
    for goal in overlapping:
        if all(getattr(goal, name) == value for name, value in wanted.items()):
            return goal
        raise GoalRefused(
            _("Đơn vị đã có một mục tiêu trong thời gian này. Hãy kết thúc mục tiêu đó trước."), status=409
        )
    goal = UnitGoal.objects.create(unit=unit, created_by=actor, created_at=now, **wanted)
    record(actor=actor, verb="goal.set", subject=f"unit:{unit.code}", data={"target": target}, now=now)
    return goal


@transaction.atomic
def end_goal(*, actor: User, goal: UnitGoal, now: datetime) -> None:
    """Call a goal off; twice changes nothing. Raises NotAllowed."""
    if not can(actor, KEEPERS, unit=goal.unit):
        raise NotAllowed
    if UnitGoal.objects.filter(pk=goal.pk, cancelled_at__isnull=True).update(cancelled_at=now):
        record(actor=actor, verb="goal.ended", subject=f"unit:{goal.unit.code}", data={"target": goal.target}, now=now)
