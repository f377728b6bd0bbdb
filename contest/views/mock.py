"""Mock rounds: the paper of a round to try, marked as such on every page. Guests welcome; nothing counts."""

from __future__ import annotations

import secrets
from random import Random
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contest.arrivals import now_utc, to_ms
from contest.domain.mock_rounds import (
    MockPaper,
    MockResult,
    deal_mock,
    grade_mock,
    mock_versions,
    read_mock,
    write_mock,
)
from contest.errors import NotYet
from contest.models import Round
from contest.presenters.score import view_score, weak_topics
from contest.queries.pages import listed_contests, public_round
from contest.queries.papers import rules_of
from contest.rules.text import highlights
from contest.rules.words import say_minutes, say_seconds
from people.access import public
from people.models import User
from people.requests import caller_of
from people.throttle import allow
from quizbank.asking import QuestionView, view_question, wire_of_form
from quizbank.domain.winning import tell_wins
from quizbank.errors import BadResponse, TooFast
from quizbank.kinds import FULL, get_kind
from quizbank.models import QuestionVersion
from quizbank.queries.practice import shown_words
from quizbank.telling import right_ids
from quizbank.translated import words_of

PAPERS_A_MINUTE = 10
PREFIX = "c{place}-"
TOPICS_TOLD = 5
TOLD_LINES = ("questions", "time")


@public
@require_safe
def mock_rounds(request: HttpRequest) -> HttpResponse:
    """Which rounds can be tried: those open and those to come."""
    listing = listed_contests(now_utc())
    cards = [card for card in (*listing.running, *listing.coming) if card.round is not None]
    return render(request, "contest/mock_rounds.html", {"cards": cards})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mock(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    now = now_utc()
    round_ = public_round(slug, number, now)
    sealed = request.GET.get("de", "")
    if request.method == "POST" and not sealed:
        return _begin(request, round_)
    if not sealed:
        return _door(request, round_)
    try:
        paper = read_mock(sealed, round_=round_)
    except BadResponse:
        return redirect("contest:mock", slug, number)
    if request.method == "POST":
        return _hand_in(request, round_, paper)
    return _paper(request, round_, paper)


def _door(request: HttpRequest, round_: Round, *, none_left: bool = False) -> HttpResponse:
    rules = rules_of(round_)
    context = {
        "round": round_,
        "contest": round_.contest,
        "lines": [line.text for line in highlights(rules) if line.code in TOLD_LINES],
        "none_left": none_left,
    }
    return render(request, "contest/mock_door.html", context)


def _begin(request: HttpRequest, round_: Round) -> HttpResponse:
    if not allow("mock", caller_of(request), limit=PAPERS_A_MINUTE, window_s=60):
        raise TooFast
    try:
        paper = deal_mock(round_=round_, now=now_utc(), random=Random(secrets.randbits(64)))
    except NotYet:
        return _door(request, round_, none_left=True)
    address = reverse("contest:mock", args=[round_.contest.slug, round_.number])
    return redirect(f"{address}?{urlencode({'de': write_mock(paper)})}")


def _paper(
    request: HttpRequest, round_: Round, paper: MockPaper, *, error: str = "", status: int = 200
) -> HttpResponse:
    views = [_view(version, paper, place, "") for place, version in mock_versions(paper)]
    context = {
        "round": round_,
        "contest": round_.contest,
        "questions": [(view, PREFIX.format(place=view.position), place) for place, view in enumerate(views, start=1)],
        "wanted": rules_of(round_).paper.question_count,
        "error": error,
        "now": to_ms(now_utc()) / 1000,
        "deadline": paper.deadline_ms / 1000,
        "total": paper.minutes * 60,
    }
    return render(request, "contest/mock_paper.html", context, status=status)


def _hand_in(request: HttpRequest, round_: Round, paper: MockPaper) -> HttpResponse:
    if not allow("mock", caller_of(request), limit=PAPERS_A_MINUTE, window_s=60):
        raise TooFast
    filled = dict(request.POST.lists())
    responses: dict[int, object] = {}
    try:
        for place, version in mock_versions(paper):
            prefix = PREFIX.format(place=place)
            mine = {name.removeprefix(prefix): values for name, values in filled.items() if name.startswith(prefix)}
            responses[place] = wire_of_form(_view(version, paper, place, ""), mine) or ""
        person = request.user if isinstance(request.user, User) else None
        result = grade_mock(round_=round_, paper=paper, responses=responses, person=person, now=now_utc())
    except BadResponse as error:
        return _paper(request, round_, paper, error=str(error), status=error.status)
    return _told(request, round_, paper, result)


def _told(request: HttpRequest, round_: Round, paper: MockPaper, result: MockResult) -> HttpResponse:
    score = view_score(
        rules_of(round_),
        points_milli=result.score.points_milli,
        correct=result.score.correct_count,
        total=result.score.question_count,
        duration_ms=result.duration_ms,
    )
    slugs = {line.version.question.topic.name: line.version.question.topic.slug for line in result.lines}
    graded = [(line.version.question.topic.name, line.grade_permille == FULL) for line in result.lines]
    context = {
        "round": round_,
        "contest": round_.contest,
        "result": result,
        "score": score,
        "time": _time(result.duration_ms),
        "topics": [(*row, slugs[row[0]]) for row in weak_topics(graded)[:TOPICS_TOLD]],
        # Where the organizers want no rewards on their pages, another page tells.
        "news": tell_wins(person_id=request.user.pk if round_.contest.rewards_on else None, now=now_utc()),
        "questions": [_line(paper, line.version, line.canonical, line.grade_permille) for line in result.lines],
    }
    return render(request, "contest/mock_result.html", context)


def _time(milliseconds: int) -> str:
    """Nobody is ranked by it: whole seconds say enough."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{say_minutes(minutes)} {say_seconds(seconds)}" if minutes else say_seconds(seconds)


def _line(paper: MockPaper, version: QuestionVersion, canonical: str, grade: int) -> dict[str, Any]:
    place = paper.versions.index(version.pk)
    kind, words = get_kind(version.kind), words_of(version, get_language() or "vi")
    question = _view(version, paper, place, canonical)
    return {
        "question": question,
        "version": version,
        "words": words,
        "is_right": grade == FULL,
        "grade": grade,
        "right_ids": right_ids(version.kind, version.key, paper.seed(place)),
        "chosen_text": kind.tell_response(words.content, canonical),
        "right_text": kind.tell_key(words.content, version.key),
    }


def _view(version: QuestionVersion, paper: MockPaper, place: int, canonical: str) -> QuestionView:
    kind, seed = get_kind(version.kind), paper.seed(place)
    words = shown_words(version, get_language() or "vi")
    return view_question(
        kind=version.kind,
        stem=words.stem,
        position=place,
        shown=kind.present(words.content, seed=seed, shuffle=True),
        wire=kind.write(words.content, canonical, seed=seed),
        extra=version.extra,
    )
