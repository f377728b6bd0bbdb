"""A round on paper: its window, its blueprint as a table, what the bank says to it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contest.arrivals import now_utc
from contest.domain.contests import current_rules, edit_round, schedule_round
from contest.domain.rounds import BlueprintCheck, check_blueprint
from contest.errors import RulesLocked
from contest.forms.round import CellTable, RoundForm, spread
from contest.models import Round
from contest.queries.papers import rules_of
from contest.rules.words import say_end, say_moment
from contest.views.console.common import actor_of, contest_for, frame, round_for
from people.access import needs_role
from people.enums import Role
from people.errors import AppError
from people.ids import new_public_id
from quizbank.queries.questions import bank_stock, topics

USUAL_LENGTH = timedelta(days=7)
USUAL_HOUR = 8


@needs_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    found = contest_for(request, slug, change=True)
    draft = Round(contest=found, rule_set=current_rules(found))
    last = found.rounds.order_by("-number").first()
    if request.method != "POST":
        form = RoundForm(initial=_proposal(last, now_utc()) | {"key": new_public_id()})
        return _show(request, draft, form, _table(draft).fill(_first_blueprint(draft, last)))
    form, table = RoundForm(request.POST), _table(draft).read(request.POST)
    if "check" in request.POST:
        return _show(request, draft, form, table)
    if not form.is_valid() or table.problem:
        return _show(request, draft, form, table, status=422)
    try:
        round_ = schedule_round(
            contest=found,
            facts=form.facts(table.blueprint()),
            actor=actor_of(request),
            now=now_utc(),
            key=form.cleaned_data["key"],
        )
    except AppError as error:
        form.add_error("closes_at" if error.code == "bad_window" else None, str(error))
        return _show(request, draft, form, table, status=error.status)
    messages.success(request, _("Đã thêm vòng thi."))
    return redirect("contest:console_round", slug, round_.number)


@needs_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    if round_.frozen_at is not None:
        raise RulesLocked(_("Đề đã đóng băng nên vòng thi không sửa được nữa."))
    if request.method != "POST":
        initial = {"title": round_.title, "opens_at": round_.opens_at, "closes_at": round_.closes_at}
        return _show(request, round_, RoundForm(initial=initial), _table(round_).fill(round_.blueprint))
    form, table = RoundForm(request.POST), _table(round_).read(request.POST)
    if "check" in request.POST:
        return _show(request, round_, form, table)
    if not form.is_valid() or table.problem:
        return _show(request, round_, form, table, status=422)
    try:
        edit_round(round_=round_, facts=form.facts(table.blueprint()), actor=actor_of(request), now=now_utc())
    except AppError as error:
        form.add_error("closes_at" if error.code == "bad_window" else None, str(error))
        return _show(request, round_, form, table, status=error.status)
    messages.success(request, _("Đã lưu"))
    return redirect("contest:console_round", slug, round_.number)


@needs_role(Role.ORGANIZER)
@require_POST
def check(request: HttpRequest, slug: str, number: int = 0) -> HttpResponse:
    """What the bank says to the cells at hand, cell by cell; nothing is stored."""
    if number:
        round_ = round_for(request, slug, number, change=True)
    else:
        found = contest_for(request, slug, change=True)
        round_ = Round(contest=found, rule_set=current_rules(found))
    form, table = RoundForm(request.POST), _table(round_).read(request.POST)
    context = {"form": form, "live": True, **_judged(round_, form, table)}
    return render(request, "contest/console/parts/blueprint_check.html", context)


def _show(request: HttpRequest, round_: Round, form: RoundForm, table: CellTable, *, status: int = 200) -> HttpResponse:
    number = round_.number if round_.pk else None
    context = frame(
        request,
        round_.contest,
        str(number or "new"),
        form=form,
        round=round_ if round_.pk else None,
        **_judged(round_, form, table),
    )
    return render(request, "contest/console/round_form.html", context, status=status)


def _judged(round_: Round, form: RoundForm, table: CellTable) -> dict[str, object]:
    """The table with what the bank holds for each cell, the window in words."""
    asked = Round(contest=round_.contest, rule_set=round_.rule_set, blueprint=table.blueprint(), pk=round_.pk)
    if round_.pk:
        asked.seed = round_.seed
    checked = check_blueprint(round_=asked)
    mark_cells(table, checked, asked)
    opens, closes = _moment(form, "opens_at"), _moment(form, "closes_at")
    window = ""
    if opens and closes and opens < closes:
        window = _("Thi được từ {start} đến {end}.").format(start=say_moment(opens), end=say_end(closes))
    return {
        "table": table,
        "check": checked,
        "wanted": rules_of(asked).paper.question_count,
        "window_words": window,
        "banks": rules_of(asked).paper.separate_banks,
    }


def mark_cells(table: CellTable, checked: BlueprintCheck, round_: Round) -> None:
    """Write what the bank has into the cells: exactly for those asked for, by stock for the others."""
    table.stock(bank_stock())
    seen: dict[int, int] = {}
    for line in checked.lines:
        asked = round_.blueprint[line.line]
        cell = table.by_place[(asked["group"], asked["topic"], asked["difficulty"])]
        # With banks of their own several groups ask for the same line: the scarcest one is what counts.
        cell.have = min(line.have, seen.get(line.line, line.have))
        cell.short = max(cell.short, line.short)
        seen[line.line] = cell.have


def _moment(form: RoundForm, name: str) -> datetime | None:
    if not form.is_bound:
        value = form.initial.get(name)
        return value if isinstance(value, datetime) else None
    form.is_valid()
    value = getattr(form, "cleaned_data", {}).get(name)
    return value if isinstance(value, datetime) else None


def _table(round_: Round) -> CellTable:
    """The table of topics; groups that have lines of their own keep a table of their own."""
    names = {group.code: group.name for group in rules_of(round_).groups}
    own = dict.fromkeys(line["group"] for line in round_.blueprint if line.get("group"))
    return CellTable(topics(), [(code, names.get(code, code)) for code in own])


def _proposal(last: Round | None, now: datetime) -> dict[str, object]:
    """Title and window of the next round: after the last one and as long, or a week from tomorrow morning."""
    if last is not None:
        length = last.closes_at - last.opens_at
        opens = max(last.closes_at, _morning(now))
        return {"title": _next_title(last), "opens_at": opens, "closes_at": opens + length}
    opens = _morning(now)
    midnight = opens.replace(hour=0)
    return {"title": _("Vòng 1"), "opens_at": opens, "closes_at": midnight + USUAL_LENGTH}


def _morning(now: datetime) -> datetime:
    local = timezone.localtime(now) + timedelta(days=1)
    return local.replace(hour=USUAL_HOUR, minute=0, second=0, microsecond=0)


def _next_title(last: Round) -> str:
    head, _space, tail = last.title.rpartition(" ")
    return f"{head} {int(tail) + 1}" if head and tail.isdecimal() else _("Vòng {n}").format(n=last.number + 1)


def _first_blueprint(draft: Round, last: Round | None) -> list[dict[str, object]]:
    """The last round's blueprint where it still adds up, else the questions spread over the topics."""
    wanted = rules_of(draft).paper.question_count
    if last is not None and sum(line["count"] for line in last.blueprint) == wanted:
        return list(last.blueprint)
    return spread(_stock_for(draft), [topic.slug for topic in topics()], wanted)


def _stock_for(draft: Round) -> Counter[tuple[str, str]]:
    """What the bank has under the draft's rules; with a bank for each group, what the poorest of them has."""
    cells = [{"topic": topic, "difficulty": difficulty, "count": 1, "group": ""} for topic, difficulty in bank_stock()]
    checked = check_blueprint(round_=Round(contest=draft.contest, rule_set=draft.rule_set, blueprint=cells))
    stock: dict[tuple[str, str], int] = {}
    for line in checked.lines:
        place = (line.topic, line.difficulty)
        stock[place] = min(line.have, stock.get(place, line.have))
    return Counter(stock)
