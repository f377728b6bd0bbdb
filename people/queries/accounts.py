"""Finding an account by what its owner types or says."""

from __future__ import annotations

from django.db.models import Q

from people.models import User
from people.phones import normalise_phone


def account_by_login(text: str) -> User | None:
    """The living account with this user name, phone or e-mail."""
    login = text.strip()
    phone = normalise_phone(login)
    wanted = Q(username=login) | Q(email__iexact=login) | (Q(phone=phone) if phone else Q(pk__in=[]))
    return User.objects.filter(wanted, is_active=True).order_by("pk").first() if login else None
