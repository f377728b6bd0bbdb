"""Small questions about a request, for the pages of every app."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from people.throttle import network_of

LOOPBACK = ("localhost", "127.", "[::1]")


def public_url(request: HttpRequest, path: str) -> str:
    """Return ``path`` as others can open it: by the host this visitor used, unless only this machine knows it."""
    if request.get_host().startswith(LOOPBACK):
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of ours asked, not a person's form."""
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def caller_of(request: HttpRequest) -> str:
    """What a visitor is counted by where requests are limited: the account, or else the network."""
    if request.user.is_authenticated:
        return request.user.public_id
    return network_of(get_adapter().get_client_ip(request))
