"""After an event: who came first, which questions were hard, which units came; to take away as xlsx; certificates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from contest.arrivals import now_utc
from contest.forms.decisions import CertificateForm
from people.access import signed_in
from people.errors import AppError
from people.text import strip_accents
from realtime.domain.certificates import request_event_certificates
from realtime.domain.events import rules_of
from realtime.domain.reporting import event_workbook
from realtime.domain.round_results import count_into_round
from realtime.models import Event
from realtime.presenters.report import said_log, shown_report
from realtime.queries.console import certificate_numbers, drawing_jobs, log_page, names_of_steerers
from realtime.queries.report import report_of
from realtime.views.live_console_common import actor_of, event_for, frame

A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABS = ("nguoi", "cau", "don-vi", "nhat-ky")


@require_safe
@signed_in
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """People, questions, units and teams, the log: one tab each."""
    return show_report(request, event_for(request, public_id))


def show_report(request: HttpRequest, event: Event, *, error: str = "", status: int = 200) -> HttpResponse:
    """The report of an event as it stands."""
    raw = request.GET.get("trang", "1")
    page = max(1, int(raw)) if raw.isdecimal() and len(raw) < 6 else 1
    tab = request.GET.get("xem", "")
    tab = tab if tab in TABS else TABS[0]
    found = report_of(event)
    log = said_log(log_page(event), names_of_steerers(event)) if tab == "nhat-ky" else []
    shown = shown_report(found, event, start=(page - 1) * A_PAGE, length=A_PAGE)
    context = frame(
        request,
        event,
        "report",
        report=shown,
        tab=tab,
        page=page,
        log=log,
        error=error,
        form=CertificateForm(),
        counts_into=bool(rules_of(event).counts_into),
        **_certificates(event),
    )
    return render(request, "realtime/live/report.html", context, status=status)


def _certificates(event: Event) -> dict[str, object]:
    return {"jobs": drawing_jobs(event, now_utc()), "numbers": certificate_numbers(event)}


@require_safe
@signed_in
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far the drawing is, for a page that asks every two seconds."""
    event = event_for(request, public_id)
    found = _certificates(event)
    # Back once it is done, for the next kind; not before, or each answer would undo what is being chosen.
    form = None if found["jobs"] else CertificateForm()
    context = frame(request, event, "report", form=form, **found)
    return render(request, "realtime/live/parts/certificates.html", context)


@require_POST
@signed_in
def certificates(request: HttpRequest, public_id: str) -> HttpResponse:
    """Issue what is missing and have it drawn."""
    event = event_for(request, public_id, change=True)
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return show_report(request, event, error=_("Mời bạn chọn loại giấy."), status=422)
    try:
        request_event_certificates(event=event, kind=form.certificate_kind(), actor=actor_of(request), now=now_utc())
    except AppError as error:
        return show_report(request, event, error=str(error), status=error.status)
    messages.success(request, _("Máy đang làm giấy chứng nhận."))
    return redirect("realtime:live_report", public_id)


@require_POST
@signed_in
def count_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand the papers of signed-in players in to the contest round the rules name."""
    event = event_for(request, public_id, change=True)
    try:
        counted = count_into_round(event=event, actor=actor_of(request), now=now_utc())
    except AppError as error:
        return show_report(request, event, error=str(error), status=error.status)
    n = counted.papers
    messages.success(
        request, ngettext("Đã nộp %(n)d bài vào vòng thi.", "Đã nộp %(n)d bài vào vòng thi.", n) % {"n": n}
    )
    for name, why in counted.refused[:5]:
        messages.warning(request, f"{name}: {why}")
    return redirect("realtime:live_report", public_id)


@require_safe
@signed_in
def workbook(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole report as xlsx."""
    event = event_for(request, public_id)
    name = slugify(strip_accents(event.title))[:60] or "su-kien"
    response = HttpResponse(event_workbook(event), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response
