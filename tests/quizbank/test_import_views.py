"""The screens of importing: who may come, what they say, what they do without JavaScript."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from people.enums import Role
from quizbank.domain.import_storing import store_import
from quizbank.domain.questions import write_question
from quizbank.enums import ImportState, Sight
from quizbank.formats.guard import LARGEST
from quizbank.models import ImportBatch, ImportedItem, Question, QuestionVersion, SealedSet, Sighting
from tests.factories import NOW, make_question, make_role, make_user
from tests.quizbank.coming_back import come_back, exported
from tests.quizbank.files import BAD_ROW, csv_of, make_author, plain_drafts, read, send, stored

pytestmark = pytest.mark.django_db
HOME = "/quan-ly/ngan-hang/nhap/"


@pytest.fixture
def author():
    return make_author()


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


@pytest.fixture
def returned(author):
    """Two questions of the author that come back in a file, one with other words, and a new one."""
    drafts = plain_drafts(2)
    bank = [write_question(draft=draft, author=author, now=NOW) for draft in drafts]
    same, edited = exported(*bank)
    edited = replace(edited, stem=f"{edited.stem} Mời bạn chọn.", key={"right": "D"})
    return come_back(author, same, edited, plain_drafts(3)[2])


def test_the_preview_says_what_an_edited_file_changes(client, author, returned):
    response = client.get(page_of(returned))
    text = words(response)
    assert "Sửa câu nhan-thuc-0002: chữ khác bản hiện tại" in text
    assert "<ins> Mời bạn chọn.</ins>" in response.content.decode()
    assert "Không đổi: nhan-thuc-0001" in text
    assert "trong đó 1 câu sửa câu đã có" in text
    assert re.search(r'value="0"[^>]* disabled', response.content.decode())
    for only, stems in (("sua", 1), ("nhu-cu", 1), ("bo-qua", 0)):
        assert client.get(f"{page_of(returned)}?loc={only}").content.count(b"files-stem") == stems


def test_whoever_sees_what_a_file_changes_has_seen_the_key(client, author, returned):
    client.get(page_of(returned))
    client.get(page_of(returned))
    seen = Sighting.objects.get(what=Sight.OPENED)
    assert (seen.reader, seen.version.question.code) == (author, "nhan-thuc-0002")


def test_a_question_sealed_meanwhile_is_not_shown_beside_the_file(client, author, returned):
    owner = make_user()
    Question.objects.update(sealed_in=SealedSet.objects.create(name="Đề chung kết", owner=owner, created_at=NOW))
    response = client.get(page_of(returned))
    assert b"<del>" not in response.content
    assert b"<ins>" not in response.content
    assert "nhan-thuc-0002" not in words(response)
    assert not Sighting.objects.exists()


def test_new_wordings_are_stored_and_taken_back(client, author, returned):
    shown = {"shown": ["0", "1", "2"], "chosen": ["0", "1", "2"]}
    client.post(f"{page_of(returned)}luu/", shown)
    store_import(public_id=returned.public_id, now=NOW)
    text = words(client.get(page_of(returned)))
    assert "trong đó 1 câu là bản mới của câu đã có" in text
    assert "trở về bản trước" in text
    response = client.post(f"{page_of(returned)}hoan-tac/", follow=True)
    assert "Đã gỡ 1 câu khỏi ngân hàng." in words(response)
    assert "Đã đưa 1 câu về bản trước khi nhập." in words(response)
    assert Question.objects.count() == QuestionVersion.objects.count() == 2


def test_pages_cost_the_same_however_many_come_back(client, author, django_assert_num_queries):
    bank = [write_question(draft=draft, author=author, now=NOW) for draft in plain_drafts(20)]
    for count in (1, 20):
        batch = come_back(author, *(replace(one, stem=f"{one.stem} Chọn đi.") for one in exported(*bank[:count])))
        client.get(page_of(batch))  # the second look is no second sight
        with django_assert_num_queries(13):
            client.get(page_of(batch))
