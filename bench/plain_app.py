"""What one would write first: a Django view that saves one answer, served by Django's ASGI or WSGI handler.

Session, user, CSRF, a form, the attempt of this user, the checks in Python, one INSERT in a transaction.
"""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.plain_settings"

from a2wsgi import WSGIMiddleware
from django import forms
from django.contrib.auth.decorators import login_required
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

asgi = get_asgi_application()
wsgi = WSGIMiddleware(get_wsgi_application(), workers=4)  # type: ignore[arg-type]

from contest.models import AnswerEvent, Attempt  # noqa: E402  after Django is set up
from contest.queries.papers import paper_of  # noqa: E402


class AnswerForm(forms.Form):
    position = forms.IntegerField(min_value=0)
    seq = forms.IntegerField(min_value=1)
    response = forms.CharField()


@login_required
@require_POST
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    """Save one answer the plain way."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    attempt = get_object_or_404(
        Attempt.objects.select_related("round"), public_id=public_id, entry__resident__user=request.user
    )
    if attempt.state != "open" or attempt.accept_until < timezone.now():
        return JsonResponse({"code": "late"}, status=410)
    item, seed = paper_of(attempt).at(form.cleaned_data["position"])
    canonical = item.kind.read(item.content, form.cleaned_data["response"], seed=seed)
    with transaction.atomic():
        AnswerEvent.objects.create(
            attempt=attempt,
            position=form.cleaned_data["position"],
            seq=form.cleaned_data["seq"],
            response=canonical,
            received_at=timezone.now(),
        )
    return JsonResponse({"code": "saved", "position": form.cleaned_data["position"], "seq": form.cleaned_data["seq"]})


urlpatterns = [path("luu/<str:public_id>/", save)]
