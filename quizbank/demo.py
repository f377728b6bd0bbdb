"""The bank's part of the demonstration: an author and a reviewer at work. Through the domain, with the clock passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from people.demo import staff_account
from people.enums import Role
from people.models import Unit, User
from quizbank import demo_data as said
from quizbank.domain.editing import write_new
from quizbank.domain.import_reading import read_import
from quizbank.domain.import_storing import request_storing, store_import
from quizbank.domain.importing import receive_file
from quizbank.domain.review import approve, comment, retire, return_to_author, send_to_review
from quizbank.domain.sealing import add_questions, create_set
from quizbank.drafts import Draft
from quizbank.enums import ImportState
from quizbank.formats.apart import ReadFile, ReadItem
from quizbank.formats.base import Defaults
from quizbank.formats.reading import understand
from quizbank.models import ImportBatch, Question, SealedSet

AUTHOR_LOGIN, REVIEWER_LOGIN = "nguoisoan", "nguoiduyet"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class BankDemo:
    """Who was made, and how to sign in."""

    author: User
    reviewer: User
    passwords: tuple[str, str]

    def sign_ins(self) -> list[dict[str, str]]:
        """Rows for the terminal: role, login, how."""
        roles = (("Người soạn câu hỏi / author", AUTHOR_LOGIN), ("Người duyệt / reviewer", REVIEWER_LOGIN))
        return [
            {"role": role, "login": login, "how": f"mật khẩu / password: {password}"}
            for (role, login), password in zip(roles, self.passwords, strict=True)
        ]


def make_bank_demo(*, province: Unit, now: datetime) -> BankDemo:
    """Make author and reviewer, or find them and give them fresh passwords. Their work is ``make_bank_work``."""
    author, author_word = staff_account(
        login=AUTHOR_LOGIN, full_name="Trần Thị Mỹ Soạn", role=Role.AUTHOR, unit=province, now=now
    )
    reviewer, reviewer_word = staff_account(
        login=REVIEWER_LOGIN, full_name="Nguyễn Văn Thẩm", role=Role.REVIEWER, unit=province, now=now
    )
    return BankDemo(author, reviewer, (author_word, reviewer_word))


def make_bank_work(*, now: datetime) -> None:
    """What the two have done: questions in each state, a sealed set, a file. What is there is not made again."""
    author, reviewer = User.objects.get(username=AUTHOR_LOGIN), User.objects.get(username=REVIEWER_LOGIN)
    with transaction.atomic():
        if not Question.objects.filter(author=author).exists():
            _every_state(author, reviewer, now - timedelta(days=3))
            _sealed(author, reviewer, now - timedelta(days=2))
    if not ImportBatch.objects.filter(author=author, state=ImportState.STORED).exists():
        _imported(author, now - timedelta(days=1))


def _every_state(author: User, reviewer: User, now: datetime) -> None:
    """One question in each state of review, with what was said about it."""
    write_new(draft=said.BEING_WRITTEN, author=author, now=now)
    returned = _sent(said.RETURNED, author, now)
    return_to_author(
        question=returned, version=_current(returned), text=said.UNCLEAR, reviewer=reviewer, now=now + HOUR
    )
    waiting = _sent(said.IN_REVIEW, author, now)
    assert waiting.current is not None
    comment(version=waiting.current, text=said.ASKED, author=reviewer, now=now + 2 * HOUR)
    comment(version=waiting.current, text=said.ANSWERED, author=author, now=now + 3 * HOUR)
    _approved(said.APPROVED, author, reviewer, now)
    old = _approved(said.RETIRED, author, reviewer, now)
    retire(question=old, version=_current(old), actor=reviewer, now=now + 5 * HOUR)


def _sealed(author: User, reviewer: User, now: datetime) -> SealedSet:
    questions = [_approved(draft, author, reviewer, now) for draft in said.SEALED]
    sealed = create_set(name=said.SEALED_NAME, owner=reviewer, readers=[], now=now + 5 * HOUR)
    add_questions(sealed=sealed, questions=questions, actor=reviewer, now=now + 5 * HOUR)
    return sealed


def _sent(draft: Draft, author: User, now: datetime) -> Question:
    question = write_new(draft=draft, author=author, now=now)
    return send_to_review(question=question, version=_current(question), actor=author, now=now)


def _approved(draft: Draft, author: User, reviewer: User, now: datetime) -> Question:
    question = _sent(draft, author, now)
    return approve(question=question, version=_current(question), reviewer=reviewer, now=now + 4 * HOUR)


def _current(question: Question) -> int:
    assert question.current_id is not None, "every stored question has a version"
    return question.current_id


def _imported(author: User, now: datetime) -> None:
    """A file of last year: some of it is sound and stored, three lines say what is wrong with them."""
    batch = receive_file(
        author=author,
        filename=said.IMPORTED.name,
        data=said.IMPORTED.read_bytes(),
        code="csv",
        defaults=Defaults(),
        now=now,
    )
    read_import(public_id=batch.public_id, now=now, reader=_read_here)
    batch.refresh_from_db()
    request_storing(batch=batch, actor=author, now=now)
    store_import(public_id=batch.public_id, now=now)


def _read_here(data: bytes, *, filename: str, code: str, defaults: Defaults) -> ReadFile:
    """Our own file needs no process of its own, which would cost a start of Python before the first page."""
    understood = understand(data, filename=filename, code=code, defaults=defaults)
    items = tuple(
        ReadItem(draft=one.draft, place=one.place, problems=one.problems, warnings=one.warnings, pictures=one.pictures)
        for one in understood.questions()
    )
    parsed = understood.parsed
    return ReadFile(
        format=understood.format, title=parsed.title, notes=parsed.notes, count=len(parsed.found), items=items
    )
