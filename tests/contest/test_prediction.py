"""The prediction: the truth of frozen counts, distances, and numbers as Vietnamese people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.prediction import (
    Population,
    PredictionError,
    distance,
    format_prediction,
    parse_prediction,
    truth,
)
from contest.rules.enums import PredictionTarget
from contest.rules.parts import Prediction

COUNT = Prediction(target=PredictionTarget.ALL_CORRECT)
PERCENT = Prediction(target=PredictionTarget.PERCENT_ALL_CORRECT, decimals=1)
HUE = Population(participants=25_980, participants_total=51_000, all_correct=5_945)


@pytest.mark.parametrize(
    ("target", "decimals", "expected"),
    [
        (PredictionTarget.NONE, 0, None),
        (PredictionTarget.ALL_CORRECT, 0, 5_945),
        (PredictionTarget.PARTICIPANTS, 0, 25_980),
        (PredictionTarget.PARTICIPANTS_TOTAL, 0, 51_000),
        (PredictionTarget.PERCENT_ALL_CORRECT, 0, 23),
        (PredictionTarget.PERCENT_ALL_CORRECT, 5, 2_288_299),
    ],
)
def test_truth_of_each_target(target, decimals, expected):
    assert truth(Prediction(target=target, decimals=decimals), HUE) == expected


@pytest.mark.parametrize(
    ("right", "people", "expected"), [(1, 8, 125), (1, 16, 63), (1, 3, 333), (2, 3, 667), (0, 0, 0)]
)
def test_percentage_is_rounded_half_up(right, people, expected):
    population = Population(participants=people, participants_total=people, all_correct=right)

    assert truth(PERCENT, population) == expected


def test_excluding_a_person_changes_the_truth():
    after = Population(participants=25_979, participants_total=50_999, all_correct=5_944)

    assert truth(COUNT, HUE) == 5_945
    assert truth(COUNT, after) == 5_944


def test_distance_needs_a_guess_and_a_truth():
    assert [distance(5_940, 5_945), distance(5_950, 5_945), distance(None, 5_945), distance(1, None)] == [
        5,
        5,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234", 1234),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1,234", 1234),
        ("1.234.567", 1_234_567),
        ("1.234,0", 1234),
        ("1,234.00", 1234),
        ("12,0", 12),
        (" 0 ", 0),
        ("007", 7),
        ("１２", 12),
        ("", None),
        ("  ", None),
    ],
)
def test_head_counts_as_people_write_them(text, expected):
    assert parse_prediction(text, COUNT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12,5", 125), ("12.5", 125), ("12", 120), ("12,50", 125), ("12,5 %", 125), ("100", 1000), ("0,0", 0), ("", None)],
)
def test_percentages_as_people_write_them(text, expected):
    assert parse_prediction(text, PERCENT) == expected


@pytest.mark.parametrize(
    ("text", "prediction", "sentence"),
    [
        ("mười hai", COUNT, "Mời bạn nhập một số, ví dụ 1.234."),
        ("-5", COUNT, "Mời bạn nhập một số, ví dụ 1.234."),
        ("1.23.456", COUNT, "Mời bạn nhập một số, ví dụ 1.234."),
        ("1e9", COUNT, "Mời bạn nhập một số, ví dụ 1.234."),
        ("٣", COUNT, "Mời bạn nhập một số, ví dụ 1.234."),
        ("%", Prediction(target=PredictionTarget.ALL_CORRECT, required=True), "Mời bạn nhập số dự đoán."),
        ("12,5", COUNT, "Số dự đoán phải là số nguyên, ví dụ 1.234."),
        ("12,55", PERCENT, "Số dự đoán có tối đa 1 chữ số sau dấu phẩy, ví dụ 12,5."),
        ("100,1", PERCENT, "Tỉ lệ phần trăm phải từ 0 đến 100."),
        ("1.234", PERCENT, "Số dự đoán có tối đa 1 chữ số sau dấu phẩy, ví dụ 12,5."),
        ("1000000001", COUNT, "Số dự đoán lớn quá. Mời bạn kiểm tra lại."),
        ("9" * 5000, COUNT, "Số dự đoán lớn quá. Mời bạn kiểm tra lại."),
        ("", Prediction(target=PredictionTarget.ALL_CORRECT, required=True), "Mời bạn nhập số dự đoán."),
    ],
)
def test_unusable_text_is_refused_in_one_sentence(text, prediction, sentence):
    with pytest.raises(PredictionError) as refusal:
        parse_prediction(text, prediction)

    assert str(refusal.value) == sentence


@given(number=st.integers(0, 1_000_000_000))
def test_written_count_is_read_back(number):
    assert parse_prediction(format_prediction(number, COUNT), COUNT) == number
    assert parse_prediction(f"{number:,}", COUNT) == number


@given(decimals=st.integers(0, 5), data=st.data())
def test_written_percentage_is_read_back(decimals, data):
    prediction = Prediction(target=PredictionTarget.PERCENT_ALL_CORRECT, decimals=decimals)
    scaled = data.draw(st.integers(0, 100 * 10**decimals))

    assert parse_prediction(format_prediction(scaled, prediction), prediction) == scaled


@given(text=st.text(max_size=30), prediction=st.sampled_from([COUNT, PERCENT]))
def test_any_text_is_a_number_in_range_or_a_sentence(text, prediction):
    try:
        scaled = parse_prediction(text, prediction)
    except PredictionError as refusal:
        scaled = None
        sentence = str(refusal)
    else:
        sentence = "read"
    assert sentence
    assert scaled is None or 0 <= scaled <= 10**10


@given(right=st.integers(0, 10**6), wrong=st.integers(0, 10**6), decimals=st.integers(0, 5))
def test_true_percentage_is_within_half_a_unit(right, wrong, decimals):
    people = right + wrong
    prediction = Prediction(target=PredictionTarget.PERCENT_ALL_CORRECT, decimals=decimals)

    value = truth(prediction, Population(participants=people, participants_total=people, all_correct=right))

    assert value is not None
    assert 0 <= value <= 100 * 10**decimals
    assert people == 0 or abs(2 * value * people - 2 * right * 100 * 10**decimals) <= people
