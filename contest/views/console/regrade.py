"""Mending a wrong key after the fact: which question, the new key or none, and why. The work is a job."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contest.arrivals import now_utc
from contest.domain.regrading import change_key, void_item
from contest.errors import NotYet
from contest.forms.decisions import KeyForm
from contest.models import Job, PoolItem, Round
from contest.queries.console import pool_item, pool_items
from contest.views.console.common import actor_of, frame, round_for
from people.access import needs_role
from people.enums import Role
from people.errors import AppError
from quizbank.domain.sightings import note_sight
from quizbank.enums import Sight
from quizbank.errors import SealedQuestion
from quizbank.kinds import get_kind
from quizbank.queries.sealing import hidden_among


@needs_role(Role.ORGANIZER)
@require_safe
def items(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The frozen questions of a round; keys are shown on the page of one question only."""
    round_ = round_for(request, slug, number, change=True)
    found = pool_items(round_)
    hidden = _sealed(request, round_, found)
    context = frame(request, round_.contest, str(number), round=round_, tab="regrade", items=found, hidden=hidden)
    return render(request, "contest/console/regrade.html", context)


@needs_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, slug: str, number: int, position: int) -> HttpResponse:
    round_ = round_for(request, slug, number, change=True)
    chosen = pool_item(round_, position)
    if _sealed(request, round_, [chosen]):
        raise SealedQuestion
    note_sight(version=chosen.version, reader=actor_of(request), what=Sight.OPENED, now=now_utc(), note=str(round_))
    current = chosen.version.key if chosen.key_override is None else chosen.key_override
    form = KeyForm(request.POST if request.method == "POST" else None, version=chosen.version, current=current)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                _order(request, chosen, form)
            except AppError as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Đã ghi quyết định. Máy đang chấm lại các bài có câu này."))
                return redirect("contest:console_round", slug, number)
        else:
            status = 422
    context = frame(
        request,
        round_.contest,
        str(number),
        round=round_,
        tab="regrade",
        item=chosen,
        answer=get_kind(chosen.version.kind).tell_key(chosen.version.content, current),
        form=form,
    )
    return render(request, "contest/console/regrade_item.html", context, status=status)


def _sealed(request: HttpRequest, round_: Round, items: Sequence[PoolItem]) -> set[int]:
    """Ids of the questions sealed from the caller, until the round is over (decision 044)."""
    sealed = [item.version.question_id for item in items if item.version.question.sealed_in_id]
    return hidden_among(actor_of(request), sealed) if sealed and round_.closed_at is None else set()


def _order(request: HttpRequest, chosen: PoolItem, form: KeyForm) -> Job:
    reason, actor, now = form.cleaned_data["reason"], actor_of(request), now_utc()
    if form.cleaned_data["decision"] == "void":
        if chosen.voided:
            raise NotYet(_("Câu này đã được hủy."))
        return void_item(item=chosen, actor=actor, reason=reason, now=now)
    key = form.key()
    return change_key(item=chosen, key=None if key == chosen.version.key else key, actor=actor, reason=reason, now=now)
