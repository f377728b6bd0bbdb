"""Accounts of the demonstration: a person with one role and a password that is fresh each time it is asked for."""

from __future__ import annotations

import secrets
from datetime import datetime

from people.domain.roles import grant_role
from people.enums import Role
from people.models import Unit, User


def staff_account(*, login: str, full_name: str, role: Role, unit: Unit, now: datetime) -> tuple[User, str]:
    """The account of this login, made where it is missing, with the role on ``unit``; and its new password."""
    password = f"thi-so-{secrets.token_hex(4)}"
    keeper = User.objects.filter(is_superuser=True).first()
    if keeper is None:
        # A keeper without a password grants the first role; nobody can sign in as it.
        keeper = User.objects.create_user("thi-so", full_name="Thi Số", is_staff=True, is_superuser=True)
    user = User.objects.filter(username=login).first()
    if user is None:
        user = User.objects.create_user(login, full_name=full_name)
    user.set_password(password)
    user.save(update_fields=["password"])
    grant_role(actor=keeper, user=user, role=role, unit=unit, now=now)
    return user, password
