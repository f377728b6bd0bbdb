"""Sealed sets: named people read, nobody else does; papers are dealt from them, practice is not."""

from __future__ import annotations

from datetime import datetime

import pytest

from people.errors import NotAllowed
from people.models import AuditEntry, User
from quizbank.domain.sealing import SealRefused, add_questions, create_set, may_read, name_readers, open_set, take_out
from quizbank.models import Question, SealedSet
from quizbank.queries.questions import approved_versions, practice_versions
from quizbank.queries.sealing import hidden_among
from tests.factories import make_question, make_questions, make_user
from tests.people.racing import at_once


@pytest.fixture
def owner(db: None) -> User:
    return make_user("Trần Thị Giữ")


@pytest.fixture
def sealed(owner: User, now: datetime) -> SealedSet:
    return create_set(name="  Chung kết   tỉnh ", owner=owner, now=now)


def test_a_set_has_a_name(owner: User, sealed: SealedSet, now: datetime) -> None:
    assert (sealed.name, sealed.owner) == ("Chung kết tỉnh", owner)
    with pytest.raises(SealRefused):
        create_set(name=" ", owner=owner, now=now)


def test_only_named_people_read(owner: User, sealed: SealedSet, now: datetime) -> None:
    reader, stranger, administrator = make_user(), make_user(), make_user(is_superuser=True)
    question = make_question()
    assert all(may_read(one, question) for one in (owner, reader, stranger, administrator))
    add_questions(sealed=sealed, questions=[question], actor=owner, now=now)
    name_readers(sealed=sealed, readers=[reader, owner], actor=owner, now=now)
    question.refresh_from_db()
    assert [may_read(one, question) for one in (owner, reader, stranger, administrator)] == [True, True, False, False]
    assert hidden_among(stranger, [question.pk, make_question().pk]) == {question.pk}
    name_readers(sealed=sealed, readers=[], actor=owner, now=now)
    assert not may_read(reader, question)


def test_papers_are_dealt_from_it_and_practice_is_not(owner: User, sealed: SealedSet, now: datetime) -> None:
    kept, free = make_questions(2)
    add_questions(sealed=sealed, questions=[kept], actor=owner, now=now)
    assert {version.question for version in approved_versions()} == {kept, free}
    assert [version.question for version in practice_versions()] == [free]
    open_set(sealed=sealed, actor=owner, now=now)
    assert {version.question for version in practice_versions()} == {kept, free}
    kept.refresh_from_db()
    assert may_read(make_user(), kept)


def test_only_the_keeper_decides(sealed: SealedSet, now: datetime) -> None:
    other, question = make_user(is_superuser=True), make_question()
    for act in (
        lambda: add_questions(sealed=sealed, questions=[question], actor=other, now=now),
        lambda: name_readers(sealed=sealed, readers=[other], actor=other, now=now),
        lambda: take_out(sealed=sealed, question=question, actor=other, now=now),
        lambda: open_set(sealed=sealed, actor=other, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()
    SealedSet.objects.update(owner=None)
    sealed.refresh_from_db()
    open_set(sealed=sealed, actor=other, now=now)


def test_what_is_public_or_sealed_elsewhere_is_not_sealed(owner: User, sealed: SealedSet, now: datetime) -> None:
    builtin, taken, free = make_questions(3)
    Question.objects.filter(pk=builtin.pk).update(builtin=True)
    other = create_set(name="Khác", owner=owner, now=now)
    add_questions(sealed=other, questions=[taken], actor=owner, now=now)
    for refused in (builtin, taken):
        with pytest.raises(SealRefused, match=refused.code):
            add_questions(sealed=sealed, questions=[free, refused], actor=owner, now=now)
    assert sealed.questions.count() == 0


def test_nobody_seals_what_they_may_not_read(owner: User, sealed: SealedSet, now: datetime) -> None:
    stranger, question = make_user(), make_question()
    add_questions(sealed=sealed, questions=[question], actor=owner, now=now)
    mine = create_set(name="Của tôi", owner=stranger, now=now)
    with pytest.raises(NotAllowed):
        add_questions(sealed=mine, questions=[question], actor=stranger, now=now)


def test_each_decision_is_written_once(owner: User, sealed: SealedSet, now: datetime) -> None:
    question = make_question()
    for _ in range(2):
        assert add_questions(sealed=sealed, questions=[question], actor=owner, now=now) == (1 if _ == 0 else 0)
        open_at = open_set(sealed=sealed, actor=owner, now=now).opened_at if _ else None
    assert open_at is None or open_at == now
    verbs = list(
        AuditEntry.objects.filter(verb__startswith="sealed.").order_by("number").values_list("verb", flat=True)
    )
    assert verbs == ["sealed.created", "sealed.added", "sealed.opened"]


def test_an_open_set_is_not_changed_any_more(owner: User, sealed: SealedSet, now: datetime) -> None:
    open_set(sealed=sealed, actor=owner, now=now)
    with pytest.raises(SealRefused):
        add_questions(sealed=sealed, questions=[make_question()], actor=owner, now=now)


@pytest.mark.django_db(transaction=True)
def test_a_question_goes_into_one_of_two_sets_at_the_same_moment(now: datetime) -> None:
    owner, question = make_user(), make_question()
    sets = [create_set(name=f"Bộ {n}", owner=owner, now=now) for n in range(2)]
    results = at_once(
        2, lambda n: add_questions(sealed=sets[n], questions=[question], actor=User.objects.get(pk=owner.pk), now=now)
    )
    assert sorted(str(type(one).__name__) for one in results) == ["SealRefused", "int"]
