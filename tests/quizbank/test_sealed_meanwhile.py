"""A question is sealed while somebody has it open: from then on it is neither rewritten nor shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.urls import reverse

from people.enums import Role
from people.models import User
from quizbank.domain.editing import save_edit, write_new
from quizbank.domain.sealing import add_questions, create_set, name_readers
from quizbank.errors import SealedQuestion
from quizbank.models import Question, SealedSet
from tests.factories import make_topics, single_draft
from tests.quizbank.bank_desk import decide, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    make_topics()
    return person(Role.AUTHOR)


@pytest.fixture
def question(author: User, now: datetime) -> Question:
    return write_new(draft=single_draft("Câu kín?"), author=author, now=now)


def seal(question: Question, now: datetime) -> SealedSet:
    owner = person(Role.REVIEWER, "Trần Thị Giữ")
    sealed = create_set(name="Chung kết", owner=owner, now=now)
    add_questions(sealed=sealed, questions=[question], actor=owner, now=now)
    return sealed


def test_an_edit_that_was_on_its_way_changes_nothing(question: Question, author: User, now: datetime) -> None:
    base = question.current_id or 0
    seal(Question.objects.get(pk=question.pk), now)
    draft = replace(single_draft("Câu khác?"), code=question.code)
    with pytest.raises(SealedQuestion):
        save_edit(question=question, base=base, draft=draft, editor=author, now=now)
    with pytest.raises(SealedQuestion):
        save_edit(question=question, base=0, draft=draft, editor=author, now=now)
    assert list(question.versions.values_list("stem", flat=True)) == ["Câu kín?"]


def test_a_named_author_goes_on(question: Question, author: User, now: datetime) -> None:
    sealed = seal(Question.objects.get(pk=question.pk), now)
    assert sealed.owner is not None
    name_readers(sealed=sealed, readers=[author], actor=sealed.owner, now=now)
    draft = replace(single_draft("Câu khác?"), code=question.code)
    save_edit(question=question, base=question.current_id or 0, draft=draft, editor=author, now=now)
    assert question.versions.count() == 2


def test_every_page_of_it_is_closed_at_once(question: Question, author: User, now: datetime) -> None:
    client = signed_in(author)
    pages = [reverse(f"quizbank:{name}", args=[question.public_id]) for name in ("bank_question", "bank_edit")]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    seal(question, now)
    replies = [client.get(page) for page in pages] + [
        client.post(page, {"base": question.current_id}) for page in pages
    ]
    assert [reply.status_code for reply in replies] == [403] * 4
    assert not any("Câu kín?" in reply.content.decode() for reply in replies)
    assert [decide(client, question, act) for act in ("send", "comment", "approve")] == [403] * 3
