"""How questions fared: the whole bank with what needs a look, one question in detail, a difficulty to agree to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import needs_role
from people.enums import Role
from quizbank.domain.sightings import note_sight
from quizbank.domain.statistics import change_difficulty
from quizbank.enums import Sight
from quizbank.figure_words import flag_names, said, worst_first
from quizbank.figures_shown import shown_version
from quizbank.item_flags import Flag
from quizbank.queries.bank_console import READERS
from quizbank.queries.questions import topics
from quizbank.queries.statistics import figures_of_bank, figures_of_question
from quizbank.views.common import actor_of, frame, neighbours, page_number, question_for, rights

A_PAGE = 50


@needs_role(*READERS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Questions that were used, those that need a look first."""
    known = {topic.slug: topic.name for topic in topics()}
    topic, flag = request.GET.get("chu-de", ""), request.GET.get("loc", "")
    everything = figures_of_bank(actor_of(request), topic=topic if topic in known else "")
    counts = {one: sum(any(raised.flag == one for raised in row.raised) for row in everything) for one in Flag}
    rows = [row for row in everything if not flag or any(raised.flag == flag for raised in row.raised)]
    rows.sort(key=lambda row: (worst_first(row.raised), -row.all.people, row.version.question.code))
    page = page_number(request)
    part = rows[(page - 1) * A_PAGE : page * A_PAGE]
    context = frame(
        request,
        "statistics",
        rows=[(row, [said(raised, row.version.kind, keyed=False) for raised in row.raised]) for row in part],
        used=len(everything),
        flags=[(one.value, name, counts[one]) for one, name in flag_names().items() if counts[one]],
        flag=flag,
        topics=known,
        topic=topic,
        **neighbours(request, page, more=len(rows) > page * A_PAGE),
    )
    return render(request, "quizbank/files/statistics.html", context)


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: str) -> HttpResponse:
    """One question in detail; which options were chosen gives the key away, so it comes with a POST that is logged."""
    one = question_for(request, public_id)
    keyed = request.method == "POST"
    if keyed and one.current is not None:
        note_sight(version=one.current, reader=actor_of(request), what=Sight.OPENED, now=timezone.now())
    context = frame(
        request,
        "statistics",
        question=one,
        keyed=keyed,
        versions=[shown_version(row, keyed=keyed) for row in figures_of_question(one)],
        may_change=rights(request).review and not one.builtin,
    )
    return render(request, "quizbank/files/question_statistics.html", context)


@needs_role(Role.REVIEWER, Role.ORGANIZER)
@require_POST
def difficulty(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree to the difficulty the figures speak for."""
    one = question_for(request, public_id)
    change_difficulty(
        question=one, difficulty=request.POST.get("difficulty", ""), actor=actor_of(request), now=timezone.now()
    )
    messages.success(request, _("Đã đổi độ khó thành bản mới. Bản mới cần được duyệt rồi mới vào đề."))
    return redirect("quizbank:bank_question", one.public_id)
