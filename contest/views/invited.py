"""Who came by an invitation: a signed cookie of our own between opening the link and entering the contest."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from contest.arrivals import from_ms, to_ms
from contest.domain.inviting import accept_invitation
from contest.invites import LINK_LIFE
from contest.models import Contest, Entry, InviteLink
from contest.queries.invites import inviter_name, link_of
from contest.rules.parts import Masking

COOKIE = "moi"
ASKED = "moi"
"""The name in the address of a contest's page that was reached by a link."""

_SALT = "invitation"
# A shared device sees many links; what is old is of no use.
_MOST = 6

Visits = dict[str, tuple[str, int]]
"""{public id of a contest: (code, when the link was opened in ms)}"""


def remember(request: HttpRequest, response: HttpResponseBase, link: InviteLink, now: datetime) -> None:
    """Keep that this browser opened ``link``; the first link of a contest stays until it is too old."""
    visits = _visits(request)
    known = visits.get(link.contest.public_id)
    if known is not None and now - from_ms(known[1]) <= LINK_LIFE:
        return
    others = {key: visit for key, visit in visits.items() if key != link.contest.public_id}
    _keep(response, dict(list(others.items())[1 - _MOST :]) | {link.contest.public_id: (link.code, to_ms(now))})


def credit_inviter(request: HttpRequest, response: HttpResponseBase, entry: Entry, now: datetime) -> None:
    """Hand the remembered link over to a fresh entry, and forget it. Nothing here may keep anybody from the paper."""
    visits = _visits(request)
    visit = visits.pop(entry.contest.public_id, None)
    if visit is None:
        return
    accept_invitation(entry=entry, code=visit[0], landed_at=from_ms(visit[1]), now=now)
    _keep(response, visits)


def inviter_of(
    request: HttpRequest, contest: Contest, masking: Masking, now: datetime
) -> tuple[InviteLink | None, str]:
    """Return the link this page was reached by and who invites, (None, "") where nobody does. One query at most.

    The address says it to those who keep no cookies (Zalo and Facebook looking for a preview), the cookie later.
    """
    if not contest.invites_on:
        return None, ""
    visit = _visits(request).get(contest.public_id)
    code = request.GET.get(ASKED, "") or (visit[0] if visit else "")
    link = link_of(code, now) if code else None
    if link is None or link.contest_id != contest.pk or not is_live(link):
        return None, ""
    return link, inviter_name(link, masking, now)


def is_live(link: InviteLink) -> bool:
    """Whether the link still invites: the contest counts invitations, and the inviter has not left."""
    return link.contest.invites_on and (link.resident is None or link.resident.erased_at is None)


def _visits(request: HttpRequest) -> Visits:
    text = request.COOKIES.get(COOKIE, "")
    if not text:
        return {}
    try:
        found = signing.loads(text, salt=_SALT, max_age=LINK_LIFE)
    except signing.BadSignature:
        return {}
    return {str(key): (str(code), int(ms)) for key, (code, ms) in found.items()}


def _keep(response: HttpResponseBase, visits: Visits) -> None:
    if not visits:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(visits, salt=_SALT),
        max_age=int(LINK_LIFE.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
