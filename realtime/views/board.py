"""The projector board and the state for those who poll. Public, like the board itself: only listed contests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.views.decorators.http import require_safe

from contest.errors import NotFound
from contest.models import Contest, Round
from people.access import public
from realtime.boards import board_round, find_board, read_body, render_board, stamped
from realtime.groups import board_group
from realtime.protocol import NOWHERE, PersonRow, UnitRow
from realtime.room import GONE, Stamp

PODIUM = 3
ROWS = 8
RING_WITHIN = timedelta(hours=24)  # a longer wait is said as a date
POLLED_S = 1  # all pollers of a second get one rendering

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


@require_safe
@public
def projector(request: HttpRequest, slug: str) -> HttpResponse:
    """The wall of a contest: who leads, how to join, how long it lasts."""
    contest_id, now = find_board(slug=slug), timezone.now()
    if contest_id is None:
        raise NotFound
    contest = Contest.objects.get(pk=contest_id)
    board = read_body(render_board(contest_id=contest_id, now=now))
    join = join_url(request, contest)
    context = {
        "contest": contest,
        "board": board,
        "people": [shown_person(row) for row in board.rows[:ROWS]],
        "units": [shown_unit(row) for row in board.units[:ROWS]],
        "limit": ROWS,
        "now_ms": int(now.timestamp() * 1000),
        "join": join,
        "join_text": join.split("://", 1)[-1].rstrip("/"),
        "qr": segno.make(join, error="m", micro=False).svg_inline(
            omitsize=True, border=1, svgclass=None, lineclass=None
        ),
        **closing(board_round(contest_id=contest_id, now=now), now),
    }
    return render(request, "realtime/projector.html", context)


@require_safe
@public
def board_state(request: HttpRequest, slug: str) -> HttpResponse:
    """The `board` frame as JSON, for pages without a WebSocket. Its position is 0: pollers go by ``at``."""
    contest_id, now = find_board(slug=slug), timezone.now()
    if contest_id is None:
        raise NotFound
    key = f"polled:{board_group(contest_id)}"
    kept: tuple[str, int] | None = cache.get(key)
    if kept is None:
        kept = render_board(contest_id=contest_id, now=now), int(now.timestamp() * 1000)
        cache.set(key, kept, POLLED_S)
    body, at = kept
    if body == GONE:
        raise NotFound
    stamp = Stamp(position=NOWHERE, at=at, now=int(now.timestamp() * 1000))
    response = HttpResponse(stamped(read_body(body), stamp).encode(), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def shown_person(row: PersonRow) -> dict[str, Any]:
    """A row as the parts of the design system take it."""
    points = localize(row.points // 1000 if row.points % 1000 == 0 else row.points / 1000)
    return {
        "key": row.key,
        "rank": row.rank,
        "tied": row.tied,
        "name": row.name,
        "unit": row.unit,
        "points": points,
        "time": row.ms / 1000,
    }


def shown_unit(row: UnitRow) -> dict[str, Any]:
    """A unit's row as contest/parts/unit_row.html takes it."""
    return {
        "key": row.key,
        "rank": row.rank,
        "tied": row.tied,
        "name": row.name,
        "people": row.people,
        "value": row.text,
    }


def closing(round_: Round | None, now: datetime) -> dict[str, Any]:
    """How the end of the round is told: a ring on its last day, a date before, nothing when it is over."""
    if round_ is None or round_.closed_at or round_.closes_at <= now:
        return {"round": round_, "closes_at": None, "ring": False}
    total = min(RING_WITHIN, round_.closes_at - round_.opens_at).total_seconds()
    return {
        "round": round_,
        "closes_at": round_.closes_at,
        "closes_today": timezone.localdate(round_.closes_at) == timezone.localdate(now),
        "ring": round_.closes_at - now <= RING_WITHIN,
        "ring_now": now.timestamp(),
        "ring_deadline": round_.closes_at.timestamp(),
        "ring_total": total,
    }


def join_url(request: HttpRequest, contest: Contest) -> str:
    """The address phones in the room can reach: where this page was opened, unless that is this machine itself."""
    path = reverse("contest:contest", args=[contest.slug])
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if settings.PRODUCTION or host in _THIS_MACHINE:
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path)
