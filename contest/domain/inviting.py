"""Inviting others: making a link, and remembering by which one a person came."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contest.domain.entries import is_excluded, rules_for_entry
from contest.errors import NotEligible, NotFound
from contest.invites import LINK_LIFE, typed_code
from contest.models import Contest, Entry, Invitation, InviteLink
from people.models import Resident, Unit, User
from people.queries.roles import covers


def personal_link(*, contest: Contest, resident: Resident, now: datetime) -> InviteLink:
    """Return a person's link into a contest, made on the first call.

    Raises:
        NotFound: when the contest has no invitations, is hidden or cancelled.
        NotEligible: when the rules bar this person from its prizes (organizers and those who wrote the questions).
    """
    _require_on(contest)
    known = InviteLink.objects.filter(contest=contest, resident=resident).first()
    if known is not None:
        return known
    if is_excluded(resident, contest, rules_for_entry(contest)):
        raise NotEligible(_("Bạn thuộc ban tổ chức nên không có link riêng. Mời bạn dùng link của đơn vị."))
    try:
        with transaction.atomic():
            return InviteLink.objects.create(
                contest=contest, resident=resident, unit=resident.unit, created_by=resident.user, created_at=now
            )
    except IntegrityError:  # pressed twice at once
        return InviteLink.objects.get(contest=contest, resident=resident)


def unit_link(*, contest: Contest, unit: Unit, actor: User, now: datetime) -> InviteLink:
    """Return a unit's link into a contest, made on the first call. Who may ask for it is the caller's to check.

    Raises:
        NotFound: as above, or when the unit is not within the contest's.
    """
    _require_on(contest)
    if not covers(contest.unit.path, unit.path):
        raise NotFound
    known = InviteLink.objects.filter(contest=contest, unit=unit, resident__isnull=True).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return InviteLink.objects.create(contest=contest, unit=unit, created_by=actor, created_at=now)
    except IntegrityError:
        return InviteLink.objects.get(contest=contest, unit=unit, resident__isnull=True)


def accept_invitation(*, entry: Entry, code: str, landed_at: datetime, now: datetime) -> Invitation | None:
    """Remember by which link an entry came; the first one stays. Eligibility and score know nothing of it.

    None where it does not count: an unknown link or one of another contest, opened after the contest was entered or
    too long before, one's own link, or an inviter who came to the contest later than the invited person.
    """
    known = Invitation.objects.filter(entry=entry).first()
    if known is not None:
        return known
    link = InviteLink.objects.filter(code=typed_code(code), contest=entry.contest_id).select_related("contest").first()
    if link is None or not link.contest.invites_on:
        return None
    if not link.created_at <= landed_at <= entry.registered_at <= landed_at + LINK_LIFE:
        return None
    if link.personal and not _older(link, entry):
        return None
    try:
        with transaction.atomic():
            return Invitation.objects.create(entry=entry, link=link, landed_at=landed_at, accepted_at=now)
    except IntegrityError:
        return Invitation.objects.get(entry=entry)


def _older(link: InviteLink, entry: Entry) -> bool:
    """Whether the inviter stood in this contest (by a link or an entry) before the invited did: a strict order, so
    invitations never close a circle."""
    if link.resident_id == entry.resident_id:
        return False
    entered = Entry.objects.filter(contest=entry.contest_id, resident=link.resident_id).first()
    own = InviteLink.objects.filter(contest=entry.contest_id, resident=entry.resident_id).first()
    inviter_since = min(link.created_at, entered.registered_at) if entered else link.created_at
    invited_since = min(entry.registered_at, own.created_at) if own else entry.registered_at
    return inviter_since < invited_since


def _require_on(contest: Contest) -> None:
    if not contest.invites_on or contest.cancelled_at or contest.listed_at is None:
        raise NotFound
