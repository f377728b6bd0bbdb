"""From draft to use by four eyes: each step once, on the wording that was read, by somebody else than its author."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from people.models import AuditEntry, User
from quizbank.domain.editing import save_edit, write_new
from quizbank.domain.review import (
    NothingSaid,
    Overtaken,
    approve,
    bring_back,
    comment,
    retire,
    return_to_author,
    send_to_review,
    settle,
    with_each,
    withdraw,
)
from quizbank.domain.sightings import note_sight, note_sights
from quizbank.enums import QuestionState, Sight
from quizbank.errors import OwnQuestion
from quizbank.models import Comment, Question, Sighting
from quizbank.queries.questions import approved_versions
from tests.factories import make_question, make_topics, make_user, single_draft
from tests.people.racing import at_once


@pytest.fixture
def author(db: None) -> User:
    make_topics()
    return make_user("Lê Thị Soạn")


@pytest.fixture
def reviewer(db: None) -> User:
    return make_user("Phạm Văn Duyệt")


@pytest.fixture
def waiting(author: User, now: datetime) -> Question:
    """A question in review."""
    question = write_new(draft=single_draft(), author=author, now=now)
    return send_to_review(question=question, version=version_of(question), actor=author, now=now)


def version_of(question: Question) -> int:
    assert question.current_id is not None
    return question.current_id


def test_another_person_approves_and_the_question_enters_papers(
    waiting: Question, reviewer: User, now: datetime
) -> None:
    assert list(approved_versions()) == []
    approve(question=waiting, version=version_of(waiting), reviewer=reviewer, now=now)
    (version,) = approved_versions()
    assert (version.approved_by, version.approved_at) == (reviewer, now)
    assert Sighting.objects.filter(what=Sight.REVIEWED, reader=reviewer).count() == 1
    assert list(AuditEntry.objects.order_by("number").values_list("verb", flat=True)) == [
        "question.written", "question.sent", "question.approved",
    ]  # fmt: skip


def test_the_author_never_approves(waiting: Question, author: User, now: datetime) -> None:
    with pytest.raises(OwnQuestion):
        approve(question=waiting, version=version_of(waiting), reviewer=author, now=now)
    waiting.refresh_from_db()
    assert waiting.state == QuestionState.IN_REVIEW


def test_who_rewrote_it_never_approves_that_wording(
    waiting: Question, author: User, reviewer: User, now: datetime
) -> None:
    withdraw(question=waiting, version=version_of(waiting), actor=author, now=now)
    edited = save_edit(
        question=waiting, base=version_of(waiting), draft=single_draft("Viết lại?"), editor=reviewer, now=now
    )
    send_to_review(question=edited, version=version_of(edited), actor=author, now=now)
    with pytest.raises(OwnQuestion):
        approve(question=edited, version=version_of(edited), reviewer=reviewer, now=now)
    approve(question=edited, version=version_of(edited), reviewer=make_user(), now=now)


def test_deciding_twice_decides_once(waiting: Question, reviewer: User, now: datetime) -> None:
    for later in range(3):
        approve(question=waiting, version=version_of(waiting), reviewer=reviewer, now=now + timedelta(minutes=later))
    (version,) = approved_versions()
    assert version.approved_at == now
    assert AuditEntry.objects.filter(verb="question.approved").count() == 1
    assert Sighting.objects.filter(what=Sight.REVIEWED).count() == 1


def test_a_draft_is_not_approved(author: User, reviewer: User, now: datetime) -> None:
    question = write_new(draft=single_draft(), author=author, now=now)
    with pytest.raises(Overtaken):
        approve(question=question, version=version_of(question), reviewer=reviewer, now=now)
    assert question.versions.get().approved_at is None


def test_returning_says_why(waiting: Question, author: User, reviewer: User, now: datetime) -> None:
    with pytest.raises(NothingSaid):
        return_to_author(question=waiting, version=version_of(waiting), text=" ", reviewer=reviewer, now=now)
    for _ in range(2):
        return_to_author(question=waiting, version=version_of(waiting), text="Căn cứ cũ", reviewer=reviewer, now=now)
    waiting.refresh_from_db()
    assert waiting.state == QuestionState.DRAFT
    (remark,) = Comment.objects.all()
    assert (remark.text, remark.author, remark.settled_at) == ("Căn cứ cũ", reviewer, None)
    settle(remark=remark, actor=author, now=now)
    settle(remark=remark, actor=reviewer, now=now + timedelta(hours=1))
    assert (remark.settled_by, remark.settled_at) == (author, now)


def test_a_remark_sent_twice_is_said_once(waiting: Question, reviewer: User, now: datetime) -> None:
    assert waiting.current is not None
    first = comment(version=waiting.current, text="Rõ hơn?", author=reviewer, now=now)
    assert comment(version=waiting.current, text="Rõ hơn?", author=reviewer, now=now) == first


@pytest.mark.parametrize("approved", [True, False])
def test_what_comes_back_is_in_use_only_where_it_was_approved(author: User, now: datetime, approved: bool) -> None:
    question = make_question(approved=approved)
    retire(question=question, version=version_of(question), actor=author, now=now)
    assert question.state == QuestionState.RETIRED
    assert list(approved_versions()) == []
    bring_back(question=question, version=version_of(question), actor=author, now=now)
    assert question.state == (QuestionState.APPROVED if approved else QuestionState.DRAFT)


def test_many_at_once_name_those_that_cannot(author: User, waiting: Question, now: datetime) -> None:
    drafts = [write_new(draft=single_draft(f"Câu {n}?"), author=author, now=now) for n in range(2)]
    used = make_question()
    outcome = with_each(questions=[*drafts, used], act=send_to_review, actor=author, now=now)
    assert (outcome.done, [code for code, _said in outcome.refused]) == (2, [used.code])


def test_looking_again_within_the_hour_is_one_sight(waiting: Question, reviewer: User, now: datetime) -> None:
    version = waiting.current
    assert version is not None
    written = [
        note_sight(version=version, reader=reviewer, what=Sight.OPENED, now=now + timedelta(minutes=minutes))
        for minutes in (0, 30, 61)
    ]
    assert written == [True, False, True]
    assert note_sights(versions=[version.pk] * 2, reader=make_user(), what=Sight.DEALT, now=now) == 1


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_the_same_moment_approve_once(now: datetime) -> None:
    make_topics()
    author, reviewers = make_user(), [make_user() for _ in range(4)]
    question = write_new(draft=single_draft(), author=author, now=now)
    send_to_review(question=question, version=version_of(question), actor=author, now=now)
    results = at_once(
        4,
        lambda n: approve(
            question=Question.objects.get(pk=question.pk), version=version_of(question), reviewer=reviewers[n], now=now
        ),
    )
    assert {type(one).__name__ for one in results} == {"Question"}
    assert AuditEntry.objects.filter(verb="question.approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_approving_and_returning_at_the_same_moment_is_one_of_both(now: datetime) -> None:
    make_topics()
    author, reviewers = make_user(), [make_user(), make_user()]
    question = write_new(draft=single_draft(), author=author, now=now)
    version = version_of(question)
    send_to_review(question=question, version=version, actor=author, now=now)

    def act(n: int) -> Question:
        mine = Question.objects.get(pk=question.pk)
        if n:
            return return_to_author(question=mine, version=version, text="Sai", reviewer=reviewers[1], now=now)
        return approve(question=mine, version=version, reviewer=reviewers[0], now=now)

    results = at_once(2, act)
    assert sorted(type(one).__name__ for one in results) == ["Overtaken", "Question"]
    question.refresh_from_db()
    approved = question.state == QuestionState.APPROVED
    assert (Comment.objects.count() == 0) is approved
    assert (question.versions.get().approved_at is not None) is approved
