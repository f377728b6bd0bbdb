"""Word files as question banks and teachers elsewhere make them; each shape was met in a real file."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from quizbank.drafts import Draft
from quizbank.formats.base import Parsed
from quizbank.formats.template import EXAMPLES
from quizbank.formats.word import Word
from quizbank.formats.word_split import is_section
from tests.quizbank.formats.office_cases import DEFAULTS
from tests.quizbank.formats.test_word import ABCD, add_table, read, saved, sound, typed

OPTIONS = ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ"]


def parsed(data: bytes) -> Parsed:
    return Word().read(data, defaults=DEFAULTS)


def marked(*lines: str) -> Any:
    """A file in which the letter of an option that begins with "_" is underlined."""
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        if line.startswith("_"):
            paragraph.add_run(line[1]).underline = True
            paragraph.add_run(line[2:])
        else:
            paragraph.add_run(line)
    return document


@pytest.mark.parametrize("mark", ["", "[1] ", "[2] ", "(1) "])
@pytest.mark.parametrize("between", [[""], []])
def test_questions_without_a_number_begin_above_their_options(mark: str, between: list[str]) -> None:
    lines = [f"{mark}Hỏi gì?", *ABCD, "ANSWER: C", *between, f"{mark}Hai dòng", "của một câu?", *ABCD, "ANSWER: A"]
    file = parsed(typed(*lines))
    assert sound(file.found) == [("Hỏi gì?", OPTIONS, "C"), ("Hai dòng của một câu?", OPTIONS, "A")]
    assert [one.place for one in file.found] == ["Câu 1", "Câu 2"]
    assert "không đánh số" in file.notes[-1]


def test_signs_of_question_banks_are_no_words_of_a_question() -> None:
    document = marked(
        "[<df>]0.5[</df>]",
        "Câu nào?",
        "A. Hà Nội",
        "_B. Huế",
        "[<br>]",
        "Hai dòng",
        "",
        "A. Một",
        "B. Hai",
        "_C. 0",
        "[<br>]",
    )
    document.paragraphs[-1].runs[0].font.highlight_color = WD_COLOR_INDEX.RED
    assert sound(read(saved(document))) == [
        ("Câu nào?", ["Hà Nội", "Huế"], "B"),
        ("Hai dòng", ["Một", "Hai", "0"], "C"),
    ]


def test_questions_that_share_a_text_are_told() -> None:
    document = marked("[<sg>]", "Đoạn dẫn dài.", "[<egc>]", "(<1>)Hỏi?", "A. Một", "_B. Hai", "[<br>]", "[</sg>]")
    for line in ("Riêng?", "A. Một", "B. Hai", "Đáp án: A"):
        document.add_paragraph(line)
    first, second = read(saved(document))
    assert "dùng chung đoạn dẫn" in first.problems[0]
    assert (first.draft.stem, first.draft.key) == ("Hỏi?", {})
    assert sound([second]) == [("Riêng?", ["Một", "Hai"], "A")]


def test_a_table_of_answers_fits_no_question_without_a_number() -> None:
    (found,) = read(typed("Hỏi?", *ABCD, "ĐÁP ÁN", "1.B"))
    assert "không đánh số" in found.problems[0]
    assert found.draft.key == {}


def test_a_list_within_questions_is_not_their_numbering() -> None:
    lists = ["Việc nào đúng?", "1. Một", *ABCD, "Đáp án: A", ""]
    found = read(typed(*lists, "Thứ hai?", *ABCD, "Đáp án: B", "", "Thứ ba?", *ABCD, "Đáp án: C"))
    assert [one.draft.key for one in found] == [{"right": "A"}, {"right": "B"}, {"right": "C"}]
    assert found[0].draft.stem == "Việc nào đúng? 1. Một"


@pytest.mark.parametrize("stem", ["Chọn đáp án đúng.", "Chọn đáp án sai", "Đáp án nào đúng: một hay hai?"])
def test_the_line_that_begins_a_question_is_its_stem(stem: str) -> None:
    assert sound(read(typed(f"Câu 1: {stem}", *ABCD, "Đáp án: D"))) == [(stem, OPTIONS, "D")]


def test_headings_between_questions_belong_to_none() -> None:
    document = marked(
        "Câu 1: Hỏi?", *ABCD[:3], f"_{ABCD[3]}", "PHẦN II. ĐÚNG SAI", "Đọc kỹ trước khi làm.", "Câu 2: Nữa?"
    )
    for line in (*ABCD, "Đáp án: A", "--- HẾT ---"):
        document.add_paragraph(line)
    file = parsed(saved(document))
    assert sound(file.found) == [("Hỏi?", OPTIONS, "D"), ("Nữa?", OPTIONS, "A")]
    assert "PHẦN II. ĐÚNG SAI" in file.notes[0]
    assert "Đọc kỹ" in file.notes[0]


def test_what_is_a_heading() -> None:
    for text in ("PHẦN I", "Phần 2: Tự luận", "CHƯƠNG IV. MẠNG", "Chủ đề 3", "HẾT", "----- Hết -----", "Section A."):
        assert is_section(text), text
    for text in ("Phần lớn người dân", "Mục đích là gì?", "Hết hạn sau 3 ngày", "Chương trình 2", "phần mềm độc hại"):
        assert not is_section(text), text


def test_what_stands_below_the_last_option_is_told() -> None:
    (found,) = read(typed("Câu 1: Hỏi?", *ABCD, "", "Ghi chú của thầy", "Đáp án: A"))
    assert found.draft.content["options"][-1] == "Cần Thơ Ghi chú của thầy"
    assert "“Ghi chú của thầy”" in found.warnings[0]


def drawn() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    out.seek(0)
    return out


def test_a_picture_for_an_option_is_a_problem_and_one_beside_it_is_none() -> None:
    document = marked("Câu 1: Công thức nào?", "A. ", "_B. Hai")
    document.paragraphs[1].add_run().add_picture(drawn())
    (found,) = read(saved(document))
    assert "Phương án có hình" in found.problems[0]
    assert found.draft.key == {}
    drawing = document.paragraphs[1]._p.xpath(".//wp:inline")[0]
    floating = parse_xml(f"<wp:anchor {nsdecls('wp')}/>")
    floating[:] = list(drawing)
    drawing.getparent().replace(drawing, floating)
    document.paragraphs[1].runs[0].text = "A. Một"
    assert sound(read(saved(document))) == [("Công thức nào?", ["Một", "Hai"], "B")]


def test_questions_in_the_cells_of_a_table_are_found() -> None:
    document = docx.Document()
    rows = [["Câu 1. Hỏi?", "A. Một", "B. Hai"], ["Câu 2. Nữa?", "A. Ba", "B. Bốn"]]
    add_table(document, rows)
    for line in ("ĐÁP ÁN", "1.B 2.A"):
        document.add_paragraph(line)
    assert sound(read(saved(document))) == [("Hỏi?", ["Một", "Hai"], "B"), ("Nữa?", ["Ba", "Bốn"], "A")]


def test_high_and_low_letters_keep_their_meaning() -> None:
    document = marked("Câu 1: Khí nào? CO", "A. 10", "_B. 10")
    for place, text, high in ((0, "2", False), (1, "3", True), (2, "x y", True)):
        run = document.paragraphs[place].add_run(text)
        if high:
            run.font.superscript = True
        else:
            run.font.subscript = True
    assert sound(read(saved(document))) == [("Khí nào? CO₂", ["10³", "10^(x y)"], "B")]


def test_a_full_stop_that_belongs_to_an_answer_comes_back() -> None:
    (short,) = [draft for draft in EXAMPLES if draft.kind == "short"]
    whole = replace(short, key={"accept": ["Chuông báo cháy được thử."], "accents": False})
    (found,) = read(Word().write([whole], title="Đề"))
    assert (found.problems, found.draft) == ((), whole)
    assert sound(read(typed("Câu 1: Hỏi?", *ABCD, "Đáp án: B."))) == [("Hỏi?", OPTIONS, "B")]


@pytest.mark.parametrize("draft", EXAMPLES, ids=lambda draft: draft.kind)
def test_a_question_of_one_letter_is_no_answer(draft: Draft) -> None:
    short = replace(draft, stem="A")
    assert [one.draft for one in read(Word().write([short], title="Đề"))] == [short]


def test_our_own_file_is_numbered() -> None:
    assert parsed(Word().write(EXAMPLES, title="Đề")).notes == ()
