"""Tables as other people make them; each shape was met in a real file or in a program that writes such files."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from quizbank.formats.base import Found, Parsed
from quizbank.formats.kahoot import Kahoot
from quizbank.formats.one_cell import apart
from quizbank.formats.registry import recognise
from quizbank.formats.sheet import Csv, Xlsx
from quizbank.formats.template import EXAMPLES
from quizbank.formats.word import Word
from tests.quizbank.formats.office_cases import DEFAULTS, book

HEAD = ["STT", "Hạng mục", "Nội dung", "Phương án trả lời", "Đáp án"]
FOUR = "A. Một\nB. Hai\nC. Ba\nD. Bốn"


def read(*rows: list[Any]) -> Parsed:
    return Xlsx().read(book(*rows), defaults=DEFAULTS)


def one(*cells: Any, head: list[str] = HEAD) -> Found:
    (found,) = read(head, list(cells)).found
    return found


@pytest.mark.parametrize(
    "cell",
    [
        FOUR,
        "a) Một\nb) Hai\nc) Ba\nd) Bốn",
        "A. Một    B. Hai\nC. Ba\tD. Bốn",
        "A. Một B. Hai C. Ba D. Bốn",
        "A/ Một; B/ Hai; C/ Ba; D/ Bốn",
        " A .Một\n\nB. Hai \nC.Ba\nD : Bốn",
    ],
)
def test_options_in_one_cell(cell: str) -> None:
    found = one(1, "Mục", "Hỏi?", cell, "D")
    assert (found.problems, found.warnings) == ((), ())
    assert found.draft.content == {"options": ["Một", "Hai", "Ba", "Bốn"]}
    assert found.draft.key == {"right": "D"}


def test_an_option_over_two_lines_is_one_and_a_line_without_its_letter_is_told() -> None:
    found = one(1, "", "Hỏi?", "A. Một và\ncòn nữa\nB. Hai", "A")
    assert found.draft.content == {"options": ["Một và còn nữa", "Hai"]}
    assert found.warnings == ()
    found = one(1, "", "Hỏi?", "A. Một\nB. Hai\nBa không có chữ cái", "A")
    assert found.draft.content == {"options": ["Một", "Hai Ba không có chữ cái"]}
    assert "Phương án B" in found.warnings[0]


@pytest.mark.parametrize("cell", ["Một\nHai", "A. Một\nC. Ba", "B. Một\nA. Hai", "Mở đầu A. Một B. Hai", "A. Một"])
def test_a_cell_without_letters_in_order_is_no_options(cell: str) -> None:
    assert apart(cell) == []
    found = one(1, "", "Hỏi?", cell, "D")
    assert "Chưa tách được" in found.problems[0]
    assert found.draft.key == {}


@pytest.mark.parametrize("answer", ["D", "d", "A", "F"])
def test_a_letter_alone_is_never_true_or_false(answer: str) -> None:
    found = one("Hỏi?", answer, head=["Câu hỏi", "Đáp án"])
    assert "Câu không có phương án" in found.problems[0]
    assert found.draft.kind != "boolean"
    said = one("Hỏi?", "Đúng/Sai", "D", head=["Câu hỏi", "Loại câu", "Đáp án"])
    assert (said.problems, said.draft.key) == ((), {"right": True})
    assert one("Hỏi?", "Đ", head=["Câu hỏi", "Đáp án"]).draft.key == {"right": True}


def test_columns_that_are_not_read_are_told() -> None:
    assert read(HEAD, [1, "Luật", "Hỏi?", FOUR, "A"]).notes == ("Cột không được đọc: “Hạng mục”.",)
    assert read(HEAD, [1, "", "Hỏi?", FOUR, "A"]).notes == ()
    assert Csv().read(Csv().write([], title="") + b"\r\n", defaults=DEFAULTS).notes == ()


def test_further_sheets_with_questions_are_told() -> None:
    made = openpyxl.Workbook()
    for name in ("Chương 1", "Chương 2", "Ghi chú"):
        sheet = made.create_sheet(name)
        sheet.append(HEAD if name != "Ghi chú" else ["Không phải câu hỏi"])
        sheet.append([1, "", f"Hỏi {name}?", FOUR, "A"])
    out = io.BytesIO()
    made.save(out)
    parsed = Xlsx().read(out.getvalue(), defaults=DEFAULTS)
    assert [found.draft.stem for found in parsed.found] == ["Hỏi Chương 1?"]
    (note,) = parsed.notes
    assert "“Chương 1”" in note
    assert "“Chương 2”" in note
    assert "Ghi chú" not in note


def test_columns_as_programs_call_them() -> None:
    head = ["questionText", "points", "questionType", "optionA", "optionB", "optionC", "correctAnswer"]
    found = one("2+2=?", 1, "MULTIPLE_CHOICE", 3, 4, 5, "B", head=head)
    assert (found.problems, found.draft.content, found.draft.key) == ((), {"options": ["3", "4", "5"]}, {"right": "B"})
    found = one("Tròn?", 1, "TRUE_FALSE", "", "", "", "TRUE", head=head)
    assert (found.problems, found.draft.key) == ((), {"right": True})


@pytest.mark.parametrize("answer", ["Đáp án B", "phương án B.", "Option b", "B)"])
def test_an_option_may_be_called_by_its_column(answer: str) -> None:
    found = one("Hỏi?", "Một", "Hai", answer, head=["Câu hỏi", "A", "B", "Đáp án"])
    assert (found.problems, found.draft.key) == ((), {"right": "B"})


@pytest.mark.parametrize("answer", ["0", "2", 2])
def test_a_number_names_no_option(answer: Any) -> None:
    found = one("Hỏi?", "Một", "Hai", answer, head=["Câu hỏi", "A", "B", "Đáp án"])
    assert "số chưa nói rõ" in found.problems[0]
    assert found.draft.key == {}


def test_a_heading_full_of_commas_does_not_hide_what_separates() -> None:
    head = ";".join(
        [
            "",
            "Question",
            *(f"Answer {n}" for n in range(1, 5)),
            "Time limit – 5, 10, 20, 30, 60, 90, 120, or 240",
            "Correct answer(s)",
        ]
    )
    data = f"{head}\n1;Hỏi?;Một;Hai;Ba;Bốn;20;1,3\n".encode()
    (found,) = Kahoot().read(data, defaults=DEFAULTS).found
    assert (found.problems, found.draft.key) == ((), {"right": ["A", "C"]})
    assert recognise(data, "kahoot.csv")[0].code == "kahoot"


@pytest.mark.parametrize("kind", [Xlsx(), Csv(), Word()])
def test_a_question_over_several_lines_keeps_them_on_its_way_out_and_back(kind: Xlsx | Csv | Word) -> None:
    several = replace(EXAMPLES[0], stem="films - to watch\n_____")
    (found,) = kind.read(kind.write([several], title="Đề"), defaults=DEFAULTS).found
    assert (found.problems, found.draft) == ((), several)
    assert one("Hai\ndòng?", "Một", "Hai", "A", head=["Câu hỏi", "A", "B", "Đáp án"]).draft.stem == "Hai dòng?"
