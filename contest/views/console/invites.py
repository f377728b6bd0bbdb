"""Credits in doubt: what the checks found, and a person's decision with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from contest.arrivals import now_utc
from contest.domain.invite_credit import RECOUNT_EVERY, decide_credits, recount
from contest.forms.decisions import ReasonForm
from contest.models import Contest
from contest.presenters.invites import say_reason
from contest.queries.console import READERS
from contest.queries.invites import MOST_SHOWN, Doubt, doubts, still_counted, waiting_by_link, waiting_of
from contest.views.console.common import actor_of, contest_for, frame
from people.access import needs_role


@dataclass(frozen=True, slots=True)
class Group:
    """What waits by one link: ``number`` people, of whom a page shows the first."""

    link: str
    inviter: str
    unit: str
    number: int
    people: list[tuple[Doubt, list[str]]]


ACCEPT, REFUSE = "accept", "refuse"


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def spread(request: HttpRequest, slug: str) -> HttpResponse:
    deciding = request.method == "POST"
    found = contest_for(request, slug, change=deciding)
    if not deciding:
        now = now_utc()
        if still_counted(found, now):
            recount(contest=found, now=now, every=RECOUNT_EVERY)
        return _show(request, found)
    form, chosen = ReasonForm(request.POST), request.POST.getlist("credit")[:MOST_SHOWN]
    if links := request.POST.getlist("link")[:MOST_SHOWN]:
        chosen += waiting_of(found, links)
    decision = request.POST.get("decision", "")
    if decision not in (ACCEPT, REFUSE) or not chosen:
        return _show(request, found, form, error=_("Mời bạn đánh dấu ít nhất một người."), status=422)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    decided = decide_credits(
        contest=found,
        entries=chosen,
        accept=decision == ACCEPT,
        reason=form.cleaned_data["reason"],
        actor=actor_of(request),
        now=now_utc(),
    )
    words = ngettext("Đã ghi quyết định cho {n} người.", "Đã ghi quyết định cho {n} người.", decided)
    messages.success(request, words.format(n=decided))
    return redirect("contest:console_spread", slug)


def _show(
    request: HttpRequest, found: Contest, form: ReasonForm | None = None, *, error: str = "", status: int = 200
) -> HttpResponse:
    numbers = waiting_by_link(found)
    context = frame(
        request,
        found,
        "spread",
        waiting=_groups(doubts(found, waiting=True), numbers),
        waiting_count=sum(numbers.values()),
        chosen={*request.POST.getlist("credit"), *request.POST.getlist("link")},
        decided=[(one, _words(one)) for one in doubts(found, waiting=False)],
        form=form or ReasonForm(),
        error=error,
    )
    return render(request, "contest/invites/console.html", context, status=status)


def _groups(found: list[Doubt], numbers: dict[str, int]) -> list[Group]:
    """Doubts of one inviter together: a ring is decided about as a whole."""
    groups = [(link, list(ones)) for link, ones in groupby(found, key=lambda one: one.link)]
    return [
        Group(
            link,
            ones[0].inviter,
            ones[0].inviter_unit,
            numbers.get(link, len(ones)),
            [(one, _words(one)) for one in ones],
        )
        for link, ones in groups
    ]


def _words(one: Doubt) -> list[str]:
    return [say_reason(reason) for reason in one.reasons]
