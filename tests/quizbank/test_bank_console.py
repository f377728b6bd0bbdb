"""The bank's console: who comes in, what the list finds, keys behind one logged tap, sealed questions unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from people.enums import Role
from people.models import User
from quizbank.domain.editing import save_edit, write_new
from quizbank.domain.review import approve, comment, retire, send_to_review
from quizbank.domain.sealing import add_questions, create_set
from quizbank.enums import QuestionState, Sight
from quizbank.models import Comment, Question, SealedSet, Sighting
from quizbank.signals import Use, uses_asked
from tests.factories import make_question, make_questions, make_topics, single_draft
from tests.quizbank.bank_desk import decide, page, person, signed_in

pytestmark = pytest.mark.django_db
KEY = "Quyết định 505/QĐ-TTg chọn ngày 10/10."


@pytest.fixture
def author() -> User:
    make_topics()
    return person(Role.AUTHOR)


@pytest.fixture
def reviewer() -> User:
    return person(Role.REVIEWER, "Phạm Văn Duyệt")


@pytest.fixture
def draft(author: User, now: datetime) -> Question:
    return write_new(draft=single_draft("Ngày hội chuyển đổi số?"), author=author, now=now)


# ---------------------------------------------------------------------------------------------- the list


def test_search_needs_no_accents_and_finds_codes(author: User, draft: Question) -> None:
    other = make_question(single_draft("Chữ ký số là gì?", topic="an-toan"))
    client = signed_in(author)
    assert "Ngày hội chuyển đổi số?" in page(client, q="ngay hoi CHUYEN doi")
    assert "Ngày hội chuyển đổi số?" not in page(client, q="chu ky")
    assert "Chữ ký số là gì?" in page(client, q=other.code)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"topic": "an-toan"}, {"B"}),
        ({"difficulty": "hard"}, {"B"}),
        ({"audience": "agency"}, {"B"}),
        ({"kind": "boolean"}, {"B"}),
        ({"state": "draft"}, {"A"}),
        ({"language": "en"}, {"B"}),
        ({"tag": "cap xa"}, {"B"}),
        ({"sealed": "yes"}, set()),
        ({"sealed": "no"}, {"A", "B"}),
        ({"mine": "on"}, {"A"}),
        ({"topic": "khong-co", "trang": "x"}, {"A", "B"}),
        ({"topic": "an-toan", "difficulty": "easy"}, set()),
    ],
)
def test_each_filter_narrows_the_list(author: User, now: datetime, asked: dict[str, str], found: set[str]) -> None:
    write_new(draft=single_draft("Câu A?"), author=author, now=now)
    make_question(
        single_draft(
            "Câu B?",
            kind="boolean",
            content={},
            key={"right": True},
            topic="an-toan",
            difficulty="hard",
            audience=("agency",),
            language="en",
            tags=("cấp xã",),
        )
    )
    shown = page(signed_in(author), **asked)
    assert {letter for letter in "AB" if f"Câu {letter}?" in shown} == found


def test_the_list_asks_the_same_number_of_questions_of_the_database(
    author: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(author)
    client.get(reverse("quizbank:bank"))
    for number in (1, 4):
        make_questions(number)
        with django_assert_num_queries(9):
            assert client.get(reverse("quizbank:bank")).status_code == 200


def test_fifty_are_on_a_page(author: User) -> None:
    make_questions(52)
    client = signed_in(author)
    assert page(client).count('name="question"') == 50
    assert page(client, trang=2, state="approved").count('name="question"') == 2


def test_who_writes_sees_the_bank_in_the_menu(author: User) -> None:
    client = signed_in(author)
    assert reverse("quizbank:bank") in client.get(reverse("people:me")).content.decode()


# ---------------------------------------------------------------------------------------------- keys


def test_the_key_is_behind_one_tap_that_is_written_down(draft: Question, reviewer: User) -> None:
    client = signed_in(reviewer)
    shown = page(client, draft)
    assert KEY not in shown
    assert 'data-state="missed"' not in shown
    assert not Sighting.objects.filter(what=Sight.OPENED).exists()
    for _ in range(2):
        keyed = client.post(reverse("quizbank:bank_question", args=[draft.public_id])).content.decode()
        assert KEY in keyed
        assert keyed.count('data-state="missed"') == 1
    (sight,) = Sighting.objects.filter(what=Sight.OPENED)
    assert (sight.reader, sight.version_id) == (reviewer, draft.current_id)


def test_what_changed_is_shown_with_the_key_only(author: User, draft: Question, reviewer: User, now: datetime) -> None:
    edit = single_draft("Ngày hội chuyển đổi số?", key={"right": "C"})
    save_edit(question=draft, base=draft.current_id or 0, draft=edit, editor=author, now=now)
    client = signed_in(reviewer)
    assert "<del>" not in page(client, draft)
    keyed = client.post(reverse("quizbank:bank_question", args=[draft.public_id])).content.decode()
    assert "<del>" in keyed
    assert "<ins>" in keyed
    old = client.post(reverse("quizbank:bank_question", args=[draft.public_id]), {"ban": "1"}).content.decode()
    assert "<del>" not in old


def test_uses_are_told_by_those_who_use(draft: Question, reviewer: User, now: datetime) -> None:
    def tell(question_id: int, **_: Any) -> list[Use]:
        return [Use(label=f"Tuần 1 ({question_id == draft.pk})", version=1, at=now)]

    uses_asked.connect(tell)
    try:
        assert "Tuần 1 (True)" in page(signed_in(reviewer), draft)
    finally:
        uses_asked.disconnect(tell)


# ---------------------------------------------------------------------------------------------- deciding


def test_a_question_goes_from_its_author_to_a_reviewer_into_use(author: User, draft: Question, reviewer: User) -> None:
    writing, reading = signed_in(author), signed_in(reviewer)
    assert decide(reading, draft, "send") == 403
    assert decide(writing, draft, "send") == 302
    assert decide(writing, draft, "approve") == 403
    assert decide(reading, draft, "return", text="") == 422
    assert decide(reading, draft, "return", text="Thiếu căn cứ") == 302
    assert "Thiếu căn cứ" in page(writing, draft)
    (remark,) = Comment.objects.all()
    assert decide(writing, draft, "settle", remark=remark.pk) == 302
    assert decide(writing, draft, "send") == 302
    assert decide(reading, draft, "approve") == 302
    draft.refresh_from_db()
    assert draft.state == QuestionState.APPROVED
    assert decide(writing, draft, "retire") == 403
    assert decide(reading, draft, "retire") == 302
    assert decide(reading, draft, "bring_back") == 302


def test_an_organizer_never_approves_the_own_question(now: datetime) -> None:
    make_topics()
    organizer = person(Role.ORGANIZER)
    question = write_new(draft=single_draft(), author=organizer, now=now)
    client = signed_in(organizer)
    assert decide(client, question, "send") == 302
    assert "không tự duyệt" in page(client, question)
    assert decide(client, question, "approve") == 403
    question.refresh_from_db()
    assert question.state == QuestionState.IN_REVIEW


def test_a_page_that_is_out_of_date_decides_nothing(
    author: User, draft: Question, reviewer: User, now: datetime
) -> None:
    old = draft.current_id
    newer = save_edit(question=draft, base=old or 0, draft=single_draft("Mới hơn?"), editor=author, now=now)
    send_to_review(question=newer, version=newer.current_id or 0, actor=author, now=now)
    assert decide(signed_in(reviewer), draft, "approve", version=old) == 409
    assert decide(signed_in(reviewer), draft, "approve", version="x") == 409
    assert decide(signed_in(reviewer), draft, "gi-do") == 404


def test_an_auditor_reads_and_changes_nothing(draft: Question) -> None:
    auditor = signed_in(person(Role.AUDITOR))
    assert "Ngày hội" in page(auditor, draft)
    assert "soạn câu hỏi" in auditor.get(reverse("quizbank:bank_log")).content.decode()
    assert [decide(auditor, draft, act) for act in ("send", "approve", "retire", "comment")] == [403] * 4
    assert auditor.get(reverse("quizbank:bank_new")).status_code == 403


def test_an_author_does_not_see_who_saw_a_colleagues_question(draft: Question) -> None:
    colleague = signed_in(person(Role.AUTHOR, "Người Khác"))
    assert "Ai đã xem" not in page(colleague, draft)
    assert colleague.get(reverse("quizbank:bank_log")).status_code == 403
    assert colleague.get(reverse("quizbank:bank_edit", args=[draft.public_id])).status_code == 403


def test_many_at_once(author: User, draft: Question, reviewer: User) -> None:
    approved = make_questions(2)
    ids = [one.public_id for one in (draft, *approved)]
    client = signed_in(author)
    client.post(reverse("quizbank:bank_bulk"), {"question": ids, "act": "send"})
    draft.refresh_from_db()
    assert draft.state == QuestionState.IN_REVIEW
    assert client.post(reverse("quizbank:bank_bulk"), {"question": ids, "act": "retire"}).status_code == 403
    signed_in(reviewer).post(reverse("quizbank:bank_bulk"), {"question": ids, "act": "retire"})
    assert set(Question.objects.values_list("state", flat=True)) == {QuestionState.RETIRED}


def test_the_way_back_leads_nowhere_else(reviewer: User) -> None:
    reply = signed_in(reviewer).post(reverse("quizbank:bank_bulk"), {"back": "https://evil.example/"})
    assert reply.headers["Location"] == reverse("quizbank:bank")


# ---------------------------------------------------------------------------------------------- sealed


def test_a_sealed_question_is_a_code_and_nothing_else(
    author: User, draft: Question, reviewer: User, now: datetime
) -> None:
    sealed = create_set(name="Chung kết", owner=reviewer, now=now)
    add_questions(sealed=sealed, questions=[draft], actor=reviewer, now=now)
    stranger = signed_in(author)  # wrote it, is not named: what it says now may be somebody else's
    listed = page(stranger)
    assert draft.code in listed
    assert "Ngày hội" not in listed
    assert draft.code not in page(stranger, q="ngay hoi")
    for name in ("bank_question", "bank_edit"):
        assert stranger.get(reverse(f"quizbank:{name}", args=[draft.public_id])).status_code == 403
    assert stranger.post(reverse("quizbank:bank_question", args=[draft.public_id])).status_code == 403
    assert stranger.post(reverse("quizbank:bank_clone", args=[draft.public_id])).status_code == 403
    assert "Ngày hội" not in stranger.get(reverse("quizbank:bank_set", args=[sealed.public_id])).content.decode()
    keeper = signed_in(reviewer)
    assert "Ngày hội" in page(keeper)
    assert "Ngày hội" in keeper.get(reverse("quizbank:bank_set", args=[sealed.public_id])).content.decode()


def test_a_set_is_made_filled_read_and_opened(author: User, draft: Question, reviewer: User) -> None:
    keeper, stranger = signed_in(reviewer), signed_in(author)
    assert stranger.post(reverse("quizbank:bank_sets"), {"name": "Của tôi"}).status_code == 403
    assert keeper.post(reverse("quizbank:bank_sets"), {"name": ""}).status_code == 422
    keeper.post(reverse("quizbank:bank_sets"), {"name": "Chung kết", "readers": [author.pk]})
    sealed = SealedSet.objects.get()
    keeper.post(reverse("quizbank:bank_bulk"), {"question": [draft.public_id], "act": "seal", "set": sealed.public_id})
    draft.refresh_from_db()
    assert draft.sealed_in == sealed
    url = reverse("quizbank:bank_set", args=[sealed.public_id])
    assert "Ngày hội" in stranger.get(url).content.decode()
    assert stranger.post(url, {"act": "open", "sure": "1"}).status_code == 403
    keeper.post(url, {"act": "readers"})
    assert "Ngày hội" not in stranger.get(url).content.decode()
    keeper.post(url, {"act": "open"})
    sealed.refresh_from_db()
    assert sealed.opened_at is None
    keeper.post(url, {"act": "open", "sure": "1"})
    assert "Ngày hội" in stranger.get(url).content.decode()


def test_the_page_of_a_question_asks_the_same_number_of_questions_of_the_database(
    author: User, draft: Question, reviewer: User, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(reviewer)
    page(client, draft)
    for number in (1, 3):
        for _ in range(number):
            draft.refresh_from_db()
            edit = single_draft(f"Lần {_} {number}?")
            save_edit(question=draft, base=draft.current_id or 0, draft=edit, editor=author, now=now)
            draft.refresh_from_db()
            assert draft.current is not None
            comment(version=draft.current, text="Xem lại", author=reviewer, now=now)
        with django_assert_num_queries(14):
            page(client, draft)


def test_a_reviewer_is_led_to_the_next_one(author: User, draft: Question, reviewer: User, now: datetime) -> None:
    other = write_new(draft=single_draft("Câu kế?"), author=author, now=now)
    send_to_review(question=other, version=other.current_id or 0, actor=author, now=now)
    assert reverse("quizbank:bank_question", args=[other.public_id]) in page(signed_in(reviewer), draft)
    approve(question=other, version=other.current_id or 0, reviewer=reviewer, now=now)
    retire(question=draft, version=draft.current_id or 0, actor=reviewer, now=now)
    assert reverse("quizbank:bank_question", args=[other.public_id]) not in page(signed_in(reviewer), draft)
