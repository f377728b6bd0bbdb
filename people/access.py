"""Who may open a view: a declared policy on every view, fail-closed.

Each decorator sets ``view.access_policy``; a test walks the URL map and refuses a view without one. The decorators
answer "may this person come here at all"; a view that works on one object in one place asks ``require_role`` besides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from people.enums import Role
from people.errors import NotAllowed
from people.models import Resident, Unit
from people.queries.residents import may_take_part, resident_of_user
from people.queries.roles import can

View = Callable[..., HttpResponseBase]

SIGN_IN_URL = "people:signup"
# Which first page of the console is for whom: the menu leads to the first that fits. The session remembers which.
CONTESTS, BANK, EVENTS = "contests", "bank", "events"
CONSOLES: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        CONTESTS: frozenset({Role.ORGANIZER, Role.AUDITOR}),
        BANK: frozenset({Role.AUTHOR, Role.REVIEWER}),
        EVENTS: frozenset({Role.HOST}),
    }
)
CONSOLE_KEY = "console"
PROFILE_URL = "people:profile"
CONSENT_URL = "people:consent"


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What a view asks for: ``kind`` is public, signed_in, resident or role; ``roles`` only with role."""

    kind: str
    roles: frozenset[Role] = frozenset()


def public(view: View) -> View:
    """Anybody may come, signed in or not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return _declare(guarded, AccessPolicy("public"))


def signed_in(view: View) -> View:
    """Anybody with an account; others go to the sign-in page and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask(request, SIGN_IN_URL)
        return view(request, *args, **kwargs)

    return _declare(guarded, AccessPolicy("signed_in"))


def resident_required(view: View) -> View:
    """A person with a completed profile; others complete it first and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask(request, SIGN_IN_URL)
        if resident_of(request) is None:
            return _ask(request, PROFILE_URL)
        return view(request, *args, **kwargs)

    return _declare(guarded, AccessPolicy("resident"))


def taking_part_required(view: View) -> View:
    """A resident who agrees to take part; who has taken the consent back is asked for it and comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask(request, SIGN_IN_URL)
        resident = resident_of(request)
        if resident is None:
            return _ask(request, PROFILE_URL)
        if not may_take_part(resident):
            return _ask(request, CONSENT_URL)
        return view(request, *args, **kwargs)

    return _declare(guarded, AccessPolicy("resident"))


def needs_role(*roles: Role) -> Callable[[View], View]:
    """A person who holds one of ``roles`` in any scope (or a superuser). The object's own scope is the view's to ask."""
    if not roles:
        raise ValueError("needs_role without a role would let nobody or everybody in")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask(request, settings.LOGIN_URL)
            allowed = can(request.user, roles)
            _mend_console(request, allowed=allowed, roles=roles)
            if not allowed:
                raise NotAllowed
            return view(request, *args, **kwargs)

        return _declare(guarded, AccessPolicy("role", frozenset(roles)))

    return decorate


def require_role(
    request: HttpRequest,
    roles: Role | Iterable[Role],
    *,
    unit: Unit | str | None = None,
    contest_ref: str | None = None,
) -> None:
    """Raise ``NotAllowed`` (403) unless the caller holds one of ``roles`` in exactly this scope."""
    if unit is None and not contest_ref:
        raise ValueError("require_role asks about one place; give it a unit or a contest")
    if not can(request.user, roles, unit=unit, contest_ref=contest_ref):
        raise NotAllowed


def resident_of(request: HttpRequest) -> Resident | None:
    """The caller's profile, or None where there is none (yet, or any more). One query, kept for the request."""
    if not request.user.is_authenticated:
        return None
    known = getattr(request, "people_resident", False)
    if known is False:
        known = resident_of_user(request.user)
        request.people_resident = known  # type: ignore[attr-defined]
    return cast("Resident | None", known)


def safe_next(request: HttpRequest, target: str | None, *, default: str = "") -> str:
    """``target`` if it is a page of this site, else ``default``: no open redirect (failures E10)."""
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return default


def console_of(held: Collection[str], *, superuser: bool = False) -> str:
    """The first page of the console for somebody who holds these roles, "" where it has nothing for them."""
    return next((name for name, roles in CONSOLES.items() if superuser or not roles.isdisjoint(held)), "")


def remember_console(request: HttpRequest, console: str) -> None:
    """Keep in the session where the menu leads, so that no page has to ask for it.

    A hint, never a right: it is set at sign-in and mended where the answer is known anyway; every console page asks
    the database again.
    """
    session = getattr(request, "session", None)
    if session is not None and session.get(CONSOLE_KEY, "") != console:
        session[CONSOLE_KEY] = console


def _mend_console(request: HttpRequest, *, allowed: bool, roles: Collection[Role]) -> None:
    """What a guarded page of the contests' console learned anyway."""
    here = CONSOLES[CONTESTS]
    shown = getattr(request, "session", {}).get(CONSOLE_KEY)
    if allowed and here.issuperset(roles):
        remember_console(request, CONTESTS)
    elif not allowed and here.issubset(roles) and shown == CONTESTS:
        remember_console(request, "")


def _declare(view: View, policy: AccessPolicy) -> View:
    view.access_policy = policy  # type: ignore[attr-defined]
    return view


def _ask(request: HttpRequest, url_name: str) -> HttpResponse:
    """Send the caller to ``url_name`` with the way back; callers that cannot follow a page get 401 and a sentence."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.headers.get("Referer", "")
    url = resolve_url(url_name)
    if back := safe_next(request, back):
        url = f"{url}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    accepts = request.headers.get("Accept", "")
    if "application/json" in accepts and "text/html" not in accepts:
        return JsonResponse({"code": "sign_in", "message": _("Mời bạn đăng nhập để tiếp tục."), "url": url}, status=401)
    return HttpResponseRedirect(url)
