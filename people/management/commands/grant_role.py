"""``manage.py grant_role LOGIN ROLE UNIT``: the first organizer of a new installation, and whoever follows."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.domain.roles import grant_role
from people.enums import Role
from people.errors import AppError
from people.models import Unit, User
from people.queries.accounts import account_by_login


class Command(BaseCommand):
    """Give an account a role on a unit and everything below it. Granting twice changes nothing."""

    help = "Phân quyền cho một tài khoản trên một đơn vị. / Give an account a role on a unit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", help="tên đăng nhập, số điện thoại hoặc thư điện tử / user name, phone or e-mail")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("unit", help="mã đơn vị, ví dụ 82 / the unit's code")

    def handle(self, *args: Any, **options: Any) -> None:
        user = account_by_login(options["login"])
        if user is None:
            raise CommandError(f"Không có tài khoản {options['login']}. / There is no such account.")
        unit = Unit.objects.filter(code=options["unit"], valid_to__isnull=True).first()
        if unit is None:
            raise CommandError(f"Không có đơn vị mã {options['unit']}. / No unit has that code.")
        keeper = User.objects.filter(is_superuser=True).exclude(pk=user.pk).order_by("pk").first() or user
        if not keeper.is_superuser:
            raise CommandError("Chưa có quản trị viên: chạy manage.py createsuperuser. / Make a superuser first.")
        try:
            grant_role(actor=keeper, user=user, role=options["role"], unit=unit, now=timezone.now())
        except AppError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user}: {Role(options['role']).label}, {unit.name}")
