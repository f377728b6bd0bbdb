"""Who is behind a socket or a bare ASGI request: the account of the session cookie, the language, the query's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from people.models import Resident

Headers = Iterable[tuple[bytes, bytes]]


def cookies_of(headers: Headers) -> Mapping[str, str]:
    """The cookies a browser sent."""
    return parse_cookie("; ".join(value.decode("latin-1") for name, value in headers if name == b"cookie"))


def language_of(headers: Headers) -> str:
    """The language the person chose, else the site's."""
    chosen = cookies_of(headers).get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def query_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """The last value of each field of the query string."""
    raw = scope.get("query_string", b"")
    return {name: values[-1] for name, values in parse_qs(raw.decode("latin-1"), max_num_fields=20).items()}


def has_session(headers: Headers) -> bool:
    """Whether it is worth asking who they are."""
    return bool(cookies_of(headers).get(settings.SESSION_COOKIE_NAME))


def user_id_of(headers: Headers) -> int | None:
    """The signed-in account, checked as Django checks it; asks the database."""
    key = cookies_of(headers).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user.pk if user.is_authenticated else None


def resident_id_of(headers: Headers) -> int | None:
    """The signed-in person's profile, if there is one; asks the database."""
    user_id = user_id_of(headers)
    if user_id is None:
        return None
    return Resident.objects.filter(user_id=user_id).values_list("pk", flat=True).first()
