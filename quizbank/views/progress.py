"""What one has achieved, one's map of knowledge, the weekly league, and the switches of it all."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import needs_role, signed_in
from people.enums import Role
from people.models import User
from people.queries.roles import scope_paths, subtree
from people.queries.units import units_in_force
from quizbank.domain.leagues import draw_week
from quizbank.domain.progress_settings import choose_progress, switch_off, switch_on
from quizbank.domain.winning import tell_wins
from quizbank.forms.goals import PlaceForm, ProgressForm
from quizbank.models import ProgressOff
from quizbank.petals import MIDDLE, SIZE, petals
from quizbank.queries.knowledge import knowledge_of, weakest
from quizbank.queries.leagues import league_board
from quizbank.queries.progress import progress_of, switches_of
from quizbank.queries.quests import quest_lines
from quizbank.rewards import DAILY_CAP
from quizbank.rounds_ahead import round_ahead

ROOTS_SHOWN = 200


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


@signed_in
@never_cache
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    person, now = _person(request), timezone.now()
    switches = switches_of(person.pk)
    context: dict[str, object] = {"here": "progress", "switches": switches}
    if switches.on:
        context |= {
            "progress": progress_of(person.pk, now),
            "quests": quest_lines(person, now),
            "ahead": round_ahead(person.pk, now),
            "cap": DAILY_CAP,
            # Here everything is in sight: what is new is marked, and told by that.
            "fresh": {one.name for one in tell_wins(person_id=person.pk, now=now)},
        }
    return render(request, "quizbank/progress/progress.html", context)


@signed_in
@never_cache
@require_POST
def news(request: HttpRequest) -> HttpResponse:
    """Tell what was won since the last time, as a piece of a page; empty where nothing was. Asking takes it as told."""
    found = tell_wins(person_id=_person(request).pk, now=timezone.now())
    return render(request, "quizbank/progress/parts/news.html", {"news": found})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    switches = switches_of(person.pk)
    if request.method == "POST":
        form = ProgressForm(request.POST)
        if form.is_valid():
            choose_progress(
                person=person,
                shown=form.cleaned_data["shown"],
                league=form.cleaned_data["league"],
                now=timezone.now(),
            )
            messages.success(request, _("Đã lưu"))
            return redirect("quizbank:progress")
    else:
        form = ProgressForm(initial={"shown": switches.shown, "league": switches.league})
    context = {"here": "settings", "form": form, "switches": switches}
    return render(request, "quizbank/progress/settings.html", context)


@signed_in
@never_cache
@require_safe
def knowledge(request: HttpRequest) -> HttpResponse:
    """The map is no reward: it is there for everybody, whatever is switched off."""
    topics = knowledge_of(_person(request).pk)
    context = {
        "here": "map",
        "topics": list(zip(topics, petals([one.share for one in topics]), strict=True)),
        "weakest": weakest(topics),
        "size": int(SIZE),
        "middle": int(MIDDLE),
        "switches": switches_of(_person(request).pk),
    }
    return render(request, "quizbank/progress/map.html", context)


@signed_in
@never_cache
@require_safe
def league(request: HttpRequest) -> HttpResponse:
    person, now = _person(request), timezone.now()
    switches = switches_of(person.pk)
    board = None
    if switches.on and switches.league:
        draw_week(now=now)
        board = league_board(person.pk, now)
    context = {"here": "league", "switches": switches, "board": board}
    return render(request, "quizbank/progress/league.html", context)


@needs_role(Role.ORGANIZER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rewards_off(request: HttpRequest) -> HttpResponse:
    """Where an organizer switches rewards off for a unit and everything below it; of the nation: for the site."""
    person, now = _person(request), timezone.now()
    paths = scope_paths(person, Role.ORGANIZER)
    roots = list(units_in_force().filter(path__in=paths).order_by("path")[:ROOTS_SHOWN]) if paths else []
    form = PlaceForm(roots=roots)
    status = 200
    if request.method == "POST" and request.POST.get("act") == "on":
        row = ProgressOff.objects.select_related("unit").filter(unit__code=request.POST.get("unit", "")).first()
        if row is not None:
            switch_on(actor=person, unit=row.unit, now=now)
            messages.success(request, _("Đã bật lại điểm và huy hiệu cho %(unit)s.") % {"unit": row.unit.name})
        return redirect("quizbank:rewards_off")
    if request.method == "POST":
        form = PlaceForm(request.POST, roots=roots)
        if form.is_valid():
            unit = form.cleaned_data["unit"]
            switch_off(actor=person, unit=unit, now=now)
            messages.success(request, _("Đã tắt điểm và huy hiệu cho %(unit)s.") % {"unit": unit.name})
            return redirect("quizbank:rewards_off")
        status = 422
    rows = ProgressOff.objects.filter(subtree(paths, "unit__path")).select_related("unit", "by").order_by("unit__path")
    context = {"here": "goals", "form": form, "roots": roots, "rows": rows, "switches": switches_of(person.pk)}
    return render(request, "quizbank/progress/rewards_off.html", context, status=status)
