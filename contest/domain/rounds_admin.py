"""What an organizer decides about a round once it stands: freezing its paper, looking at the keys, moving its end.

Each decision is one function, written into the audit chain with who, when and why; doing it twice decides once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from contest.domain.contests import BadWindow
from contest.domain.rounds import PreviewQuestion, freeze_round, preview_paper, thaw_round
from contest.enums import AttemptState
from contest.errors import NotYet
from contest.models import Attempt, PoolItem, Round
from contest.queries.papers import rules_of
from people.domain.audit import record
from people.models import User
from quizbank.domain.sightings import note_sights
from quizbank.enums import Sight
from quizbank.kinds import Shown, get_kind
from quizbank.models import QuestionVersion
from quizbank.queries.sealing import hidden_among

WINDING_UP = timedelta(minutes=15)
"""What is left, after an early end, for a paper that has no clock of its own."""


@transaction.atomic
def freeze_paper(*, round_: Round, actor: User, now: datetime) -> Round:
    """Freeze the pool and lock the rules, by a named person. Raises PaperTooSmall, NotYet."""
    frozen = freeze_round(round_=round_, now=now)
    if frozen.frozen_at == now:
        record(
            actor=actor,
            verb="round.frozen",
            subject=f"round:{frozen.public_id}",
            data={"questions": frozen.pool.count(), "rules": frozen.rule_set.digest},
            now=now,
        )
    return frozen


@transaction.atomic
def thaw_paper(*, round_: Round, actor: User, now: datetime) -> Round:
    """Undo freezing before the round opens; a round that is not frozen stays as it is. Raises RulesLocked."""
    if round_.frozen_at is None:
        return round_
    thawed = thaw_round(round_=round_, now=now)
    record(actor=actor, verb="round.thawed", subject=f"round:{thawed.public_id}", data={}, now=now)
    return thawed


@transaction.atomic
def cancel_round(*, round_: Round, reason: str, actor: User, now: datetime) -> Round:
    """Call a round off. Nobody can start or answer any more; cancelling twice keeps the first moment.

    Raises:
        NotYet: without a reason, or when the result is closed already.
    """
    reason = _require_reason(reason)
    changed = Round.objects.filter(pk=round_.pk, closed_at__isnull=True, cancelled_at__isnull=True).update(
        cancelled_at=now
    )
    round_.refresh_from_db()
    if changed:
        # Papers in hand end here: the statement that saves an answer compares this moment.
        Attempt.objects.filter(round=round_, state=AttemptState.OPEN, accept_until__gt=now).update(
            deadline=now, accept_until=now
        )
        record(
            actor=actor, verb="round.cancelled", subject=f"round:{round_.public_id}", data={"reason": reason}, now=now
        )
    elif round_.cancelled_at is None:
        raise NotYet(_("Vòng thi đã chốt kết quả nên không hủy được nữa."))
    return round_


@transaction.atomic
def extend_round(*, round_: Round, closes_at: datetime, reason: str, actor: User, now: datetime) -> Round:
    """Move a round's end to a later moment, never to an earlier one. Papers that the old end would have cut get the
    time their rules promise, up to the new end.

    Raises:
        NotYet: without a reason, or when the round is over or cancelled.
        BadWindow: when the new end is not later.
    """
    reason = _require_reason(reason)
    before = round_.closes_at
    if closes_at == before:
        return round_
    if closes_at < before:
        raise BadWindow(_("Giờ đóng mới phải muộn hơn giờ đóng hiện nay."))
    moved = Round.objects.filter(
        pk=round_.pk, closes_at=before, closes_at__gt=now, closed_at__isnull=True, cancelled_at__isnull=True
    ).update(closes_at=closes_at)
    round_.refresh_from_db()
    if not moved:
        raise NotYet(_("Vòng thi đã kết thúc nên không gia hạn được nữa."))
    _lengthen_papers(round_, before)
    _record_end(round_, "round.extended", before, reason, actor, now)
    return round_


@transaction.atomic
def end_round_now(*, round_: Round, reason: str, actor: User, now: datetime) -> Round:
    """End an open round at this moment: nobody starts any more, who has a paper in hand keeps the time it promised.

    Raises:
        NotYet: without a reason, or when the round is not open.
    """
    reason = _require_reason(reason)
    before = round_.closes_at
    moved = Round.objects.filter(
        pk=round_.pk, opens_at__lt=now, closes_at__gt=now, frozen_at__isnull=False, cancelled_at__isnull=True
    ).update(closes_at=now)
    round_.refresh_from_db()
    if not moved:
        if round_.opens_at < round_.closes_at <= now:
            return round_
        raise NotYet(_("Vòng thi chưa mở nên chưa kết thúc được."))
    if rules_of(round_).time.minutes is None:
        _clock_papers(round_, now + WINDING_UP)
    _record_end(round_, "round.ended_early", before, reason, actor, now)
    return round_


@dataclass(frozen=True, slots=True)
class KeyedQuestion:
    """A question of a preview paper with what only organizers may see."""

    question: PreviewQuestion
    answer: str
    right: frozenset[str]
    explanation: str
    citation: str


def look_at_paper(*, round_: Round, group: str, seed: int, actor: User) -> list[PreviewQuestion]:
    """Deal the preview paper of ``seed`` without keys; questions sealed from the actor are places and nothing else.
    Raises PaperTooSmall."""
    questions = preview_paper(round_=round_, group=group, seed=seed)
    hidden = hidden_among(actor, [question.question for question in questions])
    return [
        replace(question, stem="", shown=Shown(), extra={}, sealed=True) if question.question in hidden else question
        for question in questions
    ]


@transaction.atomic
def look_at_keys(*, round_: Round, group: str, seed: int, actor: User, now: datetime) -> list[KeyedQuestion]:
    """Deal the preview paper of ``seed`` with its keys. Who looked is written into the audit chain first, and at each
    question; those sealed from the actor stay closed.

    ``right`` holds the texts of right options. Raises PaperTooSmall.
    """
    record(actor=actor, verb="paper.keys_seen", subject=f"round:{round_.public_id}", data={"group": group}, now=now)
    questions = look_at_paper(round_=round_, group=group, seed=seed, actor=actor)
    seen = [question.version for question in questions if not question.sealed]
    note_sights(versions=seen, reader=actor, what=Sight.DEALT, now=now, note=str(round_)[:200])
    codes = [question.code for question in questions]
    if round_.frozen_at:
        pool = PoolItem.objects.filter(round=round_, version__question__code__in=codes)
        keyed = {
            item.version.question.code: (
                item.version,
                item.version.key if item.key_override is None else item.key_override,
            )
            for item in pool.select_related("version__question")
        }
    else:
        versions = QuestionVersion.objects.filter(question__code__in=codes, question__current_id=F("id"))
        keyed = {version.question.code: (version, version.key) for version in versions.select_related("question")}
    return [_with_key(question, *keyed[question.code]) for question in questions]


def _with_key(question: PreviewQuestion, version: QuestionVersion, key: dict[str, object]) -> KeyedQuestion:
    if question.sealed:
        return KeyedQuestion(question, "", frozenset(), "", "")
    kind = get_kind(version.kind)
    answer = kind.tell_key(version.content, key)
    options = [option.text for option in question.shown.options]
    labels = key.get("right")
    right = {answer} if not isinstance(labels, list) else {kind.tell_response(version.content, one) for one in labels}
    return KeyedQuestion(question, answer, frozenset(right & set(options)), version.explanation, version.citation)


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise NotYet(_("Mời bạn ghi lý do."))
    return reason.strip()[:300]


def _lengthen_papers(round_: Round, before: datetime) -> None:
    time = rules_of(round_).time
    grace = timedelta(seconds=time.grace_seconds)
    cut = Attempt.objects.filter(round=round_, state=AttemptState.OPEN, deadline=before)
    if time.minutes is None:
        cut.update(deadline=round_.closes_at, accept_until=round_.closes_at + grace)
        return
    # Those cut started within one paper's time of the old end: few, so each is written by itself.
    for attempt in cut:
        deadline = min(attempt.started_at + timedelta(minutes=time.minutes), round_.closes_at)
        cut.filter(pk=attempt.pk).update(deadline=deadline, accept_until=deadline + grace)


def _clock_papers(round_: Round, deadline: datetime) -> None:
    grace = timedelta(seconds=rules_of(round_).time.grace_seconds)
    Attempt.objects.filter(round=round_, state=AttemptState.OPEN, deadline__gt=deadline).update(
        deadline=deadline, accept_until=deadline + grace
    )


def _record_end(round_: Round, verb: str, before: datetime, reason: str, actor: User, now: datetime) -> None:
    data = {"from": before.isoformat(), "to": round_.closes_at.isoformat(), "reason": reason}
    record(actor=actor, verb=verb, subject=f"round:{round_.public_id}", data=data, now=now)
