"""The rules of an event as a form, beside the text players will read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contest.arrivals import now_utc
from people.access import signed_in
from people.errors import AppError
from realtime.domain.events import NOT_BEGUN, rules_of, set_rules
from realtime.forms.rules import EventRulesForm
from realtime.models import Event
from realtime.queries.console import rounds_for
from realtime.rule_words import explain
from realtime.rules import EventRules
from realtime.views.live_console_common import actor_of, event_for, frame


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rules(request: HttpRequest, public_id: str) -> HttpResponse:
    changing = request.method == "POST"
    event = event_for(request, public_id, change=changing)
    base = rules_of(event)
    form = _form(request, event, base, bound=changing)
    if not changing:
        return _show(request, event, form, base)
    if not form.is_valid() or form.rules is None:
        return _show(request, event, form, base, status=422)
    try:
        set_rules(event=event, rules=form.rules, actor=actor_of(request), now=now_utc())
    except AppError as error:
        form.add_error(None, str(error))
        return _show(request, event, form, base, status=error.status)
    messages.success(request, _("Đã lưu thể lệ."))
    return redirect("realtime:live_event", public_id)


@require_POST
@signed_in
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The text the entries at hand would give; nothing is stored."""
    event = event_for(request, public_id, change=True)
    form = _form(request, event, rules_of(event), bound=True)
    if form.is_valid() and form.rules is not None:
        context: dict[str, object] = {"sentences": explain(form.rules)}
    else:
        context = {"problems": [str(text) for found in form.errors.values() for text in found]}
    return render(request, "realtime/live/parts/rule_sentences.html", context)


def _form(request: HttpRequest, event: Event, base: EventRules, *, bound: bool) -> EventRulesForm:
    return EventRulesForm(request.POST if bound else None, base=base, rounds=rounds_for(actor_of(request), event))


def _show(
    request: HttpRequest, event: Event, form: EventRulesForm, shown: EventRules, *, status: int = 200
) -> HttpResponse:
    context = frame(
        request,
        event,
        "rules",
        form=form,
        sentences=explain(form.rules or shown),
        fixed=event.phase not in NOT_BEGUN,
    )
    return render(request, "realtime/live/rules.html", context, status=status)
