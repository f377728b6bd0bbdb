"""Ways around the second pair of eyes: coming back from retirement, and a difficulty agreed to."""

from __future__ import annotations

from datetime import datetime

import pytest

from people.enums import Role
from people.models import User
from quizbank.domain.editing import write_new
from quizbank.domain.review import approve, bring_back, retire, send_to_review
from quizbank.domain.statistics import change_difficulty
from quizbank.enums import QuestionState
from quizbank.errors import OwnQuestion
from quizbank.models import Question
from quizbank.queries.questions import approved_versions
from tests.factories import make_topics, single_draft
from tests.quizbank.bank_desk import decide, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    make_topics()
    return person(Role.AUTHOR)


@pytest.fixture
def reviewer() -> User:
    return person(Role.REVIEWER, "Phạm Văn Duyệt")


def version(question: Question) -> int:
    question.refresh_from_db()
    return question.current_id or 0


@pytest.fixture
def used(author: User, reviewer: User, now: datetime) -> Question:
    """A question of the author that the reviewer approved."""
    question = write_new(draft=single_draft(), author=author, now=now)
    send_to_review(question=question, version=version(question), actor=author, now=now)
    return approve(question=question, version=version(question), reviewer=reviewer, now=now)


def test_the_author_alone_brings_back_a_draft_only(used: Question, author: User, reviewer: User, now: datetime) -> None:
    retire(question=used, version=version(used), actor=reviewer, now=now)
    client = signed_in(author)
    assert decide(client, used, "bring_back") == 302
    used.refresh_from_db()
    assert (used.state, list(approved_versions())) == (QuestionState.DRAFT, [])
    assert decide(client, used, "send") == 302
    approve(question=used, version=version(used), reviewer=reviewer, now=now)
    assert [one.question for one in approved_versions()] == [used]


def test_a_reviewer_brings_it_back_into_use(used: Question, reviewer: User, now: datetime) -> None:
    retire(question=used, version=version(used), actor=reviewer, now=now)
    bring_back(question=used, version=version(used), actor=reviewer, now=now)
    assert [one.question for one in approved_versions()] == [used]


def test_who_changed_the_difficulty_does_not_approve_it(
    used: Question, author: User, reviewer: User, now: datetime
) -> None:
    change_difficulty(question=used, difficulty="hard", actor=reviewer, now=now)
    send_to_review(question=used, version=version(used), actor=author, now=now)
    with pytest.raises(OwnQuestion):
        approve(question=used, version=version(used), reviewer=reviewer, now=now)
    approve(question=used, version=version(used), reviewer=person(Role.REVIEWER), now=now)
    assert [one.difficulty for one in approved_versions()] == ["hard"]
