"""Small questions about a request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

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
