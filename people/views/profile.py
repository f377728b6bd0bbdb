"""Completing and changing one's profile."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.access import resident_of, safe_next, signed_in
from people.domain.residents import ProfileRefused, register_resident, update_profile
from people.forms.profile import ProfileForm
from people.models import Resident, User
from people.phones import show_phone


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The profile form. ``find`` in the POST only searches for a unit (the way without JavaScript)."""
    assert isinstance(request.user, User)
    resident = resident_of(request)
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    form = _form(request, request.user, resident)
    status = 200
    if request.method == "POST" and "find" in request.POST:
        form = _search_again(form)
    elif request.method == "POST":
        status = 400
        if form.is_valid() and _save(request, request.user, resident, form):
            if resident is not None:
                messages.success(request, _("Đã lưu"))
            return redirect(target or settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "next": target, "resident": resident}
    return render(request, "people/profile.html", context, status=status)


def _form(request: HttpRequest, user: User, resident: Resident | None) -> ProfileForm:
    if resident is None:
        initial = {"full_name": user.full_name}
    else:
        initial = {
            "full_name": resident.full_name,
            "birth_year": str(resident.birth_year),
            "category": resident.category,
            "guardian_name": resident.guardian_name,
            "guardian_phone": show_phone(resident.guardian_phone),
            **ProfileForm.initial_from(resident.unit),
        }
    return ProfileForm(
        request.POST or None,
        initial=initial,
        year=timezone.localdate().year,
        asks_consent=resident is None,
        language=get_language() or settings.LANGUAGE_CODE,
    )


def _search_again(form: ProfileForm) -> ProfileForm:
    """The same entries without complaints, so that searching for a unit does not scold about the rest."""
    data = {name: form.data.get(name, "") for name in form.fields}
    fresh = ProfileForm(initial=data, year=form.year, asks_consent=form.asks_consent, language=form.language)
    fresh.searched = True
    return fresh


def _save(request: HttpRequest, user: User, resident: Resident | None, form: ProfileForm) -> bool:
    now = timezone.now()
    try:
        if resident is None:
            consents, language = form.consents(), form.language[:2]
            register_resident(user=user, profile=form.profile(), consents=consents, language=language, now=now)
        else:
            update_profile(resident=resident, profile=form.profile(), now=now)
    except ProfileRefused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True
