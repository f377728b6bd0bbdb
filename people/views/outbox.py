"""The development outbox: codes that would have gone out by SMS or e-mail, for the person who asked for them.

docs/decisions/021-outbox-visibility.md: who sees what, and why.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people.access import public
from people.models import OutboxMessage
from people.phones import show_phone
from people.views.signin import ENTERED

SHOWN = 20
_CODE = re.compile(r"\b\d{6}\b")
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP")
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}


@public
@never_cache
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Newest first. Everything at the machine itself and for a superuser; else what this browser asked for."""
    if not settings.SHOW_OUTBOX:
        raise Http404
    everything = sees_everything(request)
    found = OutboxMessage.objects.all()
    if not everything:
        found = found.filter(recipient__in=request.session.get(ENTERED, []))
    rows = [_row(message) for message in found[:SHOWN]]
    template = "people/parts/outbox_rows.html" if request.headers.get("HX-Request") == "true" else "people/outbox.html"
    return render(request, template, {"rows": rows, "everything": everything})


def sees_everything(request: HttpRequest) -> bool:
    """A superuser, or somebody who sits at the machine: loopback, called by its local name, through no proxy."""
    if getattr(request.user, "is_superuser", False):
        return True
    if any(name in request.headers for name in _FORWARDED):
        return False  # a tunnel or proxy makes the whole world look like loopback
    host = request.get_host()
    host = host if host.endswith("]") else host.rsplit(":", 1)[0]
    try:
        return host in _LOCAL_HOSTS and ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _row(message: OutboxMessage) -> dict[str, Any]:
    code = _CODE.search(message.subject) or _CODE.search(message.body)
    shown = show_phone(message.recipient) if message.channel == "sms" else message.recipient
    return {"message": message, "code": code[0] if code else "", "recipient": shown}
