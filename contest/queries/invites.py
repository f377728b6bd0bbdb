"""Reads behind invitations: whose link it is, who came by it, who of them truly finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, Max, OuterRef, Q

from contest.enums import AttemptState, CreditState, EntryStatus
from contest.invites import Finisher, Reason, typed_code
from contest.masking import may_be_minor, public_name
from contest.models import Attempt, Contest, Entry, Invitation, InviteCredit, InviteLink
from contest.rules.enums import MaskStyle
from contest.rules.parts import Masking
from contest.rules.words import VIETNAM
from people.enums import Purpose
from people.models import ConsentRecord, Resident

# After this the figures stand: people are erased in time, and what they have done for others stays counted.
COUNTED_FOR = timedelta(days=30)
MOST_SHOWN = 50
_STYLES = tuple(MaskStyle)


def link_of(code: str, now: datetime) -> InviteLink | None:
    """Return the link behind a code of a public contest, with contest, person and unit. Whether it still invites is
    another question: what was printed leads to the contest in any case."""
    known = typed_code(code)
    links = InviteLink.objects.select_related("contest", "resident", "unit")
    return links.filter(code=known, contest__listed_at__lte=now).first() if known else None


def own_link(contest: Contest, resident: Resident | None) -> InviteLink | None:
    """Return a person's link into a contest, None before it is made."""
    links = InviteLink.objects.select_related("resident", "unit")
    return None if resident is None else links.filter(contest=contest, resident=resident).first()


def unit_links(contest: Contest, unit_ids: Sequence[int]) -> list[InviteLink]:
    """Return the links of these units that are made."""
    links = InviteLink.objects.filter(contest=contest, unit__in=unit_ids, resident__isnull=True)
    return list(links.select_related("unit").order_by("unit__path"))


def careful(masking: Masking) -> Masking:
    """Return the rules for names where they travel further than a board: never in full."""
    return replace(masking, style=max(masking.style, MaskStyle.MASKED, key=_STYLES.index))


def name_of(resident: Resident, masking: Masking, now: datetime) -> str:
    """Return a person's name as others see it beside an invitation."""
    minor = may_be_minor(resident.birth_year, year=now.astimezone(VIETNAM).year)
    return public_name(resident.full_name, masking=careful(masking), minor=minor)


def inviter_name(link: InviteLink, masking: Masking, now: datetime) -> str:
    """Return who invites: a unit by its name, a person masked."""
    return link.unit.name if link.resident is None else name_of(link.resident, masking, now)


@dataclass(frozen=True, slots=True)
class Came:
    """One invited person as the inviter sees them. ``state``: "" until they finish, else counted, held or refused."""

    name: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnSpread:
    """What came of one link. ``people`` are the newest."""

    came: int
    counted: int
    held: int
    people: tuple[Came, ...]


def spread_of(link: InviteLink, masking: Masking, now: datetime) -> OwnSpread:
    """Return what came of a link. Three queries."""
    earned = InviteCredit.objects.filter(invitation__link=link)
    came = Invitation.objects.filter(link=link)
    newest = came.filter(entry__resident__erased_at__isnull=True)
    newest = newest.select_related("entry__resident", "credit").order_by("-accepted_at", "-pk")[:MOST_SHOWN]
    people = tuple(Came(name_of(one.entry.resident, masking, now), _state(one), one.accepted_at) for one in newest)
    states = list(earned.values_list("state", flat=True))
    return OwnSpread(came.count(), states.count(CreditState.COUNTED), states.count(CreditState.HELD), people)


def _state(invitation: Invitation) -> str:
    credit: InviteCredit | None = getattr(invitation, "credit", None)
    return "" if credit is None or credit.state == CreditState.LOST else credit.state


def finishers(contest: Contest) -> list[Finisher]:
    """Return the invited people who finished, each with the first paper that counts. Two queries.

    One who finished: a verified telephone or e-mail, the consent in force, ranked in this contest, a paper handed in by
    the person with at least one answer, graded, of a round that was not cancelled. Whoever was invited by somebody the
    contest has barred counts for nobody.
    """
    if Contest.objects.filter(pk=contest.pk, cancelled_at__isnull=False).exists():
        return []
    person = OuterRef("entry__resident")
    barred = Entry.objects.filter(
        contest=contest, resident=OuterRef("entry__invitation__link__resident"), status=EntryStatus.BARRED
    )
    agrees = ConsentRecord.objects.filter(resident=person, purpose=Purpose.TAKE_PART, withdrawn_at__isnull=True)
    mail = EmailAddress.objects.filter(user=OuterRef("entry__resident__user"), verified=True)
    telephone = Q(entry__resident__user__phone_verified=True, entry__resident__user__phone__isnull=False)
    papers = (
        Attempt.objects.filter(
            telephone | Exists(mail),
            Exists(agrees),
            ~Exists(barred),
            entry__invitation__link__contest=contest,
            entry__status=EntryStatus.RANKED,
            entry__resident__erased_at__isnull=True,
            round__contest=contest,
            round__cancelled_at__isnull=True,
            state=AttemptState.SUBMITTED,
            graded_at__isnull=False,
            answered__gt=0,
        )
        .order_by("submitted_at", "pk")
        .values_list(
            "entry__invitation__pk",
            "entry__invitation__link_id",
            "entry__invitation__link__resident_id",
            "entry__resident_id",
            "entry__registered_at",
            "submitted_at",
            "duration_ms",
            "round_id",
            "sheet",
            "dealt",
            "answered",
            "correct",
            "entry__resident__user__phone",
            "entry__resident__user__email",
        )
    )
    first: dict[int, Finisher] = {}
    for (
        invitation,
        link,
        inviter,
        invited,
        entered,
        ended,
        ms,
        round_id,
        sheet,
        dealt,
        answered,
        correct,
        *ways,
    ) in papers:
        assert ended is not None, "a paper that was handed in"
        first.setdefault(
            invitation,
            Finisher(
                invitation=invitation,
                link=link,
                inviter=inviter,
                invited=invited,
                entered_at=entered,
                handed_in_at=ended,
                duration_ms=ms or 0,
                round=round_id,
                sheet=sheet,
                questions=dealt.count(",") + 1,
                answered=answered,
                correct=correct or 0,
                phone=ways[0] or "",
                email=ways[1] or "",
            ),
        )
    return list(first.values())


def contests_to_count(now: datetime) -> list[Contest]:
    """Return the contests with invitations whose figures may still change. One query."""
    return list(
        Contest.objects.filter(Exists(Invitation.objects.filter(link__contest=OuterRef("pk"))), invites_on=True)
        .annotate(last=Max("rounds__closes_at"))
        .filter(last__gt=now - COUNTED_FOR)
    )


def still_counted(contest: Contest, now: datetime) -> bool:
    """Whether the figures of this contest may still change. One query."""
    return contest.rounds.filter(closes_at__gt=now - COUNTED_FOR).exists()


@dataclass(frozen=True, slots=True)
class Doubt:
    """One credit as the people who decide see it, with full names."""

    key: str
    link: str
    invited: str
    invited_unit: str
    inviter: str
    inviter_unit: str
    earned_at: datetime
    state: str
    reasons: tuple[Reason, ...]
    decided_by: str
    decided_reason: str


def doubts(contest: Contest, *, waiting: bool, first: int = 0, number: int = MOST_SHOWN) -> list[Doubt]:
    """Return the credits that wait for a decision, by inviter; or those decided, the newest decision first. One query."""
    earned = InviteCredit.objects.filter(invitation__link__contest=contest).select_related(
        "invitation__entry__unit", "invitation__link__resident", "invitation__link__unit", "decided_by"
    )
    if waiting:
        earned = earned.filter(state=CreditState.HELD).order_by("invitation__link_id", "earned_at", "pk")
    else:
        earned = earned.exclude(decision="").exclude(state=CreditState.HELD).order_by("-decided_at", "pk")
    return [_doubt(one) for one in earned[first : first + number]]


def waiting_by_link(contest: Contest) -> dict[str, int]:
    """Return how many credits wait for a person's decision, by the code of the link. One query."""
    held = InviteCredit.objects.filter(invitation__link__contest=contest, state=CreditState.HELD)
    return dict(held.values_list("invitation__link__code").annotate(number=Count("pk")).order_by())


def waiting_of(contest: Contest, codes: Sequence[str]) -> list[str]:
    """Return the entries (public ids) whose credits by these links wait. One query."""
    held = InviteCredit.objects.filter(invitation__link__contest=contest, state=CreditState.HELD)
    return list(held.filter(invitation__link__code__in=codes).values_list("invitation__entry__public_id", flat=True))


def _doubt(credit: InviteCredit) -> Doubt:
    entry, link = credit.invitation.entry, credit.invitation.link
    return Doubt(
        key=entry.public_id,
        link=link.code,
        invited=entry.full_name,
        invited_unit=entry.unit.name,
        inviter=link.resident.full_name if link.resident else link.unit.name,
        inviter_unit=link.unit.name if link.resident else "",
        earned_at=credit.earned_at,
        state=credit.state,
        reasons=tuple(credit.reasons),
        decided_by=str(credit.decided_by) if credit.decided_by else "",
        decided_reason=credit.decided_reason,
    )
