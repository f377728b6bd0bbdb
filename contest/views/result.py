"""After the paper: the score as soon as the rules show it, the review when they reveal it, and all one's papers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from contest.arrivals import arrival_of, now_utc
from contest.domain import attempts
from contest.domain.expiry import expire_if_due
from contest.domain.scoring import score_attempt_now
from contest.enums import AttemptState, Phase
from contest.errors import AttemptClosed, AttemptLate, BadPrediction, NotYet
from contest.models import Attempt
from contest.prediction import format_prediction
from contest.presenters.question import view_question
from contest.presenters.score import view_score, weak_topics
from contest.presenters.window import span_words
from contest.queries.attempts import attempt_of
from contest.queries.boards import own_place, units_page
from contest.queries.pages import certificate_code, own_attempts
from contest.queries.papers import rules_of
from contest.queries.phases import phase_of
from contest.queries.reveal import reveal_of, reviewed_paper
from contest.reveal import Revealed
from contest.rules import RuleSet
from contest.rules.enums import PredictionAsked, PredictionTarget, RevealAt
from contest.rules.labels import label
from contest.rules.text import prediction_question
from contest.rules.text_deciding import tie_line
from contest.rules.words import lower_first, say_number, say_points
from contest.views.words import say_clock
from people.access import signed_in


@signed_in
@never_cache
@require_GET
def result(request: HttpRequest, public_id: str) -> HttpResponse:
    now = now_utc()
    attempt = attempt_of(request.user, public_id)
    phase = phase_of(attempt.round, now)
    if attempt.state == AttemptState.OPEN and phase is not Phase.CANCELLED:
        if now <= attempt.accept_until:
            return redirect("contest:attempt", public_id)
        attempt = _closed_by_time(request, attempt, now)
    shown = reveal_of(attempt, now)
    attempt = _graded(attempt, shown, now)
    return render(request, "contest/result.html", _context(attempt, phase, shown, now))


def _closed_by_time(request: HttpRequest, attempt: Attempt, now: datetime) -> Attempt:
    closed = expire_if_due(attempt=attempt, now=now)
    return attempt_of(request.user, closed.public_id) if closed.state != AttemptState.OPEN else attempt


def _graded(attempt: Attempt, shown: Revealed, now: datetime) -> Attempt:
    """Score here what the worker has not scored yet: the person waits for one paper, not for a queue."""
    if not shown.score or attempt.graded_at is not None or attempt.state == AttemptState.OPEN:
        return attempt
    graded = score_attempt_now(attempt_id=attempt.pk, now=now)
    attempt.points_milli, attempt.correct, attempt.graded_at = graded.points_milli, graded.correct, graded.graded_at
    return attempt


def _context(attempt: Attempt, phase: Phase, shown: Revealed, now: datetime) -> dict[str, object]:
    rules = rules_of(attempt.round)
    total = attempt.dealt.count(",") + 1
    context: dict[str, object] = {
        "attempt": attempt,
        "contest": attempt.round.contest,
        "round": attempt.round,
        "phase": phase,
        "rules": rules,
        "shown": shown,
        "total": total,
        "closing": attempt.state == AttemptState.OPEN and phase is not Phase.CANCELLED,
        "by_time": _by_time(attempt),
        "clock": say_clock(attempt.submitted_at or attempt.deadline),
        "score_when": _when(shown.score_at),
        "explanations_when": _when(shown.explanations_at),
        "tie": tie_line(rules.ranking),
        # With several attempts the rank is the person's, not this paper's.
        "counting": "" if rules.attempts.limit == 1 else lower_first(label(rules.counting)),
        "certificate": certificate_code(attempt) if phase is Phase.PUBLISHED else "",
    } | _prediction(attempt, rules, now)
    if shown.score and attempt.points_milli is not None and attempt.correct is not None:
        context["score"] = view_score(
            rules,
            points_milli=attempt.points_milli,
            correct=attempt.correct,
            total=total,
            duration_ms=attempt.duration_ms,
        )
        context["place"] = own_place(contest_round=attempt.round, entry_id=attempt.entry_id, now=now)
    return context


def _by_time(attempt: Attempt) -> bool:
    """Whether time closed the paper: without the person, or by the page at the very end."""
    if attempt.state == AttemptState.EXPIRED:
        return True
    return attempt.submitted_at is not None and attempt.submitted_at >= attempt.deadline - timedelta(seconds=1)


def _when(reveal_at: RevealAt) -> str:
    match reveal_at:
        case RevealAt.AT_CLOSE:
            return _("khi vòng thi kết thúc")
        case RevealAt.AT_PUBLISH:
            return _("khi ban tổ chức công bố kết quả")
        case _:
            return ""


def _prediction(attempt: Attempt, rules: RuleSet, now: datetime) -> dict[str, object]:
    if rules.prediction.target is PredictionTarget.NONE:
        return {}
    later = rules.prediction.asked is PredictionAsked.AFTER_FINISH and attempt.predicted_at is None
    return {
        "prediction_question": prediction_question(rules.prediction),
        "prediction": "" if attempt.prediction is None else format_prediction(attempt.prediction, rules.prediction),
        "asks_now": later and now < attempt.round.closes_at and attempt.state != AttemptState.OPEN,
    }


@signed_in
@never_cache
@require_GET
def state(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether the result page has more to say than a moment ago: "closing", "grading" or "ready"."""
    now = now_utc()
    attempt = attempt_of(request.user, public_id)
    if attempt.state == AttemptState.OPEN and now > attempt.accept_until:
        attempt = expire_if_due(attempt=attempt, now=now)
    if attempt.state == AttemptState.OPEN:
        return JsonResponse({"code": "closing"})
    waits = attempt.graded_at is None and reveal_of(attempt, now).score
    return JsonResponse({"code": "grading" if waits else "ready"})


@signed_in
@never_cache
@require_GET
def unit_place(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where the person's unit stands. Asked by the page once it is shown: the score never waits for it."""
    now = now_utc()
    attempt = attempt_of(request.user, public_id)
    if not reveal_of(attempt, now).score:
        return JsonResponse({})
    units = units_page(contest_round=attempt.round, viewer_unit_id=attempt.entry.unit_id, now=now, per_page=1)
    if units.own is None or not units.own.rank:
        return JsonResponse({})
    total = ngettext("trong {n} đơn vị", "trong {n} đơn vị", units.total).format(n=say_number(units.total))
    return JsonResponse({"rank": say_number(units.own.rank), "name": units.own.name, "total": total})


@signed_in
@require_POST
def predict(request: HttpRequest, public_id: str) -> HttpResponse:
    attempt = attempt_of(request.user, public_id)
    try:
        attempts.predict(attempt=attempt, text=request.POST.get("prediction", ""), now=arrival_of(request.META))
    except (AttemptClosed, AttemptLate, BadPrediction, NotYet) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã lưu dự đoán của bạn."))
    return redirect("contest:result", public_id)


@signed_in
@never_cache
@require_GET
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    now = now_utc()
    attempt = attempt_of(request.user, public_id)
    reviewed = reviewed_paper(attempt, now, language=get_language() or "vi")
    context: dict[str, object] = {"attempt": attempt, "contest": attempt.round.contest, "round": attempt.round}
    if reviewed is None:
        context["when"] = _when(reveal_of(attempt, now).explanations_at)
        return render(request, "contest/review_later.html", context)
    context |= {
        "questions": [
            (
                one,
                view_question(
                    kind=one.kind,
                    stem=one.stem,
                    position=one.position,
                    shown=one.shown,
                    wire=one.chosen,
                    extra=one.extra,
                ),
                say_points(one.points_milli),
                say_points(one.full_milli),
            )
            for one in reviewed
        ],
        "right": sum(one.is_right for one in reviewed),
        "total": len(reviewed),
        "topics": weak_topics((one.topic, one.is_right) for one in reviewed),
    }
    return render(request, "contest/review.html", context)


@signed_in
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    now = now_utc()
    rows = []
    for attempt in own_attempts(request.user.pk or 0):
        in_hand = attempt.state == AttemptState.OPEN and now <= attempt.accept_until
        shown = reveal_of(attempt, now)
        rows.append(
            {
                "attempt": attempt,
                "in_hand": in_hand,
                "span": span_words(attempt.round),
                "points": say_points(attempt.points_milli) if shown.score and attempt.points_milli is not None else "",
                "review": shown.explanations,
                "certificate": attempt.certificate,  # type: ignore[attr-defined]
            }
        )
    return render(request, "contest/mine.html", {"rows": rows})
