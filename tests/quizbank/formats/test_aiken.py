"""Aiken: the plainest format, and the messiest files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.aiken import Aiken
from quizbank.formats.base import Found
from quizbank.formats.encoding import old_font
from tests.quizbank.formats.strategies import DEFAULTS, drafts

pytestmark = pytest.mark.sqlite_only

AIKEN = Aiken()

MESSY = (
    "\ufeffNgày Chuyển đổi số quốc gia là ngày nào?\r\nA. 10 tháng 10\r\nB) 2 tháng 9\rC.   30 tháng 4\nANSWER: A\n\n\n"
    "\nCâu hỏi trên\nhai dòng?\n\na. một\nb. hai\nanswer: b\nMã QR tĩnh luôn an toàn.\nA. Đúng\nB. Sai\nANSWER: B"
)


def read(text: str) -> list[Found]:
    return list(AIKEN.read(text.encode(), defaults=DEFAULTS).found)


def unicode(draft: Draft) -> bool:
    """Not so much like the bytes of an old font that a plain text would be taken for one."""
    return not old_font(AIKEN.write([draft], title="x").decode().split("\n"))


def test_messy_file() -> None:
    first, second, third = read(MESSY)
    assert first.draft.stem == "Ngày Chuyển đổi số quốc gia là ngày nào?"
    assert first.draft.content == {"options": ["10 tháng 10", "2 tháng 9", "30 tháng 4"]}
    assert first.draft.key == {"right": "A"}
    assert (first.problems, first.warnings, first.place) == ((), (), "Dòng 1")
    assert second.draft.stem == "Câu hỏi trên hai dòng?"
    assert second.draft.key == {"right": "B"}
    assert any("viết hoa" in warning for warning in second.warnings)
    assert (third.draft.kind, third.draft.key) == ("boolean", {"right": False})


@settings(max_examples=150, deadline=None)
@given(drafts(kinds=("single", "boolean"), rich=False).filter(lambda draft: "\n" not in draft.stem and unicode(draft)))
def test_written_draft_is_read_back_whole(draft: Draft) -> None:
    key = {"right": draft.key["right"]}  # Aiken knows no half points
    (found,) = AIKEN.read(AIKEN.write([draft], title="x"), defaults=DEFAULTS).found
    assert found.problems == ()
    assert (found.draft.stem, found.draft.content, found.draft.key) == (draft.stem, draft.content, key)


def test_what_was_imported_is_stable() -> None:
    first = [found.draft for found in read(MESSY)]
    assert [found.draft for found in read(AIKEN.write(first, title="x").decode())] == first


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hỏi?\nA. a\nB. b\nANSWER: C", "không có trong"),
        ("Hỏi?\nA. a\nB. b\nANSWER: A, B", "đúng một chữ cái"),
        ("Hỏi?\nA. a\nB. b\nANSWER:", "đúng một chữ cái"),
        ("Hỏi?\nA. a\nC. b\nANSWER: A", "theo thứ tự"),
        ("Hỏi?\nA. a\nA. b\nANSWER: A", "theo thứ tự"),
        ("Hỏi?\nA. a\nANSWER: A", "2 đến 8"),
        ("Hỏi?\nA. a\nB. a\nANSWER: A", "giống nhau"),
        ("Hỏi?\nA.\nB. b\nANSWER: A", "để trống"),
        ("Hỏi?\nANSWER: A", "không có trong"),
        ("Hỏi?\nA. a\nB. b\n\nHỏi nữa?\nA. c\nB. d\nANSWER: A", "Thiếu dòng ANSWER"),
        ("Hỏi?\n" + "".join(f"{letter}. {letter}{letter}\n" for letter in "ABCDEFGHI") + "ANSWER: A", "9 phương án"),
    ],
)
def test_doubt_is_a_problem(text: str, sentence: str) -> None:
    first = read(text)[0]
    assert any(sentence in problem for problem in first.problems), first.problems


def test_option_over_two_lines_is_joined() -> None:
    (found,) = read("Hỏi?\nA. a\nnối dài\nB. b\nĐáp án: A")
    assert found.draft.content["options"][0] == "a nối dài"
    assert len(found.warnings) == 2


@pytest.mark.parametrize("text", ["", "Chỉ là văn bản.", "A. a\nB. b"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadFile):
        read(text)


def test_likely_knows_its_own() -> None:
    assert AIKEN.likely(MESSY.encode(), "x.txt") > 80
    assert AIKEN.likely(b"H? {=a ~b}", "x.txt") == 0
