"""Points: exact, rounded once, never less for a better answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.scoring import Mark, Score, points_for, score_paper

grades = st.integers(0, 1000)
points = st.integers(0, 100_000)
marks = st.builds(Mark, grade_permille=grades, points_milli=points, answered=st.booleans(), voided=st.booleans())


@pytest.mark.parametrize(
    ("grade", "worth", "partial", "expected"),
    [
        (1000, 1000, False, 1000),
        (999, 1000, False, 0),
        (999, 1000, True, 999),
        (0, 1000, True, 0),
        (500, 1, True, 1),  # half up, never to even
        (500, 3, True, 2),
        (499, 1, True, 0),
        (333, 1000, True, 333),
        (667, 1500, True, 1001),
    ],
)
def test_points_for_one_answer(grade, worth, partial, expected):
    assert points_for(grade, worth, partial_credit=partial) == expected


@pytest.mark.parametrize(("grade", "worth"), [(-1, 1000), (1001, 1000), (500, -1)])
def test_grade_out_of_range_is_an_error(grade, worth):
    with pytest.raises(ValueError, match="out of range"):
        points_for(grade, worth, partial_credit=True)


def test_paper_of_lan_has_nine_right_of_ten():
    paper = [Mark(grade_permille=1000)] * 9 + [Mark(grade_permille=0)]

    assert score_paper(paper) == Score(
        points_milli=9000, full_points_milli=10_000, correct_count=9, question_count=10, complete=True
    )
    assert not score_paper(paper).is_perfect


def test_voided_question_is_right_for_everybody():
    score = score_paper([Mark(grade_permille=1000), Mark(grade_permille=0, answered=False, voided=True)])

    assert (score.points_milli, score.is_perfect) == (2000, True)


def test_missing_answer_matters_only_where_the_rules_ask_for_all():
    paper = [Mark(grade_permille=1000), Mark(grade_permille=0, answered=False)]

    assert score_paper(paper).complete
    assert not score_paper(paper, require_all_answered=True).complete


def test_empty_paper_is_not_perfect():
    assert not score_paper([]).is_perfect


@given(one=grades, other=grades, worth=points, partial=st.booleans())
def test_better_grade_never_earns_less(one, other, worth, partial):
    low, high = sorted((one, other))

    assert points_for(low, worth, partial_credit=partial) <= points_for(high, worth, partial_credit=partial) <= worth


@given(paper=st.lists(marks, max_size=30), partial=st.booleans(), random=st.randoms())
def test_total_is_the_sum_of_what_is_shown_whatever_the_order(paper, partial, random):
    score = score_paper(paper, partial_credit=partial)
    shuffled = random.sample(paper, len(paper))

    assert score_paper(shuffled, partial_credit=partial) == score
    assert score.points_milli == sum(
        points_for(1000 if mark.voided else mark.grade_permille, mark.points_milli, partial_credit=partial)
        for mark in paper
    )
    assert 0 <= score.points_milli <= score.full_points_milli
    assert not score.is_perfect or score.points_milli == score.full_points_milli


@given(paper=st.lists(marks, min_size=1, max_size=10), place=st.integers(0, 9), better=grades, partial=st.booleans())
def test_mending_one_answer_never_lowers_the_score(paper, place, better, partial):
    place %= len(paper)
    old = paper[place]
    grade = max(better, old.grade_permille)
    new = Mark(grade_permille=grade, points_milli=old.points_milli, answered=True, voided=old.voided)
    mended = [*paper[:place], new, *paper[place + 1 :]]

    before, after = score_paper(paper, partial_credit=partial), score_paper(mended, partial_credit=partial)

    assert after.points_milli >= before.points_milli
    assert after.correct_count >= before.correct_count
