"""Who may steer an event: granting, asking, taking back."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from people.domain.audit import record
from people.models import User
from realtime.enums import GrantRole
from realtime.models import Event, Grant

KEY_BYTES = 24


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant and, where it was made for a link, its ``key``: told once, kept nowhere."""

    grant: Grant
    key: str = ""


@dataclass(frozen=True, slots=True)
class Steerer:
    """Somebody whose right was checked just now. ``who`` is how the log names them."""

    role: GrantRole
    who: str
    grant_id: int


@transaction.atomic
def grant(
    *, event: Event, role: GrantRole | str, actor: User | None, now: datetime, user: User | None = None, label: str = ""
) -> Granted:
    """Give an account a role, or make the key of a link (``user`` None). Giving an account the same role twice gives
    the first grant. Written into the audit chain."""
    role = GrantRole(role)
    if user is not None:
        known = Grant.objects.filter(event=event, user=user, role=role, revoked_at__isnull=True).first()
        if known is not None:
            return Granted(known)
    key = "" if user is not None else secrets.token_urlsafe(KEY_BYTES)
    made = Grant.objects.create(
        event=event, role=role, user=user, key_hash=_hash(key) if key else "", label=label[:100], created_at=now
    )
    data = {"role": str(role), "grant": made.pk, "to": f"user:{user.public_id}" if user else "key"}
    record(actor=actor, verb="event.granted", subject=f"event:{event.public_id}", data=data, now=now)
    return Granted(made, key)


def check_grant(*, event_id: int, user_id: int | None, key: str = "") -> GrantRole | None:
    """Return the strongest role this account or this key holds on the event right now, None without any. One query."""
    steerer = steerer_of(event_id=event_id, user_id=user_id, key=key)
    return steerer.role if steerer else None


def steerer_of(*, event_id: int, user_id: int | None, key: str = "") -> Steerer | None:
    """As ``check_grant``, with the name for the log."""
    hashed = _hash(key) if key else ""
    held = [
        Steerer(role=GrantRole(one.role), who=_name(one), grant_id=one.pk)
        for one in Grant.objects.filter(event_id=event_id, revoked_at__isnull=True).select_related("user")
        if (one.user is not None and one.user_id == user_id and one.user.is_active)
        or (hashed and one.key_hash and hmac.compare_digest(one.key_hash, hashed))
    ]
    order = list(GrantRole)
    return min(held, key=lambda one: order.index(one.role), default=None)


@transaction.atomic
def revoke(*, grant: Grant, actor: User | None, now: datetime) -> None:
    """Take a grant back, at once; taking it back twice changes nothing."""
    if Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True).update(revoked_at=now):
        record(
            actor=actor,
            verb="event.revoked",
            subject=f"event:{grant.event.public_id}",
            data={"role": grant.role, "grant": grant.pk},
            now=now,
        )
    grant.refresh_from_db(fields=["revoked_at"])


def _name(one: Grant) -> str:
    return f"key:{one.pk}" if one.user is None else f"user:{one.user.public_id}"


def _hash(key: str) -> str:
    # 192 random bits need no salt and no slow hash.
    return sha256(key.encode()).hexdigest()
