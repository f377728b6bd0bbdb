"""``manage.py grant_role``: how a new installation gets its first organizer."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from people.enums import Role, UnitKind
from people.models import RoleAssignment, User
from people.queries.roles import can
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


def test_an_account_gets_its_role_once() -> None:
    User.objects.create_superuser("goc")
    organizer = make_user("Lê Thị Tổ Chức", phone="+84912345678")
    province = make_unit("Tỉnh Đồng Tháp", code="82", kind=UnitKind.PROVINCE)
    for login in (organizer.username, "0912 345 678"):
        call_command("grant_role", login, "organizer", "82")
    assert RoleAssignment.objects.filter(user=organizer).count() == 1
    assert can(organizer, Role.ORGANIZER, unit=make_unit(parent=province))


@pytest.mark.parametrize(("login", "unit", "word"), [("nobody", "82", "account"), ("lan", "99", "code")])
def test_what_is_not_there_is_told(login: str, unit: str, word: str) -> None:
    User.objects.create_superuser("goc")
    User.objects.create_user("lan")
    make_unit(code="82")
    with pytest.raises(CommandError, match=word):
        call_command("grant_role", login, "organizer", unit)


def test_without_a_superuser_nobody_can_grant() -> None:
    User.objects.create_user("lan")
    make_unit(code="82")
    with pytest.raises(CommandError, match="superuser"):
        call_command("grant_role", "lan", "organizer", "82")
    assert not RoleAssignment.objects.exists()
