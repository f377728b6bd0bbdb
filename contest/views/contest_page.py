"""A contest's own pages: what it is, its rules, and the door of a round."""

from __future__ import annotations

import io
from datetime import datetime
from http import HTTPStatus

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from contest.arrivals import now_utc
from contest.domain.attempts import start_attempt
from contest.domain.entries import enter_contest
from contest.domain.welcome import Welcome, welcome
from contest.eligibility import limit_line
from contest.enums import Phase
from contest.models import Round
from contest.presenters.door import Door, door_of
from contest.presenters.invites import preview_of
from contest.presenters.prizes import view_prizes
from contest.presenters.window import span_words, window_of
from contest.queries.boards import board_page, units_page
from contest.queries.pages import ContestRounds, contest_rounds, public_round
from contest.queries.papers import rules_of
from contest.queries.phases import phase_of
from contest.rules.parts import Masking
from contest.rules.text import RoundDates, Section, highlights, rule_text
from contest.views.hold import hold
from contest.views.invited import credit_inviter, inviter_of
from contest.views.requests import public_url
from people.access import public, resident_of, resident_required
from people.enums import Category
from people.queries.residents import may_take_part

TOP_ROWS = 3
# Every part of a place on the podium, for the script to fill when the first people hand in.
BLANK_PLACE = {"rank": 0, "name": "–", "unit": "–", "points": "0", "time": "–"}
ICONS = {"questions": "list-checks", "time": "timer", "attempts": "repeat", "prediction": "sparkles", "tie": "scale"}
BEGUN = frozenset({Phase.OPEN, Phase.CLOSING, Phase.REVIEW, Phase.PUBLISHED})


@public
@require_safe
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    now = now_utc()
    page = contest_rounds(slug, now)
    round_ = page.current
    link, inviter = inviter_of(request, page.contest, rules_of(round_).masking if round_ else Masking(), now)
    context: dict[str, object] = {
        "contest": page.contest,
        "phase": page.phase,
        "share_url": public_url(request, request.path),
        "rounds": [(one, phase_of(one, now), span_words(one)) for one in page.rounds],
        "inviter": inviter,
        "invited_by_person": link is not None and link.resident_id is not None,
        "og": preview_of(page.contest, page.rounds, link, inviter),
    }
    if round_ is None:
        return render(request, "contest/contest.html", context)
    following = next((one for one in page.rounds if one.opens_at > round_.opens_at), None)
    seen = welcome(
        user_id=request.user.pk,
        round_=round_,
        now=now,
        next_opens_at=following.opens_at if following else None,
    )
    context |= {
        "round": round_,
        "window": window_of(round_, page.phase, now),
        "span": span_words(round_),
        "door": _door(seen),
        # Who is in already was invited once, or came alone.
        "inviter": "" if seen.taking and seen.taking.entry_key else inviter,
        "highlights": _highlights(round_),
        "prizes": view_prizes(rules_of(round_)),
        "sections": {section.code: section for section in _rules_text(page, round_)},
    }
    if page.phase in BEGUN:
        context |= _boards(round_, seen, now)
    return render(request, "contest/contest.html", context)


def _door(seen: Welcome) -> Door:
    taking = seen.taking
    return door_of(
        phase=seen.phase,
        refusal=seen.refusal,
        known=taking is not None,
        open_attempt=seen.open_attempt,
        last_attempt=taking.last_attempt if taking else "",
    )


def _highlights(round_: Round) -> list[tuple[str, str]]:
    return [(ICONS.get(line.code, "info"), line.text) for line in highlights(rules_of(round_))]


def _boards(round_: Round, seen: Welcome, now: datetime) -> dict[str, object]:
    resident = seen.taking.resident if seen.taking else None
    people = board_page(contest_round=round_, now=now, per_page=TOP_ROWS)
    units = units_page(
        contest_round=round_, viewer_unit_id=resident.unit_id if resident else None, now=now, per_page=TOP_ROWS
    )
    return {
        "people": people,
        "blank_places": [BLANK_PLACE],
        "units": units,
        "own_key": seen.taking.entry_key if seen.taking else "",
        "own_unit_shown": any(row.own for row in units.rows),
    }


def _rules_text(page: ContestRounds, round_: Round) -> list[Section]:
    dates = [RoundDates(title=one.title, opens_at=one.opens_at, closes_at=one.closes_at) for one in page.rounds]
    return rule_text(
        rules_of(round_),
        rounds=dates,
        language=get_language() or "vi",
        category_names={code: str(name) for code, name in Category.choices},
        unit_names={page.contest.unit.path: page.contest.unit.name},
    )


@public
@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    now = now_utc()
    page = contest_rounds(slug, now)
    context: dict[str, object] = {"contest": page.contest, "page": page}
    if page.current is not None:
        version = page.current.rule_set
        context |= {"sections": _rules_text(page, page.current), "version": version, "digest": version.digest[:12]}
    return render(request, "contest/rules.html", context)


@public
@require_safe
@cache_control(max_age=3600, public=True)
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    contest_rounds(slug, now_utc())  # no codes for what is not public
    drawing = io.BytesIO()
    code = segno.make(public_url(request, reverse("contest:contest", args=[slug])), error="m")
    code.save(drawing, kind="svg", scale=8, border=2, dark="#1C1917", light="#FFFFFF", xmldecl=False)
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


@public
@require_safe
def round_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _show_round(request, slug, number)


def _show_round(request: HttpRequest, slug: str, number: int, *, error: str = "") -> HttpResponse:
    now = now_utc()
    round_ = public_round(slug, number, now)
    seen = welcome(
        user_id=request.user.pk,
        round_=round_,
        now=now,
        next_opens_at=getattr(round_, "next_opens_at", None),
    )
    rules_in_force = rules_of(round_)
    context = {
        "contest": round_.contest,
        "round": round_,
        "phase": seen.phase,
        "seen": seen,
        "door": _door(seen),
        "window": window_of(round_, seen.phase, now),
        "span": span_words(round_),
        "highlights": _highlights(round_),
        "rules": rules_in_force,
        "limit_line": limit_line(rules_in_force, seen.taking.used) if seen.taking else "",
        "error": error,
    }
    return render(
        request, "contest/round.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    )


def round_url(round_: Round) -> str:
    """Return the address of a round's page."""
    return reverse("contest:round", args=[round_.contest.slug, round_.number])


@resident_required
@require_POST
def start(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    now = now_utc()
    round_ = public_round(slug, number, now)
    resident = resident_of(request)
    assert resident is not None  # the decorator saw to it
    if not may_take_part(resident):
        return redirect(f"{reverse('people:consent')}?{urlencode({'next': round_url(round_)})}")
    if "agree" not in request.POST:
        return _show_round(request, slug, number, error=_("Mời bạn đánh dấu đồng ý với thể lệ trước khi bắt đầu."))
    entry = enter_contest(resident=resident, contest=round_.contest, now=now)
    attempt = start_attempt(entry=entry, round_=round_, now=now)
    # An open paper of another device is not taken over silently: its page asks first.
    if attempt.started_at == now:
        hold(request, attempt)
    response = redirect("contest:attempt", attempt.public_id)
    credit_inviter(request, response, entry, now)
    return response
