"""The leaderboard: people and units, page by page, the own row always in sight."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contest.arrivals import now_utc
from contest.enums import Phase
from contest.errors import NotFound
from contest.models import Round
from contest.presenters.window import window_of
from contest.queries.boards import board_page, units_page
from contest.queries.pages import ContestRounds, contest_rounds
from contest.queries.papers import rules_of
from contest.queries.phases import phase_of
from contest.queries.taking import taking_of
from contest.rules.enums import BoardPolicy, CollectiveMetric
from contest.rules.labels import label
from people.access import public

PER_PAGE = 50
MOST_PAGES = 100_000
UNITS = "don-vi"


@public
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    now = now_utc()
    page = contest_rounds(slug, now)
    round_ = _asked_round(request, page)
    context: dict[str, object] = {
        "contest": page.contest,
        "rounds": page.rounds,
        "round": round_,
        "people": None,
        "units": None,
    }
    if round_ is None:
        return render(request, "contest/board.html", context)
    phase = phase_of(round_, now)
    number = _number(request.GET.get("trang", "1"), most=MOST_PAGES)
    taking = taking_of(request.user.pk, round_, now) if request.user.is_authenticated else None
    context |= {
        "phase": phase,
        "window": window_of(round_, phase, now),
        "is_current": page.current is not None and page.current.pk == round_.pk,
        "own_key": taking.entry_key if taking else "",
    }
    if phase in (Phase.DRAFT, Phase.SCHEDULED, Phase.CANCELLED):
        return render(request, "contest/board.html", context)
    if request.GET.get("bang") == UNITS:
        unit_id = taking.resident.unit_id if taking else None
        units = units_page(contest_round=round_, page=number, viewer_unit_id=unit_id, now=now, per_page=PER_PAGE)
        context |= {
            "units": units,
            "shown": units,
            "metric": label(CollectiveMetric(units.metric)) if units.metric else "",
            "own_on_page": any(row.own for row in units.rows),
            "hidden": phase is not Phase.PUBLISHED and rules_of(round_).reveal.board is BoardPolicy.HIDDEN,
        }
    else:
        people = board_page(
            contest_round=round_,
            board=request.GET.get("nhom", "")[:24],
            page=number,
            viewer_entry_id=taking.entry_id if taking else None,
            now=now,
            per_page=PER_PAGE,
        )
        context |= {"people": people, "shown": people, "hidden": people.hidden}
    context |= {"previous_url": _page_url(request, number - 1), "next_url": _page_url(request, number + 1)}
    return render(request, "contest/board.html", context)


def _page_url(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["trang"] = str(number)
    return f"?{query.urlencode()}"


def _asked_round(request: HttpRequest, page: ContestRounds) -> Round | None:
    asked = request.GET.get("vong", "")
    if not asked:
        return page.current
    number = _number(asked, most=32_767)
    for round_ in page.rounds:
        if round_.number == number:
            return round_
    raise NotFound


def _number(text: str, *, most: int) -> int:
    """A page or round number from an address; anything else is the first."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) else 1
