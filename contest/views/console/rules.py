"""The rules of a contest as a form, beside the text that people will read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contest.arrivals import now_utc
from contest.domain.contests import current_rules, edit_rules
from contest.forms.rules import RulesForm
from contest.models import Contest
from contest.queries.console import READERS
from contest.rules import RuleSet
from contest.rules.text import highlights
from contest.views.console.common import actor_of, contest_for, frame, rule_sections
from people.access import needs_role
from people.enums import Role
from people.errors import AppError


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    changing = request.method == "POST"
    found = contest_for(request, slug, change=changing)
    version = current_rules(found)
    base = RuleSet.from_json(version.data)
    form = RulesForm(request.POST if changing else None, base=base)
    if not changing:
        return _show(request, found, form, base)
    if not form.is_valid() or form.rules is None:
        return _show(request, found, form, base, status=422)
    try:
        saved = edit_rules(contest=found, rules=form.rules, actor=actor_of(request), now=now_utc())
    except AppError as error:
        form.add_error(None, str(error))
        return _show(request, found, form, base, status=error.status)
    if saved.number > version.number:
        messages.success(request, _("Đã lưu thành phiên bản mới. Các vòng đã đóng băng giữ thể lệ cũ."))
    else:
        messages.success(request, _("Đã lưu thể lệ."))
    if "next" in request.POST and not found.rounds.exists():
        return redirect("contest:console_round_new", slug)
    return redirect("contest:console_rules", slug)


def _show(request: HttpRequest, found: Contest, form: RulesForm, shown: RuleSet, *, status: int = 200) -> HttpResponse:
    version = current_rules(found)
    context = frame(request, found, "rules", form=form, rule_version=version, **_text(found, form.rules or shown))
    return render(request, "contest/console/rules.html", context, status=status)


def _text(found: Contest, rules: RuleSet) -> dict[str, object]:
    return {
        "sections": rule_sections(rules, found, found.rounds.filter(cancelled_at__isnull=True).order_by("number")),
        "highlights": [line.text for line in highlights(rules)],
    }


@needs_role(Role.ORGANIZER)
@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The text the entries at hand would give; nothing is stored."""
    found = contest_for(request, slug, change=True)
    base = RuleSet.from_json(current_rules(found).data)
    form = RulesForm(request.POST, base=base)
    if form.is_valid() and form.rules is not None:
        context: dict[str, object] = _text(found, form.rules)
    else:
        context = {"problems": _problems(form)}
    return render(request, "contest/console/parts/rule_text.html", {"contest": found, **context})


def _problems(form: RulesForm) -> list[str]:
    own = [str(sentence) for sentences in form.errors.values() for sentence in sentences]
    rows = [
        str(sentence)
        for formset in (form.groups, form.prizes)
        for row in formset.forms
        for sentences in row.errors.values()
        for sentence in sentences
    ]
    return list(dict.fromkeys([*own, *rows]))
