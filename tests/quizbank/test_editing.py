"""The editor: what is opened and saved untouched stays as it is; whoever saves at once, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from people.models import User
from quizbank.bankfile import read_bank
from quizbank.domain.editing import BuiltinQuestion, EditConflict, NotEditable, clone, save_edit, write_new
from quizbank.domain.questions import draft_of, free_code, version_fields
from quizbank.domain.review import Overtaken, approve, send_to_review
from quizbank.drafts import Draft
from quizbank.enums import QuestionState, Sight
from quizbank.errors import BadQuestion, SealedQuestion
from quizbank.forms.editor import EditorForm
from quizbank.forms.editor_initial import editor_initial
from quizbank.models import Question, QuestionVersion, SealedSet, Sighting
from tests.factories import make_question, make_topics, make_user, single_draft
from tests.people.racing import at_once


def sent(initial: dict[str, Any]) -> QueryDict:
    """A browser's form with these values."""
    data = QueryDict(mutable=True)
    for name, value in initial.items():
        if isinstance(value, list | tuple):
            data.setlist(name, list(value))
        elif value is True:
            data[name] = "on"
        elif value is not False:
            data[name] = str(value)
    return data


def opened_and_sent(draft: Draft, **changes: Any) -> EditorForm:
    """The form of a stored draft, sent back with ``changes``."""
    question = Question(code=draft.code, tags=list(draft.tags))
    question.topic = next(topic for topic in make_topics() if topic.slug == draft.topic)
    version = QuestionVersion(pk=1, question=question, **version_fields(draft))
    form = EditorForm(sent(editor_initial(version) | changes), version=version)
    form.is_valid()
    return form


ALL_KINDS: dict[str, dict[str, Any]] = {
    "single": {"content": {"options": ["Một", "Hai", "Ba"]}, "key": {"right": "B", "weights": {"A": 500}}},
    "multiple": {
        "content": {"options": ["Một", "Hai", "Ba"]},
        "key": {"right": ["C", "A"], "scheme": "weights", "weights": {"A": 500, "C": 500, "B": -500}},
    },
    "boolean": {"content": {}, "key": {"right": False}},
    "numeric": {
        "content": {"unit": "ngày"},
        "key": {"value": "12.50", "tolerance": "0.5", "also": [{"value": "13", "tolerance": "0", "weight": 500}]},
    },
    "short": {"content": {}, "key": {"accept": ["mã độc", "phần mềm độc hại"], "weights": [1000, 700], "case": True}},
    "ordering": {"content": {"items": ["ba", "một", "hai"]}, "key": {"order": ["B", "C", "A"]}},
    "matching": {
        "content": {"lefts": ["cha", "mẹ"], "rights": ["y", "x", "thừa"]},
        "key": {"pairs": {"A": "B", "B": "A"}, "scheme": "exact"},
    },
}
ENGLISH: dict[str, dict[str, Any]] = {
    "single": {"options": ["One", "Two", "Three"]},
    "multiple": {"options": ["One", "Two", "Three"]},
    "numeric": {"unit": "days"},
    "ordering": {"items": ["three", "one", "two"]},
    "matching": {"lefts": ["father", "mother"], "rights": ["why", "ex", "spare"]},
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_question_opened_and_saved_untouched_is_the_same(kind: str) -> None:
    words = {"stem": "How many?", "content": ENGLISH.get(kind, {}), "explanation": "Because.", "citation": ""}
    draft = single_draft(
        kind=kind,
        **ALL_KINDS[kind],
        translations={"en": words},
        extra={
            "seconds": 20,
            "picture": {"sha256": "a" * 64, "alt": "Một cái cầu"},
            "markdown": True,
            "source": {"x": 1},
        },
        facts=("A01",),
        audience=("agency", "basic"),
        tags=("xã", "thi thử"),
    )
    form = opened_and_sent(draft)
    assert form.errors == {}
    assert form.draft == replace(draft, code="")


@pytest.mark.django_db
def test_every_question_of_the_built_in_bank_survives_the_editor() -> None:
    changed = [
        draft.code for draft in read_bank()[::5] if (form := opened_and_sent(draft)).draft is None
        or form.draft.digest() != draft.digest()
    ]  # fmt: skip
    assert changed == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"right_0": True}, "option_0"),
        ({"right_1": False}, "option_0"),
        ({"option_1": "Ngày 22/4"}, "option_0"),
        ({"option_1": "", "option_2": "", "option_3": ""}, "option_0"),
        ({"stem": "  "}, "stem"),
        ({"stem": "a" * 601}, "stem"),
        ({"audience": []}, "audience"),
        ({"topic": "khong-co"}, "topic"),
        ({"citation_url": "javascript:alert(1)"}, "citation_url"),
        ({"tr_stem": "What?", "tr_option_0": "One"}, "tr_stem"),
        ({"kind": "numeric", "value": "mười"}, "value"),
        ({"kind": "short"}, "accept"),
        ({"kind": "ordering", "item_0": "một", "item_1": "hai"}, "item_0"),
        ({"kind": "matching", "left_0": "một", "right_side_0": "x", "left_1": "hai"}, "left_0"),
    ],
)
def test_faults_of_form_are_told_at_their_field(changes: dict[str, Any], field: str) -> None:
    assert list(opened_and_sent(single_draft(), **changes).errors) == [field]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["ordering", "matching"])
def test_what_is_typed_in_its_right_order_is_stored_in_another(kind: str) -> None:
    rows = {f"item_{n}": text for n, text in enumerate(["một", "hai", "ba"])}
    rows |= {f"left_{n}": text for n, text in enumerate(["a", "b", "c"])}
    rows |= {f"right_side_{n}": text for n, text in enumerate(["x", "y", "z"])}
    draft = opened_and_sent(single_draft(), kind=kind, **rows).draft
    assert draft is not None
    assert draft.problems() == []
    stored = draft.content["items" if kind == "ordering" else "rights"]
    assert stored != sorted(stored, key=["một", "hai", "ba", "x", "y", "z"].index)
    again = opened_and_sent(draft)
    assert again.draft == draft


@pytest.fixture
def author(db: None) -> User:
    make_topics()
    return make_user("Lê Thị Soạn")


def test_a_new_question_is_its_authors_draft(author: User, now: datetime) -> None:
    question = write_new(draft=single_draft("Mới?"), author=author, now=now)
    assert (question.author, question.state, question.code) == (author, QuestionState.DRAFT, "nhan-thuc-0001")
    assert list(Sighting.objects.values_list("what", "reader")) == [(Sight.EDITED, author.pk)]
    assert free_code("nhan-thuc") == "nhan-thuc-0002"


def test_a_code_of_a_question_that_was_filed_elsewhere_is_not_given_again(author: User, now: datetime) -> None:
    make_question(single_draft("Có?", code="nhan-thuc-0007"))
    assert write_new(draft=single_draft("Mới?"), author=author, now=now).code == "nhan-thuc-0008"


def test_saving_over_somebody_elses_newer_wording_loses_nothing(author: User, now: datetime) -> None:
    question = write_new(draft=single_draft("Đầu?"), author=author, now=now)
    base = question.current_id
    theirs = save_edit(question=question, base=base, draft=single_draft("Của họ?"), editor=make_user(), now=now)
    with pytest.raises(EditConflict) as refused:
        save_edit(question=question, base=base, draft=single_draft("Của tôi?"), editor=author, now=now)
    assert refused.value.newer.pk == theirs.current_id
    assert [version.stem for version in question.versions.order_by("number")] == ["Đầu?", "Của họ?"]
    save_edit(question=question, base=theirs.current_id, draft=single_draft("Của tôi?"), editor=author, now=now)
    assert question.versions.count() == 3


def test_saving_twice_makes_one_version(author: User, now: datetime) -> None:
    question = write_new(draft=single_draft("Đầu?"), author=author, now=now)
    base = question.current_id
    for _ in range(2):
        save_edit(question=question, base=base, draft=single_draft("Sửa?"), editor=author, now=now)
    assert question.versions.count() == 2


def test_another_topic_is_no_other_version(author: User, now: datetime) -> None:
    question = make_question(single_draft("Đã duyệt?"))
    draft = single_draft("Đã duyệt?", topic="an-toan", tags=("mới",))
    question = save_edit(question=question, base=question.current_id, draft=draft, editor=author, now=now)
    assert (question.topic.slug, question.tags, question.state) == ("an-toan", ["mới"], QuestionState.APPROVED)
    assert question.versions.count() == 1


@pytest.mark.parametrize("state", [QuestionState.IN_REVIEW, QuestionState.RETIRED])
def test_what_is_in_review_or_retired_is_not_edited(author: User, now: datetime, state: str) -> None:
    question = make_question()
    Question.objects.filter(pk=question.pk).update(state=state)
    with pytest.raises(NotEditable):
        save_edit(question=question, base=question.current_id, draft=single_draft("Khác?"), editor=author, now=now)


def test_the_built_in_bank_is_edited_as_a_clone(author: User, now: datetime) -> None:
    question = make_question(single_draft("Có sẵn?", tags=("a",), code="dia-phuong-001"))
    Question.objects.filter(pk=question.pk).update(builtin=True)
    with pytest.raises(BuiltinQuestion):
        save_edit(question=question, base=question.current_id, draft=single_draft("Khác?"), editor=author, now=now)
    copy = clone(question=question, author=author, now=now)
    assert (copy.builtin, copy.author, copy.state, copy.tags) == (False, author, QuestionState.DRAFT, ["a"])
    assert copy.current is not None
    assert copy.current.digest == draft_of(question.current).digest()  # type: ignore[arg-type]


def test_a_sealed_question_is_not_cloned_by_a_stranger(author: User, now: datetime) -> None:
    question = make_question()
    question.sealed_in = SealedSet.objects.create(name="Kín", created_at=now)
    question.save()
    with pytest.raises(SealedQuestion):
        clone(question=question, author=author, now=now)


def test_a_faulty_draft_is_not_stored(author: User, now: datetime) -> None:
    with pytest.raises(BadQuestion):
        write_new(draft=single_draft(key={"right": "X"}), author=author, now=now)
    assert Question.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_moment_make_one_version(now: datetime) -> None:
    make_topics()
    people = [make_user(), make_user()]
    question = write_new(draft=single_draft("Đầu?"), author=people[0], now=now)
    results = at_once(
        2,
        lambda n: save_edit(
            question=Question.objects.get(pk=question.pk),
            base=question.current_id or 0,
            draft=single_draft(f"Bản {n}?"),
            editor=people[n],
            now=now,
        ),
    )
    assert sorted(type(one).__name__ for one in results) == ["EditConflict", "Question"]
    assert question.versions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_new_questions_at_the_same_moment_get_different_codes(now: datetime) -> None:
    make_topics()
    author = make_user()
    results = at_once(4, lambda n: write_new(draft=single_draft(f"Mới {n}?"), author=author, now=now))
    assert len({getattr(one, "code", one) for one in results}) == 4


@pytest.mark.django_db(transaction=True)
def test_a_wording_saved_during_the_approval_is_never_approved_unread(now: datetime) -> None:
    make_topics()
    author, reviewer = make_user(), make_user()
    for _ in range(4):
        question = write_new(draft=single_draft("Đầu?"), author=author, now=now)
        read = question.current_id or 0
        send_to_review(question=question, version=read, actor=author, now=now)
        # An editor who took it back and saved, at the moment the reviewer presses the button.
        Question.objects.filter(pk=question.pk).update(state=QuestionState.APPROVED)
        edit = single_draft("Sửa?")

        def act(n: int, question: Question = question, read: int = read, edit: Draft = edit) -> Any:
            mine = Question.objects.get(pk=question.pk)
            if n:
                return save_edit(question=mine, base=read, draft=edit, editor=author, now=now)
            return approve(question=mine, version=read, reviewer=reviewer, now=now)

        at_once(2, act)
        question.refresh_from_db()
        assert question.current is not None
        assert question.current.stem == "Sửa?"
        assert (question.state, question.current.approved_at) == (QuestionState.DRAFT, None)
    connection.close()


def test_approving_what_was_rewritten_meanwhile_is_refused(author: User, now: datetime) -> None:
    question = write_new(draft=single_draft("Đầu?"), author=author, now=now)
    read = question.current_id or 0
    newer = save_edit(question=question, base=read, draft=single_draft("Sửa?"), editor=author, now=now)
    send_to_review(question=newer, version=newer.current_id or 0, actor=author, now=now)
    with pytest.raises(Overtaken):
        approve(question=newer, version=read, reviewer=make_user(), now=now)
