"""Signing in and signing up are one flow: where to reach you → six digits → in (→ profile the first time)."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from people.access import PROFILE_URL, public, safe_next
from people.addresses import Address
from people.domain.accounts import (
    account_of,
    add_contact,
    come_in,
    must_use_password,
    send_contact_code,
    send_sign_in_code,
)
from people.domain.codes import CodeOver, TooManyCodes, use_code
from people.enums import CodePurpose
from people.errors import AppError
from people.forms.signin import AddressForm, CodeForm
from people.models import Resident, User
from people.queries.roles import roles_of

PENDING = "people_code"  # session: the code under way
ENTERED = "people_entered"  # session: addresses typed in this browser, for the development outbox
ENTERED_KEPT = 10


@public
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest) -> HttpResponse:
    """Ask for a phone number or an e-mail address; send a code; the same answer for known and unknown."""
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(target or settings.LOGIN_REDIRECT_URL)
    form = AddressForm(request.POST or None, initial={"address": _pending(request).get("value", "")})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                start_code(request, address=form.cleaned_data["address"], purpose=CodePurpose.SIGN_IN, target=target)
            except AppError as error:
                form.add_error("address", str(error))
                status = error.status
            else:
                return redirect("people:code")
    return render(request, "people/signup.html", {"form": form, "next": target}, status=status)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the six digits; five tries, ten minutes, once."""
    pending = _pending(request)
    if not pending:
        return redirect("people:contact" if request.user.is_authenticated else "people:signup")
    form = CodeForm(request.POST or None)
    status, over = 200, False
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _limit(request, "confirm_code")
                return _finish(request, pending, form.cleaned_data["code"])
            except AppError as error:
                form.add_error("code", str(error))
                status, over = error.status, isinstance(error, CodeOver)
    address = Address(pending["kind"], pending["value"])
    context = {"form": form, "address": address, "over": over, "pending": pending, "show_outbox": settings.SHOW_OUTBOX}
    return render(request, "people/code.html", context, status=status)


@public
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send another code to the same address, within its limits."""
    pending = _pending(request)
    if not pending:
        return redirect("people:signup")
    address = Address(pending["kind"], pending["value"])
    try:
        start_code(request, address=address, purpose=CodePurpose(pending["purpose"]), target=pending["next"])
    except AppError as error:
        form = CodeForm()
        context = {"form": form, "address": address, "problem": str(error), "pending": pending}
        return render(request, "people/code.html", context, status=error.status)
    return redirect("people:code")


@public
def allauth_page_moved(request: HttpRequest) -> HttpResponse:
    """allauth's sign-up page and every link to it lead to ours."""
    target = safe_next(request, request.GET.get("next"))
    return HttpResponseRedirect(_with_next(reverse("people:signup"), target))


def start_code(request: HttpRequest, *, address: Address, purpose: CodePurpose, target: str) -> None:
    """Send a code and remember in this browser's session what it is for. Raises AppError."""
    _limit(request, "request_login_code")
    now = timezone.now()
    if purpose is CodePurpose.ADD_CONTACT:
        assert isinstance(request.user, User)
        issued = send_contact_code(user=request.user, address=address, now=now)
    else:
        site = f"{request.scheme}://{request.get_host()}"
        issued = send_sign_in_code(address=address, site_url=site, now=now)
    request.session[PENDING] = {
        "id": issued.public_id,
        "kind": address.kind,
        "value": address.value,
        "purpose": purpose.value,
        "next": target,
    }
    entered = [value for value in request.session.get(ENTERED, []) if value != address.value]
    request.session[ENTERED] = [address.value, *entered][:ENTERED_KEPT]


def _finish(request: HttpRequest, pending: dict[str, Any], digits: str) -> HttpResponse:
    address, purpose = Address(pending["kind"], pending["value"]), CodePurpose(pending["purpose"])
    target = safe_next(request, pending["next"])
    now = timezone.now()
    if purpose is CodePurpose.ADD_CONTACT:
        if not isinstance(request.user, User):
            raise CodeOver
        use_code(public_id=pending["id"], purpose=purpose, digits=digits, user=request.user, now=now)
        add_contact(user=request.user, address=address)
        del request.session[PENDING]
        return redirect(target or "people:contact")
    use_code(public_id=pending["id"], purpose=purpose, digits=digits, now=now)
    holder = account_of(address=address)
    if holder is not None and must_use_password(holder):
        raise CodeOver  # no code was sent to such an account; a lucky guess opens nothing
    user, created = come_in(address=address)
    del request.session[PENDING]
    record_authentication(request, user, method="code", **{address.kind: address.value})
    email = address.value if address.kind == "email" else None
    response: HttpResponse = perform_login(
        request, user, redirect_url=_landing(user, target), signup=created, email=email
    )
    return response


def _landing(user: User, target: str) -> str:
    """Where somebody lands who just came in: the profile first, unless they have one or only work here."""
    if Resident.objects.filter(user=user, erased_at__isnull=True).exists() or roles_of(user):
        return target or resolve_url(settings.LOGIN_REDIRECT_URL)
    return _with_next(reverse(PROFILE_URL), target)


def _pending(request: HttpRequest) -> dict[str, Any]:
    pending = request.session.get(PENDING)
    return pending if isinstance(pending, dict) else {}


def _limit(request: HttpRequest, action: str) -> None:
    """A wide cap per address of the network (settings_auth), against scripts; people are limited in the database."""
    if not ratelimit.consume(request, action=action):
        raise TooManyCodes


def _with_next(url: str, target: str) -> str:
    return f"{url}?{urlencode({'next': target})}" if target else url
