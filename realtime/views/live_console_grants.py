"""Who else may steer an event: accounts of the house, and links for a phone, a marshal, the wall."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contest.arrivals import now_utc
from people.access import signed_in
from people.errors import AppError
from realtime.domain.grants import grant, revoke
from realtime.enums import GrantRole
from realtime.forms.grants import PAGES, LinkForm, PersonForm
from realtime.models import Event
from realtime.queries.console import grants_of, hosts_near
from realtime.views.live_console_common import absolute, actor_of, event_for, frame, qr

NEW_LINK = "live_link"
"""Session key of a link that was just made: its key is told once, on the next page, and kept nowhere."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def grants(request: HttpRequest, public_id: str) -> HttpResponse:
    """Links by QR, and people."""
    event = event_for(request, public_id, change=True)
    if request.method != "POST":
        return _show(request, event)
    now = now_utc()
    if "person" in request.POST:
        form = PersonForm(request.POST, people=hosts_near(event))
        if not form.is_valid():
            return _show(request, event, person=form, status=422)
        who = form.chosen()
        grant(event=event, role=GrantRole(form.cleaned_data["role"]), actor=actor_of(request), user=who, now=now)
        messages.success(request, _("Đã trao quyền cho %(name)s.") % {"name": who})
        return redirect("realtime:live_grants", public_id)
    link = LinkForm(request.POST)
    if not link.is_valid():
        return _show(request, event, link=link, status=422)
    role = GrantRole(link.cleaned_data["role"])
    made = grant(event=event, role=role, actor=actor_of(request), label=link.label_or_role(), now=now)
    request.session[NEW_LINK] = {"event": event.public_id, "role": role.value, "key": made.key, "grant": made.grant.pk}
    return redirect("realtime:live_grants", public_id)


@require_POST
@signed_in
def take_back(request: HttpRequest, public_id: str, grant_id: int) -> HttpResponse:
    event = event_for(request, public_id, change=True)
    found = event.grants.filter(pk=grant_id).first()
    if found is None:
        raise AppError(_("Không tìm thấy quyền này."), status=404)
    revoke(grant=found, actor=actor_of(request), now=now_utc())
    messages.success(request, _("Đã thu hồi quyền, có hiệu lực ngay."))
    return redirect("realtime:live_grants", public_id)


@require_POST
@signed_in
def take_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """An organizer of the unit takes the right to steer this event; it is written into the log."""
    event = event_for(request, public_id, change=True)
    grant(event=event, role=GrantRole.HOST, actor=actor_of(request), user=actor_of(request), now=now_utc())
    return redirect("realtime:live_desk", public_id)


def _show(
    request: HttpRequest,
    event: Event,
    *,
    link: LinkForm | None = None,
    person: PersonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    fresh = request.session.pop(NEW_LINK, None)
    if fresh and fresh.get("event") == event.public_id:
        url = absolute(request, PAGES[GrantRole(fresh["role"])], event.public_id, key=fresh["key"])
        fresh = {"role": GrantRole(fresh["role"]).label, "code": fresh["role"], "url": url, "qr": qr(url)}
    else:
        fresh = None
    context = frame(
        request,
        event,
        "grants",
        grants=grants_of(event),
        fresh=fresh,
        link=link or LinkForm(),
        person=person or PersonForm(people=hosts_near(event)),
    )
    return render(request, "realtime/live/grants.html", context, status=status)
