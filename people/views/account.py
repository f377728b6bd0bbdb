"""One's own page, and being forgotten."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from people.access import BANK, CONTESTS, EVENTS, console_of, remember_console, resident_of, signed_in
from people.domain.residents import erase_resident
from people.models import User
from people.queries.roles import roles_of
from people.queries.units import unit_path_label

CONSOLE_PAGES = {CONTESTS: "contest:console_home", BANK: "quizbank:bank", EVENTS: "realtime:live_events"}


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Name, unit, ways to reach me, what I agreed to, my roles; links to my contests where they exist."""
    assert isinstance(request.user, User)
    resident = resident_of(request)
    grants = roles_of(request.user)
    console = console_of([grant.role for grant in grants], superuser=request.user.is_superuser)
    remember_console(request, console)
    context = {
        "resident": resident,
        "unit_label": unit_path_label(resident.unit) if resident else "",
        "grants": grants,
        "passkeys": Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).count(),
        "my_contests_url": _optional_url("contest:mine"),
        "console": console,
        "console_url": _optional_url(CONSOLE_PAGES[console]) if console else "",
    }
    return render(request, "people/me.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Explain what is forgotten and what stays; do it when the box is ticked, at once and for good."""
    resident = resident_of(request)
    if request.method == "POST" and request.POST.get("sure") and resident is not None:
        assert isinstance(request.user, User)
        erase_resident(resident=resident, now=timezone.now(), actor=request.user)
        logout(request)
        response = render(request, "people/erased.html")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
    unticked = request.method == "POST"
    return render(
        request, "people/erase.html", {"resident": resident, "unticked": unticked}, status=400 if unticked else 200
    )


def _optional_url(name: str) -> str:
    """The address of a page of a higher app, or "" where that app has none: people may not import it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
