"""Seeing what one agreed to, agreeing to more, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.access import resident_of, resident_required, safe_next
from people.consent_texts import consent_text, text_of_record
from people.domain.residents import give_consent, withdraw_consent
from people.enums import Purpose
from people.queries.residents import consents_in_force


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """One card for each purpose: the text agreed to and since when, and the button that takes it back or gives it."""
    resident = resident_of(request)
    assert resident is not None
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        if purpose not in Purpose.values:
            return redirect("people:consent")
        if request.POST.get("do") == "withdraw":
            withdraw_consent(resident=resident, purpose=purpose, now=timezone.now())
            messages.success(request, _("Bạn đã rút lại đồng ý."))
        elif request.POST.get("do") == "give" and request.POST.get("agree"):
            give_consent(resident=resident, purpose=purpose, now=timezone.now(), language=_language())
            messages.success(request, _("Cảm ơn bạn. Đồng ý của bạn đã được ghi lại."))
            if target:
                return redirect(target)
        return redirect("people:consent")
    given = {record.purpose: record for record in consents_in_force(resident)}
    cards = []
    for purpose in Purpose:
        record = given.get(purpose)
        text = text_of_record(purpose, record.text_version) if record else None
        cards.append(
            {"record": record, "text": text or consent_text(purpose, language=_language()), "purpose": purpose}
        )
    return render(request, "people/consent.html", {"cards": cards, "next": target, "resident": resident})


def _language() -> str:
    return (get_language() or "vi")[:2]
