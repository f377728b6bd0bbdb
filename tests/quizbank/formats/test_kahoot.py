"""Kahoot's spreadsheet, as its template has it and as people make it; what came from it goes back unchanged."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults
from quizbank.formats.kahoot import HEADINGS, TIMES, Kahoot
from tests.quizbank.formats.office_cases import DEFAULTS, book, drafts

EMPTY: list[Any] = []


def quiz(*rows: list[Any]) -> bytes:
    """The official template: title in B2, headings in row 8."""
    return book(
        EMPTY, [None, "Chuyển đổi số"], *[EMPTY] * 5, [None, *HEADINGS], *[[n, *row] for n, row in enumerate(rows, 1)]
    )


def test_the_official_template_is_read() -> None:
    data = quiz(
        ["Một?", "a", "b", "c", "d", 20, 3],
        ["Hai?", 10, 20, 30, 40.5, 60, "1,3"],
        ["Ba?", "Đúng", "Sai", None, None, 5, "2"],
        ["Bốn?", "True", "False", None, None, 5, 1],
        ["Năm?", "a", None, "c", None, 10, 1.3],
    )
    parsed = Kahoot().read(data, defaults=DEFAULTS)
    drafts = [found.draft for found in parsed.found]
    assert parsed.title == "Chuyển đổi số"
    assert [found.place for found in parsed.found] == [f"Dòng {n}" for n in range(9, 14)]
    assert [found.problems for found in parsed.found] == [()] * 5
    assert (drafts[0].kind, drafts[0].key, drafts[0].extra) == ("single", {"right": "C"}, {"seconds": 20})
    assert (drafts[1].content, drafts[1].key) == ({"options": ["10", "20", "30", "40,5"]}, {"right": ["A", "C"]})
    assert parsed.found[1].warnings
    assert [(one.kind, one.key) for one in drafts[2:4]] == [("boolean", {"right": False}), ("boolean", {"right": True})]
    assert (drafts[4].content, drafts[4].key) == ({"options": ["a", "c"]}, {"right": ["A", "B"]})
    assert Kahoot().likely(data, "x.xlsx") > 95


def test_what_came_from_kahoot_goes_back_unchanged() -> None:
    data = quiz(
        ["Một?", "a", "b", "c", "d", 20, 3],
        ["Hai?", "a", "b", "c", None, 60, "1,3"],
        ["Bốn?", "True", "False", None, None, 5, 1],
    )
    first = Kahoot().read(data, defaults=DEFAULTS)
    again = Kahoot().read(Kahoot().write([found.draft for found in first.found], title=first.title), defaults=DEFAULTS)
    assert again == first


@settings(max_examples=30, deadline=None)
@given(drafts(kinds=("single", "multiple", "boolean")))
def test_what_kahoot_can_hold_comes_back(draft: Draft) -> None:
    defaults = Defaults(
        topic=draft.topic, difficulty=draft.difficulty, audience=draft.audience, language=draft.language
    )
    found = Kahoot().read(Kahoot().write([draft], title="Đề"), defaults=defaults).found
    if len(draft.content.get("options", ())) > 4:
        assert found == ()
        return
    (one,) = found
    assert (one.problems, one.draft.stem, one.draft.content) == ((), draft.stem, draft.content)
    assert one.draft.key["right"] == (
        draft.key["right"]
        if len(draft.key["right"] if draft.kind == "multiple" else "A") > 1 or draft.kind != "multiple"
        else draft.key["right"][0]
    )
    assert one.draft.extra["seconds"] in TIMES
    assert one.draft.code == ("" if draft.code.isdecimal() else draft.code)


def test_headings_may_stand_anywhere_and_be_shortened() -> None:
    data = book(
        ["Question", "Answer 1", "Answer 2", "Time limit", "Correct answer(s)"], ["Hỏi?", "a", "b", "30 giây", "B"]
    )
    (found,) = Kahoot().read(data, defaults=DEFAULTS).found
    assert (found.draft.key, found.draft.extra) == ({"right": "B"}, {"seconds": 30})
    assert openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("right", [None, 0, 5, "1,5", "x", "1,1", 3, 13])
def test_a_wrong_key_is_a_problem(right: Any) -> None:
    (found,) = Kahoot().read(quiz(["Hỏi?", "a", "b", None, None, 20, right]), defaults=DEFAULTS).found
    assert found.problems
    assert found.draft.key == {}


def test_another_table_is_refused() -> None:
    with pytest.raises(BadFile):
        Kahoot().read(book(["a", "b"]), defaults=DEFAULTS)
    assert Kahoot().likely(book(["a", "b"]), "x.xlsx") == 0
