"""What authors' screens say and where they say it: remarks at their field, one question before what cannot be undone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from people.enums import Role
from people.models import User
from quizbank.domain.editing import write_new
from quizbank.domain.review import retire, send_to_review
from quizbank.domain.sealing import add_questions, create_set
from quizbank.enums import KindCode
from quizbank.figure_words import choice_lines, said
from quizbank.item_analysis import Cell, analyse
from quizbank.item_flags import Flag, Raised
from quizbank.kinds import get_kind
from quizbank.models import Question
from tests.factories import make_question, make_topics, single_draft
from tests.quizbank.bank_desk import page, person, signed_in
from tests.quizbank.files import BAD_ROW, csv_of, plain_drafts, read, send

pytestmark = pytest.mark.django_db
NEW = "/quan-ly/ngan-hang/moi/"
HALF = {"kind": "single", "language": "vi", "stem": "Chuyển đổi số là gì?", "option_0": "Một", "option_1": "Hai"}


@pytest.fixture
def author() -> User:
    make_topics()
    return person(Role.AUTHOR)


@pytest.fixture
def client(author: User) -> Client:
    return signed_in(author)


def at(html: str, place: str, attribute: str = "data-hints") -> str:
    """The words of the remarks at one field."""
    found = re.search(rf'<div class="field-hints"[^>]*{attribute}="{place}"[^>]*>(.*?)</div>', html, re.DOTALL)
    assert found, place
    return re.sub(r"\s*<[^>]+>\s*", " ", found[1]).strip()


# --- the editor --------------------------------------------------------------------------------------------------------


def test_a_remark_stands_at_its_field_and_is_read_with_it(client: Client) -> None:
    html = client.post(NEW, HALF | {"try": "1"}).content.decode()
    assert at(html, "explanation").startswith("Chưa có giải thích.")
    assert at(html, "citation").startswith("Chưa ghi căn cứ.")
    assert at(html, "stem") == ""
    [described] = re.findall(r'<textarea name="explanation"[^>]*aria-describedby="([^"]*)"', html)
    assert "goi-y-explanation" in described.split()
    assert 'id="goi-y-explanation"' in html


def test_the_preview_counts_the_remarks_and_leads_to_their_fields(client: Client) -> None:
    html = client.post(NEW, HALF | {"try": "1"}).content.decode()
    panel = html[html.index('id="thu"') :]
    assert "Nên xem lại 2 chỗ" in panel
    assert re.findall(r'<a class="chip" href="#(\w+)">', panel) == ["id_explanation", "id_citation"]


def test_the_script_gets_preview_and_remarks_of_every_field(client: Client) -> None:
    html = client.post(reverse("quizbank:bank_try"), HALF | {"facts": "F9999"}).content.decode()
    assert "Chuyển đổi số là gì?" in html
    assert at(html, "facts", "data-fresh").startswith("Bảng dữ kiện chưa có")
    assert at(html, "picture_alt", "data-fresh") == ""
    assert 'id="goi-y-' not in html


@pytest.mark.parametrize(("kind", "first"), [("single", "option_0"), ("ordering", "item_0"), ("matching", "left_0")])
def test_a_refused_form_says_so_above_and_at_the_group_it_means(client: Client, kind: str, first: str) -> None:
    response = client.post(NEW, HALF | {"kind": kind, "save": "1", "option_1": ""})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Chưa lưu được. Mời bạn sửa những chỗ có chữ đỏ" in html
    [group] = re.findall(rf'<fieldset class="edit-options"[^>]*aria-describedby="id_{first}_error[^>]*>', html)
    assert "data-invalid" in group
    assert re.search(rf'id="id_{first}_error"><p class="field-error">', html)


def test_a_preview_that_was_asked_for_is_no_refusal(client: Client) -> None:
    assert "Chưa lưu được." not in client.post(NEW, HALF | {"option_1": "", "try": "1"}).content.decode()


def test_a_faulty_translation_is_told_at_the_translation(client: Client) -> None:
    sent = HALF | {"right_0": "on", "tr_option_0": "One", "topic": "an-toan", "difficulty": "easy", "audience": "basic"}
    html = client.post(NEW, sent | {"save": "1"}).content.decode()
    [field] = re.findall(r'<textarea name="tr_stem"[^>]*>', html)
    assert 'aria-invalid="true"' in field
    assert "id_tr_stem_error" in field
    assert re.search(r'id="id_tr_stem_error"><p class="field-error">', html)


def test_who_may_not_edit_now_stands_before_the_question_and_its_way_on(author: User, client: Client) -> None:
    builtin = make_question()
    Question.objects.filter(pk=builtin.pk).update(builtin=True)
    waiting = write_new(draft=single_draft(), author=author, now=timezone.now())
    waiting = Question.objects.get(pk=waiting.pk)
    send_to_review(question=waiting, version=waiting.current_id or 0, actor=author, now=timezone.now())
    for question, way_on in ((builtin, "Nhân bản để sửa"), (waiting, "Rút về để sửa")):
        response = client.get(reverse("quizbank:bank_edit", args=[question.public_id]))
        html = response.content.decode()
        assert response.status_code == 409
        assert 'role="alert"' in html
        assert way_on in html


# --- list, question, sets ----------------------------------------------------------------------------------------------


def test_an_empty_state_is_no_failed_search(client: Client) -> None:
    make_question()
    empty = page(client, state="retired")
    assert "Chưa có câu nào ở đây" in empty
    assert "Chưa thấy câu nào như vậy" in page(client, state="retired", q="zzz")
    assert empty.count("btn-primary") == 1


def test_a_retired_question_says_what_that_means(author: User, client: Client) -> None:
    question = make_question()
    assert "Câu này ngừng dùng" not in page(client, question)
    retire(question=question, version=question.current_id or 0, actor=author, now=timezone.now())
    assert "Câu này ngừng dùng: không vào đề mới nữa" in page(client, question)


def test_taking_a_question_out_of_a_set_is_asked_twice() -> None:
    keeper = person(Role.REVIEWER)
    make_topics()
    question = write_new(draft=single_draft(), author=keeper, now=timezone.now())
    sealed = create_set(name="Chung kết", owner=keeper, now=timezone.now())
    add_questions(sealed=sealed, questions=[Question.objects.get(pk=question.pk)], actor=keeper, now=timezone.now())
    html = signed_in(keeper).get(reverse("quizbank:bank_set", args=[sealed.public_id])).content.decode()
    folded = html[html.index('<details class="more more-plain take-out">') :]
    assert folded.index("</summary>") < folded.index('value="take_out"') < folded.index("</details>")


def test_a_file_is_thrown_away_only_when_asked_again(author: User, client: Client) -> None:
    batch = read(send(csv_of(*plain_drafts(2, topic="an-toan"), BAD_ROW), author=author))
    html = client.get(reverse("quizbank:import_page", args=[batch.public_id])).content.decode()
    drop = reverse("quizbank:import_drop", args=[batch.public_id])
    assert f'formaction="{drop}"' not in html
    dialog = html[html.index('<dialog class="dialog" id="bo-tep"') :]
    assert dialog.index(drop) < dialog.index("</dialog>")
    without_scripts = html[html.index("<noscript><details") :]
    assert without_scripts.index("</summary>") < without_scripts.index(drop)


# --- numbers -----------------------------------------------------------------------------------------------------------

NUMERIC = get_kind(KindCode.NUMERIC)


@pytest.mark.parametrize(
    ("value", "tolerance", "unit", "vi", "en"),
    [
        ("1200", "0", "xã", "1.200 xã", "1,200 xã"),
        ("3321", "1500.5", "xã", "3.321 ± 1.500,5 xã", "3,321 ± 1,500.5 xã"),
        ("1234567.25", "0", "", "1.234.567,25", "1,234,567.25"),
        ("-12000", "0", "", "-12.000", "-12,000"),
        ("1945", "0", "", "1945", "1945"),
        ("12.5", "0.5", "%", "12,5 ± 0,5 %", "12.5 ± 0.5 %"),
        ("34", "0", "", "34", "34"),
    ],
)
def test_a_number_is_told_with_its_separators(value: str, tolerance: str, unit: str, vi: str, en: str) -> None:
    for language, told in (("vi", vi), ("en", en)):
        with translation.override(language):
            assert NUMERIC.tell_key({"unit": unit}, {"value": value, "tolerance": tolerance}) == told
    with translation.override("vi"):
        assert NUMERIC.tell_response({"unit": unit}, value) == vi.partition(" ± ")[0].removesuffix(f" {unit}") + (
            f" {unit}" if unit else ""
        )


def test_the_editor_and_files_keep_the_bare_number(author: User, client: Client) -> None:
    draft = single_draft(kind="numeric", content={"unit": "xã"}, key={"value": "3321", "tolerance": "0"})
    question = write_new(draft=draft, author=author, now=timezone.now())
    html = client.get(reverse("quizbank:bank_edit", args=[question.public_id])).content.decode()
    assert re.search(r'<input[^>]*name="value"[^>]*value="3321"', html)
    assert b"3321" in csv_of(draft)
    assert b"3.321" not in csv_of(draft)
    assert NUMERIC.write({"unit": "xã"}, "3321", seed=1) == "3321"
    assert NUMERIC.read({"unit": "xã"}, "3.321", seed=1) == "3321"


def test_answers_without_letters_are_named_by_their_words() -> None:
    content = {"lefts": ["Một", "Hai"], "rights": ["X", "Y"]}
    figures = analyse([Cell("BA", 1000, 60), Cell("AB", 0, 40)])
    lines = choice_lines(figures, kind="matching", content=content, key={"pairs": {"A": "B", "B": "A"}})
    assert [line.name for line in lines] == ["Một – Y; Hai – X", "Một – X; Hai – Y"]
    told = said(Raised(Flag.KEY_DOUBTFUL, ("AB",)), "matching", keyed=True)
    assert "chọn một phương án khác nhiều hơn đáp án" in told.text
    assert "chọn 1.200,5 nhiều" in said(Raised(Flag.KEY_DOUBTFUL, ("1200.5",)), "numeric", keyed=True).text
