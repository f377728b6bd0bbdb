"""Questions of a file that come back: told apart when the file is read, stored as new wordings, taken back by an undo.

Storing goes the way of the editor (quizbank/domain/editing.py), so what stops an author there stops a file here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from people.domain.audit import record
from people.models import User
from quizbank.domain.editing import EDITABLE, BuiltinQuestion, EditConflict, NotEditable, save_edit
from quizbank.domain.questions import draft_of
from quizbank.drafts import Draft
from quizbank.enums import Coming, QuestionState
from quizbank.errors import BadQuestion, SealedQuestion
from quizbank.models import Comment, ImportBatch, ImportedItem, Question, QuestionVersion, Topic
from quizbank.queries.bank_console import Rights, rights_of
from quizbank.queries.sealing import hidden_among, may_read
from quizbank.returning import Present, alike, comes_back, compared, given_by_us, with_unsaid

SLICE = 10
"""Wordings in one transaction: each takes a dozen statements, and an answer waits for SQLite's single writer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a question of the file is to the bank. ``base`` is the wording it would follow; ``sure`` whether it may be
    ticked before its author has looked."""

    draft: Draft
    coming: Coming = Coming.NEW
    code: str = ""
    base: int | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sure: bool = True


class Returning:
    """Tells, for one file, which of its questions are questions of the bank that its author may edit."""

    def __init__(self, author: User | None, *, fmt: str, often: Mapping[str, int]) -> None:
        """``often``: how many questions of the file carry each code."""
        self._author, self._format, self._often = author, fmt, often
        self._rights: Rights | None = rights_of(author) if author is not None and comes_back(fmt) else None

    def marks(self, drafts: Sequence[Draft]) -> list[Mark]:
        """Say it of these. Two queries, none where they carry no codes."""
        codes = {draft.code for draft in drafts} - {""}
        found = {} if self._rights is None or self._author is None or not codes else self._known(codes)
        return [self._mark(draft, found.get(draft.code)) for draft in drafts]

    def _known(self, codes: set[str]) -> dict[str, Question]:
        """Questions of these codes that the author may read; of the others not even their author is told."""
        assert self._author is not None
        rows = Question.objects.filter(code__in=codes, current__isnull=False).select_related("current", "topic")
        questions = list(rows)
        hidden = hidden_among(self._author, (one.pk for one in questions if one.sealed_in_id is not None))
        return {one.code: one for one in questions if one.pk not in hidden}

    def _mark(self, draft: Draft, question: Question | None) -> Mark:
        if question is None or self._rights is None:
            return Mark(draft=draft)
        name = {"code": question.code}
        if question.builtin:
            told = _("Mã %(code)s là câu có sẵn trong phần mềm, không sửa trực tiếp được: dòng này sẽ thành câu mới.")
            return Mark(draft=draft, warnings=(told % name,))
        if not self._rights.edit(question):
            told = _("Mã %(code)s là câu của người khác: dòng này sẽ thành câu mới.")
            return Mark(draft=draft, warnings=(told % name,))
        return self._of_ours(draft, _present(question))

    def _of_ours(self, row: Draft, present: Present) -> Mark:
        name = {"code": row.code}
        draft = with_unsaid(row, present.draft, fmt=self._format)
        coming = compared(draft, present.draft)
        mark = Mark(draft=draft, coming=coming, code=row.code, base=present.version)
        if coming == Coming.SAME:
            return mark
        like = alike(draft, present.draft)
        if not like and not given_by_us(row.code):
            told = _("Mã %(code)s đang là một câu khác hẳn trong ngân hàng: dòng này sẽ thành câu mới.")
            return Mark(draft=row, warnings=(told % name,))
        problems: list[str] = []
        if self._often.get(row.code, 0) > 1:
            told = _("Mã %(code)s đứng ở nhiều dòng của tệp. Mỗi câu chỉ một dòng: mời bạn xóa mã ở dòng là câu mới.")
            problems.append(told % name)
        if not present.editable:
            told = _("Câu %(code)s đang được duyệt hoặc đã ngừng dùng: rút về hay đưa vào dùng lại rồi gửi lại tệp.")
            problems.append(told % name)
        warnings = () if like else (_("Chữ khác hẳn câu %(code)s. Chỉ chọn khi đúng là câu ấy.") % name,)
        return Mark(
            draft=draft, coming=coming, code=row.code, base=present.version, problems=tuple(problems),
            warnings=warnings, sure=like,
        )  # fmt: skip


def _present(question: Question) -> Present:
    version = question.current
    assert version is not None
    version.question = question
    return Present(question.pk, version.pk, draft_of(version), question.state in EDITABLE)


def coming_of(item: ImportedItem, draft: Draft) -> Coming:
    """What a mended row is now; ``item.base`` is loaded with its question and topic."""
    coming = Coming(item.coming)
    if item.base is None or coming is Coming.NEW:
        return coming
    return compared(draft, draft_of(item.base))


def stale_items(batch: ImportBatch) -> int:
    """How many chosen rows would be refused because their question has another wording by now."""
    chosen = ImportedItem.objects.filter(batch=batch, chosen=True, coming=Coming.CHANGED)
    return chosen.exclude(base__question__current=F("base")).count()


def store_wordings(*, batch: ImportBatch, items: Sequence[ImportedItem], drafts: Sequence[Draft], now: datetime) -> int:
    """Store these rows as new wordings, or say at a row why not; how many were stored. Inside a transaction."""
    pairs = sorted(zip(items, drafts, strict=True), key=lambda pair: _question_of(pair[0]))
    # All of them are held before the first entry of the audit chain is: an editor holds one and then waits for it.
    _hold(_question_of(item) for item in items)
    questions = Question.objects.select_related("topic").in_bulk({_question_of(item) for item in items})
    author = batch.author
    rights = None if author is None else rights_of(author)
    stored = 0
    for item, draft in pairs:
        question = questions.get(_question_of(item))
        if author is None or rights is None or question is None or not may_read(author, question):
            _refuse(item, _("Câu này không còn ở ngân hàng hoặc bạn không còn được sửa, nên dòng này không được lưu."))
            continue
        stored += _store(item, draft, question, author, rights, now)
    ImportedItem.objects.bulk_update(items, ["question", "version", "before", "problems", "chosen"])
    return stored


def _store(item: ImportedItem, draft: Draft, question: Question, author: User, rights: Rights, now: datetime) -> int:
    name = {"code": question.code}
    if not rights.edit(question):
        _refuse(item, _("Bạn không còn được sửa câu %(code)s, nên dòng này không được lưu.") % name)
        return 0
    before = {
        "state": question.state, "topic": question.topic.slug, "tags": list(question.tags),
        "sealed": question.sealed_in_id,
    }  # fmt: skip
    try:
        held = save_edit(question=question, base=item.base_id or 0, draft=draft, editor=author, now=now)
    except EditConflict:
        told = _(
            "Sau khi tệp được đọc, câu %(code)s đã có bản mới hơn, nên dòng này không được lưu. Mời bạn xuất lại câu ấy rồi sửa."
        )
        _refuse(item, told % name)
    except (NotEditable, BuiltinQuestion, SealedQuestion, BadQuestion) as error:
        _refuse(item, str(error))
    else:
        item.question, item.before = held, before
        item.version_id = held.current_id if held.current_id != item.base_id else None
        return 1
    return 0


def _refuse(item: ImportedItem, why: str) -> None:
    item.problems, item.chosen = [*item.problems, why], False


def _question_of(item: ImportedItem) -> int:
    return item.base.question_id if item.base is not None else 0


def _hold(ids: Iterable[int]) -> None:
    list(Question.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk").values_list("pk", flat=True))


def take_back_wordings(*, items: Sequence[ImportedItem], actor: User, now: datetime) -> int:
    """Give questions back the wording they had before the file, unless something has happened to them since; how many.
    Inside a transaction."""
    _hold(item.question_id or 0 for item in items)
    questions = Question.objects.select_related("topic").in_bulk({item.question_id or 0 for item in items})
    taken = 0
    for item in items:
        question = questions.get(item.question_id or 0)
        if question is None or not _untouched(item, question):
            continue
        try:
            with transaction.atomic():
                _take_back(item, question)
        except ProtectedError:  # a higher app holds on to the wording
            continue
        data = {"code": question.code, "version": question.current_id}
        record(actor=actor, verb="question.taken_back", subject=f"question:{question.public_id}", data=data, now=now)
        taken += 1
    return taken


def _untouched(item: ImportedItem, question: Question) -> bool:
    """Whether the question is as the file left it."""
    left = item.version_id or item.base_id
    state = QuestionState.DRAFT if item.version_id else item.before.get("state")
    filed = (question.topic.slug, list(question.tags)) == (item.draft.get("topic"), list(item.draft.get("tags", ())))
    return (
        item.base_id is not None
        and question.current_id == left
        and question.state == state
        and question.sealed_in_id == item.before.get("sealed")
        and filed
        and not (item.version_id and Comment.objects.filter(version=item.version_id).exists())
    )


def _take_back(item: ImportedItem, question: Question) -> None:
    gone = item.version_id
    ImportedItem.objects.filter(pk=item.pk).update(question=None, version=None)
    topic = Topic.objects.get(slug=item.before["topic"])
    Question.objects.filter(pk=question.pk).update(
        current=item.base_id, state=item.before["state"], topic=topic, tags=item.before["tags"]
    )
    question.current_id = item.base_id
    if gone is not None:
        QuestionVersion.objects.filter(pk=gone).delete()
