"""One round: what is to be done now, how it goes, and the decisions about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contest.arrivals import now_utc
from contest.domain.closing import request_close
from contest.domain.contests import list_contest
from contest.domain.rounds import check_blueprint
from contest.domain.rounds_admin import cancel_round, end_round_now, extend_round, freeze_paper, thaw_paper
from contest.enums import JobState, Phase
from contest.forms.decisions import ExtendForm, ReasonForm
from contest.forms.round import CellTable
from contest.models import Round
from contest.presenters.window import span_words, window_of
from contest.queries.boards import board_page
from contest.queries.console import READERS, SHOWN_JOBS, as_lines, round_numbers, unit_lines
from contest.queries.jobs import JobProgress, jobs_of_round
from contest.queries.papers import rules_of
from contest.queries.phases import phase_of
from contest.queries.result_sets import latest_result
from contest.views.console.common import actor_of, frame, round_for
from contest.views.console.round_forms import mark_cells
from people.access import needs_role
from people.enums import Role
from people.errors import AppError
from quizbank.queries.questions import topics

UNITS_A_PAGE = 50
TOP_ROWS = 10
WATCHED = (Phase.OPEN, Phase.CLOSING)


@needs_role(*READERS)
@require_safe
def round_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return show_round(request, round_for(request, slug, number))


def show_round(
    request: HttpRequest,
    round_: Round,
    *,
    error: str = "",
    status: int = 200,
    forms: dict[str, Form] | None = None,
) -> HttpResponse:
    """The page of a round; ``forms`` are those that came back with something to mend."""
    now = now_utc()
    phase = phase_of(round_, now)
    jobs = _jobs(round_, now)
    context: dict[str, object] = {
        "round": round_,
        "phase": phase,
        "phase_name": phase.label,
        "span": span_words(round_),
        "window": window_of(round_, phase, now),
        "jobs": jobs,
        "working": any(job.kind != "certificates" and not job.finished for job in jobs),
        "error": error,
        "extend_form": ExtendForm(initial={"closes_at": round_.closes_at}),
        "end_form": ReasonForm(auto_id="end_%s"),
        "cancel_form": ReasonForm(auto_id="cancel_%s"),
        "tab": "round",
    }
    if phase in (Phase.DRAFT, Phase.SCHEDULED):
        context |= _paper(round_)
    elif phase is not Phase.CANCELLED:
        context |= _participation(request, round_, now)
    if phase in (Phase.REVIEW, Phase.PUBLISHED):
        result = latest_result(round_id=round_.pk)
        context |= {"result": result, "unpublished": result is not None and result.published_at is None}
    if phase in WATCHED:
        context["board"] = board_page(contest_round=round_, now=now, per_page=TOP_ROWS)
    context |= forms or {}
    whole = frame(request, round_.contest, str(round_.number), **context)
    return render(request, "contest/console/round.html", whole, status=status)


def _paper(round_: Round) -> dict[str, object]:
    """The blueprint as a table with what the bank holds."""
    checked = check_blueprint(round_=round_)
    groups = {group.code: group.name for group in rules_of(round_).groups}
    own = dict.fromkeys(line["group"] for line in round_.blueprint if line.get("group"))
    table = CellTable(topics(), [(code, groups.get(code, code)) for code in own]).fill(round_.blueprint)
    if round_.frozen_at is None:
        mark_cells(table, checked, round_)
    rows = [{"cell": cell, "group": groups.get(cell.place[0], "")} for cell in table.cells() if cell.need]
    return {"check": checked, "lines": rows, "total": table.total, "pool_size": round_.pool.count()}


def _participation(request: HttpRequest, round_: Round, now: datetime) -> dict[str, object]:
    page = max(1, int(raw)) if (raw := request.GET.get("trang", "1")).isdecimal() and len(raw) < 6 else 1
    # One row more than shown says whether there is a next page.
    rows = as_lines(list(unit_lines(round_)[(page - 1) * UNITS_A_PAGE : page * UNITS_A_PAGE + 1]))
    numbers = round_numbers(round_, now)
    minutes = [(timezone.localtime(at).strftime("%H:%M"), number) for at, number in numbers.minutes]
    return {
        "numbers": numbers,
        "minute_rows": minutes if any(number for _at, number in minutes) else [],
        "units": rows[:UNITS_A_PAGE],
        "unit_page": page,
        "more_units": len(rows) > UNITS_A_PAGE,
        "clock": timezone.localtime(now).strftime("%H:%M:%S"),
    }


def _jobs(round_: Round, now: datetime) -> list[JobProgress]:
    """Work under way, and the last that failed."""
    known = [job for job in jobs_of_round(round_id=round_.pk, now=now) if job.kind in SHOWN_JOBS]
    running = [job for job in known if not job.finished]
    return running or [job for job in known[:1] if job.state == JobState.FAILED]


@needs_role(*READERS)
@require_safe
def watch(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The numbers and units again, for a page that asks every few seconds."""
    round_ = round_for(request, slug, number)
    now = now_utc()
    phase = phase_of(round_, now)
    context = {"contest": round_.contest, "round": round_, "phase": phase, **_participation(request, round_, now)}
    response = render(request, "contest/console/parts/watch.html", context)
    if phase not in WATCHED:
        response.headers["HX-Refresh"] = "true"
    return response


@needs_role(*READERS)
@require_safe
def jobs(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Progress of the work under way; when it has ended the whole page is asked for again."""
    round_ = round_for(request, slug, number)
    known = _jobs(round_, now_utc())
    context = {"contest": round_.contest, "round": round_, "jobs": known}
    response = render(request, "contest/console/parts/jobs.html", context)
    if not any(not job.finished for job in known):
        response.headers["HX-Refresh"] = "true"
    return response


def _decide(
    request: HttpRequest, round_: Round, act: Callable[[], object], done: str, forms: dict[str, Form] | None = None
) -> HttpResponse:
    """Do one thing; say that it is done, or why not, on the page it was asked for."""
    try:
        act()
    except AppError as error:
        round_.refresh_from_db()
        return show_round(request, round_, error=str(error), status=error.status, forms=forms)
    messages.success(request, done)
    return redirect("contest:console_round", round_.contest.slug, round_.number)


@needs_role(Role.ORGANIZER)
@require_POST
def freeze(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    return _decide(
        request,
        round_,
        lambda: freeze_paper(round_=round_, actor=actor_of(request), now=now_utc()),
        _("Đã đóng băng đề. Từ giờ sửa ngân hàng không làm đổi vòng thi này."),
    )


@needs_role(Role.ORGANIZER)
@require_POST
def thaw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    return _decide(
        request,
        round_,
        lambda: thaw_paper(round_=round_, actor=actor_of(request), now=now_utc()),
        _("Đã bỏ đóng băng. Lần đóng băng sau sẽ chọn lại câu hỏi."),
    )


@needs_role(Role.ORGANIZER)
@require_POST
def publish_contest(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the contest in public from the page of a round that is ready."""
    round_ = round_for(request, slug, number, change=True)
    return _decide(
        request,
        round_,
        lambda: list_contest(contest=round_.contest, actor=actor_of(request), now=now_utc()),
        _("Cuộc thi đã công khai."),
    )


@needs_role(Role.ORGANIZER)
@require_POST
def extend(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return show_round(request, round_, status=422, forms={"extend_form": form})
    return _decide(
        request,
        round_,
        lambda: extend_round(round_=round_, actor=actor_of(request), now=now_utc(), **form.cleaned_data),
        _("Đã gia hạn vòng thi."),
        {"extend_form": form},
    )


@needs_role(Role.ORGANIZER)
@require_POST
def end_now(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    form = ReasonForm(request.POST, auto_id="end_%s")
    if not form.is_valid():
        return show_round(request, round_, status=422, forms={"end_form": form})
    return _decide(
        request,
        round_,
        lambda: end_round_now(round_=round_, actor=actor_of(request), now=now_utc(), **form.cleaned_data),
        _("Vòng thi đã kết thúc. Ai đang làm bài vẫn được làm hết giờ của mình."),
        {"end_form": form},
    )


@needs_role(Role.ORGANIZER)
@require_POST
def cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    form = ReasonForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return show_round(request, round_, status=422, forms={"cancel_form": form})
    return _decide(
        request,
        round_,
        lambda: cancel_round(round_=round_, actor=actor_of(request), now=now_utc(), **form.cleaned_data),
        _("Đã hủy vòng thi."),
        {"cancel_form": form},
    )


@needs_role(Role.ORGANIZER)
@require_POST
def close(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    return _decide(
        request,
        round_,
        lambda: request_close(contest_round=round_, actor=actor_of(request), now=now_utc()),
        _("Máy đang chốt kết quả."),
    )
