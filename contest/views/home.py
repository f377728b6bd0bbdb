"""The first page: what can be taken now, what comes, what was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contest.arrivals import now_utc
from contest.presenters.window import window_of
from contest.queries.pages import ListedContest, listed_contests, open_paper_of
from contest.queries.papers import rules_of
from contest.rules.text import highlights
from people.access import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = now_utc()
    listing = listed_contests(now)

    def card(listed: ListedContest) -> dict[str, object]:
        return {
            "contest": listed.contest,
            "round": listed.round,
            "phase": listed.phase,
            "window": window_of(listed.round, listed.phase, now) if listed.round else None,
            "highlights": highlights(rules_of(listed.round))[:2] if listed.round else [],
        }

    paper = open_paper_of(request.user.pk, now) if request.user.is_authenticated else None
    context = {
        "paper": paper,
        "paper_left": (paper.deadline - now).total_seconds() if paper else 0,
        "now": now.timestamp(),
        "paper_deadline": paper.deadline.timestamp() if paper else None,
        "running": [card(listed) for listed in listing.running],
        "coming": [card(listed) for listed in listing.coming],
        "past": [card(listed) for listed in listing.past],
    }
    return render(request, "contest/home.html", context)
