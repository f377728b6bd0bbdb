"""What a person decides about a result: publishing it, and who is left out of it. Nothing here can be undone quietly."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contest.domain.certificates import revoke_outdated
from contest.domain.closing import request_recompute
from contest.domain.jobs import UNFINISHED
from contest.domain.places import take_from_boards
from contest.enums import EntryStatus, JobKind
from contest.errors import NotYet
from contest.models import Attempt, Entry, Job, ResultSet, Round
from contest.queries.result_sets import latest_result, published_result
from contest.result_signals import result_published
from contest.signals import tell_after_commit
from people.domain.audit import record
from people.errors import NotAllowed
from people.models import User

STATUS_VERBS = {
    EntryStatus.RANKED: "entry.reinstated",
    EntryStatus.UNRANKED: "entry.unranked",
    EntryStatus.BARRED: "entry.barred",
}


def publish_round(*, contest_round: Round, actor: User, now: datetime) -> ResultSet:
    """Publish the newest completed result. There is no way back; publishing twice changes nothing.

    A result that replaces a published one must be published by somebody else than the person who ordered the change
    (four eyes; failures G3), and certificates that no longer say the truth are revoked with it.

    Raises:
        NotYet: before the round is closed, or while a regrade or another computation is under way.
        NotAllowed: when the same person ordered and publishes a change.
    """
    with transaction.atomic():
        # Two people pressing at once follow each other.
        Round.objects.select_for_update(of=("self",), no_key=True).get(pk=contest_round.pk)
        working = Job.objects.filter(
            kind__in=(JobKind.CLOSE, JobKind.REGRADE), payload__round=contest_round.pk, state__in=UNFINISHED
        ).exists()
        result = latest_result(round_id=contest_round.pk)
        if working or result is None:
            raise NotYet(_("Kết quả chưa chốt xong nên chưa công bố được. Mời bạn đợi một lát."))
        if result.published_at is not None:
            return result
        before = published_result(round_id=contest_round.pk)
        if before is not None and actor.pk in result.counts.get("ordered_by", []) and not actor.is_superuser:
            raise NotAllowed(_("Kết quả thay đổi sau khi công bố cần một người khác trong ban tổ chức công bố lại."))
        ResultSet.objects.filter(pk=result.pk, published_at__isnull=True).update(published_at=now, published_by=actor)
        Round.objects.filter(pk=contest_round.pk, published_at__isnull=True).update(published_at=now)
        revoked = revoke_outdated(result=result, actor=actor, now=now) if before is not None else 0
        record(
            actor=actor,
            verb="round.published",
            subject=f"round:{contest_round.public_id}",
            data={"result": result.number, "root": result.root, "reason": result.reason, "revoked": revoked},
            now=now,
        )
        tell_after_commit(result_published, Round, round_id=contest_round.pk, result_set_id=result.pk)
    result.refresh_from_db()
    contest_round.refresh_from_db(fields=["published_at"])
    return result


def exclude_entry(*, entry: Entry, mode: EntryStatus, reason: str, actor: User, now: datetime) -> tuple[Job, ...]:
    """Leave a person out of the ranking (UNRANKED: may play on; BARRED: not recognised) or take them back (RANKED).

    Results of rounds that are already closed are computed anew under the next number, by the jobs returned.

    Raises:
        NotYet: when no reason is given.
    """
    if not reason.strip():
        raise NotYet(_("Mời bạn ghi lý do."))
    with transaction.atomic():
        changed = Entry.objects.filter(pk=entry.pk).exclude(status=mode).update(status=mode, status_reason=reason[:300])
        entry.refresh_from_db()
        if not changed:
            return ()
        rounds = list(Round.objects.filter(pk__in=Attempt.objects.filter(entry=entry).values("round_id")))
        if mode != EntryStatus.RANKED:
            take_from_boards(entry=entry, round_ids=[one.pk for one in rounds])
        record(
            actor=actor,
            verb=STATUS_VERBS[EntryStatus(mode)],
            subject=f"entry:{entry.public_id}",
            data={"reason": reason, "contest": entry.contest.public_id},
            now=now,
        )
        return tuple(
            request_recompute(contest_round=one, reason=reason, actor=actor, now=now)
            for one in rounds
            if one.closed_at is not None
        )
