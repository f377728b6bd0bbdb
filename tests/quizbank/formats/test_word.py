"""Word files as teachers make them, with python-docx standing in for Word; and our own, which lose nothing."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from hypothesis import given, settings
from PIL import Image

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Found
from quizbank.formats.template import EXAMPLES
from quizbank.formats.word import Word
from tests.quizbank.formats.office_cases import DEFAULTS, drafts
from tests.quizbank.formats.test_encoding import tcvn3, vni

ABCD = ["A. Hà Nội", "B. Huế", "C. Đà Nẵng", "D. Cần Thơ"]


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def typed(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def read(data: bytes) -> list[Found]:
    return list(Word().read(data, defaults=DEFAULTS).found)


def sound(found: Sequence[Found]) -> list[tuple[str, list[str], str]]:
    """Stem, options and key of questions without problems."""
    assert [one.problems for one in found] == [()] * len(found)
    return [(one.draft.stem, one.draft.content["options"], one.draft.key["right"]) for one in found]


@settings(max_examples=40, deadline=None)
@given(drafts())
def test_every_question_comes_back_as_it_went(draft: Draft) -> None:
    (found,) = read(Word().write([draft], title="Đề thi"))
    assert found.problems == ()
    assert found.draft == draft


def test_many_questions_keep_their_order_and_title() -> None:
    parsed = Word().read(Word().write(EXAMPLES, title="Đề số 1"), defaults=DEFAULTS)
    assert [one.draft for one in parsed.found] == list(EXAMPLES)
    assert (parsed.title, parsed.notes) == ("Đề số 1", ())
    assert Word().likely(Word().write(EXAMPLES, title=""), "x.docx") > 90


@pytest.mark.parametrize("begin", ["Câu 1: ", "Câu 1. ", "Câu 1 ", "CÂU 1:", "1. ", "1) ", "Câu hỏi 1: ", "Câu 1 - "])
@pytest.mark.parametrize(
    "options",
    [
        ABCD,
        ["a. Hà Nội", "b. Huế", "c. Đà Nẵng", "d. Cần Thơ"],
        ["A) Hà Nội", "B) Huế", "C) Đà Nẵng", "D) Cần Thơ"],
        ["A. Hà Nội\tB. Huế\tC. Đà Nẵng\tD. Cần Thơ"],
        ["A. Hà Nội    B. Huế", "C. Đà Nẵng    D. Cần Thơ"],
        ["A. Hà Nội B. Huế C. Đà Nẵng D. Cần Thơ"],
        ["A. Hà Nội B. Huế", "C. Đà Nẵng D. Cần Thơ"],
        ["A. Hà", "Nội", "B. Huế", "C. Đà Nẵng", "", "D. Cần Thơ"],
        ["\n".join(ABCD)],
    ],
)
def test_questions_and_options_are_found_however_they_are_typed(begin: str, options: list[str]) -> None:
    for answer in ("Đáp án: C", "ĐÁP ÁN C", "Đáp án đúng: C.", "Answer: c", "ĐA: C", "Chọn C"):
        (one,) = sound(read(typed("ĐỀ THI", f"{begin}Thành phố nào?", *options, answer, "Giải thích: Vì thế.")))
        assert one == ("Thành phố nào?", ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ"], "C")


def test_stem_and_options_in_one_line() -> None:
    (one,) = sound(read(typed("Câu 1: Hỏi gì?\tA. Một\tB. Hai\tC. Ba", "Đáp án: B")))
    assert one == ("Hỏi gì?", ["Một", "Hai", "Ba"], "B")


def bold(label: Any, text: Any) -> None:
    label.bold = text.bold = True


def underlined(label: Any, text: Any) -> None:
    label.underline = True


def red(label: Any, text: Any) -> None:
    text.font.color.rgb = RGBColor(255, 0, 0)


def highlighted(label: Any, text: Any) -> None:
    text.font.highlight_color = WD_COLOR_INDEX.YELLOW


def starred(label: Any, text: Any) -> None:
    label.text = f"*{label.text}"


def ticked(label: Any, text: Any) -> None:
    text.text = f"{text.text} (*)"


def styled(
    look: Callable[[Any, Any], None], right: str, *, all_bold: bool = False, answer: str = "", one_line: bool = False
) -> bytes:
    document = docx.Document()
    document.add_paragraph().add_run("Câu 1: Thành phố nào?").bold = True
    paragraph = document.add_paragraph()
    for option in ABCD:
        label, text = paragraph.add_run(option[:2]), paragraph.add_run(option[2:])
        label.bold = all_bold or None
        if option[0] in right:
            look(label, text)
        if one_line:
            paragraph.add_run("\t")
        else:
            paragraph = document.add_paragraph()
    if answer:
        document.add_paragraph(answer)
    return saved(document)


@pytest.mark.parametrize("look", [bold, underlined, red, highlighted, starred, ticked])
@pytest.mark.parametrize("one_line", [False, True])
def test_the_right_option_may_only_look_different(look: Callable[[Any, Any], None], one_line: bool) -> None:
    (found,) = read(styled(look, "C", one_line=one_line))
    assert sound([found]) == [("Thành phố nào?", ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ"], "C")]
    assert "Đáp án C lấy theo" in found.warnings[0]


def test_bold_letters_of_all_options_say_nothing() -> None:
    assert sound(read(styled(red, "B", all_bold=True))) == [
        ("Thành phố nào?", ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ"], "B")
    ]
    (found,) = read(styled(bold, "", all_bold=True))
    assert found.problems == ("Chưa có đáp án.",)


def test_two_marked_options_are_a_problem_unless_the_answer_says_so() -> None:
    (found,) = read(styled(red, "AC"))
    assert "A, C" in found.problems[0]
    assert found.draft.key == {}
    (found,) = read(styled(red, "AC", answer="Đáp án: A, C"))
    assert (found.problems, found.draft.kind, found.draft.key) == ((), "multiple", {"right": ["A", "C"]})
    assert found.warnings


def test_contradictions_are_problems() -> None:
    (found,) = read(styled(red, "C", answer="Đáp án: B"))
    assert "đánh dấu là C" in found.problems[0]
    (found,) = read(typed("Câu 1: Hỏi?", *ABCD, "Đáp án: B", "BẢNG ĐÁP ÁN", "1.C"))
    assert "hai đáp án khác nhau" in found.problems[0]
    assert found.draft.key == {}


@pytest.mark.parametrize(
    "section", [["ĐÁP ÁN", "1.B 2.C"], ["BẢNG ĐÁP ÁN:", "Câu 1: B", "Câu 2: C"], ["1-B, 2-C"], ["ĐÁP ÁN", "1B", "2C"]]
)
def test_answers_at_the_end(section: list[str]) -> None:
    rows = sound(read(typed("Câu 1: Hỏi?", *ABCD, "Câu 2: Nữa?", *ABCD, *section)))
    assert [right for _stem, _options, right in rows] == ["B", "C"]


def test_worked_answers_at_the_end_explain() -> None:
    first, second = read(
        typed(
            "Câu 1: Hỏi?", *ABCD, "Câu 2: Nữa?", *ABCD, "HƯỚNG DẪN CHẤM", "Câu 1: Chọn B. Vì một", "và hai.", "Câu 2: C"
        )
    )
    assert (first.draft.key, first.draft.explanation) == ({"right": "B"}, "Vì một\nvà hai.")
    assert (second.draft.key, second.draft.explanation) == ({"right": "C"}, "")


@pytest.mark.parametrize(
    "rows",
    [
        [["Câu", "1", "2"], ["Đáp án", "B", "C"]],
        [["1", "2"], ["B", "C"]],
        [["Câu", "Đáp án"], ["1", "B"], ["2", "C"]],
        [["1.B", "2.C"]],
        [["Câu 1: B"], ["Câu 2: C"]],
        [["Câu", "1"], ["ĐA", "B"], ["Câu", "2"], ["ĐA", "C"]],
    ],
)
def test_answers_in_a_table(rows: list[list[str]]) -> None:
    document = docx.Document(io.BytesIO(typed("Câu 1: Hỏi?", *ABCD, "Câu 2: Nữa?", *ABCD, "ĐÁP ÁN")))
    add_table(document, rows)
    assert [right for _stem, _options, right in sound(read(saved(document)))] == ["B", "C"]


def add_table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def test_numbers_that_come_twice_have_no_answer_from_a_table() -> None:
    found = read(typed("PHẦN I", "Câu 1: Hỏi?", *ABCD, "PHẦN II", "Câu 1: Nữa?", *ABCD, "ĐÁP ÁN", "1.B"))
    assert all(one.problems for one in found)


def test_options_arranged_in_a_table_and_a_question_a_row() -> None:
    document = docx.Document(io.BytesIO(typed("Câu 1: Hỏi?")))
    add_table(document, [["A. Một", "B. Hai"], ["C. Ba", "D. Bốn"]])
    document.add_paragraph("Đáp án: D")
    assert sound(read(saved(document))) == [("Hỏi?", ["Một", "Hai", "Ba", "Bốn"], "D")]
    document = docx.Document()
    add_table(document, [["STT", "Câu hỏi", "A", "B", "Đáp án"], ["1", "Hỏi?", "Một", "Hai", "B"]])
    assert sound(read(saved(document))) == [("Hỏi?", ["Một", "Hai"], "B")]


def numbered(*, restart: bool) -> bytes:
    """Questions and options numbered by Word: the file holds neither "Câu 1" nor "A."."""
    document = docx.Document()
    levels = [("decimal", "Câu %1:"), ("upperLetter", "%2.")]
    numbering = document.part.numbering_part.element
    xml = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{xml}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="88"><w:abstractNumId w:val="77"/></w:num>'))
    for number in range(2):
        for level, text in ((0, f"Hỏi {number}?"), (1, "Một"), (1, "Hai"), (1, "Ba")):
            paragraph = document.add_paragraph()
            run = paragraph.add_run(text)
            run.bold = text == "Hai" or None
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="88"/></w:numPr>')
            )
    return saved(document)


def test_lists_numbered_by_word() -> None:
    rows = sound(read(numbered(restart=True)))
    assert rows == [("Hỏi 0?", ["Một", "Hai", "Ba"], "B"), ("Hỏi 1?", ["Một", "Hai", "Ba"], "B")]


@pytest.mark.parametrize(("font", "old"), [(".VnTime", tcvn3), ("VNI-Times", vni)])
@pytest.mark.parametrize("named", [True, False])
def test_old_fonts_are_read(font: str, old: Callable[[str], str], named: bool) -> None:
    document = docx.Document()
    for line in ("Câu 1: Người dân cần làm gì trước?", "A. Đăng ký", "B. Cúp máy, gọi lại", "Đáp án: B"):
        run = document.add_paragraph().add_run(old(line))
        if named:
            run.font.name = font
    parsed = Word().read(saved(document), defaults=DEFAULTS)
    assert sound(parsed.found) == [("Người dân cần làm gì trước?", ["Đăng ký", "Cúp máy, gọi lại"], "B")]
    assert any("Unicode" in note for note in parsed.notes)


def test_pictures_go_with_their_question() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(picture, "PNG")
    document = docx.Document(io.BytesIO(typed("Câu 1: Hỏi?", *ABCD, "Đáp án: A", "Câu 2: Hình gì?")))
    document.add_paragraph().add_run().add_picture(picture)
    for line in (*ABCD, "Đáp án: B"):
        document.add_paragraph(line)
    first, second = read(saved(document))
    assert (first.pictures, first.draft.extra) == ({}, {})
    (name,) = second.pictures
    assert second.draft.extra["picture"]["name"] == name
    assert second.pictures[name].startswith(b"\x89PNG")


def test_a_picture_goes_out_and_comes_back_in() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(drawn, "WEBP")
    held = {"sha256": "0a" * 32, "alt": "Hình đỏ", "width": 30, "height": 20, "data": drawn.getvalue()}
    pictured = replace(EXAMPLES[0], extra={"picture": held})
    (found,) = read(Word().write([pictured], title="Đề"))
    (name,) = found.pictures
    assert found.draft == replace(pictured, extra={"picture": {"name": name, "alt": "Hình đỏ"}})
    assert found.warnings == ()


def test_deleted_text_is_not_read_and_inserted_is() -> None:
    document = docx.Document(io.BytesIO(typed("Câu 1: Hỏi?", "A. Một", "B. Hai")))
    paragraph = document.add_paragraph()._p
    paragraph.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1"><w:r><w:delText>Đáp án: A</w:delText></w:r></w:del>'))
    paragraph.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="2"><w:r><w:t>Đáp án: B</w:t></w:r></w:ins>'))
    assert sound(read(saved(document))) == [("Hỏi?", ["Một", "Hai"], "B")]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["Câu 1: Hỏi?", *ABCD], "Chưa có đáp án"),
        (["Câu 1: Hỏi?", "A. Một", "C. Ba", "Đáp án: A"], "không liền thứ tự"),
        (["Câu 1: Hỏi?", "A. Một", "B. Hai", "Đáp án: D"], "không phải là một phương án"),
        (["Câu 1: Trình bày vai trò của dữ liệu.", "Đáp án: Nhiều ý"], "loại câu"),
        (["Câu 1: Hỏi?", "a) Một", "b) Hai", "Đáp án: a) Đ b) S"], "không phải là một phương án"),
    ],
)
def test_what_is_not_understood_is_a_problem(lines: list[str], problem: str) -> None:
    (found,) = read(typed(*lines))
    assert any(problem in told for told in found.problems)
    assert found.place == "Câu 1"


def test_words_that_only_look_like_answers_stay() -> None:
    found = read(
        typed(
            "Trả lời các câu hỏi sau",
            "Câu 1 (VD): Nêu: một",
            "Trả lời ngắn gọn",
            "1. ý một",
            "A. x",
            "B. y",
            "Trả lời: ......",
            "Đáp án: A",
        )
    )
    assert sound(found) == [("Nêu: một Trả lời ngắn gọn 1. ý một", ["x", "y"], "A")]
    assert found[0].draft.difficulty == "hard"


def test_a_long_file_costs_no_more_a_question() -> None:
    spent = []
    for times in (5, 50):
        start = time.process_time()
        assert len(read(Word().write(EXAMPLES * times, title="Đề"))) == len(EXAMPLES) * times
        spent.append(time.process_time() - start)
    assert spent[1] < 30 * spent[0], "it grows faster than the number of questions"


def test_a_list_within_a_question_is_no_question() -> None:
    lists = ["1. ý một", "2. ý hai", "3. ý ba"]
    rows = sound(
        read(
            typed(
                "1. Những ý nào?",
                *lists,
                *ABCD,
                "Đáp án: A",
                "2. Nữa?",
                *lists,
                *ABCD,
                "Đáp án: B",
                "1. Lại?",
                *ABCD,
                "Đáp án: C",
            )
        )
    )
    assert [(stem[:5], right) for stem, _options, right in rows] == [("Những", "A"), ("Nữa? ", "B"), ("Lại?", "C")]
    assert rows[0][0] == "Những ý nào? 1. ý một 2. ý hai 3. ý ba"


def test_what_is_no_word_file_is_refused() -> None:
    for data in (b"", b"abc", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        with pytest.raises(BadFile):
            read(data)
    document = docx.Document()
    document.element.body.find(qn("w:sectPr"))
    assert read(saved(document)) == []
