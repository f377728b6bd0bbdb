"""The people behind the contests: how many a unit has, and who may do what, both within the own scope."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from contest.arrivals import now_utc
from contest.errors import NotFound
from contest.forms.scope import UnitScope
from contest.forms.staff import GrantForm, HeadCounts, read_paste, read_table
from contest.queries.staff import grant_in_scope, grants_in_scope, sized_units
from contest.views.console.common import actor_of
from people.access import needs_role
from people.domain.head_counts import set_head_counts
from people.domain.roles import grant_role, revoke_role
from people.enums import Role
from people.errors import AppError

A_PAGE = 50


@needs_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def head_counts(request: HttpRequest) -> HttpResponse:
    """Units with their numbers of people: search, change in place, or paste two columns. All or nothing."""
    if request.method != "POST":
        return _show_units(request)
    pasted = request.POST.get("paste") if "paste" in request.POST else None
    sent = read_table(request.POST.dict()) if pasted is None else read_paste(pasted, UnitScope(actor_of(request)))
    if sent.complaints:
        return _show_units(request, sent, pasted or "", status=422)
    try:
        changed = set_head_counts(actor=actor_of(request), counts=sent.counts, now=now_utc())
    except AppError as error:
        sent.complain(str(error))
        return _show_units(request, sent, pasted or "", status=error.status)
    messages.success(
        request,
        ngettext("Đã ghi số người của {n} đơn vị.", "Đã ghi số người của {n} đơn vị.", changed).format(n=changed)
        if changed
        else _("Không có gì thay đổi."),
    )
    return redirect(request.get_full_path())


def _show_units(
    request: HttpRequest, sent: HeadCounts | None = None, pasted: str = "", *, status: int = 200
) -> HttpResponse:
    text, missing, page = (
        request.GET.get("q", "")[:100].replace("\0", ""),
        request.GET.get("thieu") == "1",
        _page(request),
    )
    first = (page - 1) * A_PAGE
    rows = sized_units(actor_of(request), text=text, missing=missing, first=first, number=A_PAGE + 1)
    context = {
        "here": "heads",
        "may_create": True,
        "rows": [
            (row, request.POST.get(f"n-{row.unit.code}", row.unit.head_count), _refused(sent, row.unit.code))
            for row in rows[:A_PAGE]
        ],
        "text": text,
        "missing": missing,
        "pasted": pasted,
        "complaints": sent.complaints if sent else [],
        **_pages(request, page, more=len(rows) > A_PAGE),
    }
    return render(request, "contest/console/head_counts.html", context, status=status)


def _refused(sent: HeadCounts | None, code: str) -> bool:
    return sent is not None and code in sent.refused


@needs_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """Roles on units (and contests) of the own scope: who holds which, granting, taking back."""
    scope = UnitScope(actor_of(request))
    if request.method != "POST":
        return _show_roles(request, GrantForm(scope=scope))
    if "revoke" in request.POST:
        return _revoke(request, scope)
    form = GrantForm(request.POST, scope=scope)
    if "find" in request.POST:
        return _show_roles(request, form)
    if not form.is_valid():
        return _show_roles(request, form, status=422)
    assert form.account is not None
    try:
        grant_role(
            actor=actor_of(request),
            user=form.account,
            role=form.cleaned_data["role"],
            unit=form.chosen_unit,
            now=now_utc(),
        )
    except AppError as error:
        form.add_error(None, str(error))
        return _show_roles(request, form, status=error.status)
    messages.success(request, _("Đã phân quyền cho {who}.").format(who=form.account))
    return redirect("contest:console_staff")


def _revoke(request: HttpRequest, scope: UnitScope) -> HttpResponse:
    raw = request.POST.get("revoke", "")
    found = grant_in_scope(actor_of(request), int(raw)) if raw.isascii() and raw.isdecimal() and len(raw) < 18 else None
    if found is None:
        raise NotFound
    grant, contest_unit = found
    revoke_role(actor=actor_of(request), grant=grant, now=now_utc(), contest_unit=contest_unit)
    messages.success(request, _("Đã thu hồi quyền của {who}.").format(who=grant.user))
    return redirect("contest:console_staff")


def _show_roles(request: HttpRequest, form: GrantForm, *, status: int = 200) -> HttpResponse:
    text, page = request.GET.get("q", "")[:100].replace("\0", ""), _page(request)
    grants = grants_in_scope(actor_of(request), text=text, first=(page - 1) * A_PAGE, number=A_PAGE + 1)
    context = {
        "here": "staff",
        "may_create": True,
        "form": form,
        "grants": grants[:A_PAGE],
        "text": text,
        **_pages(request, page, more=len(grants) > A_PAGE),
    }
    return render(request, "contest/console/staff.html", context, status=status)


def _page(request: HttpRequest) -> int:
    raw = request.GET.get("trang", "1")
    return max(1, int(raw)) if raw.isascii() and raw.isdecimal() and len(raw) < 6 else 1


def _pages(request: HttpRequest, page: int, *, more: bool) -> dict[str, object]:
    """Number and neighbours of a page, the search kept."""

    def other(number: int) -> str:
        query: QueryDict = request.GET.copy()
        query["trang"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous_url": other(page - 1) if page > 1 else "",
        "next_url": other(page + 1) if more else "",
    }
