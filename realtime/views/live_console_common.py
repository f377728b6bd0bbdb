"""What the host's pages share: finding what a person may see, the frame around a page, who steers from a link."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from people.errors import NotAllowed
from people.models import User
from realtime.audiences import Presence
from realtime.domain.grants import Steerer, steerer_of
from realtime.enums import GrantRole, JoinWith
from realtime.errors import GrantMissing
from realtime.models import Event
from realtime.pins import pattern
from realtime.queries.console import find_event, hosted_event, may_host
from realtime.queries.snapshot import Snapshot

KEY = "k"
"""Name of the parameter that carries the key of a link, in addresses and forms."""

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def actor_of(request: HttpRequest) -> User:
    """The signed-in person of a console page."""
    return cast(User, request.user)


def event_for(request: HttpRequest, public_id: str, *, change: bool = False) -> Event:
    """The event if the caller may see it. Raises NoSuchEvent; NotAllowed to change for those who only read."""
    event = hosted_event(actor_of(request), public_id)
    request.may_host = may_host(actor_of(request), event)  # type: ignore[attr-defined]
    if change and not request.may_host:  # type: ignore[attr-defined]
        raise NotAllowed
    return event


def frame(request: HttpRequest, event: Event, here: str, **context: object) -> dict[str, object]:
    """The context of a page about one event. ``here`` names the entry of the navigation."""
    return {"event": event, "here": here, "may_change": getattr(request, "may_host", False), **context}


def key_of(request: HttpRequest) -> str:
    """The key of the link the caller came by, "" without one."""
    return (request.POST.get(KEY) or request.GET.get(KEY) or "")[:100]


def steered(request: HttpRequest, public_id: str, *roles: GrantRole) -> tuple[Event, Steerer]:
    """The event and the right by which the caller steers it: an account's grant or the key of a link.

    Raises:
        NoSuchEvent: when there is none.
        GrantMissing: without a right that is in force now.
    """
    event = find_event(public_id)
    user_id = request.user.pk if request.user.is_authenticated else None
    held = steerer_of(event_id=event.pk, user_id=user_id, key=key_of(request))
    if held is None or held.role not in roles:
        raise GrantMissing
    return event, held


def presence_of(snap: Snapshot, *, now: int) -> Presence:
    """What is known of a hall without asking one: nothing of who is connected. ``now`` in ms since 1970."""
    shapes = pattern(snap.secret, now) if snap.rules.join == JoinWith.PATTERN else None
    return Presence(online=0, answered=snap.answered, players=snap.players, pattern=shapes)


def key_query(key: str) -> str:
    """``?k=…`` for addresses of a page that was opened by a link, "" otherwise."""
    return f"?{urlencode({KEY: key})}" if key else ""


def absolute(request: HttpRequest, name: str, *args: object, key: str = "") -> str:
    """The address phones in the room can reach: where this page was opened, unless that is this machine itself."""
    path = reverse(name, args=args) + key_query(key)
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if settings.PRODUCTION or host in _THIS_MACHINE:
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path)


def qr(url: str) -> SafeString:
    """The QR code of an address as inline SVG."""
    drawn = segno.make(url, error="m", micro=False).svg_inline(omitsize=True, border=1, svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308  drawn by segno from our own address
