"""Writing and rewriting questions: nobody's work is lost, whoever saves at the same moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from people.domain.audit import record
from people.models import User
from quizbank.domain.questions import draft_of, free_code, revise_question, write_question
from quizbank.domain.sightings import note_sight
from quizbank.drafts import Draft
from quizbank.enums import QuestionState, Sight
from quizbank.errors import BankError, SealedQuestion
from quizbank.models import Question, QuestionVersion, Topic
from quizbank.queries.sealing import may_read

_TRIES = 20  # each lost race for a code means that somebody else's question went in
EDITABLE = frozenset({QuestionState.DRAFT, QuestionState.APPROVED})


class EditConflict(BankError):
    """Somebody saved another wording meanwhile. ``newer`` is theirs; nothing of either is lost."""

    code = "edit_conflict"
    message = _("Trong lúc bạn sửa, người khác đã lưu một bản mới. Chưa có gì bị mất: bản của bạn vẫn ở đây.")
    status = 409

    def __init__(self, newer: QuestionVersion) -> None:
        super().__init__()
        self.newer = newer


class NotEditable(BankError):
    code = "not_editable"
    message = _("Câu hỏi này đang được duyệt hoặc đã ngừng dùng. Hãy rút về hoặc đưa vào dùng lại rồi mới sửa.")
    status = 409


class BuiltinQuestion(BankError):
    code = "builtin_question"
    message = _("Câu có sẵn trong phần mềm không sửa trực tiếp được. Hãy nhân bản rồi sửa bản của bạn.")
    status = 409


def write_new(*, draft: Draft, author: User, now: datetime) -> Question:
    """Store a new question as its author's draft, under the next free code of its topic. Raises BadQuestion."""
    draft.checked()
    for _try in range(_TRIES):
        coded = replace(draft, code=free_code(draft.topic))
        try:
            with transaction.atomic():
                question = write_question(draft=coded, author=author, now=now)
                _saved(question, author, "question.written", now)
        except IntegrityError:
            if not Question.objects.filter(code=coded.code).exists():
                raise
        else:
            return question
    raise RuntimeError(f"no free code for topic {draft.topic} in {_TRIES} tries")


@transaction.atomic
def save_edit(*, question: Question, base: int, draft: Draft, editor: User, now: datetime) -> Question:
    """Store what the editor wrote, starting from version ``base`` (id). Another wording is another version that waits
    for approval; another topic or other tags change no version. The same again changes nothing.

    Raises:
        BadQuestion: when the form is not sound.
        EditConflict: when somebody saved meanwhile.
        NotEditable, BuiltinQuestion: when it may not be edited now.
        SealedQuestion: when it was put into a sealed set meanwhile that does not name the editor.
    """
    draft.checked()
    # Locked first, read afterwards: PostgreSQL gives who waited the new row beside the rows it joined before waiting.
    held = Question.objects.select_for_update().get(pk=question.pk)
    if held.builtin:
        raise BuiltinQuestion
    if not may_read(editor, held):
        raise SealedQuestion
    assert held.current is not None, "every stored question has a version"
    same = held.current.digest == draft.digest()
    if held.current_id != base and not same:
        raise EditConflict(held.current)
    if held.state not in EDITABLE:
        raise NotEditable
    _refile(held, draft)
    if same:
        return held
    held = revise_question(question=held, draft=draft, now=now)
    _saved(held, editor, "question.revised", now)
    return held


def clone(*, question: Question, author: User, now: datetime) -> Question:
    """A draft of one's own with the same words. Raises SealedQuestion where the original may not be read."""
    if not may_read(author, question):
        raise SealedQuestion
    version = QuestionVersion.objects.select_related("question__topic").get(pk=question.current_id or 0)
    note_sight(version=version, reader=author, what=Sight.OPENED, now=now, note="nhân bản")
    return write_new(draft=replace(draft_of(version), code=""), author=author, now=now)


def _refile(question: Question, draft: Draft) -> None:
    """Topic and tags belong to the question, not to a wording."""
    if question.topic.slug != draft.topic or list(question.tags) != list(draft.tags):
        question.topic = Topic.objects.get(slug=draft.topic)
        question.tags = list(draft.tags)
        question.save(update_fields=["topic", "tags"])


def _saved(question: Question, who: User, verb: str, now: datetime) -> None:
    version = question.current
    assert version is not None
    note_sight(version=version, reader=who, what=Sight.EDITED, now=now)
    data = {"code": question.code, "version": version.pk, "number": version.number}
    record(actor=who, verb=verb, subject=f"question:{question.public_id}", data=data, now=now)
