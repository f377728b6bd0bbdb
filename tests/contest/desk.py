"""People of the organizer's console: who organizes, who audits, who has nothing to do here; and what a form sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from contest.arrivals import now_utc
from contest.domain.attempts import start_attempt, submit_attempt
from contest.forms.rules import RulesForm
from contest.models import Contest, Round
from contest.rules import RuleSet
from people.enums import Role, UnitKind
from people.models import RoleAssignment, Unit, User
from tests.factories import make_contest, make_entry, make_resident, make_round, make_unit, make_user

DAY = timedelta(days=1)
SPREAD = {"o_0_10_3": "15"}
"""Fifteen questions of any topic and any difficulty: the last row and the last column of the table."""


@dataclass(frozen=True)
class Desk:
    """A province and the people around it."""

    province: Unit
    elsewhere: Unit
    organizer: User
    foreigner: User
    auditor: User
    resident: User


def make_desk() -> Desk:
    province = make_unit("Tỉnh Đồng Tháp", code="82", kind=UnitKind.PROVINCE)
    elsewhere = make_unit("Tỉnh Gia Lai", code="52", kind=UnitKind.PROVINCE)
    people = [make_user(name) for name in ("Ban Tổ Chức", "Ban Nơi Khác", "Giám Sát", "Người Dân")]
    for user, role, unit in (
        (people[0], Role.ORGANIZER, province),
        (people[1], Role.ORGANIZER, elsewhere),
        (people[2], Role.AUDITOR, province),
    ):
        RoleAssignment.objects.create(user=user, role=role, unit=unit)
    return Desk(province, elsewhere, *people)


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page(contest: Contest, rest: str = "") -> str:
    return f"/quan-ly/cuoc-thi/{contest.slug}/{rest}"


def filled(rules: RuleSet) -> dict[str, Any]:
    """What a browser would send for the rules form when nothing is touched."""
    form = RulesForm(base=rules)
    sent: dict[str, Any] = {}
    forms = [form, form.groups.management_form, form.prizes.management_form, *form.groups.forms, *form.prizes.forms]
    for one in forms:
        for bound in one:
            value = bound.value()
            if bound.widget_type == "checkbox":
                if value:
                    sent[bound.html_name] = "on"
            elif isinstance(value, list):
                sent[bound.html_name] = value
            elif value is not None:
                sent[bound.html_name] = str(value)
    return sent


def make_own(desk: Desk, *, rounds: int = 1, **fields: object) -> Contest:
    """A contest of the desk's province with rounds that are open now."""
    contest = make_contest(unit=desk.province, **fields)
    for _ in range(rounds):
        make_round(contest, questions=5, opens_at=now_utc() - DAY, closes_at=now_utc() + DAY)
    return contest


def make_over(desk: Desk, *, people: int = 2) -> Round:
    """A round that ended yesterday with papers handed in."""
    start = now_utc() - 3 * DAY
    round_ = make_round(make_contest(unit=desk.province), opens_at=start - DAY, closes_at=now_utc() - DAY)
    for number in range(people):
        entry = make_entry(round_.contest, make_resident(f"Trần Thị Số {number}"))
        attempt = start_attempt(entry=entry, round_=round_, now=start)
        submit_attempt(
            attempt=attempt, lease=1, answers=[], prediction="1", received_at=start + DAY / 1000, now=start + DAY / 1000
        )
    return round_
