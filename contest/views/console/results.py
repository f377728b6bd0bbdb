"""The review of a result by a person: places, ties, exclusions, computing anew, publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contest.arrivals import now_utc
from contest.domain.closing import request_recompute
from contest.domain.publishing import exclude_entry, publish_round
from contest.errors import NotFound
from contest.forms.decisions import ExcludeForm, ReasonForm
from contest.models import Contest, ResultSet, Round
from contest.presenters.console_result import ResultFacts, place_rows, result_facts, unit_rows
from contest.queries.console import READERS, excluded_entries
from contest.queries.console_results import entry_of, find_entries, places, result_sets, ties, unit_places
from contest.queries.jobs import jobs_of_round
from contest.queries.papers import rules_of
from contest.rules.text_deciding import masking_lines, reveal_lines
from contest.views.console.common import actor_of, contest_for, frame, round_for
from people.access import needs_role
from people.enums import Role
from people.errors import AppError

PLACES_A_PAGE = 50
FEWEST_TIE_RANKS = 10


@needs_role(*READERS)
@require_safe
def result(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _show(request, round_for(request, slug, number))


def _show(
    request: HttpRequest, round_: Round, *, form: ReasonForm | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    now, rules = now_utc(), rules_of(round_)
    sets = result_sets(round_)
    jobs = [job for job in jobs_of_round(round_id=round_.pk, now=now) if not job.finished and job.kind != "score"]
    context: dict[str, object] = {
        "round": round_,
        "tab": "result",
        "sets": sets,
        "result": sets[0] if sets else None,
        "jobs": jobs,
        "error": error,
        "recompute_form": form or ReasonForm(),
        "boards": [(group.code, group.name) for group in rules.groups if group.own_ranking],
    }
    if sets:
        context |= _review(request, round_, sets[0])
    page = frame(request, round_.contest, str(round_.number), **context)
    return render(request, "contest/console/result.html", page, status=status)


def _review(request: HttpRequest, round_: Round, found: ResultSet) -> dict[str, object]:
    rules = rules_of(round_)
    codes = {group.code for group in rules.groups if group.own_ranking}
    board = request.GET.get("bang", "") if request.GET.get("bang", "") in codes else ""
    raw = request.GET.get("trang", "1")
    page = max(1, int(raw)) if raw.isdecimal() and len(raw) < 6 else 1
    first = (page - 1) * PLACES_A_PAGE
    rows = list(places(found, board)[first : first + PLACES_A_PAGE + 1])
    last_prize = max((prize.rank_to for prize in rules.prizes.items), default=FEWEST_TIE_RANKS)
    return {
        "facts": result_facts(found, rules),
        "places": place_rows(rows[:PLACES_A_PAGE], rules),
        "board": board,
        "page": page,
        "more": len(rows) > PLACES_A_PAGE,
        "ties": ties(found, last_rank=last_prize),
        "unit_places": unit_rows(unit_places(found)),
        "excluded": excluded_entries(round_.contest),
        "with_prediction": rules.prediction.target != "none",
    }


@needs_role(Role.ORGANIZER)
@require_POST
def recompute(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, round_, form=form, status=422)
    if round_.closed_at is None:
        return _show(request, round_, form=form, error=_("Vòng thi chưa chốt nên chưa có gì để tính lại."), status=409)
    request_recompute(contest_round=round_, reason=form.cleaned_data["reason"], actor=actor_of(request), now=now_utc())
    messages.success(request, _("Máy đang tính lại kết quả."))
    return redirect("contest:console_result", slug, number)


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What becomes public, in words; then the decision."""
    publishing = request.method == "POST"
    round_ = round_for(request, slug, number, change=publishing)
    if publishing:
        try:
            publish_round(contest_round=round_, actor=actor_of(request), now=now_utc())
        except AppError as error:
            return _show_publish(request, round_, error=str(error), status=error.status)
        messages.success(request, _("Đã công bố kết quả."))
        return redirect("contest:console_result", slug, number)
    return _show_publish(request, round_)


def _show_publish(request: HttpRequest, round_: Round, *, error: str = "", status: int = 200) -> HttpResponse:
    rules = rules_of(round_)
    sets = result_sets(round_)
    facts: ResultFacts | None = result_facts(sets[0], rules) if sets else None
    context = frame(
        request,
        round_.contest,
        str(round_.number),
        round=round_,
        tab="result",
        result=sets[0] if sets else None,
        facts=facts,
        lines=[*reveal_lines(rules.reveal), *masking_lines(rules.masking)],
        replaces=next((one for one in sets if one.published_at), None),
        error=error,
    )
    return render(request, "contest/console/publish.html", context, status=status)


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def exclude(request: HttpRequest, slug: str) -> HttpResponse:
    """Find a person of the contest and decide whether they count; everybody left out so far, with the reason."""
    deciding = request.method == "POST"
    found = contest_for(request, slug, change=deciding)
    if not deciding:
        return _show_exclude(request, found, None)
    form = ExcludeForm(request.POST)
    entry = entry_of(found, request.POST.get("entry", ""))
    if entry is None:
        raise NotFound
    if not form.is_valid():
        return _show_exclude(request, found, form, status=422)
    try:
        jobs = exclude_entry(
            entry=entry,
            mode=form.status(),
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            now=now_utc(),
        )
    except AppError as error:
        form.add_error(None, str(error))
        return _show_exclude(request, found, form, status=error.status)
    words = _("Đã lưu. Kết quả các vòng đã chốt đang được tính lại.") if jobs else _("Đã lưu")
    messages.success(request, words)
    return redirect("contest:console_exclude", slug)


def _show_exclude(request: HttpRequest, found: Contest, form: ExcludeForm | None, *, status: int = 200) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    chosen = entry_of(found, (request.POST or request.GET).get("entry", ""))
    if form is None and chosen is not None:
        form = ExcludeForm(initial={"entry": chosen.public_id, "mode": chosen.status})
    context = frame(
        request,
        found,
        "exclude",
        text=text,
        found=find_entries(found, text),
        chosen=chosen,
        form=form,
        excluded=excluded_entries(found),
    )
    return render(request, "contest/console/exclude.html", context, status=status)
