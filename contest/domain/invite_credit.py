"""What invitations are worth: counted from the truth as often as one likes, decided by a person where in doubt."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from contest.enums import CreditState
from contest.errors import NotYet
from contest.invites import Reason, state_of, suspicions
from contest.models import Contest, InviteCredit
from contest.queries.invites import contests_to_count, finishers
from people.domain.audit import record
from people.models import User

RECOUNT_EVERY = timedelta(minutes=1)
SLICE = 500
VERBS = {CreditState.COUNTED: "invite.accepted", CreditState.REFUSED: "invite.refused"}


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a count changed; all zero when nothing has happened since the last one."""

    added: int = 0
    changed: int = 0
    removed: int = 0


def recount_due(*, now: datetime) -> int:
    """Count every contest whose turn has come; how many were counted."""
    return sum(recount(contest=one, now=now, every=RECOUNT_EVERY) is not None for one in contests_to_count(now))


def recount(*, contest: Contest, now: datetime, every: timedelta = timedelta()) -> Recounted | None:
    """Count the credits of a contest anew. A constant number of statements; twice gives the same.

    None when another count began less than ``every`` ago, or began while this one was reading: what is newer wins, and
    no answer of a paper waits for the reading.
    """
    turn = Q(invites_counted_at__isnull=True) | Q(invites_counted_at__lte=now - every)
    if not Contest.objects.filter(turn, pk=contest.pk).update(invites_counted_at=now):
        return None
    found = finishers(contest)
    reasons = suspicions(found)
    earned = {one.invitation: one.handed_in_at for one in found}
    with transaction.atomic():
        last = Contest.objects.select_for_update(of=("self",), no_key=True).get(pk=contest.pk)
        return _write(contest, earned, reasons) if last.invites_counted_at == now else None


def _write(contest: Contest, earned: dict[int, datetime], reasons: dict[int, list[Reason]]) -> Recounted:
    known = {one.invitation_id: one for one in InviteCredit.objects.filter(invitation__link__contest=contest)}
    gone = [one.pk for key, one in known.items() if key not in earned and not one.decision]
    changed = []
    for key, one in known.items():
        if key not in earned and not one.decision:
            continue
        before = (one.state, one.reasons, one.earned_at)
        if key in earned:
            one.reasons, one.earned_at = reasons.get(key, []), earned[key]
        one.state = _state(one) if key in earned else CreditState.LOST
        if (one.state, one.reasons, one.earned_at) != before:
            changed.append(one)
    new = [
        InviteCredit(invitation_id=key, earned_at=at, reasons=reasons.get(key, []))
        for key, at in earned.items()
        if key not in known
    ]
    for one in new:
        one.state = _state(one)
    for start in range(0, len(gone), SLICE):
        InviteCredit.objects.filter(pk__in=gone[start : start + SLICE], decision="").delete()
    InviteCredit.objects.bulk_update(changed, ["state", "reasons", "earned_at"], batch_size=SLICE)
    InviteCredit.objects.bulk_create(new, batch_size=SLICE, ignore_conflicts=True)
    return Recounted(len(new), len(changed), len(gone))


def decide_credits(
    *, contest: Contest, entries: Collection[str], accept: bool, reason: str, actor: User, now: datetime
) -> int:
    """Count or refuse the credits of invited people (public ids of their entries); how many were decided anew.

    Raises:
        NotYet: when no reason is given.
    """
    if not reason.strip():
        raise NotYet(_("Mời bạn ghi lý do."))
    decision = CreditState.COUNTED if accept else CreditState.REFUSED
    with transaction.atomic():
        chosen = InviteCredit.objects.filter(
            invitation__link__contest=contest, invitation__entry__public_id__in=list(entries)
        )
        decided = []
        for one in chosen.select_for_update(of=("self",)).select_related("invitation__entry").order_by("pk"):
            codes = _codes(one)
            if one.decision == decision and set(codes) <= set(one.judged):
                continue
            one.decision, one.judged, one.decided_by = decision, codes, actor
            one.decided_at, one.decided_reason = now, reason.strip()[:300]
            if one.state != CreditState.LOST:
                one.state = _state(one)
            decided.append(one)
        InviteCredit.objects.bulk_update(
            decided, ["decision", "judged", "decided_by", "decided_at", "decided_reason", "state"], batch_size=SLICE
        )
        if decided:
            record(
                actor=actor,
                verb=VERBS[decision],
                subject=f"contest:{contest.public_id}",
                data={
                    "reason": reason.strip(),
                    "credits": {one.invitation.entry.public_id: _codes(one) for one in decided},
                },
                now=now,
            )
    return len(decided)


def _codes(credit: InviteCredit) -> list[str]:
    return [str(reason["code"]) for reason in credit.reasons]


def _state(credit: InviteCredit) -> CreditState:
    return CreditState(state_of(codes=_codes(credit), decision=credit.decision, judged=credit.judged))
