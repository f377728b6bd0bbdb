"""Certificates of a round: make them in one go, watch them being drawn, open each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contest.arrivals import now_utc
from contest.domain.certificates import request_drawing
from contest.enums import JobKind
from contest.forms.decisions import CertificateForm
from contest.models import Round
from contest.queries.console import READERS
from contest.queries.console_results import certificate_numbers, certificates_of_round
from contest.queries.jobs import jobs_of_round
from contest.views.console.common import actor_of, frame, round_for
from people.access import needs_role
from people.errors import AppError

A_PAGE = 50


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    asking = request.method == "POST"
    round_ = round_for(request, slug, number, change=asking)
    if not asking:
        return _show(request, round_, CertificateForm())
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return _show(request, round_, form, status=422)
    try:
        request_drawing(contest_round=round_, kind=form.certificate_kind(), actor=actor_of(request), now=now_utc())
    except AppError as error:
        form.add_error(None, str(error))
        return _show(request, round_, form, status=error.status)
    messages.success(request, _("Máy đang làm giấy chứng nhận."))
    return redirect("contest:console_certificates", slug, number)


def _show(request: HttpRequest, round_: Round, form: CertificateForm, *, status: int = 200) -> HttpResponse:
    now = now_utc()
    raw = request.GET.get("trang", "1")
    page = max(1, int(raw)) if raw.isdecimal() and len(raw) < 6 else 1
    rows = certificates_of_round(round_, (page - 1) * A_PAGE, A_PAGE + 1)
    known = jobs_of_round(round_id=round_.pk, now=now)
    context = frame(
        request,
        round_.contest,
        str(round_.number),
        round=round_,
        tab="certificates",
        form=form,
        numbers=certificate_numbers(round_),
        rows=rows[:A_PAGE],
        page=page,
        more=len(rows) > A_PAGE,
        jobs=[job for job in known if job.kind == JobKind.CERTIFICATES and not job.finished],
    )
    return render(request, "contest/console/certificates.html", context, status=status)
