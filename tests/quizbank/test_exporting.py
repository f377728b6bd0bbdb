"""Questions go out: what fits, what does not and why, who took them; and what comes back is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils.translation import override
from PIL import Image
from pypdf import PdfReader

from quizbank.domain.exporting import PICTURED, export_questions, plan_export
from quizbank.domain.pictures import picture_entry, store_picture
from quizbank.domain.questions import draft_of, revise_question
from quizbank.enums import QuestionState, Sight
from quizbank.errors import NotNow
from quizbank.formats.base import Defaults
from quizbank.formats.registry import FORMATS, recognise, writers
from quizbank.forms.files import ExportForm
from quizbank.models import ImportedItem, Question, SealedSet, Sighting
from quizbank.queries.exports import Selection
from tests.factories import NOW, make_question, make_user, single_draft
from tests.quizbank.files import make_author, plain_drafts, read, send

pytestmark = pytest.mark.django_db
PAGE = "/quan-ly/ngan-hang/xuat/"


@pytest.fixture
def reader():
    return make_author()


@pytest.fixture
def client(reader):
    client = Client()
    client.force_login(reader)
    return client


def codes(plan):
    return [version.question.code for version in plan.versions]


def test_a_selection_filters_by_what_questions_are(reader):
    easy = make_question(replace(single_draft("Dịch vụ công là gì?"), code="A-1", tags=("đợt 1",)))
    hard = make_question(replace(single_draft("Chữ ký số là gì?"), code="A-2", difficulty="hard", topic="an-toan"))
    english = make_question(
        replace(single_draft("What is it?"), code="A-3", language="en", audience=("agency",)), approved=False
    )
    Question.objects.filter(pk=hard.pk).update(author=reader)
    assert english.state == QuestionState.DRAFT
    for selection, wanted in (
        (Selection(), ["A-1", "A-2", "A-3"]),
        (Selection(codes=("A-3", "A-1", "none")), ["A-3", "A-1"]),
        (Selection(topic="an-toan"), ["A-2"]),
        (Selection(difficulty="easy", language="vi"), ["A-1"]),
        (Selection(audience="agency"), ["A-3"]),
        (Selection(kind="single"), ["A-1", "A-2", "A-3"]),
        (Selection(state="approved"), ["A-1", "A-2"]),
        (Selection(tag="đợt 1"), ["A-1"]),
        (Selection(text="chu ky so"), ["A-2"]),
        (Selection(mine=True), ["A-2"]),
    ):
        assert codes(plan_export(selection=selection, code="csv", reader=reader)) == wanted
    assert easy.code == "A-1"


def test_sealed_questions_stay_inside_but_for_their_readers(reader):
    sealed = SealedSet.objects.create(name="Chung kết", owner=make_user(), created_at=NOW)
    make_question(replace(single_draft("Công khai?"), code="A-1"))
    question = make_question(replace(single_draft("Niêm phong?"), code="A-2"))
    Question.objects.filter(pk=question.pk).update(sealed_in=sealed)
    plan = plan_export(selection=Selection(), code="csv", reader=reader)
    assert codes(plan) == ["A-1"]
    assert [(one.count, one.codes) for one in plan.left_out] == [(1, ())]
    assert codes(plan_export(selection=Selection(codes=("A-2",)), code="csv", reader=reader)) == []
    sealed.readers.add(reader)
    assert codes(plan_export(selection=Selection(), code="csv", reader=reader)) == ["A-1", "A-2"]


def test_kinds_a_format_cannot_hold_are_named(reader):
    make_question(replace(single_draft("Chọn?"), code="A-1"))
    make_question(
        replace(
            single_draft("Xếp?"),
            code="A-2",
            kind="ordering",
            content={"items": ["một", "hai", "ba"]},
            key={"order": ["B", "A", "C"]},
        )
    )
    narrow = [one for one in writers() if "ordering" not in one.kinds]
    for one in narrow:
        plan = plan_export(selection=Selection(), code=one.code, reader=reader)
        assert codes(plan) == ["A-1"]
        assert [(left.codes, left.count) for left in plan.left_out] == [(("A-2",), 1)]


@pytest.mark.parametrize("code", [one.code for one in writers()])
def test_what_goes_out_comes_back_the_same(reader, code):
    chosen = FORMATS[code]
    questions = [make_question(one) for one in plain_drafts(3)]
    file = export_questions(selection=Selection(), code=code, title="Đề", reader=reader, now=NOW)
    assert (file.count, file.name) == (3, f"thi-so-{code}-20261122-0900.{chosen.extension}")
    if chosen.reads:
        assert recognise(file.data, file.name)[0].code == code
        found = chosen.read(file.data, defaults=Defaults(topic="nhan-thuc")).found
        codes_kept = code != "aiken"  # has no place for them
        drafts = [draft_of(Question.objects.get(pk=one.pk).current) for one in questions]
        assert [
            (one.draft.code if codes_kept else "", one.draft.stem, one.draft.content, one.draft.key) for one in found
        ] == [(one.code if codes_kept else "", one.stem, one.content, one.key) for one in drafts]


def test_every_question_that_left_is_written_down(reader):
    question = make_question()
    export_questions(selection=Selection(), code="csv", title="", reader=reader, now=NOW)
    sight = Sighting.objects.get()
    assert (sight.version, sight.reader, sight.what, sight.note, sight.at) == (
        question.current, reader, Sight.EXPORTED, "csv", NOW
    )  # fmt: skip
    export_questions(selection=Selection(), code="csv", title="", reader=reader, now=NOW + timedelta(minutes=1))
    assert Sighting.objects.count() == 2


def test_the_version_in_force_goes_out(reader):
    question = make_question()
    revise_question(question=question, draft=single_draft("Câu mới?"), now=NOW)
    file = export_questions(selection=Selection(), code="csv", title="", reader=reader, now=NOW)
    assert "Câu mới?" in file.data.decode("utf-8-sig")


def test_nothing_to_export_is_no_file(reader):
    with pytest.raises(NotNow):
        export_questions(selection=Selection(), code="csv", title="", reader=reader, now=NOW)
    assert Sighting.objects.count() == 0


def test_the_page_shows_first_and_downloads_then(client):
    make_question(replace(single_draft("Câu thứ nhất?"), code="A-1"))
    make_question(replace(single_draft("Câu thứ hai?"), code="A-2"))
    assert client.get(PAGE).status_code == 200
    shown = client.get(PAGE, {"format": "csv", "code": ["A-2"], "title": "Đề"})
    assert "1 câu vào tệp" in shown.content.decode()
    assert Sighting.objects.count() == 0
    response = client.post(PAGE, {"format": "csv", "code": ["A-2"], "title": "Đề"})
    assert response["Content-Disposition"].startswith('attachment; filename="thi-so-csv-')
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store, private")
    assert "Câu thứ hai?" in response.content.decode("utf-8-sig")
    assert "Câu thứ nhất?" not in response.content.decode("utf-8-sig")
    assert Sighting.objects.count() == 1


def test_the_page_refuses_nonsense_kindly(client):
    assert client.get(PAGE, {"format": "exe"}).status_code == 422
    assert client.post(PAGE, {"format": "csv", "topic": "khong-co"}).status_code == 422
    assert client.post(PAGE, {"format": "csv"}).status_code == 422  # nothing there


def test_cells_that_could_be_formulas_are_text(reader):
    make_question(replace(single_draft("=HYPERLINK(A1)?"), code="A-1", explanation="+84 912 345 678"))
    text = export_questions(selection=Selection(), code="csv", title="", reader=reader, now=NOW).data.decode(
        "utf-8-sig"
    )
    assert "'=HYPERLINK" in text
    assert "'+84" in text


def test_kahoot_says_which_questions_have_too_many_options(reader):
    make_question(replace(single_draft("Chọn?"), code="A-1", content={"options": ["một", "hai", "ba", "bốn", "năm"]}))
    plan = plan_export(selection=Selection(), code="kahoot", reader=reader)
    assert (codes(plan), [one.codes for one in plan.left_out]) == ([], [("A-1",)])


def test_the_printed_paper_has_its_key_only_where_it_is_asked_for(client):
    make_question(replace(single_draft("Ngày nào?"), code="A-1"))
    asked = {"format": "pdf", "title": "Đề tuần 1", "subtitle": "Thời gian: 15 phút"}
    texts = []
    for more in ({}, {"with_key": "on"}):
        response = client.post(PAGE, asked | more)
        assert response["Content-Type"] == "application/pdf"
        texts.append("".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages))
    assert "Quyết định 505" not in texts[0]
    assert "Quyết định 505" in texts[1]
    assert "-dap-an-" in response["Content-Disposition"]


@pytest.mark.parametrize("code", [one.code for one in writers()])
def test_a_picture_goes_out_where_the_format_has_a_place_for_it(reader, code):
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    picture = store_picture(data=out.getvalue(), by=reader)
    pictured = single_draft("Câu có hình?", extra={"picture": picture_entry(picture, "Ô xanh")})
    make_question(replace(pictured, code="A-1"))
    file = export_questions(selection=Selection(), code=code, title="Đề", reader=reader, now=NOW)
    if FORMATS[code].reads and code in PICTURED:
        [found] = FORMATS[code].read(file.data, defaults=Defaults(topic="nhan-thuc")).found
        assert found.problems == ()
        [came] = found.pictures.values()
        with Image.open(BytesIO(came)) as drawn:
            assert drawn.size == (40, 30)
        assert code == "word" or came == bytes(picture.data)  # Word knows no WebP: there it is drawn as PNG
        assert found.draft.extra["picture"]["alt"] == "Ô xanh"
    if code not in PICTURED and code != "pdf":
        assert plan_export(selection=Selection(), code=code, reader=reader).without_picture == ("A-1",)


def test_a_picture_the_bank_has_comes_back_with_our_own_spreadsheet(reader):
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    picture = store_picture(data=out.getvalue(), by=reader)
    entry = picture_entry(picture, "Ô xanh")
    make_question(single_draft("Câu có hình?", extra={"picture": entry}))
    file = export_questions(selection=Selection(), code="xlsx", title="Đề", reader=reader, now=NOW)
    batch = read(send(file.data, author=reader, filename="de.xlsx", code="xlsx"))
    assert ImportedItem.objects.get(batch=batch).draft["extra"]["picture"] == entry


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", {"Excel, mẫu Thi Số", "Đề thi để in (PDF)"}), ("en", {"Excel, Thi Số template", "Paper to print (PDF)"})],
)
def test_names_of_formats_are_in_the_readers_language(language: str, said: set[str]) -> None:
    with override(language):
        names = {name for _code, name in ExportForm().fields["format"].choices}
    assert said <= names
