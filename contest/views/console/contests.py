"""Own contests, a new one, one contest at a glance."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contest.arrivals import now_utc
from contest.domain.contests import create_contest, edit_contest, list_contest, unlist_contest
from contest.forms.contest import ContestForm, EditContestForm, NewContestForm, templates
from contest.forms.scope import UnitScope
from contest.presenters.console_log import log_lines
from contest.presenters.next_step import next_step
from contest.presenters.window import span_words
from contest.queries.console import READERS, contest_state, decisions, organized_contests
from contest.rules.templates import template_rules
from contest.rules.text import highlights
from contest.views.console.common import actor_of, contest_for, frame, rule_sections
from people.access import needs_role
from people.enums import Role
from people.errors import AppError
from people.ids import new_public_id
from people.models import Unit
from people.queries.roles import can


@needs_role(*READERS)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = now_utc()
    states = organized_contests(actor_of(request), now)
    cards = [(state, next_step(state, now)) for state in states]
    may_create = can(request.user, Role.ORGANIZER)
    return render(request, "contest/console/home.html", {"cards": cards, "may_create": may_create})


@needs_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    scope = UnitScope(actor_of(request))
    if request.method != "POST":
        return _show_new(
            request, NewContestForm(scope=scope, initial={"key": new_public_id(), "template": "weekly-dx"})
        )
    form = NewContestForm(request.POST, scope=scope)
    if "find" in request.POST:
        return _show_new(request, form, searching=True)
    if not form.is_valid():
        return _show_new(request, form, status=422)
    try:
        contest = create_contest(
            facts=form.facts(),
            rules=template_rules(form.cleaned_data["template"]),
            actor=actor_of(request),
            now=now_utc(),
            key=form.cleaned_data["key"],
        )
    except AppError as error:
        form.add_error(None, str(error))
        return _show_new(request, form, status=error.status)
    messages.success(request, _("Đã tạo cuộc thi. Mời bạn xem lại thể lệ."))
    return redirect("contest:console_rules", contest.slug)


def _show_new(
    request: HttpRequest, form: NewContestForm, *, status: int = 200, searching: bool = False
) -> HttpResponse:
    chosen = form["template"].value()
    cards = [
        {
            "template": one,
            "chosen": one.code == chosen,
            "highlights": [line.text for line in highlights(one.build())],
            "sections": rule_sections(one.build()),
        }
        for one in templates()
    ]
    context = {"form": form, "cards": cards, "searching": searching}
    return render(request, "contest/console/new.html", context, status=status)


@needs_role(Role.ORGANIZER)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Units of the caller's own scope, as the unit picker shows them."""
    text = request.GET.get("q", "")[:100]
    found: list[Unit] = UnitScope(actor_of(request)).find(text)
    context = {"units": found, "text": text, "name": "unit", "asked": bool(text), "none": False}
    return render(request, "people/parts/unit_options.html", context)


@needs_role(*READERS)
@require_safe
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    return _show_contest(request, slug)


def _show_contest(request: HttpRequest, slug: str, *, error: str = "", status: int = 200) -> HttpResponse:
    now = now_utc()
    found = contest_for(request, slug)
    state = contest_state(found, now)
    rounds = [one.round for one in state.rounds]
    context = frame(
        request,
        found,
        "contest",
        state=state,
        step=next_step(state, now),
        rounds=[(one, span_words(one.round)) for one in state.rounds],
        log=log_lines(decisions(found, rounds), {f"round:{one.public_id}": one.title for one in rounds}),
        error=error,
    )
    return render(request, "contest/console/contest.html", context, status=status)


@needs_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = contest_for(request, slug, change=True)
    scope = UnitScope(actor_of(request))
    if request.method != "POST":
        initial = {
            "title": found.title,
            "organizer": found.organizer,
            "summary": found.summary,
            "description": found.description,
            "unit": found.unit.code,
            "invites_on": found.invites_on,
            "rewards_on": found.rewards_on,
        }
        return _show_edit(request, slug, EditContestForm(scope=scope, kept=found.unit, initial=initial))
    form = EditContestForm(request.POST, scope=scope, kept=found.unit)
    if "find" in request.POST:
        return _show_edit(request, slug, form)
    if not form.is_valid():
        return _show_edit(request, slug, form, status=422)
    edit_contest(contest=found, facts=form.facts(), actor=actor_of(request), now=now_utc())
    messages.success(request, _("Đã lưu"))
    return redirect("contest:console_contest", slug)


def _show_edit(request: HttpRequest, slug: str, form: ContestForm, *, status: int = 200) -> HttpResponse:
    found = contest_for(request, slug)
    return render(request, "contest/console/edit.html", frame(request, found, "edit", form=form), status=status)


@needs_role(Role.ORGANIZER)
@require_POST
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the contest in public, or hide one that nobody has entered."""
    found = contest_for(request, slug, change=True)
    hide = request.POST.get("show") == "0"
    try:
        if hide:
            unlist_contest(contest=found, actor=actor_of(request), now=now_utc())
        else:
            list_contest(contest=found, actor=actor_of(request), now=now_utc())
    except AppError as error:
        return _show_contest(request, slug, error=str(error), status=error.status)
    messages.success(request, _("Đã ẩn cuộc thi.") if hide else _("Cuộc thi đã công khai."))
    return redirect("contest:console_contest", slug)
