"""Goals of units: what a commune, an office or a school learns together."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import cast

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import needs_role, public, signed_in
from people.errors import AppError
from people.models import User
from people.queries.roles import can, scope_paths
from people.queries.units import units_in_force
from people.requests import public_url
from quizbank.domain.unit_goals import KEEPERS, end_goal, set_goal
from quizbank.errors import GoalRefused
from quizbank.forms.goals import GoalForm
from quizbank.models import UnitGoal
from quizbank.queries.progress import is_closed, switches_of, unit_path_of
from quizbank.queries.unit_goals import goal_by_id, goals_of_path, goals_within, progress_of_goal
from quizbank.rewards import vn_day

ROOTS_SHOWN = 200
A_MONTH = timedelta(days=29)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _goal(public_id: str) -> UnitGoal:
    goal = goal_by_id(public_id)
    if goal is None:
        raise Http404
    return goal


@signed_in
@never_cache
@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    person, today = _person(request), vn_day(timezone.now())
    path = unit_path_of(person.pk)
    care = scope_paths(person, KEEPERS)
    mine = goals_of_path(path, today) if path else []
    shown = {one.goal.pk for one in mine}
    context = {
        "here": "goals",
        "switches": switches_of(person.pk),
        "has_unit": bool(path),
        "mine": mine,
        "kept": [one for one in goals_within(care, today) if one.goal.pk not in shown] if care else [],
        "keeps": bool(care),
        "organizes": can(person, KEEPERS[0]),
    }
    return render(request, "quizbank/progress/goals.html", context)


@needs_role(*KEEPERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: HttpRequest) -> HttpResponse:
    person, now = _person(request), timezone.now()
    paths = scope_paths(person, KEEPERS)
    roots = list(units_in_force().filter(path__in=paths).order_by("path")[:ROOTS_SHOWN])
    today = vn_day(now)
    form = GoalForm(
        request.POST if request.method == "POST" else None,
        roots=roots,
        initial={"starts_on": today, "ends_on": today + A_MONTH},
    )
    if request.method == "POST" and form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("unit", "title", "target", "starts_on", "ends_on")}
        try:
            goal = set_goal(actor=person, now=now, **wanted)
        except GoalRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã đặt mục tiêu. Hãy chia sẻ trang này để mọi người cùng học."))
            return redirect("quizbank:goal", goal.public_id)
    context = {"here": "goals", "form": form, "roots": roots, "switches": switches_of(person.pk)}
    return render(request, "quizbank/progress/goal_form.html", context, status=422 if request.method == "POST" else 200)


@public
@require_safe
def goal(request: HttpRequest, public_id: str) -> HttpResponse:
    one = _goal(public_id)
    path = reverse("quizbank:goal", args=[public_id])
    context = {
        "one": progress_of_goal(one, vn_day(timezone.now())),
        "closed": is_closed(one.unit.path),
        "share_url": public_url(request, path),
        "keeps": request.user.is_authenticated and can(request.user, KEEPERS, unit=one.unit),
    }
    return render(request, "quizbank/progress/goal.html", context)


@public
@require_safe
@cache_control(max_age=86_400, public=True)
def goal_qr(request: HttpRequest, public_id: str) -> HttpResponse:
    address = public_url(request, reverse("quizbank:goal", args=[_goal(public_id).public_id]))
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@needs_role(*KEEPERS)
@require_POST
def goal_end(request: HttpRequest, public_id: str) -> HttpResponse:
    one = _goal(public_id)
    if request.POST.get("sure"):
        try:
            end_goal(actor=_person(request), goal=one, now=timezone.now())
            messages.success(request, _("Đã kết thúc mục tiêu."))
        except AppError as error:
            messages.error(request, str(error))
    else:
        messages.warning(request, _("Mời bạn đánh dấu vào ô xác nhận."))
    return redirect("quizbank:goal", public_id)
