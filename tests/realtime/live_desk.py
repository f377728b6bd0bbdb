"""People around a live event's console, and what a browser sends for its forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.test import Client

from people.enums import Role, UnitKind
from people.models import RoleAssignment, Unit, User
from realtime.models import Event
from tests.factories import make_unit, make_user
from tests.realtime.live_factories import make_event


@dataclass(frozen=True)
class House:
    """A province and its people: who hosts, who organizes, who audits, and two with nothing to do here."""

    province: Unit
    ward: Unit
    host: User
    organizer: User
    auditor: User
    foreigner: User
    resident: User

    def event(self, mode: str = "race", **fields: Any) -> Event:
        """An event of the ward made by the host."""
        return make_event(mode, unit=self.ward, actor=self.host, **fields)  # type: ignore[arg-type]


def make_house() -> House:
    province = make_unit("Tỉnh Đồng Tháp", code="82", kind=UnitKind.PROVINCE)
    ward = make_unit("Phường Cao Lãnh", parent=province, kind=UnitKind.WARD)
    elsewhere = make_unit("Tỉnh Gia Lai", code="52", kind=UnitKind.PROVINCE)
    names = ("Lê Thị Dẫn", "Ban Tổ Chức", "Giám Sát", "Dẫn Nơi Khác", "Người Dân")
    people = [make_user(name) for name in names]
    for user, role, unit in (
        (people[0], Role.HOST, province),
        (people[1], Role.ORGANIZER, province),
        (people[2], Role.AUDITOR, province),
        (people[3], Role.HOST, elsewhere),
    ):
        RoleAssignment.objects.create(user=user, role=role, unit=unit)
    return House(province, ward, *people)


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page(event: Event, rest: str = "") -> str:
    return f"/quan-ly/su-kien/{event.public_id}/{rest}"


def filled(form: BaseForm) -> dict[str, Any]:
    """What a browser would send for a form when nothing is touched."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if bound.widget_type == "checkbox":
            if value:
                sent[bound.html_name] = "on"
        elif value is not None:
            sent[bound.html_name] = value if isinstance(value, list) else str(value)
    return sent
