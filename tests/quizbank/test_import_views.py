"""The screens of importing: who may come, what they say, what they do without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from people.enums import Role
from quizbank.enums import ImportState
from quizbank.formats.guard import LARGEST
from quizbank.models import ImportBatch, ImportedItem, Question
from tests.factories import NOW, make_question, make_role, make_topics, make_user
from tests.quizbank.files import BAD_ROW, csv_of, plain_drafts, read, send, stored

pytestmark = pytest.mark.django_db
HOME = "/quan-ly/ngan-hang/nhap/"


@pytest.fixture
def author():
    make_topics()
    user = make_user("Lê Thị Soạn")
    make_role(user, Role.AUTHOR)
    return user


@pytest.fixture
def client(author):
    client = Client()
    client.force_login(author)
    return client


def page_of(batch):
    return f"{HOME}{batch.public_id}/"


def upload(client, data, name="đề thi.csv", **said):
    fields = {"difficulty": "medium", "audience": ["basic"], "language": "vi", "format": "", "topic": ""} | said
    return client.post(f"{HOME}moi/", fields | {"file": SimpleUploadedFile(name, data)})


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_only_those_who_work_on_the_bank_come_in(author):
    batch = read(send(csv_of(*plain_drafts(1)), author=author))
    for role in Role:
        user = make_user()
        make_role(user, role)
        other = Client()
        other.force_login(user)
        allowed = role in (Role.AUTHOR, Role.REVIEWER, Role.ORGANIZER)
        assert other.get(HOME).status_code == (200 if allowed else 403)
        # A file holds keys: nobody but who sent it looks into it.
        assert other.get(page_of(batch)).status_code == (404 if allowed else 403)
        assert other.post(f"{page_of(batch)}luu/").status_code == (404 if allowed else 403)
    assert Client().get(HOME).status_code == 302


def test_a_file_is_sent_and_its_page_says_it_is_being_read(client, author):
    response = upload(client, csv_of(*plain_drafts(2)), topic="an-toan", citation="Luật 91/2025/QH15")
    batch = ImportBatch.objects.get()
    assert (response.status_code, response["Location"]) == (302, page_of(batch))
    assert (batch.author, batch.filename, batch.format, batch.state) == (author, "đề thi.csv", "", ImportState.READING)
    assert batch.defaults["topic"] == "an-toan"
    response = client.get(page_of(batch))
    assert "Đang đọc tệp" in words(response)
    assert b'http-equiv="refresh"' in response.content  # without JavaScript it goes on by itself
    assert "HX-Refresh" not in client.get(f"{page_of(batch)}tien-do/").headers
    read(batch)
    assert client.get(f"{page_of(batch)}tien-do/").headers["HX-Refresh"] == "true"


def test_a_file_too_large_gets_a_sentence_and_nothing_is_stored(client):
    response = upload(client, b"x" * (LARGEST + 1))
    assert response.status_code == 413
    assert "nhiều nhất được 10 MB" in words(response)
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize("said", [{"topic": "khong-co"}, {"difficulty": ""}, {"audience": []}, {"format": "exe"}])
def test_a_form_with_nonsense_is_refused(client, said):
    assert upload(client, csv_of(*plain_drafts(1)), **said).status_code == 422
    assert ImportBatch.objects.count() == 0


def test_the_preview_shows_key_problems_and_twins(client, author):
    known = make_question(plain_drafts(1)[0])
    batch = read(send(csv_of(*plain_drafts(2), BAD_ROW), author=author))
    response = client.get(page_of(batch))
    text = words(response)
    assert response.content.count(b"data-right") == 2
    assert f"Trùng từng chữ với {known.code}" in text
    assert "1 câu có lỗi nên không lưu được." in text
    only = client.get(f"{page_of(batch)}?loc=loi")
    assert only.content.count(b"files-stem") == 1
    assert "Câu này thiếu đáp án đúng?" in words(only)
    assert client.get(f"{page_of(batch)}?loc=%27&trang=x").status_code == 200


def test_pages_cost_the_same_however_many_questions(client, author, django_assert_num_queries):
    counts = []
    for number in (1, 60):
        batch = read(send(csv_of(*plain_drafts(number)), author=author))
        client.get(page_of(batch))
        with django_assert_num_queries(10) as caught:
            client.get(page_of(batch))
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_choosing_mending_and_storing(client, author, django_capture_on_commit_callbacks):
    batch = read(send(csv_of(*plain_drafts(3, topic="")), author=author))
    client.post(f"{page_of(batch)}bo-sung/", {"topic": "an-toan"})
    response = client.post(f"{page_of(batch)}luu/", {"shown": ["0", "1", "2"], "chosen": ["0", "2", "999"]})
    assert (response.status_code, response["Location"]) == (302, page_of(batch))
    batch.refresh_from_db()
    assert (batch.state, batch.total) == (ImportState.STORING, 2)
    assert "Đang lưu vào ngân hàng" in words(client.get(page_of(batch)))
    stored(batch)
    text = words(client.get(page_of(batch)))
    assert "an-toan-0001" in text
    assert "Đã lưu" in text
    assert Question.objects.count() == 2


def test_a_choice_comes_back_to_the_same_page(client, author):
    batch = read(send(csv_of(*plain_drafts(2)), author=author))
    response = client.post(
        f"{page_of(batch)}chon/", {"shown": ["0", "1"], "chosen": ["1"], "loc": "trung", "trang": "1"}
    )
    assert response["Location"] == f"{page_of(batch)}?loc=trung&trang=1"
    assert list(ImportedItem.objects.values_list("chosen", flat=True)) == [False, True]


def test_what_may_not_be_stored_says_why(client, author):
    batch = read(send(csv_of(*plain_drafts(1), BAD_ROW), author=author, whole=True))
    response = client.post(f"{page_of(batch)}luu/", follow=True)
    assert "lưu tất cả hoặc không câu nào" in words(response)
    assert Question.objects.count() == 0


def test_undo_and_drop(client, author):
    batch = stored(read(send(csv_of(*plain_drafts(2)), author=author)))
    response = client.post(f"{page_of(batch)}hoan-tac/", follow=True)
    assert "Đã gỡ 2 câu khỏi ngân hàng." in words(response)
    assert Question.objects.count() == 0
    other = read(send(csv_of(*plain_drafts(1)), author=author))
    assert client.post(f"{page_of(other)}bo/")["Location"] == HOME
    assert client.post(f"{page_of(batch)}bo/").status_code == 409
    assert ImportBatch.objects.get() == batch


def test_a_file_that_cannot_be_read_says_what_to_do(client, author):
    batch = send(b"\x00\x01", author=author, code="")
    ImportBatch.objects.update(state=ImportState.FAILED, failure="Chưa nhận ra tệp này.", source=None)
    assert "Chưa nhận ra tệp này." in words(client.get(page_of(batch)))


def test_hostile_words_of_a_file_are_words(client, author):
    nasty = "<script>alert(1)</script> \"'>{{ x }}"
    batch = read(
        send(csv_of(*plain_drafts(1, explanation=nasty, citation=nasty)), author=author, filename=f"{nasty}.csv")
    )
    page = client.get(page_of(batch)).content.decode()
    assert "<script>alert" not in page
    assert "<script>alert" not in client.get(HOME).content.decode()


def test_the_template_is_a_workbook_that_comes_in_sound(client):
    response = client.get(f"{HOME}mau/xlsx/")
    assert response["Content-Disposition"] == 'attachment; filename="thi-so-mau.xlsx"'
    assert client.get(f"{HOME}mau/exe/").status_code == 404
    batch = read(send(response.content, filename="mau.xlsx", code=""))
    assert batch.format == "xlsx"
    assert all(item.problems == [] for item in ImportedItem.objects.filter(batch=batch))
    assert batch.created_at == NOW
