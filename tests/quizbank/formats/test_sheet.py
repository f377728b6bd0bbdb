"""Our own spreadsheet: nothing is lost on the way out and back; nothing becomes a formula; authors' slips are told."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Found
from quizbank.formats.sheet import Csv, Xlsx
from quizbank.formats.sheet_columns import COLUMNS
from quizbank.formats.template import EXAMPLES, template
from tests.quizbank.formats.office_cases import DEFAULTS, book, drafts, texts

HEAD = ["Câu hỏi", "A", "B", "C", "D", "Đáp án"]


def read_rows(*rows: list[Any], **more: Any) -> list[Found]:
    return list(Xlsx().read(book(*rows, **more), defaults=DEFAULTS).found)


def one(*cells: Any, head: list[str] = HEAD) -> Found:
    (found,) = read_rows(head, list(cells))
    return found


@settings(max_examples=60, deadline=None)
@given(drafts())
@pytest.mark.parametrize("kind", [Xlsx(), Csv()])
def test_every_question_comes_back_as_it_went(kind: Xlsx | Csv, draft: Draft) -> None:
    (found,) = kind.read(kind.write([draft], title="Đề"), defaults=DEFAULTS).found
    assert found.problems == ()
    assert found.draft == draft


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=6))
def test_no_cell_is_a_formula(stems: list[str]) -> None:
    made = [
        Draft(kind="boolean", stem=stem, content={}, key={"right": True}, difficulty="easy", citation=stem)
        for stem in stems
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(Xlsx().write(made, title="=1+1")), data_only=False).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    for row in csv.reader(io.StringIO(Csv().write(made, title="").decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0")) for cell in row)


def test_the_template_reads_as_its_examples() -> None:
    data = template()
    parsed = Xlsx().read(data, defaults=DEFAULTS)
    assert [found.draft for found in parsed.found] == list(EXAMPLES)
    assert not [found for found in parsed.found if found.problems or found.warnings or found.draft.problems()]
    loaded = openpyxl.load_workbook(io.BytesIO(data))
    assert loaded.sheetnames == ["Câu hỏi", "DanhSach", "Hướng dẫn"]
    assert [cell.value for cell in loaded.worksheets[0][1]] == list(COLUMNS.values())
    assert len(loaded.worksheets[0].data_validations.dataValidation) == 6
    assert Xlsx().likely(data, "mau.xlsx") > 90


def test_a_teachers_own_table_is_understood() -> None:
    data = book(
        ["TRƯỜNG THCS LÊ LỢI"],
        [],
        ["STT", "NOI DUNG CAU HOI", "Phương án A", "Phuong an B", "Đáp án C", "Đáp án đúng", "Mức độ", "Chuyên đề"],
        [1, "Mấy phần trăm?", 0.5, 0.25, 1, "b", "Nhận biết", "Dữ liệu số"],
        [2, "Năm nào?", 2024, 2025.5, "10/10", "A", "Vận dụng cao", ""],
        [],
        [3, "Những gì?", "Một", "Hai", "Ba", "A, C", "", "Lạ"],
        formats={"C4": "0%", "D4": "0.0%"},
    )
    first, second, third = Xlsx().read(data, defaults=DEFAULTS).found
    assert (first.place, first.draft.content) == ("Dòng 4", {"options": ["50%", "25%", "1"]})
    assert (first.draft.key, first.draft.difficulty, first.draft.topic) == ({"right": "B"}, "easy", "du-lieu-so")
    assert second.draft.content == {"options": ["2024", "2025,5", "10/10"]}
    assert (third.draft.kind, third.draft.key, third.draft.topic) == ("multiple", {"right": ["A", "C"]}, "nhan-thuc")
    assert len(third.warnings) == 2
    assert third.place == "Dòng 7"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (("Hỏi?", "Một", "Hai", None, None, None), "Chưa có đáp án"),
        (("Hỏi?", "Một", "Hai", None, None, "C"), "không phải là một phương án"),
        (("Hỏi?", "Một", "Hai", None, None, "Ba"), "không phải là một phương án"),
        (("Hỏi?", "Một", "Hai", None, None, "2"), "không phải là một phương án"),
        (("Hỏi?", "Một", None, "Ba", None, "C"), "trống ở giữa"),
        (("Hỏi?", "Một", "Hai", "Ba", None, "A; A"), "hai lần"),
        (("Hỏi?", "Một", "Hai", "Ba", None, "A = 2000%"), "Tỉ lệ"),
        (("Hỏi?", None, None, None, None, "OTP"), "loại câu"),
    ],
)
def test_a_doubtful_answer_is_a_problem(cells: tuple[Any, ...], problem: str) -> None:
    found = one(*cells)
    assert any(problem in told for told in found.problems)


def test_an_answer_may_be_the_words_of_an_option() -> None:
    assert one("Hỏi?", "Một", "Hai ba", None, None, "hai Ba").draft.key == {"right": "B"}
    assert one("Hỏi?", "Một", "Hai ba", "hài bá", None, "hai Ba").problems


def test_two_answers_of_a_single_question_are_a_problem() -> None:
    found = one("Một đáp án", "Hỏi?", "Một", "Hai", "Ba", "A, B", head=["Loại câu", "Câu hỏi", "A", "B", "C", "Đáp án"])
    assert found.problems
    assert found.draft.key == {}


@pytest.mark.parametrize(
    ("kind", "cells", "content", "key"),
    [
        ("Đúng/Sai", ["", "", "", "S"], {}, {"right": False}),
        ("Điền số", ["km", "", "", "12,5 +/- 0,5; 13 = 50%"], {"unit": "km"}, {
            "value": "12.5", "tolerance": "0.5", "also": [{"value": "13", "weight": 500}]}),
        ("Trả lời ngắn", ["", "", "", "căn cước | CCCD = 50%"], {}, {"accept": ["căn cước", "CCCD"], "weights": [1000, 500]}),
        ("Sắp xếp", ["Một", "Hai", "Ba", "CAB"], {"items": ["Một", "Hai", "Ba"]}, {"order": ["C", "A", "B"]}),
        ("Ghép cặp", ["a | 1", "b | 2", "| 3", "A-C; B-A"], {"lefts": ["a", "b"], "rights": ["1", "2", "3"]}, {
            "pairs": {"A": "C", "B": "A"}}),
    ],
)  # fmt: skip
def test_cells_of_each_kind(kind: str, cells: list[str], content: dict[str, Any], key: dict[str, Any]) -> None:
    found = one(kind, "Hỏi?", *cells, head=["Loại câu", "Câu hỏi", "A", "B", "C", "Đáp án"])
    assert found.problems == ()
    assert (found.draft.content, found.draft.key) == (content, key)


def test_what_is_written_in_its_right_order_is_permuted_with_its_key() -> None:
    head = ["Loại câu", "Câu hỏi", "A", "B", "C", "Đáp án", "Câu hỏi (EN)", "A (EN)", "B (EN)", "C (EN)"]
    found = one("Sắp xếp", "Hỏi?", "Một", "Hai", "Ba", "A > B > C", "Ask?", "One", "Two", "Three", head=head)
    draft = found.draft
    assert draft.content["items"] != ["Một", "Hai", "Ba"]
    assert [draft.content["items"]["ABC".index(label)] for label in draft.key["order"]] == ["Một", "Hai", "Ba"]
    english = draft.translations["en"]["content"]["items"]
    assert [english["ABC".index(label)] for label in draft.key["order"]] == ["One", "Two", "Three"]
    pairs = one("Ghép cặp", "Hỏi?", "a | 1", "b | 2", "", "", head=head[:6]).draft
    assert {left: pairs.content["rights"]["AB".index(pairs.key["pairs"]["AB"[n]])] for n, left in enumerate("ab")} == {
        "a": "1",
        "b": "2",
    }
    assert pairs.content["rights"] == ["2", "1"]


def test_merged_cells_and_dates_are_told() -> None:
    rows = read_rows(
        ["Chủ đề", *HEAD],
        ["Dữ liệu số", "Hỏi?", "Một", "Hai", None, None, "A"],
        [None, "Hỏi nữa?", dt.date(2026, 10, 10), "Hai", None, None, "A"],
        [None, None, "Một", "Hai", None, None, "A"],
        merged=("A2:A3", "B3:B4"),
    )
    assert rows[0].problems == rows[1].problems == ()
    assert any("10/10/2026" in told for told in rows[1].warnings)
    assert any("gộp" in told for told in rows[2].problems)


def test_a_number_that_reads_two_ways_is_told() -> None:
    found = one("Điền số", "Bao nhiêu?", "", "1.234", head=["Loại câu", "Câu hỏi", "A", "Đáp án"])
    assert found.draft.key == {"value": "1234"}
    assert "1234" in found.warnings[0]


def test_what_nobody_but_us_writes_is_checked() -> None:
    head = ["Câu hỏi", "A", "B", "Đáp án", "Khác"]
    bad = '{"extra":{"picture":{"sha256":"../x"},"markdown":"yes","seconds":-1,"other":1},"translations":{"en":1}}'
    assert one("Hỏi?", "Một", "Hai", "A", bad, head=head).draft.extra == {}
    assert one("Hỏi?", "Một", "Hai", "A", "{" * 9000, head=head).warnings
    assert one("Hỏi?", "Một", "Hai", "A", "[1]", head=head).draft.extra == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Câu hỏi;A;B;Đáp án\nHỏi?;=1;'=2;B", ["=1", "=2"]),
        ('sep=\t\nCâu hỏi\tA\tB\tĐáp án\nHỏi?\t"x\ny"\tz\tB', ["x y", "z"]),
    ],
)
def test_csv_of_other_programs(text: str, told: list[str]) -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        for end in ("\n", "\r\n"):
            (found,) = Csv().read(text.replace("\n", end).encode(codec), defaults=DEFAULTS).found
            assert (found.problems, found.draft.content, found.draft.key) == ((), {"options": told}, {"right": "B"})


def test_what_is_no_table_of_questions_is_refused() -> None:
    tables: list[list[list[Any]]] = [[["a", "b"], ["c", "d"]], [[]]]
    for rows in tables:
        with pytest.raises(BadFile):
            Xlsx().read(book(*rows), defaults=DEFAULTS)
    for data in (b"", b"abc", b"PK\x03\x04", b"\xd0\xcf\x11\xe0abc", b"<html><table>", b"\0"):
        with pytest.raises(BadFile):
            Csv().read(data, defaults=DEFAULTS)
        with pytest.raises(BadFile):
            Xlsx().read(data, defaults=DEFAULTS)


def test_ten_thousand_lines_are_read_and_more_refused() -> None:
    wide = [Draft(kind="single", stem=f"Câu hỏi {n} là gì?", content={"options": [f"Phương án {n} {m}" for m in "abcd"]},
                  key={"right": "B"}, difficulty="easy", explanation="Vì " * 30) for n in range(10_000)]  # fmt: skip
    spent = []
    for count in (1_000, 10_000):
        data = Xlsx().write(wide[:count], title="")
        start = time.process_time()
        assert len(Xlsx().read(data, defaults=DEFAULTS).found) == count
        spent.append(time.process_time() - start)
    assert spent[1] < 30 * spent[0], "reading grows faster than the number of lines"
    with pytest.raises(BadFile, match=r"10\.000"):
        Csv().read(("Câu hỏi,A,B,Đáp án\n" + "Hỏi?,x,y,A\n" * 10_016).encode(), defaults=DEFAULTS)
