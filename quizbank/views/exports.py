"""Taking questions out: choose, see what will be in the file and what will not, download."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.access import needs_role
from people.errors import AppError
from quizbank.domain.exporting import export_questions, plan_export
from quizbank.forms.files import ExportForm
from quizbank.views.common import actor_of, frame
from quizbank.views.imports import WORKERS

MOST_CODES = 2_000


@needs_role(*WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """GET shows what would go in, POST downloads it (and is written down: the file holds keys)."""
    asking = request.method == "POST"
    given = request.POST if asking else request.GET
    codes = tuple(dict.fromkeys(code[:40] for code in given.getlist("code")[:MOST_CODES] if code))
    form = ExportForm(given if asking or "format" in given else None, codes=codes)
    context = frame(request, "export", form=form, codes=codes)
    if not form.is_bound:
        return render(request, "quizbank/files/export.html", context)
    if not form.is_valid():
        return render(request, "quizbank/files/export.html", context, status=422)
    person, chosen = actor_of(request), form.cleaned_data["format"]
    if not asking:
        plan = plan_export(selection=form.selection(), code=chosen, reader=person)
        return render(
            request, "quizbank/files/export.html", context | {"plan": plan, "format_name": form.format_name()}
        )
    try:
        file = export_questions(
            selection=form.selection(),
            code=chosen,
            title=form.cleaned_data["title"],
            subtitle=form.cleaned_data["subtitle"],
            with_key=form.cleaned_data["with_key"],
            reader=person,
            now=timezone.now(),
        )
    except AppError as error:
        form.add_error(None, str(error))
        return render(request, "quizbank/files/export.html", context, status=error.status)
    return HttpResponse(
        file.data,
        content_type=file.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
        },
    )
