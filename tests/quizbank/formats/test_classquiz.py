"""ClassQuiz' spreadsheet has no headings to go by: title in C5, questions from row 14 in B to H."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from quizbank.errors import BadFile
from quizbank.formats.classquiz import ClassQuiz
from tests.quizbank.formats.office_cases import DEFAULTS


def quiz(rows: list[list[Any]]) -> bytes:
    one = openpyxl.Workbook()
    sheet = one.active
    sheet["B5"], sheet["C5"], sheet["C6"] = "Title", "Chuyển đổi số", "Mô tả"
    for number, row in enumerate(rows, 14):
        for column, value in enumerate(row, 2):
            sheet.cell(number, column, value)
    out = io.BytesIO()
    one.save(out)
    return out.getvalue()


def test_questions_are_read_by_their_place() -> None:
    data = quiz(
        [
            ["Một?", "a", "b", "c", "d", 20, "1,3"],
            ["Hai?", 5, 6, None, None, 30, 2],
            ["Ba?", "a", "b", None, None, 30, None],
        ]
    )
    parsed = ClassQuiz().read(data, defaults=DEFAULTS)
    first, second, third = parsed.found
    assert parsed.title == "Chuyển đổi số"
    assert (first.place, first.draft.kind, first.draft.key) == ("Dòng 14", "multiple", {"right": ["A", "C"]})
    assert (second.draft.content, second.draft.key, second.draft.extra) == (
        {"options": ["5", "6"]},
        {"right": "B"},
        {"seconds": 30},
    )
    assert third.problems == ("Chưa có đáp án.",)
    assert ClassQuiz().likely(data, "x.xlsx") >= 70


def test_another_table_is_refused() -> None:
    with pytest.raises(BadFile):
        ClassQuiz().read(quiz([]), defaults=DEFAULTS)
    assert ClassQuiz().likely(quiz([]), "x.xlsx") == 0
