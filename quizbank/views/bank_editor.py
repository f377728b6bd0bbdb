"""The editor: writing, rewriting, and the preview that follows while one types."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.access import needs_role
from people.errors import AppError
from quizbank.diff import version_diff
from quizbank.domain.editing import BuiltinQuestion, EditConflict, NotEditable, save_edit, write_new
from quizbank.domain.pictures import LARGEST_FILE, BadPicture, store_picture
from quizbank.domain.questions import draft_of
from quizbank.domain.review import send_to_review
from quizbank.domain.sightings import note_sight
from quizbank.drafts import Draft
from quizbank.enums import QuestionState, Sight
from quizbank.forms.editor import HINTED, EditorForm
from quizbank.markup_html import picture_of
from quizbank.models import Question, QuestionVersion
from quizbank.presenting import fields_of, preview
from quizbank.queries.bank_console import WRITERS
from quizbank.translated import Words
from quizbank.views.bank_question import show_question
from quizbank.views.common import actor_of, frame, now_utc, question_for, require, rights
from quizbank.wording import hints_of

EDITABLE = frozenset({QuestionState.DRAFT, QuestionState.APPROVED})


@needs_role(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new question."""
    if request.method != "POST":
        topic = request.GET.get("chu-de", "")
        return _show(request, EditorForm(initial={"topic": topic, "base": 0, "audience": ["basic"]} if topic else None))
    data, refused = _sent(request)
    form = EditorForm(data)
    sound = form.is_valid()
    if refused or "try" in data or "send_picture" in data:
        return _show(request, form, refused=refused, trying=not refused, status=422 if refused else 200)
    if not sound or form.draft is None:
        return _show(request, form, status=422)
    question = write_new(draft=form.draft, author=actor_of(request), now=now_utc())
    return _saved(request, question)


@needs_role(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next wording of a question, from the one it was opened with."""
    question = question_for(request, public_id)
    if question.builtin:
        return _not_here(request, question, BuiltinQuestion())
    require(rights(request).edit(question))
    if question.state not in EDITABLE:
        return _not_here(request, question, NotEditable())
    current = question.current
    assert current is not None, "question_for finds only questions with a wording"
    current.question = question
    if request.method != "POST":
        note_sight(version=current, reader=actor_of(request), what=Sight.OPENED, now=now_utc())
        return _show(request, EditorForm(version=current), question=question)
    data, refused = _sent(request)
    raw = data.get("base", "")
    base = question.versions.filter(pk=int(raw)).first() if raw.isdecimal() and len(raw) < 19 else None
    base = base or current
    base.question = question
    form = EditorForm(data, version=base)
    sound = form.is_valid()
    if refused or "try" in data or "send_picture" in data:
        return _show(
            request, form, question=question, refused=refused, trying=not refused, status=422 if refused else 200
        )
    if not sound or form.draft is None:
        return _show(request, form, question=question, status=422)
    try:
        question = save_edit(question=question, base=base.pk, draft=form.draft, editor=actor_of(request), now=now_utc())
    except EditConflict as conflict:
        return _show_conflict(request, question, form.draft, data, conflict)
    return _saved(request, question)


def _not_here(request: HttpRequest, question: Question, error: AppError) -> HttpResponse:
    """The question's own page with why it cannot be edited now: the way on (take back, clone) is there."""
    return show_question(request, question, keyed=False, error=str(error), status=error.status)


def _saved(request: HttpRequest, question: Question) -> HttpResponse:
    """Stored; with the other button it also goes to review."""
    if "send" in request.POST and question.state == QuestionState.DRAFT:
        try:
            send_to_review(question=question, version=question.current_id or 0, actor=actor_of(request), now=now_utc())
        except AppError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("Đã lưu và gửi duyệt."))
            return redirect("quizbank:bank_question", question.public_id)
    messages.success(request, _("Đã lưu"))
    return redirect("quizbank:bank_question", question.public_id)


def _show_conflict(
    request: HttpRequest, question: Question, draft: Draft, data: QueryDict, conflict: EditConflict
) -> HttpResponse:
    """Both wordings; saving again from here is a decision, because the newer one has been shown."""
    newer = conflict.newer
    newer.question = question
    data["base"] = str(newer.pk)
    form = EditorForm(data, version=newer)
    form.is_valid()
    changes = version_diff(fields_of(newer), fields_of(draft))
    return _show(
        request, form, question=question, newer=newer, changes=changes, refused=str(conflict), status=conflict.status
    )


@needs_role(*WRITERS)
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """The preview and the remarks alone, for the script that asks while one types. Nothing is stored."""
    form = EditorForm(request.POST)
    form.is_valid()
    return render(request, "quizbank/console/parts/fresh.html", _tried(form) | {"hinted_fields": HINTED})


def _show(
    request: HttpRequest,
    form: EditorForm,
    *,
    question: Question | None = None,
    refused: str = "",
    newer: QuestionVersion | None = None,
    changes: object = (),
    trying: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = frame(
        request,
        "edit" if question else "new",
        form=form,
        question=question,
        error=refused,
        newer=newer,
        changes=changes,
        approved=question is not None and question.state == QuestionState.APPROVED,
        refused_form=bool(form.is_bound and form.errors and not (trying or refused)),
        **_tried(form),
    )
    return render(request, "quizbank/console/editor.html", context, status=status)


def _tried(form: EditorForm) -> dict[str, object]:
    """What the form comes to as it stands, also half written."""
    draft = form.draft
    if draft is None and form.version is not None:
        draft = draft_of(form.version)
    if draft is None:
        return {"preview": None, "other_preview": None, "hints": [], "hinted": [], "picture": None}
    hints = hints_of(draft)
    other = next(iter(draft.translations.values()), None)
    words = Words(draft.stem, draft.content)
    return {
        "preview": preview(kind=draft.kind, words=words, extra=draft.extra, key=draft.key),
        "other_preview": preview(
            kind=draft.kind,
            words=Words(str(other.get("stem", "")), other.get("content", {})),
            extra=draft.extra,
            key=draft.key,
        )
        if other
        else None,
        "hints": hints,
        "hinted": [
            (form[name].id_for_label, _("Phương án") if name == "option_0" else form[name].label)
            for name in HINTED
            if any(hint.field == name for hint in hints)
        ],
        "picture": picture_of(draft.extra),
    }


def _sent(request: HttpRequest) -> tuple[QueryDict, str]:
    """The form as sent, its picture already stored and named by its content; and why a picture was refused."""
    data = request.POST.copy()
    file = request.FILES.get("picture")
    if file is None:
        return data, ""
    try:
        if (file.size or 0) > LARGEST_FILE:
            raise BadPicture
        data["picture_sha"] = store_picture(data=file.read(), by=actor_of(request)).sha256
        data.pop("picture_off", None)
    except BadPicture as error:
        return data, str(error)
    return data, ""
