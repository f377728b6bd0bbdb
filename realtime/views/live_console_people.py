"""People the host brings in: teams with their codes, and players who raise boards instead of holding a phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from contest.arrivals import now_utc
from people.access import signed_in
from people.errors import AppError
from people.ids import new_public_id
from realtime.domain.events import rules_of
from realtime.domain.joining import Denied, Joining, join_players
from realtime.domain.teams import make_teams
from realtime.errors import EventOver
from realtime.forms.people import BoardsForm, TeamsForm
from realtime.models import Event
from realtime.queries.console import board_players, teams_with_sizes
from realtime.views.live_console_common import event_for, frame


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Teams in team mode, board players in golden bell with marshals."""
    event = event_for(request, public_id, change=True)
    if request.method != "POST":
        return _show(request, event)
    if event.ended_at is not None:
        return _show(request, event, error=str(EventOver.message), status=EventOver.status)
    if "teams" in request.POST:
        return _teams(request, event)
    return _boards(request, event)


def _teams(request: HttpRequest, event: Event) -> HttpResponse:
    form = TeamsForm(request.POST)
    if not form.is_valid():
        return _show(request, event, teams=form, status=422)
    try:
        made = make_teams(event=event, names=form.names(), now=now_utc())
    except AppError as error:
        form.add_error(None, str(error))
        return _show(request, event, teams=form, status=error.status)
    messages.success(request, ngettext("Đã tạo %(n)d đội.", "Đã tạo %(n)d đội.", len(made)) % {"n": len(made)})
    return redirect("realtime:live_people", event.public_id)


def _boards(request: HttpRequest, event: Event) -> HttpResponse:
    form = BoardsForm(request.POST)
    if not form.is_valid():
        return _show(request, event, boards=form, status=422)
    wanted = [
        Joining(event_id=event.pk, ticket=f"b{new_public_id()}", name=name, marshal=True) for name in form.names()
    ]
    seats = join_players(wanted, now=now_utc())
    refused = [one for one in seats if isinstance(one, Denied)]
    came = len(seats) - len(refused)
    if came:
        told = ngettext("Đã xếp chỗ cho %(n)d người giơ bảng.", "Đã xếp chỗ cho %(n)d người giơ bảng.", came)
        messages.success(request, told % {"n": came})
    if refused:
        left = _("%(n)d người chưa vào được: %(why)s") % {"n": len(refused), "why": refused[0].text}
        messages.warning(request, left)
    return redirect("realtime:live_people", event.public_id)


def _show(
    request: HttpRequest,
    event: Event,
    *,
    teams: TeamsForm | None = None,
    boards: BoardsForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    rules = rules_of(event)
    context = frame(
        request,
        event,
        "people",
        team_rules=rules.team,
        by_hand=rules.bell is not None and rules.bell.marshal,
        teams=teams_with_sizes(event),
        boards=board_players(event),
        teams_form=teams or TeamsForm(),
        boards_form=boards or BoardsForm(),
        error=error,
    )
    return render(request, "realtime/live/people.html", context, status=status)
