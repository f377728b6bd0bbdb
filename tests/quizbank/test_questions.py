"""Questions and versions: immutable, versioned, approved by another person."""

from __future__ import annotations

from datetime import datetime

import pytest

from quizbank.domain.questions import approve_question, revise_question, write_question
from quizbank.enums import QuestionState
from quizbank.errors import BadQuestion, OwnQuestion
from quizbank.models import QuestionVersion
from quizbank.queries.questions import approved_versions, bank_stock
from tests.factories import make_question, make_questions, make_topics, make_user, single_draft

pytestmark = pytest.mark.django_db


def test_a_version_is_immutable(now: datetime) -> None:
    version = QuestionVersion.objects.get(pk=make_question().current_id)
    version.key = {"right": "C"}
    with pytest.raises(ValueError, match="immutable"):
        version.save()
    version.refresh_from_db()
    assert version.key == {"right": "B"}


def test_revising_makes_the_next_version_that_must_be_approved_again(now: datetime) -> None:
    question = make_question(single_draft("Cũ?"))
    revise_question(question=question, draft=single_draft("Mới?"), now=now)
    question.refresh_from_db()
    assert (question.current.number, question.state) == (2, QuestionState.DRAFT)  # type: ignore[union-attr]
    assert question.versions.get(number=1).stem == "Cũ?"
    assert list(approved_versions()) == []


def test_revising_without_a_change_changes_nothing(now: datetime) -> None:
    question = make_question(single_draft("Như cũ?"))
    revise_question(question=question, draft=single_draft("Như cũ?"), now=now)
    assert (question.versions.count(), question.state) == (1, QuestionState.APPROVED)


def test_an_author_does_not_approve_the_own_question(now: datetime) -> None:
    make_topics()
    author = make_user("Lê Thị Soạn")
    question = write_question(draft=single_draft(), author=author, now=now)
    with pytest.raises(OwnQuestion):
        approve_question(question=question, reviewer=author, now=now)
    question.refresh_from_db()
    assert question.state == QuestionState.DRAFT


@pytest.mark.parametrize(
    "fault",
    [
        {"key": {"right": "E"}},
        {"key": {}},
        {"content": {"options": ["Một"]}},
        {"content": {"options": ["Một", "mot", "Hai"]}},
        {"content": {"options": ["Một", "", "Hai"]}},
        {"stem": " "},
        {"difficulty": "extreme"},
        {"audience": ()},
        {"kind": "essay"},
    ],
)
def test_an_unsound_draft_stores_nothing(fault: dict[str, object], now: datetime) -> None:
    make_topics()
    with pytest.raises(BadQuestion) as refused:
        write_question(draft=single_draft(**fault), author=None, now=now)
    assert refused.value.problems
    assert QuestionVersion.objects.count() == 0


def test_stock_counts_approved_questions_by_topic_and_difficulty() -> None:
    make_questions(2)
    make_questions(1, topic="an-toan", difficulty="hard")
    make_question(single_draft("Chưa duyệt?"), approved=False)
    assert dict(bank_stock()) == {("nhan-thuc", "easy"): 2, ("an-toan", "hard"): 1}
