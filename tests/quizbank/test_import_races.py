"""Two workers at the same file, two presses of a button, an undo beside an edit: real threads, real transactions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from people.enums import Role
from quizbank.domain import import_storing
from quizbank.domain.editing import EditConflict, save_edit
from quizbank.domain.import_reading import read_import
from quizbank.domain.import_storing import request_storing, store_import
from quizbank.domain.importing import undo_import
from quizbank.domain.questions import approve_question, write_question
from quizbank.enums import ImportState, QuestionState
from quizbank.models import ImportBatch, ImportedItem, Question, QuestionVersion
from tests.contest.test_scoring_run import in_threads
from tests.factories import make_role, make_topics, make_user
from tests.quizbank.coming_back import come_back, exported, reworded
from tests.quizbank.files import csv_of, plain_drafts, read, read_here, send, stored

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_readers_read_once():
    batch = send(csv_of(*plain_drafts(5)))
    now = timezone.now()
    done = in_threads(3, lambda: read_import(public_id=batch.public_id, now=now, reader=read_here))
    assert sorted(done) == [False, False, True]
    assert ImportedItem.objects.count() == 5


def test_three_workers_store_each_question_once(monkeypatch):
    monkeypatch.setattr(import_storing, "SLICE", 3)
    batch = read(send(csv_of(*plain_drafts(10))))
    now = timezone.now()
    in_threads(3, lambda: request_storing(batch=batch, actor=batch.author, now=now))
    in_threads(3, lambda: store_import(public_id=batch.public_id, now=now))
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.total) == (ImportState.STORED, 10, 10)
    assert Question.objects.count() == QuestionVersion.objects.count() == 10
    assert sorted(Question.objects.values_list("code", flat=True)) == [f"nhan-thuc-{n:04d}" for n in range(1, 11)]


def test_two_files_of_one_topic_share_no_code():
    batches = [read(send(csv_of(*plain_drafts(8)))) for _ in range(2)]
    ImportedItem.objects.update(chosen=True)
    now = timezone.now()
    for batch in batches:
        request_storing(batch=batch, actor=batch.author, now=now)
    left = [batch.public_id for batch in batches]
    in_threads(2, lambda: store_import(public_id=left.pop(), now=now))
    assert Question.objects.values("code").distinct().count() == 16


def test_an_undo_and_an_approval_leave_either_the_question_or_nothing():
    batch = stored(read(send(csv_of(*plain_drafts(6)))))
    now = timezone.now()
    wanted = list(Question.objects.order_by("code"))[:3]
    work = [
        lambda: undo_import(batch=batch, actor=batch.author, now=now),
        lambda: [approve(question) for question in wanted],
    ]

    def approve(question):
        try:
            approve_question(question=question, reviewer=None, now=now)
        except Exception as error:  # noqa: BLE001  gone meanwhile: whatever the database says of it
            return error
        return None

    in_threads(2, lambda: work.pop()())  # noqa: PLW0108  each thread takes another
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE
    # What is left was approved in time and is whole; nothing hangs in the air.
    assert all(one.state == QuestionState.APPROVED for one in Question.objects.all())
    assert Question.objects.count() == QuestionVersion.objects.count() <= 3


def test_two_files_and_an_editor_after_one_wording_leave_one_winner_and_nobody_waiting():
    make_topics()
    author = make_user()
    make_role(author, Role.AUTHOR)
    questions = [write_question(draft=draft, author=author, now=timezone.now()) for draft in plain_drafts(4)]
    drafts = exported(*questions)
    # The second file has them the other way round: whoever holds one must not wait for the other.
    batches = [come_back(author, *(reworded(one) for one in drafts))]
    batches.append(come_back(author, *(reworded(one, " Hãy chọn.") for one in reversed(drafts))))
    ImportedItem.objects.update(chosen=True)
    now = timezone.now()
    for batch in batches:
        request_storing(batch=batch, actor=author, now=now)
    work = [lambda one=one: store_import(public_id=one.public_id, now=now) for one in batches]
    work.append(lambda: [edit(question) for question in questions])

    def edit(question):
        try:
            other = replace(drafts[questions.index(question)], stem=f"Bản khác {question.code} là gì?")
            save_edit(question=question, base=question.current_id, draft=other, editor=author, now=now)
        except EditConflict as error:
            return error
        return None

    in_threads(3, lambda: work.pop()())  # noqa: PLW0108  each thread takes another
    assert {one.versions.count() for one in questions} == {2}
    lost = ImportedItem.objects.filter(question__isnull=True)
    assert 4 <= lost.count() <= 8
    assert all(row.problems for row in lost)
    assert {one.state for one in ImportBatch.objects.all()} == {ImportState.STORED}
