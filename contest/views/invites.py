"""Invitations as residents meet them: the link, its picture and QR code, one's own page and the boards."""

from __future__ import annotations

import io
from datetime import timedelta
from http import HTTPStatus

import segno
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from contest.arrivals import now_utc
from contest.domain.invite_credit import recount
from contest.domain.inviting import personal_link, unit_link
from contest.errors import NotFound, TooOften
from contest.models import Contest, InviteLink
from contest.presenters.invites import link_url, preview_of, share_facts
from contest.queries.invite_boards import people_board, units_board
from contest.queries.invites import inviter_name, link_of, own_link, spread_of, still_counted, unit_links
from contest.queries.pages import ContestRounds, contest_rounds
from contest.queries.papers import rules_of
from contest.rules.parts import Masking
from contest.share_image import store
from contest.share_image.facts import ShareFacts
from contest.throttle import allow, network_of
from contest.views.invited import ASKED, is_live, remember
from people.access import PROFILE_URL, public, resident_of, signed_in
from people.enums import Role
from people.errors import NotAllowed
from people.models import Unit
from people.queries.roles import can, covers, roles_of

# A drawing costs a tenth of a second; what is drawn already costs nothing and is not counted.
DRAWINGS_A_MINUTE = 60
DRAWINGS_OF_ALL = 240
MINUTE_S = 60
SEEN_RECOUNT = timedelta(minutes=2)
INVITING_ROLES = frozenset({Role.UNIT_OFFICER, Role.ORGANIZER})
DEEPEST_PAGE = 10_000


@public
@require_safe
def landing(request: HttpRequest, code: str) -> HttpResponseBase:
    """Remember who invites and go to the contest. An old link of somebody who left still leads there."""
    now = now_utc()
    link = link_of(code, now)
    if link is None:
        raise NotFound
    address = reverse("contest:contest", args=[link.contest.slug])
    if not is_live(link):
        return redirect(address)
    response = redirect(f"{address}?{urlencode({ASKED: link.code})}")
    resident = resident_of(request)
    if resident is None or resident.pk != link.resident_id:
        remember(request, response, link, now)
    response.headers["Cache-Control"] = "no-store, private"
    return response


@public
@require_safe
@cache_control(max_age=3600, public=True)
def invite_image(request: HttpRequest, code: str) -> HttpResponse:
    now = now_utc()
    link = link_of(code, now)
    if link is None:
        raise NotFound
    page = contest_rounds(link.contest.slug, now)
    live = is_live(link)
    inviter = inviter_name(link, masking_of(page), now) if live else ""
    return _picture(request, share_facts(page.contest, page.rounds, link if live else None, inviter))


@public
@require_safe
@cache_control(max_age=3600, public=True)
def share_image(request: HttpRequest, slug: str) -> HttpResponse:
    page = contest_rounds(slug, now_utc())
    return _picture(request, share_facts(page.contest, page.rounds, None, ""))


@public
@require_safe
@cache_control(max_age=3600, public=True)
def invite_qr(request: HttpRequest, code: str) -> HttpResponse:
    link = link_of(code, now_utc())
    if link is None:
        raise NotFound
    drawing = io.BytesIO()
    made = segno.make(link_url(link), error="m", micro=False)
    made.save(drawing, kind="svg", scale=8, border=2, dark="#1C1917", light="#FFFFFF", xmldecl=False)
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


def _picture(request: HttpRequest, facts: ShareFacts) -> HttpResponse:
    folder = settings.DATA_DIR / "share"
    png = store.find(folder, facts)
    if png is None:
        # By network and not by account: no session is asked, so that any cache between may keep the answer.
        network = network_of(get_adapter().get_client_ip(request))
        mine = allow("share-image", network, limit=DRAWINGS_A_MINUTE, window_s=MINUTE_S)
        if not mine or not allow("share-image", "all", limit=DRAWINGS_OF_ALL, window_s=MINUTE_S):
            raise TooOften
        try:
            png = store.make(folder, facts)
        except store.TooBusy:
            busy = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
            busy.headers["Retry-After"] = "30"
            busy.headers["Cache-Control"] = "no-store"
            return busy
    return HttpResponse(png, content_type="image/png")


@public
@require_safe
def spread(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own link and what came of it, links of one's units, and the two boards."""
    now = now_utc()
    page = contest_rounds(slug, now)
    contest = page.contest
    if not contest.invites_on:
        raise NotFound
    if still_counted(contest, now):
        recount(contest=contest, now=now, every=SEEN_RECOUNT)
    masking = masking_of(page)
    resident = resident_of(request)
    number = _number(request.GET.get("trang", ""))
    by_unit = request.GET.get("bang") == "don-vi"
    board = (
        units_board(contest, viewer_unit_id=resident.unit_id if resident else None, page=number)
        if by_unit
        else people_board(contest, masking=masking, viewer_id=resident.pk if resident else None, now=now, page=number)
    )
    link = own_link(contest, resident)
    units = _units_of(request, contest)
    made = {one.unit_id: one for one in unit_links(contest, [unit.pk for unit in units])} if units else {}
    context = {
        "contest": contest,
        "phase": page.phase,
        "resident": resident,
        "own": _shown(page, link, masking) if link else None,
        "came": spread_of(link, masking, now) if link else None,
        "units": [(unit, _shown(page, made[unit.pk], masking) if unit.pk in made else None) for unit in units],
        "board": board,
        "by_unit": by_unit,
        "og": preview_of(contest, page.rounds, None, ""),
    }
    return render(request, "contest/invites/page.html", context)


@signed_in
@require_POST
def make_link(request: HttpRequest, slug: str) -> HttpResponse:
    """Make one's own link, or that of a unit one looks after. Pressing twice gives the first."""
    now = now_utc()
    contest = contest_rounds(slug, now).contest
    back = reverse("contest:spread", args=[slug])
    code = request.POST.get("unit", "")
    if code:
        unit = next((one for one in _units_of(request, contest) if one.code == code), None)
        if unit is None:
            raise NotAllowed
        assert request.user.is_authenticated  # the decorator saw to it
        unit_link(contest=contest, unit=unit, actor=request.user, now=now)
        return redirect(f"{back}#don-vi")
    resident = resident_of(request)
    if resident is None:
        return redirect(f"{reverse(PROFILE_URL)}?{urlencode({'next': back})}")
    personal_link(contest=contest, resident=resident, now=now)
    return redirect(f"{back}#link")


def masking_of(page: ContestRounds) -> Masking:
    """How names are shown: by the rules of the round that matters now."""
    return rules_of(page.current).masking if page.current else Masking()


def _shown(page: ContestRounds, link: InviteLink, masking: Masking) -> dict[str, object]:
    """One link with everything there is to pass on."""
    inviter = link.unit.name if link.resident_id is None else inviter_name(link, masking, now_utc())
    preview = preview_of(page.contest, page.rounds, link, inviter)
    picture = reverse("contest:invite_image", args=[link.code])
    url = link_url(link)
    return {
        "link": link,
        "url": url,
        "picture": f"{picture}?{preview.image.rpartition('?')[2]}",
        "title": preview.title,
        "facebook": f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': url})}",
    }


def _units_of(request: HttpRequest, contest: Contest) -> list[Unit]:
    """The units the caller may hand out links for: those of their own grants within the contest, and for its organizers
    the contest's own."""
    if not request.user.is_authenticated:
        return []
    grants = [one for one in roles_of(request.user) if one.role in INVITING_ROLES]
    units = {one.unit.pk: one.unit for one in grants if one.unit and covers(contest.unit.path, one.unit.path)}
    if grants and can(request.user, Role.ORGANIZER, unit=contest.unit, contest_ref=contest.public_id):
        units.setdefault(contest.unit.pk, contest.unit)
    return sorted(units.values(), key=lambda unit: unit.path)


def _number(text: str) -> int:
    return min(DEEPEST_PAGE, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else 1
