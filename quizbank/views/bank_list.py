"""The list of the bank: search, filters, deeds on many questions at once, and the log."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from people.access import needs_role, safe_next
from people.errors import AppError
from quizbank.domain.review import retire, send_to_review, with_each
from quizbank.domain.sealing import add_questions
from quizbank.enums import QuestionState
from quizbank.forms.bank import BankFilter
from quizbank.log_words import log_lines
from quizbank.models import Question, SealedSet
from quizbank.queries.bank_console import (
    A_PAGE,
    READERS,
    bank_log,
    bank_questions,
    listed,
    open_remarks,
    own_sets,
    rights_of,
    state_counts,
)
from quizbank.queries.sealing import hidden_among, sealed_from
from quizbank.views.common import actor_of, frame, neighbours, now_utc, page_number, require, rights

MOST_AT_ONCE = 200


@needs_role(*READERS)
@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    """Questions by the filters, fifty a page."""
    user = actor_of(request)
    form = BankFilter(request.GET)
    wanted = form.wanted()
    found = bank_questions(user, **wanted)
    page = page_number(request)
    rows = listed(found, page=page)
    hidden = hidden_among(user, [row.pk for row in rows if row.sealed_in_id])
    remarks = open_remarks([row.current_id for row in rows[:A_PAGE] if row.current_id])
    may = rights(request)
    context = frame(
        request,
        "bank",
        form=form,
        rows=[(row, row.pk in hidden, remarks[row.current_id or 0]) for row in rows[:A_PAGE]],
        total=found.count(),
        states=_state_tabs(request, state_counts(user), wanted["state"]),
        sets=own_sets(user) if may.keep_sets else [],
        may_export=_has("quizbank:export"),
        may_import=may.write and _has("quizbank:import_new"),
        **neighbours(request, page, more=len(rows) > A_PAGE),
    )
    return render(request, "quizbank/console/bank.html", context)


def _state_tabs(request: HttpRequest, counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    """The four states (and all) as tabs, the other filters kept."""
    tabs = []
    for value, label in [("", _("Tất cả")), *QuestionState.choices]:
        query = request.GET.copy()
        query.pop("trang", None)
        query["state"] = value
        count = sum(counts.values()) if not value else counts[value]
        tabs.append({"url": f"?{query.urlencode()}", "label": label, "count": count, "here": value == chosen})
    return tabs


@needs_role(*READERS)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """What is ticked goes to review, out of use, into a sealed set, or to the export page."""
    user, may = actor_of(request), rights_of(actor_of(request))
    back = safe_next(request, request.POST.get("back"), default=reverse("quizbank:bank"))
    ids = request.POST.getlist("question")[:MOST_AT_ONCE]
    readable = Question.objects.exclude(sealed_from(user)).filter(public_id__in=ids, current__isnull=False)
    chosen = list(readable.order_by("code"))
    if not chosen:
        messages.warning(request, _("Mời bạn đánh dấu ít nhất một câu."))
        return redirect(back)
    match request.POST.get("act"):
        case "export":
            return redirect(f"{reverse('quizbank:export')}?{urlencode([('code', one.code) for one in chosen])}")
        case "send":
            require(may.write)
            _tell(request, [one for one in chosen if may.edit(one)], send_to_review, len(chosen))
        case "retire":
            require(may.review)
            _tell(request, chosen, retire, len(chosen))
        case "seal":
            require(may.keep_sets)
            _seal(request, chosen)
        case _:
            messages.warning(request, _("Mời bạn chọn việc cần làm."))
    return redirect(back)


def _tell(request: HttpRequest, questions: list[Question], act: Any, asked: int) -> None:
    outcome = with_each(questions=questions, act=act, actor=actor_of(request), now=now_utc())
    if outcome.done:
        said = ngettext("Đã làm xong %(n)d câu.", "Đã làm xong %(n)d câu.", outcome.done) % {"n": outcome.done}
        messages.success(request, said)
    left = asked - outcome.done
    if left:
        said = ngettext(
            "%(n)d câu không làm được vì đang ở trạng thái khác, hoặc không phải câu của bạn.",
            "%(n)d câu không làm được vì đang ở trạng thái khác, hoặc không phải câu của bạn.",
            left,
        )
        messages.warning(request, said % {"n": left})


def _seal(request: HttpRequest, questions: list[Question]) -> None:
    user = actor_of(request)
    sealed = SealedSet.objects.filter(public_id=request.POST.get("set", ""), owner=user).first()
    if sealed is None:
        messages.warning(request, _("Mời bạn chọn bộ đề niêm phong."))
        return
    try:
        added = add_questions(sealed=sealed, questions=questions, actor=user, now=now_utc())
    except AppError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("Đã niêm phong thêm %(n)d câu.", "Đã niêm phong thêm %(n)d câu.", added) % {"n": added}
        messages.success(request, said)


@needs_role(*READERS)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Who decided what, about which question or set."""
    require(rights(request).see_log)
    page = page_number(request)
    entries = bank_log(first=(page - 1) * A_PAGE, number=A_PAGE + 1)
    context = frame(
        request, "log", lines=log_lines(entries[:A_PAGE]), **neighbours(request, page, more=len(entries) > A_PAGE)
    )
    return render(request, "quizbank/console/log.html", context)


def _has(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True
