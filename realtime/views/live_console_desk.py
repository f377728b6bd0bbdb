"""The pages that steer an event: desk, remote, marshal. They live on `desk` frames; these views draw the first state, carry
commands where there is no WebSocket, and give what a frame is too small for: the list of players, the marks of a question."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contest.arrivals import now_utc, to_ms
from people.access import public
from people.errors import AppError
from realtime.audiences import desk
from realtime.domain.grants import Steerer
from realtime.domain.steering import steer_event
from realtime.enums import GrantRole, Mode
from realtime.errors import BadCommand, GrantMissing
from realtime.game_state import Game
from realtime.live_frames import Desk
from realtime.models import Event, Player
from realtime.presenters.desk import JUDGE_CHOICES, first_view, judged, words
from realtime.queries.console import (
    find_event,
    hosted_event,
    loose_players,
    marks_of,
    may_host,
    names_of_steerers,
    roster,
    running_order,
    teams_with_sizes,
)
from realtime.queries.snapshot import snapshot_of
from realtime.views.live_console_common import actor_of, event_for, frame, key_of, key_query, presence_of, steered

STEERING = (GrantRole.HOST, GrantRole.COHOST)
FLOOR = (*STEERING, GrantRole.MARSHAL)
PAGES = {"live_desk", "live_remote", "live_marshal"}
OPTIONS = range(6)
ROSTER_PAGE = 40
LARGEST_DATA = 8_000  # characters of a command's data in a form


@require_safe
@public
def live_desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """The laptop's page."""
    return _page(request, public_id, "realtime/live/desk.html", *STEERING)


@require_safe
@public
def live_remote(request: HttpRequest, public_id: str) -> HttpResponse:
    """The phone as remote."""
    return _page(request, public_id, "realtime/live/remote.html", *STEERING)


@require_safe
@public
def live_marshal(request: HttpRequest, public_id: str) -> HttpResponse:
    """The boards of players without a phone."""
    return _page(request, public_id, "realtime/live/marshal.html", *FLOOR)


def _page(request: HttpRequest, public_id: str, template: str, *roles: GrantRole) -> HttpResponse:
    try:
        event, held = steered(request, public_id, *roles)
    except GrantMissing:
        return _offer(request, public_id)
    return _show(request, event, held, template)


def _show(
    request: HttpRequest, event: Event, held: Steerer, template: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    state = _state(event, held)
    people = roster(event, per_page=ROSTER_PAGE)
    key = key_of(request)
    by_account = not key and request.user.is_authenticated
    context: dict[str, Any] = {
        "event": event,
        "view": first_view(state),
        "words": words(names_of_steerers(event)),
        "key": key,
        "key_query": key_query(key),
        "may_setup": by_account and may_host(actor_of(request), event),
        "six": OPTIONS,
        "judge_choices": JUDGE_CHOICES,
        "error": error,
        "people": people[:ROSTER_PAGE],
        "more": len(people) > ROSTER_PAGE,
        "teams": teams_with_sizes(event) if event.mode == Mode.TEAM else [],
        "loose": loose_players(event),
        "steers": held.role in STEERING,
    }
    return render(request, template, context, status=status)


def _offer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody without a grant: who may host here can take one, others are told how to get one."""
    event = find_event(public_id)
    if key_of(request) or not request.user.is_authenticated:
        raise GrantMissing(_("Đường dẫn này không còn hiệu lực. Mời bạn xin người dẫn một đường dẫn mới."))
    hosted_event(actor_of(request), public_id)  # raises NoSuchEvent for events that are none of theirs
    if not may_host(actor_of(request), event):
        raise GrantMissing
    context = frame(request, event_for(request, public_id), "desk")
    return render(request, "realtime/live/take_part.html", context)


@require_POST
@public
def command(request: HttpRequest, public_id: str) -> HttpResponse:
    """A command by a plain form: what steers the event when WebSockets are blocked."""
    event = find_event(public_id)
    wants_json = "application/json" in request.headers.get("Accept", "")
    key = key_of(request)
    try:
        steer_event(
            event_id=event.pk,
            action=request.POST.get("action", ""),
            data=_data(request),
            at_seq=_number(request.POST.get("at", "")),
            user_id=request.user.pk if request.user.is_authenticated else None,
            key=key,
            now=now_utc(),
        )
    except AppError as error:
        if wants_json:
            return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
        if isinstance(error, GrantMissing):
            raise
        return _back(request, public_id, error)
    if wants_json:
        return JsonResponse({"code": "done"})
    return redirect(f"{_address(request, public_id)}")


def _back(request: HttpRequest, public_id: str, error: AppError) -> HttpResponse:
    """The page the form stood on, as things are now, with the reason."""
    event, held = steered(request, public_id, *FLOOR)
    name = _page_name(request)
    template = f"realtime/live/{name.removeprefix('live_')}.html"
    return _show(request, event, held, template, error=str(error), status=error.status)


def _address(request: HttpRequest, public_id: str) -> str:
    response = redirect(f"realtime:{_page_name(request)}", public_id)
    return f"{response['Location']}{key_query(key_of(request))}"


def _page_name(request: HttpRequest) -> str:
    name = request.POST.get("back", "")
    return name if name in PAGES else "live_desk"


def _data(request: HttpRequest) -> dict[str, Any]:
    raw = request.POST.get("data", "")
    if not raw:
        return {}
    try:
        data = json.loads(raw) if len(raw) <= LARGEST_DATA else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadCommand
    return data


def _number(raw: str) -> int:
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 15:
        raise BadCommand
    return int(raw)


@require_safe
@public
def state(request: HttpRequest, public_id: str) -> HttpResponse:
    """The `desk` frame by HTTP, for a desk without a WebSocket."""
    event, held = steered(request, public_id, *FLOOR)
    response = HttpResponse(_state(event, held).encode(), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _state(event: Event, held: Steerer) -> Desk:
    """The frame without what only the hall knows: who is connected at this moment."""
    snap, now = snapshot_of(event), to_ms(timezone.now())
    return desk(snap, presence_of(snap, now=now), now=now, role=held.role)


@require_safe
@public
def players(request: HttpRequest, public_id: str) -> HttpResponse:
    """People in the room with what can be done about each; a fragment of the desk."""
    event, _held = steered(request, public_id, *STEERING)
    found = roster(event, q=request.GET.get("q", "")[:60].strip(), per_page=ROSTER_PAGE)
    context = {
        "event": event,
        "people": found[:ROSTER_PAGE],
        "more": len(found) > ROSTER_PAGE,
        "teams": teams_with_sizes(event) if event.mode == Mode.TEAM else [],
        "loose": loose_players(event),
    }
    return render(request, "realtime/live/parts/roster.html", context)


@require_safe
@public
def asked(request: HttpRequest, public_id: str) -> HttpResponse:
    """The questions the judges may decide about now."""
    event, _held = steered(request, public_id, *STEERING)
    game = Game.from_json(event.state)
    found = judged(running_order(event), game, bell=event.mode == Mode.BELL, language=event.language)
    return JsonResponse({"questions": found}, headers={"Cache-Control": "no-store"})


@require_safe
@public
def boards(request: HttpRequest, public_id: str) -> HttpResponse:
    """Players without a phone with the marks of the present question, for the marshal's page."""
    event, _held = steered(request, public_id, *FLOOR)
    rows = Player.objects.filter(event=event, marshal=True, seat__isnull=False).order_by("seat")
    marks = marks_of(event)
    shown = [
        {"key": one.public_id, "seat": one.seat, "name": one.name, "status": one.status, "right": marks.get(one.pk)}
        for one in rows
    ]
    return JsonResponse({"instance": event.instance, "boards": shown}, headers={"Cache-Control": "no-store"})
