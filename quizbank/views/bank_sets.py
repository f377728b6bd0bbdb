"""Sealed sets: making one, naming its readers, taking questions out, opening it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.access import needs_role
from people.errors import AppError
from quizbank.domain.sealing import create_set, may_keep, name_readers, open_set, take_out
from quizbank.forms.bank import SealedSetForm
from quizbank.models import SealedSet
from quizbank.queries.bank_console import READERS, bank_people, sets_for
from quizbank.queries.sealing import open_sets
from quizbank.views.common import actor_of, frame, now_utc, require, rights


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def sets(request: HttpRequest) -> HttpResponse:
    """Every set by name, and a new one."""
    user = actor_of(request)
    people = [one for one in bank_people() if one.pk != user.pk]
    if request.method != "POST":
        return _show_sets(request, SealedSetForm(people=people))
    require(rights(request).keep_sets)
    form = SealedSetForm(request.POST, people=people)
    if not form.is_valid():
        return _show_sets(request, form, status=422)
    sealed = create_set(name=form.cleaned_data["name"], owner=user, readers=form.chosen(), now=now_utc())
    messages.success(request, _("Đã lập bộ đề niêm phong. Hãy thêm câu từ danh sách câu hỏi."))
    return redirect("quizbank:bank_set", sealed.public_id)


def _show_sets(request: HttpRequest, form: SealedSetForm, *, status: int = 200) -> HttpResponse:
    user = actor_of(request)
    mine = set(open_sets(user).values_list("pk", flat=True))
    rows = [(one, one.pk in mine) for one in sets_for(user)]
    return render(request, "quizbank/console/sets.html", frame(request, "sets", form=form, rows=rows), status=status)


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def sealed_set(request: HttpRequest, public_id: str) -> HttpResponse:
    """One set. Its questions are shown to those who may read them, its name and readers to everybody of the bank."""
    sealed = SealedSet.objects.select_related("owner").filter(public_id=public_id).first()
    if sealed is None:
        raise Http404
    if request.method != "POST":
        return _show_set(request, sealed)
    user = actor_of(request)
    try:
        match request.POST.get("act"):
            case "readers":
                form = SealedSetForm(request.POST, people=bank_people(), named=True)
                form.is_valid()
                name_readers(sealed=sealed, readers=form.chosen(), actor=user, now=now_utc())
                messages.success(request, _("Đã lưu"))
            case "take_out":
                question = sealed.questions.filter(public_id=request.POST.get("question", "")).first()
                if question is not None:
                    take_out(sealed=sealed, question=question, actor=user, now=now_utc())
                    messages.success(request, _("Đã đưa câu ra khỏi niêm phong."))
            case "open" if request.POST.get("sure"):
                open_set(sealed=sealed, actor=user, now=now_utc())
                messages.success(request, _("Đã mở niêm phong."))
            case _:
                messages.warning(request, _("Mời bạn đánh dấu vào ô xác nhận."))
    except AppError as error:
        return _show_set(request, sealed, error=str(error), status=error.status)
    return redirect("quizbank:bank_set", public_id)


def _show_set(request: HttpRequest, sealed: SealedSet, *, error: str = "", status: int = 200) -> HttpResponse:
    user = actor_of(request)
    readers = list(sealed.readers.order_by("full_name", "pk"))
    readable = open_sets(user).filter(pk=sealed.pk).exists()
    keeps = may_keep(user, sealed)
    questions = sealed.questions.select_related("current", "topic").defer("current__key").order_by("code")
    form = None
    if keeps and sealed.opened_at is None:
        people = {one.pk: one for one in (*bank_people(), *readers) if one.pk != sealed.owner_id}
        named = [one.pk for one in readers]
        form = SealedSetForm(people=list(people.values()), named=True, initial={"readers": named})
    context = frame(
        request,
        "sets",
        sealed=sealed,
        readers=readers,
        questions=list(questions) if readable else [],
        size=sealed.questions.count(),
        readable=readable,
        keeps=keeps,
        form=form,
        error=error,
    )
    return render(request, "quizbank/console/set.html", context, status=status)
