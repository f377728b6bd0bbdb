"""The paper. Works as plain forms; with JavaScript the same page sends answers to the hot path instead."""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contest.arrivals import arrival_of, now_utc, to_ms
from contest.domain import attempts
from contest.enums import AttemptState, Phase
from contest.errors import AttemptClosed, AttemptLate, AttemptMoved, BadAnswer, BadPrediction, Unanswered
from contest.models import Attempt
from contest.prediction import format_prediction
from contest.presenters.paper import FINISH, PREDICTION, PaperView, view_paper
from contest.presenters.question import QuestionView, view_question, wire_of_form
from contest.queries.attempts import attempt_of, paper_questions, token_for
from contest.queries.papers import rules_of
from contest.queries.phases import phase_of
from contest.rules import RuleSet
from contest.rules.enums import PredictionAsked, PredictionTarget
from contest.rules.text import prediction_question
from contest.views.hold import first_seq, flags_of, held_lease, hold, holds, toggle_flag
from contest.views.requests import wants_json
from contest.views.words import already_submitted, paper_words
from contest.wire import PATH, Code, SentAnswer, WireError, parse_answers
from people.access import signed_in
from quizbank.errors import BadResponse

# A ring is drawn for papers that are sat through; "until Sunday" is said in words.
LONGEST_RING_S = 6 * 3600


@signed_in
@never_cache
@require_GET
def attempt(request: HttpRequest, public_id: str) -> HttpResponse:
    now = now_utc()
    paper = attempt_of(request.user, public_id)
    if _is_over(paper, now):
        return redirect("contest:result", public_id)
    if not holds(request, paper):
        return _elsewhere(request, paper, HTTPStatus.OK)
    return _show(request, paper, now, step=request.GET.get("c", ""))


@signed_in
@require_POST
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    received_at = arrival_of(request.META)
    paper = attempt_of(request.user, public_id)
    if _is_over(paper, received_at):
        return redirect("contest:result", public_id)
    if not holds(request, paper):
        return _elsewhere(request, paper, HTTPStatus.CONFLICT)
    lease = held_lease(request, paper)
    questions = _questions(request, paper)
    question = _asked(request, questions)
    try:
        wire = wire_of_form(question, dict(request.POST.lists()))
    except BadResponse as error:
        return _show(request, paper, received_at, step=str(question.number), error=str(error))
    if "flag" in request.POST:
        toggle_flag(request, paper, question.number)
    if wire is not None:
        # The form is one deliberate act of the person: it counts as the newest answer.
        sent = SentAnswer(question.position, max(question.seq, first_seq(paper)) + 1, wire)
        (ack,) = attempts.record_answers(attempt=paper, lease=lease, answers=[sent], received_at=received_at)
        match ack.code:
            case Code.BAD_ANSWER:
                return _show(request, paper, received_at, step=str(question.number), error=str(BadAnswer.message))
            case Code.MOVED:
                return _elsewhere(request, paper, HTTPStatus.CONFLICT)
            case Code.LATE | Code.CLOSED:
                messages.warning(request, str(AttemptLate.message))
                return redirect("contest:result", public_id)
    return _to_step(paper, _next_step(request, paper, questions, question))


def _next_step(request: HttpRequest, paper: Attempt, questions: list[QuestionView], question: QuestionView) -> str:
    """Where the button pressed leads; the same question for buttons that only change it."""
    view = view_paper(questions, step=str(question.number), asks_prediction=asks_prediction(rules_of(paper.round)))
    match request.POST.get("go", ""):
        case "next":
            return view.beside(1)
        case "prev":
            return view.beside(-1) or view.step
        case step if step in view.steps:
            return step
        case _:
            return view.step


@signed_in
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, public_id: str) -> HttpResponse:
    paper = attempt_of(request.user, public_id)
    if request.method != "POST":
        return _to_step(paper, FINISH)
    received_at = arrival_of(request.META)
    result_url = reverse("contest:result", args=[public_id])
    try:
        submission = attempts.submit_attempt(
            attempt=paper,
            lease=held_lease(request, paper),
            answers=_all_answers(request),
            prediction=request.POST.get("prediction") or None,
            received_at=received_at,
            now=now_utc(),
        )
    except AttemptLate:
        pass  # its time is over and it is about to be closed: the result page waits for it
    except AttemptMoved:
        if wants_json(request):
            raise
        return _elsewhere(request, paper, HTTPStatus.CONFLICT)
    except (Unanswered, BadAnswer, BadPrediction) as error:
        if wants_json(request):
            raise
        messages.error(request, str(error))
        return _to_step(paper, PREDICTION if isinstance(error, BadPrediction) else FINISH)
    else:
        if submission.repeated and submission.attempt.state == AttemptState.SUBMITTED:
            messages.info(request, already_submitted(submission.attempt, elsewhere=submission.elsewhere))
    return JsonResponse({"url": result_url}) if wants_json(request) else redirect(result_url)


def _all_answers(request: HttpRequest) -> list[SentAnswer]:
    """Every answer once more, as the script of the page sends them.

    Raises:
        BadAnswer: when it is no such list.
    """
    text = request.POST.get("answers", "")
    if text in ("", "[]"):
        return []
    try:
        return list(parse_answers(json.loads(text)))
    except (ValueError, RecursionError, WireError) as error:
        raise BadAnswer from error


@signed_in
@require_POST
def take_over(request: HttpRequest, public_id: str) -> HttpResponse:
    paper = attempt_of(request.user, public_id)
    try:
        paper = attempts.take_over(attempt=paper, now=arrival_of(request.META))
    except (AttemptClosed, AttemptLate):
        return redirect("contest:result", public_id)
    hold(request, paper)
    return redirect("contest:attempt", public_id)


@signed_in
@require_POST
def predict(request: HttpRequest, public_id: str) -> HttpResponse:
    paper = attempt_of(request.user, public_id)
    try:
        attempts.predict(attempt=paper, text=request.POST.get("prediction", ""), now=arrival_of(request.META))
    except (AttemptClosed, AttemptLate):
        if wants_json(request):
            raise
        return redirect("contest:result", public_id)
    except BadPrediction as error:
        if wants_json(request):
            raise
        messages.error(request, str(error))
        return _to_step(paper, PREDICTION)
    return JsonResponse({"code": "saved"}) if wants_json(request) else _to_step(paper, FINISH)


@signed_in
@never_cache
@require_GET
def state(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a page that was asleep or offline must know: the time, and whether it still holds the paper."""
    now = now_utc()
    paper = attempt_of(request.user, public_id)
    code = "closed" if _is_over(paper, now) else "open" if holds(request, paper) else "moved"
    return JsonResponse({"code": code, "server_now": to_ms(now), "deadline": to_ms(paper.deadline)})


def asks_prediction(rules: RuleSet) -> bool:
    """Whether the prediction is a page of the paper."""
    return rules.prediction.target is not PredictionTarget.NONE and rules.prediction.asked is PredictionAsked.ON_PAPER


def _is_over(paper: Attempt, now: datetime) -> bool:
    return paper.state != AttemptState.OPEN or now > paper.accept_until or phase_of(paper.round, now) is Phase.CANCELLED


def _questions(request: HttpRequest, paper: Attempt) -> list[QuestionView]:
    flags = set(flags_of(request, paper))
    return [
        view_question(
            kind=one.kind,
            stem=one.stem,
            position=one.position,
            shown=one.shown,
            wire=one.saved,
            seq=one.seq,
            flagged=one.number in flags,
            extra=one.extra,
        )
        for one in paper_questions(paper, language=get_language() or "vi")
    ]


def _asked(request: HttpRequest, questions: list[QuestionView]) -> QuestionView:
    position = request.POST.get("p", "")
    if not (position.isascii() and position.isdigit()) or int(position) >= len(questions):
        raise BadAnswer
    return questions[int(position)]


def _to_step(paper: Attempt, step: str) -> HttpResponse:
    return redirect(f"{reverse('contest:attempt', args=[paper.public_id])}?c={step}")


def _elsewhere(request: HttpRequest, paper: Attempt, status: HTTPStatus) -> HttpResponse:
    context = {"attempt": paper, "contest": paper.round.contest, "ring": _ring(paper, now_utc())}
    return render(request, "contest/elsewhere.html", context, status=status)


def _show(request: HttpRequest, paper: Attempt, now: datetime, *, step: str, error: str = "") -> HttpResponse:
    rules = rules_of(paper.round)
    view = view_paper(_questions(request, paper), step=step, asks_prediction=asks_prediction(rules))
    context = {
        "attempt": paper,
        "contest": paper.round.contest,
        "name": paper.entry.full_name,
        "paper": view,
        "error": error,
        "ring": _ring(paper, now),
        "prediction_question": prediction_question(rules.prediction) if view.asks_prediction else "",
        "prediction": "" if paper.prediction is None else format_prediction(paper.prediction, rules.prediction),
        "rules": rules,
        "config": _config(request, paper, view),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "contest/paper.html", context, status=status)


def _ring(paper: Attempt, now: datetime) -> dict[str, float] | None:
    if (paper.deadline - now).total_seconds() > LONGEST_RING_S:
        return None
    return {
        "now": now.timestamp(),
        "deadline": paper.deadline.timestamp(),
        "total": (paper.deadline - paper.started_at).total_seconds(),
    }


def _config(request: HttpRequest, paper: Attempt, view: PaperView) -> dict[str, object]:
    """What paper.js must know. The token opens this attempt for answers until its time is over, and nothing else."""
    return {
        "attempt": paper.public_id,
        "token": token_for(paper),
        "seq": max(view.highest_seq, first_seq(paper)),
        "flags": flags_of(request, paper),
        "answer_url": PATH,
        "state_url": reverse("contest:attempt_state", args=[paper.public_id]),
        "result_url": reverse("contest:result", args=[paper.public_id]),
        "words": paper_words(),
    }
