"""The running order of an event: pick from the bank, write on the spot, by a table of topics, or made for you."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contest.arrivals import now_utc
from contest.forms.round import CellTable
from people.access import signed_in
from people.errors import AppError
from people.ids import new_public_id
from quizbank.errors import SealedQuestion
from quizbank.queries.questions import bank_stock, topics
from quizbank.queries.sealing import hidden_among, may_read
from realtime.domain.events import rules_of
from realtime.domain.questions import (
    BlueprintLine,
    add_questions,
    change_question,
    fill_from_blueprint,
    make_me_one,
    move_question,
    remove_question,
    revise_live_question,
    set_questions,
    write_live_question,
)
from realtime.domain.round_results import fill_from_round
from realtime.errors import BadCommand
from realtime.forms.choosing import BankFilter, MakeOneForm
from realtime.forms.questions import ItemForm, QuickForm, quick_initial
from realtime.models import Event, EventQuestion
from realtime.presenters.events import running_minutes
from realtime.presenters.questions import shown_question, shown_questions
from realtime.queries.console import bank_for_event, round_counted, running_order
from realtime.views.live_console_common import actor_of, event_for, frame

A_PAGE = 25


@require_safe
@signed_in
def questions(request: HttpRequest, public_id: str) -> HttpResponse:
    return show_questions(request, event_for(request, public_id))


def show_questions(
    request: HttpRequest, event: Event, *, make: MakeOneForm | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """The running order, or, while it is empty, the four ways to fill it."""
    items, rules = running_order(event), rules_of(event)
    context = frame(
        request,
        event,
        "questions",
        items=shown_questions(items, rules, hidden=_hidden(request, items)),
        rules=rules,
        minutes=running_minutes(items, rules),
        make=make or MakeOneForm(),
        error=error,
        round=round_counted(event, rules.counts_into) if rules.counts_into else None,
    )
    return render(request, "realtime/live/questions.html", context, status=status)


@require_POST
@signed_in
def make(request: HttpRequest, public_id: str) -> HttpResponse:
    """ "Làm giúp tôi"."""
    event = event_for(request, public_id, change=True)
    form = MakeOneForm(request.POST)
    if not form.is_valid():
        return show_questions(request, event, make=form, status=422)
    return _changed(
        request,
        event,
        lambda: make_me_one(
            event=event,
            topics=form.cleaned_data["topics"],
            minutes=form.cleaned_data["minutes"],
            seed=new_public_id(),
            now=now_utc(),
        ),
        _("Đã chọn câu hỏi, từ dễ đến khó. Bạn đổi được từng câu."),
    )


@require_POST
@signed_in
def take_round(request: HttpRequest, public_id: str) -> HttpResponse:
    """The frozen paper of the contest round the event counts into."""
    event = event_for(request, public_id, change=True)
    round_ = round_counted(event, rules_of(event).counts_into)
    if round_ is None:
        raise BadCommand
    told = _("Đã lấy đề của vòng thi.")
    return _changed(request, event, lambda: fill_from_round(event=event, round_=round_, now=now_utc()), told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def pick(request: HttpRequest, public_id: str) -> HttpResponse:
    """The bank with search and filters; what is ticked goes to the end of the running order."""
    changing = request.method == "POST"
    event = event_for(request, public_id, change=changing)
    form = BankFilter(request.GET)
    found = bank_for_event(event, user=actor_of(request), **form.wanted())
    if changing:
        ids = [int(raw) for raw in request.POST.getlist("version") if raw.isdecimal() and len(raw) < 19]
        chosen = {one.pk: one for one in bank_for_event(event, user=actor_of(request)).filter(pk__in=ids)}
        versions = [chosen[pk] for pk in dict.fromkeys(ids) if pk in chosen]
        try:
            add_questions(event=event, versions=versions, now=now_utc())
        except AppError as error:
            messages.error(request, str(error))
        else:
            told = ngettext("Đã thêm %(n)d câu.", "Đã thêm %(n)d câu.", len(versions)) % {"n": len(versions)}
            messages.success(request, told)
        return redirect(request.get_full_path())
    page = _page(request)
    rows = list(found[(page - 1) * A_PAGE : page * A_PAGE + 1])
    used = set(event.questions.values_list("version__question_id", flat=True))
    context = frame(
        request,
        event,
        "pick",
        form=form,
        rows=[(shown_question(one), one.question_id in used) for one in rows[:A_PAGE]],
        total=found.count(),
        count=len(used),
        page=page,
        more=len(rows) > A_PAGE,
        query=_query(request),
    )
    return render(request, "realtime/live/pick.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def blueprint(request: HttpRequest, public_id: str) -> HttpResponse:
    """So many questions of each topic and difficulty."""
    event = event_for(request, public_id, change=request.method == "POST")
    table = CellTable(topics())
    error = ""
    if request.method == "POST":
        table.read(request.POST)
        lines = [
            BlueprintLine(topic=line["topic"], difficulty=line["difficulty"], count=line["count"])
            for line in table.blueprint()
        ]
        if not table.problem and lines:
            try:
                made = fill_from_blueprint(event=event, lines=lines, seed=new_public_id(), now=now_utc())
            except AppError as refused:
                error = str(refused)
            else:
                told = ngettext("Đã thêm %(n)d câu.", "Đã thêm %(n)d câu.", len(made)) % {"n": len(made)}
                messages.success(request, told)
                return redirect("realtime:live_questions", public_id)
        error = error or table.problem or _("Mời bạn ghi số câu vào ít nhất một ô.")
    table.stock(bank_stock(event.language))
    context = frame(request, event, "blueprint", table=table, error=error)
    return render(request, "realtime/live/blueprint.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def quick(request: HttpRequest, public_id: str) -> HttpResponse:
    """The quick editor: write, mark the right one, next."""
    event = event_for(request, public_id, change=True)
    if request.method != "POST":
        return _show_quick(request, event, QuickForm(mode=event.mode))
    form = QuickForm(request.POST, mode=event.mode)
    if not form.is_valid() or form.draft is None:
        return _show_quick(request, event, form, status=422)
    try:
        write_live_question(event=event, draft=form.draft, author=actor_of(request), now=now_utc(), **form.settings())
    except AppError as error:
        form.add_error(None, str(error))
        return _show_quick(request, event, form, status=error.status)
    messages.success(request, _("Đã thêm câu hỏi."))
    return redirect("realtime:live_quick" if "more" in request.POST else "realtime:live_questions", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def item(request: HttpRequest, public_id: str, item_id: int) -> HttpResponse:
    """One question of the running order: how it is played; its wording too where it was written for an event."""
    event = event_for(request, public_id, change=True)
    row = _row(event, item_id)
    if not may_read(actor_of(request), row.version.question):
        raise SealedQuestion
    own = row.version.question.author_id == request.user.pk and "live" in row.version.question.tags
    if own:
        return _own_item(request, event, row)
    kind = row.version.kind
    if request.method != "POST":
        return _show_item(request, event, row, ItemForm(mode=event.mode, kind=kind, initial=_item_initial(row)))
    form = ItemForm(request.POST, mode=event.mode, kind=kind)
    if not form.is_valid():
        return _show_item(request, event, row, form, status=422)
    return _changed(
        request,
        event,
        lambda: change_question(event=event, question_id=row.pk, now=now_utc(), **form.settings()),
        _("Đã lưu"),
    )


def _own_item(request: HttpRequest, event: Event, row: EventQuestion) -> HttpResponse:
    if request.method != "POST":
        initial = quick_initial(row.version, row.play) | _item_initial(row)
        return _show_quick(request, event, QuickForm(mode=event.mode, initial=initial), row=row)
    form = QuickForm(request.POST, mode=event.mode)
    if not form.is_valid() or form.draft is None:
        return _show_quick(request, event, form, row=row, status=422)
    draft = form.draft
    return _changed(
        request,
        event,
        lambda: revise_live_question(event=event, question_id=row.pk, draft=draft, now=now_utc(), **form.settings()),
        _("Đã lưu"),
    )


@require_POST
@signed_in
def order(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move one question up or down, take it out, or put all in the order the page was dragged into."""
    event = event_for(request, public_id, change=True)
    items = running_order(event)
    if "order" in request.POST:
        return _sorted(request, event, items)
    if (row := _sent(request, "remove")) is not None:
        return _changed(
            request, event, lambda: remove_question(event=event, question_id=row, now=now_utc()), _("Đã bỏ câu hỏi.")
        )
    places = {one.pk: one.position for one in items}
    moved, step = _sent(request, "up"), -1
    if moved is None:
        moved, step = _sent(request, "down"), 1
    if moved in places:
        to = places[moved] + step
        return _changed(
            request,
            event,
            lambda: move_question(event=event, question_id=moved, to=to, now=now_utc()),
            "",
            f"#cau-{moved}",
        )
    return redirect("realtime:live_questions", public_id)


def _sent(request: HttpRequest, name: str) -> int | None:
    raw = request.POST.get(name, "")
    return int(raw) if raw.isdecimal() and len(raw) < 19 else None


def _sorted(request: HttpRequest, event: Event, items: list[EventQuestion]) -> HttpResponse:
    by_id = {str(one.pk): one.version for one in items}
    wanted = [by_id[raw] for raw in request.POST["order"].split(",") if raw in by_id]
    try:
        if len(wanted) != len(items) or len({one.pk for one in wanted}) != len(items):
            raise BadCommand
        set_questions(event=event, versions=wanted, now=now_utc())
    except AppError as error:
        return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@require_safe
@signed_in
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every question as it will be shown, with its key, for those who prepare the event."""
    event = event_for(request, public_id, change=True)
    rules = rules_of(event)
    items = running_order(event)
    shown = shown_questions(items, rules, hidden=_hidden(request, items))
    context = frame(request, event, "preview", items=shown, rules=rules)
    return render(request, "realtime/live/preview.html", context)


def _hidden(request: HttpRequest, items: list[EventQuestion]) -> set[int]:
    """Ids of the questions sealed from the caller; no query where nothing is in a set."""
    sealed = [one.version.question_id for one in items if one.version.question.sealed_in_id]
    return hidden_among(actor_of(request), sealed) if sealed else set()


def _show_quick(
    request: HttpRequest, event: Event, form: QuickForm, *, row: EventQuestion | None = None, status: int = 200
) -> HttpResponse:
    items = [] if row else running_order(event)
    context = frame(request, event, "quick", form=form, row=row, items=items, rules=rules_of(event))
    return render(request, "realtime/live/quick.html", context, status=status)


def _show_item(
    request: HttpRequest, event: Event, row: EventQuestion, form: ItemForm, *, status: int = 200
) -> HttpResponse:
    shown = shown_question(row.version)
    context = frame(request, event, "questions", form=form, row=row, question=shown, rules=rules_of(event))
    return render(request, "realtime/live/item.html", context, status=status)


def _changed(request: HttpRequest, event: Event, act: Callable[[], Any], told: str, anchor: str = "") -> HttpResponse:
    try:
        act()
    except AppError as error:
        return show_questions(request, event, error=str(error), status=error.status)
    if told:
        messages.success(request, told)
    response = redirect("realtime:live_questions", event.public_id)
    response["Location"] += anchor
    return response


def _row(event: Event, item_id: int) -> EventQuestion:
    row = event.questions.select_related("version__question__topic").filter(pk=item_id).first()
    if row is None:
        raise BadCommand(status=404)
    return row


def _item_initial(row: EventQuestion) -> dict[str, Any]:
    names = ("seconds", "read_seconds", "points", "stakes", "play", "extra", "practice")
    return {name: getattr(row, name) for name in names}


def _page(request: HttpRequest) -> int:
    raw = request.GET.get("trang", "1")
    return max(1, int(raw)) if raw.isdecimal() and len(raw) < 6 else 1


def _query(request: HttpRequest) -> str:
    """The filters of this page for its pager."""
    query = request.GET.copy()
    query.pop("trang", None)
    return query.urlencode()
