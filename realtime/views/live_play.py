"""Where people come in to a live event: the PIN field, the player's page, the wall, the QR code of the wall."""

from __future__ import annotations

import logging
from typing import Any

import segno
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from contest.arrivals import now_utc, to_ms
from contest.queries.certificates import code_of_event
from contest.throttle import allow, network_of
from people.access import public, resident_of
from people.models import Resident
from people.queries.units import children_of
from people.text import tidy
from realtime.audiences import wall as wall_frame
from realtime.doors import TICKET_MS, new_ticket
from realtime.enums import GrantRole, JoinWith, Names, Phase, TeamBy
from realtime.errors import NoSuchEvent
from realtime.models import Event
from realtime.nicknames import proposals
from realtime.pins import BadToken, clean_pin, read_ticket
from realtime.presenters.counted import spoken
from realtime.presenters.play_words import PLAY
from realtime.presenters.wall_words import WALL
from realtime.queries.console import find_event
from realtime.queries.snapshot import snapshot_of
from realtime.rule_words import explain
from realtime.rules import EventRules, from_json
from realtime.views.live_console_common import absolute, key_of, key_query, presence_of, steered

log = logging.getLogger(__name__)

# Wrong PINs in five minutes: of one browser, of one address (a hall shares one). A scanner that throws its cookie away meets
# the second. So many of everybody together are an alarm: while it lasts, who has failed often is held shorter, and nobody
# who has not is held at all. QR codes and rejoin links carry no PIN.
WINDOW_S = 300
WRONG_OF_BROWSER = 12
WRONG_OF_ADDRESS = 150
ALARM_AT = 3000
ALARMED_BROWSER = 4
ALARMED_ADDRESS = 30
BROWSER_COOKIE = "choi"
MOST_UNITS = 400
TICKET_COOKIE = "ve_{event}"
NO_PIN = {Phase.DRAFT, Phase.ABORTED}


@require_http_methods(["GET", "HEAD", "POST"])
@public
def pin(request: HttpRequest) -> HttpResponse:
    """The PIN field. A right PIN leads to the player's page; a wrong one is said kindly and counted."""
    typed = tidy(request.POST.get("pin", ""))[:20]
    if request.method != "POST":
        return _pin_page(request)
    if not _may_guess(request):
        return _pin_page(
            request, typed=typed, error=_("Bạn đã thử nhiều mã. Mời bạn nghỉ 5 phút, hoặc quét mã QR."), status=429
        )
    code = clean_pin(typed)
    if not code:
        return _pin_page(request, typed=typed, error=_("Mã PIN gồm 6 chữ số, ghi trên màn hình lớn."), status=422)
    if not Event.objects.filter(pin=code).exists():
        return _wrong(request, typed)
    return redirect("realtime:play", code)


@require_safe
@public
def play(request: HttpRequest, code: str) -> HttpResponse:
    """The player's page, by PIN (typed) or by the event's own id (QR code, coming back)."""
    if code.isdigit() or clean_pin(code):
        if not _may_guess(request):
            return _pin_page(
                request, typed=code, error=_("Bạn đã thử nhiều mã. Mời bạn nghỉ 5 phút, hoặc quét mã QR."), status=429
            )
        event = (
            Event.objects.filter(pin=clean_pin(code) or None).select_related("unit").first()
            if clean_pin(code)
            else None
        )
        if event is None:
            return _wrong(request, code)
        return redirect("realtime:play", event.public_id)
    try:
        event = find_event(code)
    except NoSuchEvent:
        return _wrong(request, "")
    ticket = _ticket(request, event)
    rules = from_json(event.rules)
    resident = resident_of(request)
    response = render(
        request,
        "realtime/live/play.html",
        {
            "event": event,
            "rules": explain(rules),
            "room": room(event, rules, resident, ticket=ticket),
            "words": spoken(PLAY),
        },
    )
    response.set_cookie(
        TICKET_COOKIE.format(event=event.pk),
        ticket,
        max_age=TICKET_MS // 1000,
        path=reverse("realtime:pin"),
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )
    return _private(response)


@require_safe
@public
def wall(request: HttpRequest, public_id: str) -> HttpResponse:
    """The projector's page. Its key may look and nothing else."""
    event, _held = steered(request, public_id, GrantRole.WALL, GrantRole.HOST, GrantRole.COHOST)
    join = absolute(request, "realtime:pin").split("://", 1)[-1].rstrip("/")
    context = {
        "event": event,
        "key": key_of(request),
        "state_url": reverse("realtime:wall_state", args=[public_id]) + key_query(key_of(request)),
        "join": join,
        "words": spoken(WALL),
    }
    return _private(render(request, "realtime/live/wall.html", context))


@require_safe
@public
def wall_state(request: HttpRequest, public_id: str) -> HttpResponse:
    """The `wall` frame by HTTP, for a projector whose network lets no WebSocket through."""
    event, _held = steered(request, public_id, GrantRole.WALL, GrantRole.HOST, GrantRole.COHOST)
    snap, now = snapshot_of(event), to_ms(now_utc())
    with override(event.language):
        frame = wall_frame(snap, presence_of(snap, now=now), now=now)
    return _private(HttpResponse(frame.encode(), content_type="application/json"))


@require_safe
@public
def event_qr(request: HttpRequest, public_id: str) -> HttpResponse:
    """The QR code that leads a phone into this event: black on white, whatever the page's colours."""
    event = find_event(public_id)
    address = absolute(request, "realtime:play", event.public_id)
    svg = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=1)
    svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) if "xmlns=" not in svg else svg
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = "max-age=3600"
    return response


def room(event: Event, rules: EventRules, resident: Resident | None, *, ticket: str) -> dict[str, Any]:
    """What the player's script must know before anybody has spoken: who may come in and how. Nothing of the questions."""
    real, path = rules.names == Names.REAL, reverse("realtime:play", args=[event.public_id])
    asks_unit = bool((rules.team and rules.team.by == TeamBy.UNIT) or (rules.bell and rules.bell.quota_by_unit))
    units = [(unit.code, unit.name) for unit in children_of(event.unit)[:MOST_UNITS]] if asks_unit else []
    return {
        "event": event.public_id,
        "ticket": ticket,
        "mode": event.mode,
        "ended": event.phase in (Phase.ENDED, Phase.ABORTED),
        "open": event.phase != Phase.DRAFT,
        "names": rules.names.value,
        "needs_account": (real or not rules.guests) and resident is None,
        "asks_name": not (rules.names == Names.SYSTEM or (real and resident is not None)),
        "name": resident.full_name if resident else "",
        "proposals": proposals(read_ticket(event.secret, ticket).nonce) if not real else [],
        "pattern": rules.join == JoinWith.PATTERN,
        "units": units if len(units) > 1 else [],
        "unit": resident.unit.code if resident else "",
        "team_code": bool(rules.team and rules.team.by == TeamBy.CAPTAIN),
        "certificate": _certificate(event, resident),
        "spectators": rules.spectators,
        "seat": rules.bell is not None,
        "path": path,
        "sign_in": f"{reverse('people:signup')}?{urlencode({'next': path})}",
    }


def _certificate(event: Event, resident: Resident | None) -> str:
    """The page of this person's certificate of the event; "" where there is none (yet)."""
    if resident is None or event.phase != Phase.ENDED:
        return ""
    code = code_of_event(event_ref=event.public_id, resident_id=resident.pk)
    return reverse("contest:verify", args=[code]) if code else ""


def _ticket(request: HttpRequest, event: Event) -> str:
    """The ticket this browser has for the event, or a new one; ``?moi`` gives the next person on a shared device theirs."""
    now = int(timezone.now().timestamp() * 1000)
    kept = request.COOKIES.get(TICKET_COOKIE.format(event=event.pk), "")
    if kept and "moi" not in request.GET:
        try:
            known = read_ticket(event.secret, kept)
        except BadToken:
            known = None
        # Half its life must be left: a page may stay open for long before somebody presses the button.
        if known is not None and known.event == event.pk and 0 <= now - known.issued_ms < TICKET_MS // 2:
            return kept
    return new_ticket(event_id=event.pk, secret=event.secret, now=now)


def _pin_page(request: HttpRequest, *, typed: str = "", error: str = "", status: int = 200) -> HttpResponse:
    return _private(render(request, "realtime/live/pin.html", {"typed": typed, "error": error}, status=status))


def _wrong(request: HttpRequest, typed: str) -> HttpResponse:
    tried = _tried(request) + 1
    allow("pin-wrong", _address(request), limit=WRONG_OF_ADDRESS, window_s=WINDOW_S)
    if not allow("pin-wrong", "all", limit=ALARM_AT, window_s=WINDOW_S) and cache.add("alarm:pin-wrong", 1, WINDOW_S):
        log.error("more than %d wrong PINs within %d s: somebody scans for rooms", ALARM_AT, WINDOW_S)
    error = _(
        "Chưa có phòng nào dùng mã này. Mời bạn nhìn lại mã trên màn hình lớn. Sự kiện đã kết thúc thì mã cũng đóng."
    )
    response = _pin_page(request, typed=typed, error=error, status=404)
    response.set_signed_cookie(
        BROWSER_COOKIE,
        str(tried),
        max_age=WINDOW_S,
        path=reverse("realtime:pin"),
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
    )
    return response


def _tried(request: HttpRequest) -> int:
    value = request.get_signed_cookie(BROWSER_COOKIE, default="0", max_age=WINDOW_S)
    return int(value) if value and value.isdigit() else 0


def _may_guess(request: HttpRequest) -> bool:
    """Whether this browser and its address have wrong PINs left; fewer while somebody scans."""
    alarmed = wrong_so_far("all") >= ALARM_AT
    browser, address = (ALARMED_BROWSER, ALARMED_ADDRESS) if alarmed else (WRONG_OF_BROWSER, WRONG_OF_ADDRESS)
    return _tried(request) < browser and wrong_so_far(_address(request)) < address


def _address(request: HttpRequest) -> str:
    return network_of(get_adapter().get_client_ip(request))


def wrong_so_far(who: str) -> int:
    """Wrong PINs counted for an address, or for "all", in the present window."""
    return int(cache.get(f"throttle:pin-wrong:{who}") or 0)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
