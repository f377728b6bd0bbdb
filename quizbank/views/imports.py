"""Bringing a file in: send it, look it over, store it, take it back. Works without JavaScript by pressing on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import needs_role
from people.enums import Role
from people.errors import AppError
from quizbank.domain.import_storing import request_storing
from quizbank.domain.importing import choose_items, drop_import, mend_items, receive_file, undo_import
from quizbank.domain.questions import draft_of
from quizbank.domain.sightings import note_sights
from quizbank.draft_json import draft_from_json
from quizbank.enums import Coming, ImportState, Sight
from quizbank.errors import NotHere
from quizbank.formats.registry import FORMATS
from quizbank.formats.template import template as empty_workbook
from quizbank.forms.files import MendForm, UploadForm
from quizbank.import_presenting import ShownChange, shown_change, shown_draft, shown_twins
from quizbank.models import ImportBatch, ImportedItem
from quizbank.presenting import fields_of
from quizbank.queries.imports import (
    FILTERS,
    bases_of,
    import_counts,
    import_items,
    import_of,
    imports_of,
    places_of,
)
from quizbank.queries.questions import topics
from quizbank.views.common import actor_of, frame

WORKERS = (Role.AUTHOR, Role.REVIEWER, Role.ORGANIZER)
RUNNING = (ImportState.READING, ImportState.STORING)
TEMPLATES = {"xlsx": empty_workbook}
"""Files to start from, by format."""


@needs_role(*WORKERS)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Files of this person."""
    return render(
        request, "quizbank/files/imports.html", frame(request, "imports", batches=imports_of(actor_of(request)))
    )


@needs_role(*WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send a file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                batch = _receive(request, form)
            except AppError as error:
                form.add_error("file", str(error))
                status = error.status
            else:
                return redirect("quizbank:import_page", batch.public_id)
        else:
            status = 413 if form.too_large else 422
    context = frame(request, "imports", form=form, templates=[FORMATS[code] for code in TEMPLATES])
    return render(request, "quizbank/files/import_new.html", context, status=status)


def _receive(request: HttpRequest, form: UploadForm) -> ImportBatch:
    file = form.cleaned_data["file"]
    return receive_file(
        author=actor_of(request),
        filename=file.name or "",
        data=file.read(),
        code=form.cleaned_data["format"],
        defaults=form.defaults(),
        whole=form.cleaned_data["whole"],
        language=get_language() or "vi",
        now=timezone.now(),
    )


@needs_role(*WORKERS)
@require_safe
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The empty file of a format, with drop-downs and examples."""
    if code not in TEMPLATES:
        raise NotHere
    chosen = FORMATS[code]
    name = f"thi-so-mau.{chosen.extension}"
    return HttpResponse(
        TEMPLATES[code](),
        content_type=chosen.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@needs_role(*WORKERS)
@require_safe
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a file stands: being read, to be looked over, stored, taken back."""
    batch = import_of(actor_of(request), public_id)
    return _page(request, batch, MendForm())


def _page(request: HttpRequest, batch: ImportBatch, mend_form: MendForm, *, status: int = 200) -> HttpResponse:
    only = request.GET.get("loc", "")
    only = only if only in FILTERS else ""
    number = request.GET.get("trang", "1")
    items = import_items(batch, only=only, number=int(number) if number.isdecimal() and len(number) < 6 else 1)
    rows = list(items)
    places = places_of(batch, rows)
    names = {topic.slug: topic.name for topic in topics()}
    changes = _changes(request, batch, rows, names)
    context = frame(
        request,
        "imports",
        batch=batch,
        running=batch.state in RUNNING,
        waiting=batch.state == ImportState.READ,
        counts=import_counts(batch),
        only=only,
        items=[
            (item, shown_draft(item.draft, names), shown_twins(item.twins, places), changes.get(item.position))
            for item in rows
        ],
        pages=items,
        mend_form=mend_form,
        format_name=FORMATS[batch.format].label() if batch.format in FORMATS else "",
    )
    return render(request, "quizbank/files/import_page.html", context, status=status)


def _changes(
    request: HttpRequest, batch: ImportBatch, rows: list[ImportedItem], names: dict[str, str]
) -> dict[int, ShownChange]:
    """What each row that comes back would change. It shows the key the bank has now, so it is written down."""
    if batch.state != ImportState.READ:
        return {}
    reader = actor_of(request)
    bases = bases_of(rows, reader)
    changed = [item for item in rows if item.position in bases and item.coming == Coming.CHANGED]
    seen = [bases[item.position].pk for item in changed]
    if seen:
        note_sights(versions=seen, reader=reader, what=Sight.OPENED, now=timezone.now(), note="nhập từ tệp")
    return {
        item.position: shown_change(
            draft_from_json(item.draft),
            draft_of(bases[item.position]),
            public_id=bases[item.position].question.public_id,
            fields=fields_of,
            topic_names=names,
        )
        for item in rows
        if item.position in bases
    }


@needs_role(*WORKERS)
@require_safe
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The part of the page that moves while a file is read or stored; the whole page anew when that is over."""
    batch = import_of(actor_of(request), public_id)
    response = render(request, "quizbank/files/progress.html", {"batch": batch})
    if batch.state not in RUNNING:
        response.headers["HX-Refresh"] = "true"
    return response


@needs_role(*WORKERS)
@require_POST
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep which questions of the page shall go in."""
    batch = import_of(actor_of(request), public_id)
    _choose(request, batch)
    messages.success(request, _("Đã ghi lựa chọn."))
    return _back(request, batch)


@needs_role(*WORKERS)
@require_POST
def mend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say topic, citation, difficulty or audience for every question of the file."""
    batch = import_of(actor_of(request), public_id)
    form = MendForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, form, status=422)
    changed = mend_items(batch=batch, mend=form.mend(), now=timezone.now())
    if changed:
        words = ngettext("Đã bổ sung cho %(n)d câu.", "Đã bổ sung cho %(n)d câu.", changed) % {"n": changed}
        messages.success(request, words)
    else:
        messages.info(request, _("Không có câu nào thay đổi."))
    return _back(request, batch)


@needs_role(*WORKERS)
@require_POST
def store(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the chosen questions into the bank, as drafts."""
    batch = import_of(actor_of(request), public_id)
    if batch.state == ImportState.READ:
        _choose(request, batch)
    try:
        request_storing(batch=batch, actor=actor_of(request), now=timezone.now())
    except AppError as error:
        messages.error(request, str(error))
        return _back(request, batch)
    return redirect("quizbank:import_page", batch.public_id)


@needs_role(*WORKERS)
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the questions out again that nobody has worked on."""
    batch = import_of(actor_of(request), public_id)
    undone = undo_import(batch=batch, actor=actor_of(request), now=timezone.now())
    n = undone.removed
    messages.success(
        request, ngettext("Đã gỡ %(n)d câu khỏi ngân hàng.", "Đã gỡ %(n)d câu khỏi ngân hàng.", n) % {"n": n}
    )
    if undone.taken_back:
        n = undone.taken_back
        back = ngettext("Đã đưa %(n)d câu về bản trước khi nhập.", "Đã đưa %(n)d câu về bản trước khi nhập.", n)
        messages.success(request, back % {"n": n})
    return redirect("quizbank:import_page", batch.public_id)


@needs_role(*WORKERS)
@require_POST
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a read file away."""
    drop_import(batch=import_of(actor_of(request), public_id), now=timezone.now())
    messages.success(request, _("Đã bỏ tệp. Không có gì được lưu vào ngân hàng."))
    return redirect("quizbank:imports")


def _choose(request: HttpRequest, batch: ImportBatch) -> None:
    shown, chosen = _positions(request, "shown"), _positions(request, "chosen")
    if shown:
        choose_items(batch=batch, shown=shown, chosen=chosen, now=timezone.now())


def _positions(request: HttpRequest, name: str) -> set[int]:
    return {int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 7}


def _back(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """To the same page of the same filter."""
    response = redirect("quizbank:import_page", batch.public_id)
    query = "&".join(
        f"{name}={value}"
        for name in ("loc", "trang")
        if (value := request.POST.get(name, "")) and (value in FILTERS or value.isdecimal())
    )
    if query:
        response["Location"] += f"?{query}"
    return response
