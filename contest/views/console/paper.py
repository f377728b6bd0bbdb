"""A paper as a participant gets it; the keys only when an organizer asks, and the asking is written down."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from contest.arrivals import now_utc
from contest.domain.rounds_admin import KeyedQuestion, look_at_keys, look_at_paper
from contest.models import Round
from contest.presenters.question import QuestionView, view_question
from contest.queries.console import READERS
from contest.queries.papers import rules_of
from contest.views.console.common import actor_of, frame, round_for
from people.access import needs_role
from people.errors import AppError

SEED_DIGITS = 18


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    with_keys = request.method == "POST"
    round_ = round_for(request, slug, number, change=with_keys)
    asked = request.POST if with_keys else request.GET
    groups = rules_of(round_).groups
    chosen = asked.get("bang", "")
    group = chosen if any(one.code == chosen for one in groups) else (groups[0].code if groups else "")
    raw = asked.get("de", "")
    seed = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= SEED_DIGITS else secrets.randbits(48)
    context: dict[str, object] = {"round": round_, "groups": groups, "group": group, "seed": str(seed), "tab": "paper"}
    status = 200
    try:
        context |= _with_keys(request, round_, group, seed) if with_keys else _without(request, round_, group, seed)
    except AppError as error:
        context, status = context | {"error": str(error)}, error.status
    context["with_keys"] = with_keys and status == 200
    page = frame(request, round_.contest, str(round_.number), **context)
    return render(request, "contest/console/paper.html", page, status=status)


def _without(request: HttpRequest, round_: Round, group: str, seed: int) -> dict[str, object]:
    questions = look_at_paper(round_=round_, group=group, seed=seed, actor=actor_of(request))
    return {"questions": [(_view(one), one, None) for one in questions]}


def _with_keys(request: HttpRequest, round_: Round, group: str, seed: int) -> dict[str, object]:
    keyed = look_at_keys(round_=round_, group=group, seed=seed, actor=actor_of(request), now=now_utc())
    return {"questions": [(_view(one), one.question, one) for one in keyed]}


def _view(one: object) -> QuestionView:
    question = one.question if isinstance(one, KeyedQuestion) else one
    return view_question(
        kind=question.kind,  # type: ignore[attr-defined]
        stem=question.stem,  # type: ignore[attr-defined]
        position=question.number - 1,  # type: ignore[attr-defined]
        shown=question.shown,  # type: ignore[attr-defined]
        wire="",
        extra=question.extra,  # type: ignore[attr-defined]
    )
