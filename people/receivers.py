"""What follows a sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from people.access import console_of, remember_console
from people.models import User
from people.queries.roles import roles_held


@receiver(user_logged_in)
def show_the_way_to_the_console(request: HttpRequest, user: User, **_facts: Any) -> None:
    """One question at sign-in saves one on every page: does the menu have a link to the console, and to which page."""
    remember_console(request, console_of(roles_held(user), superuser=user.is_superuser))
