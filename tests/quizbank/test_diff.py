"""What changed between two wordings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quizbank.diff import Change, version_diff, word_diff


def test_changed_words_stand_between_those_that_stayed() -> None:
    pieces = word_diff("Ngày 22 tháng 4 là ngày gì?", "Ngày 10 tháng 10 là ngày gì?")
    assert [(piece.change, piece.text) for piece in pieces] == [
        (Change.SAME, "Ngày "),
        (Change.GONE, "22"),
        (Change.NEW, "10"),
        (Change.SAME, " tháng "),
        (Change.GONE, "4"),
        (Change.NEW, "10"),
        (Change.SAME, " là ngày gì?"),
    ]


def test_changes_with_only_a_space_between_them_are_one() -> None:
    pieces = word_diff("ngày hội của cả nước", "ngày hội chuyển đổi số")
    assert [piece.text for piece in pieces] == ["ngày hội ", "của cả nước", "chuyển đổi số"]


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_wordings_can_be_read_out_of_the_difference(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.change != Change.NEW) == old
    assert "".join(piece.text for piece in pieces if piece.change != Change.GONE) == new


def test_only_fields_that_differ_are_told() -> None:
    old = [("Câu hỏi", "Một?"), ("Phương án C", "ba"), ("Giải thích", "x")]
    new = [("Câu hỏi", "Hai?"), ("Giải thích", "x"), ("Căn cứ", "QĐ 505")]
    assert [one.label for one in version_diff(old, new)] == ["Câu hỏi", "Căn cứ", "Phương án C"]
    assert version_diff(new, new) == ()
