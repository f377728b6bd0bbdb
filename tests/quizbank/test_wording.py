"""What a careful colleague would remark while a question is written."""

from __future__ import annotations

from typing import Any

import pytest

from quizbank.bankfile import read_bank
from quizbank.wording import hints_of, reading_of
from tests.factories import single_draft


def remarks(**fields: Any) -> list[str]:
    base = {"facts": ()}
    return [hint.text for hint in hints_of(single_draft(**(base | fields)))]


def test_a_sound_question_gets_no_remark() -> None:
    assert remarks() == []


def options(*texts: str) -> dict[str, Any]:
    return {"content": {"options": list(texts)}, "key": {"right": "A"}}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (options("Thông tin của một người cụ thể, giúp xác định người đó", "Tin thời tiết"), "dài ngắn"),
        (
            options("Dữ liệu giúp xác định một người", "Dữ liệu của cơ quan", "Dữ liệu về thời tiết"),
            "dài hơn hẳn",
        ),
        (options("Bộ Công an", "Tất cả các phương án trên"), "Tất cả các phương án trên"),
        (options("Bộ, Công an", "Bộ Công an"), "dấu câu"),
        ({"explanation": ""}, "giải thích"),
        ({"citation": ""}, "căn cứ"),
        ({"facts": ("Z99",)}, "Z99"),
        ({"extra": {"picture": {"sha256": "a" * 64, "alt": ""}}}, "mô tả"),
        ({"stem": "tiếng " * 40}, "tiếng một câu"),
        ({"stem": "API VNeID OTP QR IoT cloud server là gì ở đây?"}, "viết tắt"),
    ],
)
def test_each_weakness_is_named(fields: dict[str, Any], words: str) -> None:
    told = remarks(**fields)
    assert len(told) == 1
    assert words.casefold() in told[0].casefold()


def test_words_shared_with_the_right_option_alone_give_it_away() -> None:
    stem = "Chữ ký điện tử chuyên dùng công vụ do ai cấp?"
    clue = options("Ban Cơ yếu cấp chữ ký công vụ", "Sở Tư pháp", "Bưu điện tỉnh", "Ngân hàng Nhà nước")
    assert any("lộ đáp án" in one for one in remarks(stem=stem, **clue))
    shared = options("Ban Cơ yếu cấp chữ ký công vụ", "Sở Tư pháp cấp chữ ký công vụ")
    assert remarks(stem=stem, **shared) == []


def test_long_sentences_are_measured_in_syllables() -> None:
    reading = reading_of("Bạn nhận được tin nhắn lạ. Bạn làm gì?")
    assert (reading.words, reading.per_sentence, reading.technical) == (9, 4.5, 0)
    assert reading_of("   ?").words == 0


def test_officials_may_be_asked_in_longer_sentences() -> None:
    stem = "tiếng " * 30
    assert remarks(stem=stem, audience=("agency",)) == []
    assert len(remarks(stem=stem, audience=("agency", "resident"))) == 1


def test_the_built_in_bank_is_mostly_without_remark() -> None:
    drafts = read_bank()
    remarked = [draft.code for draft in drafts if hints_of(draft)]
    assert len(remarked) <= len(drafts) * 0.25
