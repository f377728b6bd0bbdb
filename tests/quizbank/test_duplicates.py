"""Which questions say the same: against a plain comparison of all pairs, and fast enough for a full bank."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizbank.duplicates import NEAR, STEM_LIKENESS, Level, find_twins, text_of

FOUR = ["Ngày 22/4", "Ngày 10/10", "Ngày 21/10", "Ngày 3/6"]


def text(name, stem, options=(), answer="Ngày 10/10"):
    return text_of(name, stem=stem, content={"options": list(options)}, answer=answer)


def levels(fresh, *known):
    [twins] = find_twins([fresh], list(known))
    return [(twin.name, twin.level, twin.same_answer) for twin in twins]


def test_the_same_words_in_another_order_of_options_are_exact():
    a = text(0, "Ngày Chuyển đổi số quốc gia là ngày nào?", FOUR)
    b = text(1, "Ngày  Chuyển đổi số quốc gia là ngày nào?", FOUR[::-1])
    assert levels(b, a) == [(0, Level.EXACT, True)]


def test_without_accents_or_signs_they_are_folded():
    a = text(0, "Ngày Chuyển đổi số quốc gia là ngày nào?", FOUR)
    b = text(1, "ngay chuyen doi so quoc gia la ngay nao", FOUR)
    assert levels(b, a) == [(0, Level.FOLDED, True)]


def test_another_key_of_the_same_question_is_told():
    a = text(0, "Ngày Chuyển đổi số quốc gia là ngày nào?", FOUR)
    b = text(1, "Ngày Chuyển đổi số quốc gia là ngày nào?", FOUR, answer="Ngày 22/4")
    assert levels(b, a) == [(0, Level.EXACT, False)]


def test_a_word_more_is_near():
    a = text(0, "Ngày Chuyển đổi số quốc gia hằng năm là ngày nào?", FOUR)
    b = text(1, "Ngày Chuyển đổi số quốc gia là ngày nào?", FOUR)
    assert levels(b, a) == [(0, Level.NEAR, True)]


def test_another_year_is_another_question():
    options = ["80%", "90%", "95%", "100%"]
    a = text(0, "Đến năm 2025, tỷ lệ hồ sơ trực tuyến phải đạt bao nhiêu?", options)
    b = text(1, "Đến năm 2030, tỷ lệ hồ sơ trực tuyến phải đạt bao nhiêu?", options)
    assert levels(b, a) == []


def test_the_same_stem_with_other_options_is_near_and_a_short_one_is_not():
    long, short = "Phát biểu nào sau đây về chữ ký số là đúng?", "Chọn câu đúng?"
    assert levels(text(1, long, ["một", "hai"]), text(0, long, ["ba", "bốn"])) == [(0, Level.NEAR, True)]
    assert levels(text(1, short, ["một", "hai"]), text(0, short, ["ba", "bốn"])) == []


def test_a_file_is_compared_with_itself_and_the_first_stays():
    fresh = [text(-1 - n, "Ngày Chuyển đổi số quốc gia là ngày nào?", FOUR) for n in range(3)]
    assert [[twin.name for twin in twins] for twins in find_twins(fresh, [])] == [[], [-1], [-1, -2]]


WORDS = st.lists(
    st.sampled_from(["so", "du", "lieu", "ca", "nhan", "dich", "vu", "cong", "truc", "tuyen", "an", "toan"]),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=3)), min_size=1, max_size=8))
def test_the_index_finds_what_comparing_all_pairs_finds(questions):
    texts = [text(n, " ".join(stem), [" ".join(o) for o in options]) for n, (stem, options) in enumerate(questions)]
    from difflib import SequenceMatcher

    for place, (one, twins) in enumerate(zip(texts, find_twins(texts, []), strict=True)):
        found = {twin.name for twin in twins}
        for other in texts[:place]:
            union = len(one.shingles | other.shingles) or 1
            alike = len(one.shingles & other.shingles) / union
            stems = SequenceMatcher(None, one.stem.split(), other.stem.split(), False).ratio()
            if one.folded == other.folded or (
                alike >= NEAR and stems >= STEM_LIKENESS and twins and twins[0].level is Level.NEAR
            ):
                assert other.name in found or len(twins) == 5
            elif alike >= NEAR and stems >= STEM_LIKENESS:
                assert twins  # an equal one was found instead


@pytest.mark.slow
@pytest.mark.parametrize("alike", [False, True])
def test_two_thousand_against_ten_thousand_is_no_square(alike):
    def make(first, count):
        return [
            text(
                n,
                f"Câu {'' if alike else n * 7919} nói về dịch vụ công trực tuyến toàn trình lần {n}",
                [f"Ý {n}", "Không"],
            )
            for n in range(first, first + count)
        ]

    started = time.process_time()
    find_twins(make(10_000, 2_000), make(0, 10_000))
    assert time.process_time() - started < 30  # the square of it takes minutes
