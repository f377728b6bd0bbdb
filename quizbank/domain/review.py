"""A question's way from draft to use: sent to review, approved by another person, returned, retired, brought back.

Every decision names the version it was made on. Each is one conditional statement: what somebody changed meanwhile is
never approved by somebody who has not seen it, and deciding twice decides once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from people.domain.audit import record
from people.errors import AppError
from people.models import User
from people.text import tidy
from quizbank.domain.sightings import note_sight
from quizbank.enums import QuestionState, Sight
from quizbank.errors import BankError, OwnQuestion
from quizbank.models import Comment, Question, QuestionVersion, Sighting

LONGEST_COMMENT = 1000
DRAFT, IN_REVIEW, APPROVED, RETIRED = (
    QuestionState.DRAFT, QuestionState.IN_REVIEW, QuestionState.APPROVED, QuestionState.RETIRED,
)  # fmt: skip


class Overtaken(BankError):
    """Somebody else changed the question since the page was drawn; nothing was done."""

    code = "overtaken"
    message = _("Câu hỏi vừa được người khác thay đổi. Mời bạn xem bản mới nhất rồi quyết định lại.")
    status = 409


class NothingSaid(BankError):
    code = "nothing_said"
    message = _("Mời bạn ghi nhận xét.")
    status = 422


@transaction.atomic
def send_to_review(*, question: Question, version: int, actor: User, now: datetime) -> Question:
    """The draft ``version`` (id) waits for another person's eyes. Raises Overtaken."""
    return _move(question, version, (DRAFT,), IN_REVIEW, actor=actor, verb="question.sent", now=now)


@transaction.atomic
def withdraw(*, question: Question, version: int, actor: User, now: datetime) -> Question:
    """Take it back from review to go on writing. Raises Overtaken."""
    return _move(question, version, (IN_REVIEW,), DRAFT, actor=actor, verb="question.withdrawn", now=now)


@transaction.atomic
def approve(*, question: Question, version: int, reviewer: User, now: datetime) -> Question:
    """Let ``version`` (id), the one the reviewer read, enter papers. Approving it again changes nothing.

    Raises:
        OwnQuestion: when the reviewer wrote the question or this wording of it.
        Overtaken: when there is a newer wording, or it is not in review any more.
    """
    if question.author_id == reviewer.pk or wrote(version, reviewer):
        raise OwnQuestion
    before = question.state
    question = _move(question, version, (IN_REVIEW,), APPROVED, actor=reviewer, verb="question.approved", now=now)
    approved = QuestionVersion.objects.filter(pk=version, approved_at__isnull=True)
    if approved.update(approved_by=reviewer, approved_at=now) or before != APPROVED:
        note_sight(version=QuestionVersion(pk=version), reader=reviewer, what=Sight.REVIEWED, now=now)
    return question


@transaction.atomic
def return_to_author(*, question: Question, version: int, text: str, reviewer: User, now: datetime) -> Question:
    """Back to the author with what must be mended. Raises NothingSaid, Overtaken."""
    said = _said(text)
    if question.state == DRAFT and Comment.objects.filter(version_id=version, author=reviewer, text=said).exists():
        return question
    question = _move(question, version, (IN_REVIEW,), DRAFT, actor=reviewer, verb="question.returned", now=now)
    Comment.objects.create(version_id=version, author=reviewer, text=said, created_at=now)
    note_sight(version=QuestionVersion(pk=version), reader=reviewer, what=Sight.REVIEWED, now=now)
    return question


@transaction.atomic
def retire(*, question: Question, version: int, actor: User, now: datetime) -> Question:
    """Keep it out of future papers; papers already frozen are not touched. Raises Overtaken."""
    return _move(
        question, version, (DRAFT, IN_REVIEW, APPROVED), RETIRED, actor=actor, verb="question.retired", now=now
    )


@transaction.atomic
def bring_back(*, question: Question, version: int, actor: User, now: datetime) -> Question:
    """Out of retirement: in use again where this wording was approved and somebody else than its author says so, else a
    draft: somebody had a reason to retire it. Raises Overtaken."""
    own = question.author_id == actor.pk or wrote(version, actor)
    approved = not own and QuestionVersion.objects.filter(pk=version, approved_at__isnull=False).exists()
    to = APPROVED if approved else DRAFT
    return _move(question, version, (RETIRED,), to, actor=actor, verb="question.brought_back", now=now)


@transaction.atomic
def comment(*, version: QuestionVersion, text: str, author: User, now: datetime) -> Comment:
    """A remark on one wording; sent twice in a row it is said once. Raises NothingSaid."""
    said = _said(text)
    last = version.comments.order_by("-pk").first()
    if last is not None and last.author_id == author.pk and last.text == said:
        return last
    return Comment.objects.create(version=version, author=author, text=said, created_at=now)


def settle(*, remark: Comment, actor: User, now: datetime) -> Comment:
    """What it asked for is done; the first who says so stays."""
    Comment.objects.filter(pk=remark.pk, settled_at__isnull=True).update(settled_at=now, settled_by=actor)
    remark.refresh_from_db(fields=["settled_at", "settled_by"])
    return remark


def wrote(version: int, person: User) -> bool:
    """Whether this wording comes from this person."""
    return Sighting.objects.filter(version_id=version, reader=person, what=Sight.EDITED).exists()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deed on many questions came to. ``refused``: (code, sentence) of those it was not done to."""

    done: int
    refused: tuple[tuple[str, str], ...]


def with_each(*, questions: Iterable[Question], act: Callable[..., Question], actor: User, now: datetime) -> Outcome:
    """Do ``act`` (send_to_review, retire, …) to each question as it stands; one that cannot is named, the rest go on."""
    done, refused = 0, []
    for question in questions:
        try:
            act(question=question, version=question.current_id, actor=actor, now=now)
        except AppError as error:
            refused.append((question.code, str(error)))
        else:
            done += 1
    return Outcome(done, tuple(refused))


def _move(
    question: Question, version: int, froms: tuple[str, ...], to: str, *, actor: User, verb: str, now: datetime
) -> Question:
    """One conditional statement; the world is told by the audit chain. Already there: nothing happens."""
    moved = Question.objects.filter(pk=question.pk, state__in=froms, current_id=version).update(state=to)
    question.refresh_from_db(fields=["state", "current"])
    if moved:
        data: dict[str, Any] = {"code": question.code, "version": version}
        record(actor=actor, verb=verb, subject=f"question:{question.public_id}", data=data, now=now)
    elif question.state != to or question.current_id != version:
        raise Overtaken
    return question


def _said(text: str) -> str:
    said = tidy(text)[:LONGEST_COMMENT]
    if not said:
        raise NothingSaid
    return said
