"""The compact sheet: what is folded unfolds to the same responses, for every kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.sheet import MARKS, Item, fold, unfold
from quizbank.kinds import get_kind

pytestmark = pytest.mark.sqlite_only

FOUR = {"options": ["Một", "Hai", "Ba", "Bốn"]}
THREE = {"items": ["Một", "Hai", "Ba"]}
PAIRS = {"lefts": ["a", "b", "c"], "rights": ["1", "2", "3"]}

RESPONSES = {
    "single": (FOUR, st.sampled_from("ABCD")),
    "multiple": (FOUR, st.sets(st.sampled_from("ABCD"), min_size=1).map(lambda s: "".join(sorted(s)))),
    "boolean": ({}, st.sampled_from("TF")),
    "numeric": ({}, st.integers(-999, 99_999).map(str)),
    "short": ({}, st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)),
    "ordering": (THREE, st.permutations("ABC").map("".join)),
    "matching": (PAIRS, st.text("ABC-", min_size=3, max_size=3).filter(lambda s: s != "---")),
}


@st.composite
def papers(draw):
    kinds = draw(st.lists(st.sampled_from(sorted(RESPONSES)), min_size=1, max_size=12))
    items = [Item(get_kind(kind), RESPONSES[kind][0]) for kind in kinds]
    dealt = draw(st.lists(st.integers(0, len(kinds) - 1), unique=True))
    responses = {
        shown: draw(st.one_of(st.just(""), RESPONSES[kinds[position]][1])) for shown, position in enumerate(dealt)
    }
    return items, dealt, responses


@given(papers())
def test_what_is_folded_unfolds_to_the_same(paper):
    items, dealt, responses = paper
    sheet = fold(items, dealt, responses)
    assert len(sheet.text) == len(items)
    assert unfold(items, dealt, sheet.text, sheet.extras) == responses
    assert sheet.answered == sum(map(bool, responses.values()))
    assert [p for p, char in enumerate(sheet.text) if char != "-"] == sorted(dealt)


def test_a_sheet_reads_as_it_looks():
    items = [Item(get_kind("single"), FOUR)] * 3 + [Item(get_kind("numeric"), {}), Item(get_kind("boolean"), {})]
    sheet = fold(items, [4, 0, 3, 2], {0: "T", 1: "B", 2: "34"})
    assert (sheet.text, sheet.extras, sheet.answered) == ("B-.*T", {"3": "34"}, 3)


def test_a_short_answer_that_looks_like_a_mark_is_kept():
    items = [Item(get_kind("short"), {})]
    for text in MARKS:
        sheet = fold(items, [0], {0: text})
        assert unfold(items, [0], sheet.text, sheet.extras) == {0: text}
