"""Every distinct response graded once: tables, voided questions, characters that mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.grade_sql import RIGHT_UNIT, assignment, balanced_sum, quoted, total
from contest.grading import Credit, Question, column, credit_of_char, grade_sheet
from quizbank.kinds import get_kind

FOUR = {"options": ["một", "hai", "ba", "bốn"]}


def question(position: int = 0, kind: str = "single", content=FOUR, key=None, *, points: int = 1000, voided=False):
    key = {"right": "B"} if key is None else key
    return Question(
        position=position, kind=get_kind(kind), content=content, key=key, points_milli=points, voided=voided
    )


def test_column_single_choice_lists_only_its_options():
    table = column(question(), partial_credit=False)

    assert table.credits == {"A": (0, 0), "B": (1000, 1), "C": (0, 0), "D": (0, 0)}
    assert not table.open


def test_column_multiple_choice_with_partial_credit():
    key = {"right": ["A", "C"], "scheme": "partial"}
    table = column(question(kind="multiple", key=key), partial_credit=True)
    char = get_kind("multiple").char

    assert table.credits[char(FOUR, "AC")] == (1000, 1)
    assert table.credits[char(FOUR, "A")] == (500, 0)
    assert table.credits[char(FOUR, "AB")] == (0, 0)


def test_partial_credit_switched_off_earns_nothing():
    key = {"right": ["A", "C"], "scheme": "partial"}
    table = column(question(kind="multiple", key=key), partial_credit=False)

    assert table.credits[get_kind("multiple").char(FOUR, "A")] == (0, 0)


def test_voided_question_is_right_for_everybody_who_was_dealt_it():
    table = column(question(voided=True), partial_credit=False)

    assert grade_sheet([table], "A", {}) == (1000, 1)
    assert grade_sheet([table], ".", {}) == (1000, 1)
    assert grade_sheet([table], "*", {"0": "34"}) == (1000, 1)
    assert grade_sheet([table], "-", {}) == (0, 0)


def test_written_answer_is_graded_from_extras():
    content, key = {"unit": "tỉnh"}, {"value": "34", "tolerance": "0"}
    table = column(question(kind="numeric", content=content, key=key), partial_credit=False)

    assert grade_sheet([table], "*", {"0": "34"}) == (1000, 1)
    assert grade_sheet([table], "*", {"0": "63"}) == (0, 0)
    assert table.open


@pytest.mark.parametrize("char", ["Z", "'", "%", "ệ", "㐀", "丂", "⠁"])
def test_strange_character_earns_nothing(char):
    assert credit_of_char(question(), char, partial_credit=False) == (0, 0)
    items = {"items": ["x", "y", "z"]}
    ordering = question(kind="ordering", content=items, key={"order": ["A", "B", "C"]})
    if char != "㐀":  # the first of the orders, which is the right one here
        assert credit_of_char(ordering, char, partial_credit=True) == (0, 0)


def test_sheet_shorter_than_pool_counts_as_not_dealt():
    tables = [column(question(position=p), partial_credit=False) for p in range(3)]

    assert grade_sheet(tables, "BB", {}) == (2000, 2)


@given(st.text(alphabet="ABCD.-", min_size=1, max_size=12), st.integers(0, 2**31))
def test_a_right_answer_more_never_lowers_the_score(sheet, where):
    tables = [column(question(position=p), partial_credit=True) for p in range(len(sheet))]
    spot = where % len(sheet)
    better = sheet[:spot] + "B" + sheet[spot + 1 :]

    assert grade_sheet(tables, better, {}) >= grade_sheet(tables, sheet, {})


def test_statement_nests_no_deeper_than_the_logarithm():
    text = balanced_sum(["1"] * 1000)

    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    assert deepest == 10
    assert eval(text) == 1000


def test_statement_holds_no_raw_quote_or_percent():
    assert quoted("'") == "''''"
    assert quoted("%") == "'%%'"


def test_total_packs_points_and_count():
    table = column(question(points=1500), partial_credit=False)

    assert total([table]) == f"CASE substr(sheet,1,1) WHEN 'B' THEN {1500 + RIGHT_UNIT} ELSE 0 END"
    assert total([]) == "0"
    assert "OFFSET 0" in assignment([table])


def test_credit_is_a_plain_pair():
    assert Credit(1, 0) < Credit(2, 0)
