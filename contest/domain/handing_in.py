"""A paper that was taken elsewhere: answers given on a live stage, handed in as one attempt of a round.

The round's own rules decide all else: who may take part, how many attempts count, how they are graded and ranked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from contest.dealing import write_dealt
from contest.domain.attempts import SEED_BITS
from contest.domain.entries import enter_contest
from contest.domain.folding import put_sheet
from contest.enums import AttemptState, EntryStatus
from contest.errors import AttemptsUsed, NotEligible
from contest.models import Attempt, Round
from contest.periods import period_key
from contest.queries.papers import pool_of, rules_of
from contest.sheet import fold
from contest.signals import attempt_submitted, tell_after_commit
from people.models import Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Canonical ``responses`` by question version, in the order asked ("" where nothing was answered). Times are UTC,
    ``duration_ms`` the time spent answering."""

    responses: Mapping[int, str]
    started_at: datetime
    finished_at: datetime
    duration_ms: int


def missing_from_pool(*, round_: Round, versions: list[int]) -> list[int]:
    """Return the versions that are not in the round's pool: their answers cannot be handed in. Raises NotYet."""
    have = set(pool_of(round_).versions)
    return [version for version in versions if version not in have]


@transaction.atomic
def hand_in_paper(*, resident: Resident, round_: Round, paper: Paper, now: datetime) -> Attempt:
    """Store a paper as a submitted attempt, to be graded like every other.

    Raises:
        NotEligible: the round's rules are not for this person.
        AttemptsUsed: no attempt is left.
    """
    rules, pool = rules_of(round_), pool_of(round_)
    entry = enter_contest(resident=resident, contest=round_.contest, now=now)
    if entry.status == EntryStatus.BARRED:
        raise NotEligible(entry.status_reason or None)
    period = period_key(rules.attempts.per, paper.started_at, round_number=round_.number, calendar=rules.calendar.kind)
    used = Attempt.objects.filter(entry=entry, period=period).order_by("-slot").values_list("slot", flat=True).first()
    slot = (used or 0) + 1
    if rules.attempts.limit is not None and slot > rules.attempts.limit:
        raise AttemptsUsed
    place = {version: position for position, version in enumerate(pool.versions)}
    dealt = [place[version] for version in paper.responses]
    attempt = Attempt(
        entry=entry,
        round=round_,
        period=period,
        slot=slot,
        seed=secrets.randbits(SEED_BITS),
        dealt=write_dealt(dealt),
        state=AttemptState.SUBMITTED,
        started_at=paper.started_at,
        deadline=paper.finished_at,
        accept_until=paper.finished_at,
        submitted_at=paper.finished_at,
        duration_ms=paper.duration_ms,
    )
    put_sheet(attempt, fold(pool.items, dealt, dict(enumerate(paper.responses.values()))))
    attempt.save(force_insert=True)
    tell_after_commit(attempt_submitted, Attempt, attempt_id=attempt.pk, round_id=round_.pk, entry_id=entry.pk)
    return attempt
