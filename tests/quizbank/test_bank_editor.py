"""The editor's pages: what is typed is stored, shown or given back, never lost."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from people.enums import Role
from people.models import User
from quizbank.domain.editing import save_edit, write_new
from quizbank.domain.review import send_to_review
from quizbank.enums import QuestionState
from quizbank.models import Picture, Question
from tests.factories import make_question, make_topics, make_user, single_draft
from tests.quizbank.bank_desk import page, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    make_topics()
    return person(Role.AUTHOR)


@pytest.fixture
def draft(author: User, now: datetime) -> Question:
    return write_new(draft=single_draft("Ngày hội chuyển đổi số?"), author=author, now=now)


NEW: dict[str, Any] = {
    "kind": "single",
    "language": "vi",
    "stem": "Mã OTP dùng để làm gì?",
    "option_0": "Xác nhận giao dịch",
    "option_1": "Gọi điện thoại",
    "right_0": "on",
    "difficulty": "easy",
    "audience": ["basic"],
    "topic": "an-toan",
    "base": "0",
    "save": "1",
}


def drawn() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    out.seek(0)
    out.name = "cau.png"
    return out


def test_a_question_is_written_with_a_picture_and_sent(author: User) -> None:
    client = signed_in(author)
    sent = NEW | {"picture": drawn(), "picture_alt": "Một cái cầu", "send": "1", "tags": "xã, Thi thử"}
    reply = client.post(reverse("quizbank:bank_new"), sent)
    question = Question.objects.get()
    assert reply.headers["Location"] == reverse("quizbank:bank_question", args=[question.public_id])
    assert (question.state, question.author, question.tags) == (QuestionState.IN_REVIEW, author, ["xã", "Thi thử"])
    assert question.current is not None
    picture = Picture.objects.get()
    assert question.current.extra["picture"] == {
        "sha256": picture.sha256, "alt": "Một cái cầu", "width": 30, "height": 20,
    }  # fmt: skip
    assert f'src="/anh/{picture.sha256}.webp"' in page(client, question)


def test_faults_keep_what_was_typed(author: User) -> None:
    reply = signed_in(author).post(reverse("quizbank:bank_new"), NEW | {"right_0": ""})
    assert reply.status_code == 422
    assert "Mã OTP dùng để làm gì?" in reply.content.decode()
    assert "Chưa chọn đáp án đúng." in reply.content.decode()
    assert Question.objects.count() == 0


def test_a_file_that_is_no_picture_is_refused_and_the_words_stay(author: User) -> None:
    junk = io.BytesIO(b"<svg/>")
    junk.name = "x.png"
    reply = signed_in(author).post(reverse("quizbank:bank_new"), NEW | {"picture": junk})
    assert reply.status_code == 422
    assert "Không đọc được hình này" in reply.content.decode()
    assert "Mã OTP dùng để làm gì?" in reply.content.decode()
    assert (Question.objects.count(), Picture.objects.count()) == (0, 0)


def test_looking_stores_nothing(author: User) -> None:
    client = signed_in(author)
    tried = client.post(reverse("quizbank:bank_new"), NEW | {"try": "1"}).content.decode()
    assert 'class="phone"' in tried
    fragment = client.post(reverse("quizbank:bank_try"), NEW | {"stem": "**Gì**?", "markdown": "on"}).content.decode()
    assert "<strong>Gì</strong>?" in fragment
    assert "Chưa có giải thích" in fragment
    assert "<html" not in fragment
    assert Question.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"kind": "x"}, {"kind": "ordering"}, {"kind": "matching", "left_0": "a"}])
def test_half_written_questions_are_looked_at_too(author: User, sent: dict[str, str]) -> None:
    assert signed_in(author).post(reverse("quizbank:bank_try"), sent).status_code == 200


def test_somebody_elses_newer_wording_is_shown_and_mine_is_kept(author: User, draft: Question, now: datetime) -> None:
    base = draft.current_id or 0
    save_edit(question=draft, base=base, draft=single_draft("Bản của họ?"), editor=make_user(), now=now)
    client, url = signed_in(author), reverse("quizbank:bank_edit", args=[draft.public_id])
    mine = NEW | {"stem": "Bản của tôi?", "base": str(base)}
    reply = client.post(url, mine)
    shown = reply.content.decode()
    assert reply.status_code == 409
    assert "họ" in shown
    assert "Bản của tôi?" in shown
    draft.refresh_from_db()
    assert f'name="base" value="{draft.current_id}"' in shown
    assert client.post(url, mine | {"base": str(draft.current_id)}).status_code == 302
    assert list(draft.versions.order_by("number").values_list("stem", flat=True))[1:] == ["Bản của họ?", "Bản của tôi?"]


def test_what_is_in_review_or_built_in_is_not_opened_in_the_editor(
    author: User, draft: Question, now: datetime
) -> None:
    client = signed_in(author)
    send_to_review(question=draft, version=draft.current_id or 0, actor=author, now=now)
    assert client.get(reverse("quizbank:bank_edit", args=[draft.public_id])).status_code == 409
    builtin = make_question()
    Question.objects.filter(pk=builtin.pk).update(builtin=True)
    assert client.get(reverse("quizbank:bank_edit", args=[builtin.public_id])).status_code == 409
    reply = client.post(reverse("quizbank:bank_clone", args=[builtin.public_id]))
    copy = Question.objects.latest("pk")
    assert reply.headers["Location"] == reverse("quizbank:bank_edit", args=[copy.public_id])
