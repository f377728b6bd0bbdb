"""Events of a host: the list, a new one, one event at a glance, and what is decided about it."""

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
from contest.forms.scope import UnitScope
from people.access import CONSOLE_KEY, EVENTS, remember_console, signed_in
from people.errors import AppError, NotAllowed
from people.models import User
from people.queries.roles import can
from realtime.domain.events import copy_event, create_event, delete_event, open_lobby, rename_event, rules_of
from realtime.domain.rehearsal import rehearse
from realtime.enums import Mode
from realtime.forms.event import NewEventForm, TitleForm
from realtime.models import Event
from realtime.presenters.events import card_of, mode_cards, next_of, running_minutes
from realtime.queries.console import MAKERS, contests_for, hosted_events, running_order
from realtime.rule_words import explain
from realtime.views.live_console_common import absolute, actor_of, event_for, frame

MOST_REHEARSED = 500


@require_safe
@signed_in
def events(request: HttpRequest) -> HttpResponse:
    cards = [card_of(one) for one in hosted_events(actor_of(request))]
    may_create = can(request.user, MAKERS)
    if (cards or may_create) and not request.session.get(CONSOLE_KEY):
        remember_console(request, EVENTS)  # asked to steer one event, or made a host since the sign-in
    context = {"cards": cards, "may_create": may_create, "here": "list"}
    return render(request, "realtime/live/events.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    user = _maker(request)
    kwargs: dict[str, Any] = {"scope": UnitScope(user, MAKERS), "contests": contests_for(user)}
    if request.method != "POST":
        wanted = request.GET.get("hinh-thuc", "")
        initial = {"mode": wanted if wanted in Mode.values else Mode.RACE}
        return _show_new(request, NewEventForm(initial=initial, **kwargs))
    form = NewEventForm(request.POST, **kwargs)
    if "find" in request.POST:
        return _show_new(request, form)
    if not form.is_valid() or form.chosen_unit is None:
        return _show_new(request, form, status=422)
    try:
        event = create_event(
            title=form.cleaned_data["title"],
            mode=form.cleaned_data["mode"],
            unit=form.chosen_unit,
            contest=form.chosen_contest(),
            actor=user,
            now=now_utc(),
        )
    except AppError as error:
        form.add_error(None, str(error))
        return _show_new(request, form, status=error.status)
    messages.success(request, _("Đã tạo sự kiện. Bây giờ là câu hỏi."))
    return redirect("realtime:live_questions", event.public_id)


def _show_new(request: HttpRequest, form: NewEventForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "modes": mode_cards(str(form["mode"].value() or "")), "here": "new", "may_create": True}
    return render(request, "realtime/live/new.html", context, status=status)


@require_safe
@signed_in
def units(request: HttpRequest) -> HttpResponse:
    """Units the caller may hold events in, as the unit picker shows them."""
    text = request.GET.get("q", "")[:100]
    found = UnitScope(_maker(request), MAKERS).find(text)
    context = {"units": found, "text": text, "name": "unit", "asked": bool(text), "none": False}
    return render(request, "people/parts/unit_options.html", context)


@require_safe
@signed_in
def event(request: HttpRequest, public_id: str) -> HttpResponse:
    return show_event(request, event_for(request, public_id))


def show_event(
    request: HttpRequest, found: Event, *, error: str = "", form: TitleForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one event; ``form`` is the one that came back with something to mend."""
    items = running_order(found)
    rules = rules_of(found)
    context = frame(
        request,
        found,
        "event",
        items=items,
        minutes=running_minutes(items, rules),
        step=next_of(found, len(items)),
        sentences=explain(rules)[:6],
        players=found.players.count(),
        join=absolute(request, "realtime:pin").split("://", 1)[-1].rstrip("/") if found.pin else "",
        form=form or TitleForm(initial={"title": found.title}),
        error=error,
    )
    return render(request, "realtime/live/event.html", context, status=status)


@require_POST
@signed_in
def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    found = event_for(request, public_id, change=True)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return show_event(request, found, form=form, status=422)
    rename_event(event=found, title=form.cleaned_data["title"], actor=actor_of(request), now=now_utc())
    messages.success(request, _("Đã lưu"))
    return redirect("realtime:live_event", public_id)


@require_POST
@signed_in
def open_event(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the lobby and go to the desk."""
    found = event_for(request, public_id, change=True)
    return _decide(
        request, found, lambda: open_lobby(event=found, actor=actor_of(request), now=now_utc()), to="realtime:live_desk"
    )


@require_POST
@signed_in
def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    found = event_for(request, public_id, change=True)
    made = copy_event(event=found, actor=actor_of(request), now=now_utc())
    messages.success(request, _("Đã tạo bản sao, chưa có người chơi nào."))
    _tell_left_out(request, found, made)
    return redirect("realtime:live_event", made.public_id)


@require_POST
@signed_in
def rehearsal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Simulated players in a copy; the desk of the copy opens."""
    found = event_for(request, public_id, change=True)
    raw = request.POST.get("players", "")
    number = int(raw) if raw.isdecimal() and len(raw) < 5 else 0
    try:
        made = rehearse(
            event=found, players=min(max(number, 1), MOST_REHEARSED), actor=actor_of(request), now=now_utc()
        )
    except AppError as error:
        return show_event(request, found, error=str(error), status=error.status)
    messages.info(request, _("Đây là bản tập dượt với người chơi ảo. Bấm thoải mái."))
    _tell_left_out(request, found, made)
    return redirect("realtime:live_desk", made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asks first; an event with people in it stays."""
    found = event_for(request, public_id, change=True)
    if request.method != "POST":
        return render(request, "realtime/live/delete.html", frame(request, found, "event"))
    try:
        delete_event(event=found, actor=actor_of(request), now=now_utc())
    except AppError as error:
        return show_event(request, found, error=str(error), status=error.status)
    messages.success(request, _("Đã xóa sự kiện."))
    return redirect("realtime:live_events")


def _tell_left_out(request: HttpRequest, event: Event, copied: Event) -> None:
    """Say how many sealed questions the copy goes without."""
    if left := event.questions.count() - copied.questions.count():
        said = ngettext(
            "%(n)d câu niêm phong không có trong bản này, vì bạn không có tên trong danh sách được đọc.",
            "%(n)d câu niêm phong không có trong bản này, vì bạn không có tên trong danh sách được đọc.",
            left,
        )
        messages.warning(request, said % {"n": left})


def _maker(request: HttpRequest) -> User:
    """The caller, who may hold events somewhere. Raises NotAllowed."""
    user = actor_of(request)
    if not can(user, MAKERS):
        raise NotAllowed
    return user


def _decide(request: HttpRequest, found: Event, act: Callable[[], object], *, to: str) -> HttpResponse:
    try:
        act()
    except AppError as error:
        return show_event(request, found, error=str(error), status=error.status)
    return redirect(to, found.public_id)
