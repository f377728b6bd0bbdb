"""Item analysis against a recomputation from single people, the way a book writes it down."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizbank.figure_words import discrimination_words
from quizbank.item_analysis import TAIL, Cell, ItemFigures, analyse, pooled
from quizbank.item_flags import (
    Flag,
    band,
    drift_of,
    flags_of,
    suggested_difficulty,
)

CREDITS = {"A": 0, "B": 1000, "C": 0, "D": 500, "": 0}
PEOPLE = st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 20)), max_size=60)


def cells_of(people):
    """One cell a person; rest in points of 20 other questions, total with this one."""
    return [
        Cell(choice, CREDITS[choice], 1, total=round((rest * 1000 + CREDITS[choice]) / 21), rest=rest * 50)
        for choice, rest in people
    ]


def merged(cells):
    counts: dict[tuple[object, ...], int] = {}
    for cell in cells:
        key = (cell.choice, cell.credit, cell.total, cell.rest)
        counts[key] = counts.get(key, 0) + cell.count
    return [Cell(c, x, n, t, r) for (c, x, t, r), n in counts.items()]


@settings(max_examples=200, deadline=None)
@given(PEOPLE)
def test_figures_are_what_a_book_computes_from_single_people(people):
    figures = analyse(merged(cells_of(people)))
    assert figures.people == len(people)
    if not people:
        return
    credit = [CREDITS[choice] / 1000 for choice, _rest in people]
    rest = [points / 20 for _choice, points in people]
    assert figures.facility == pytest.approx(statistics.fmean(credit), abs=1e-4)
    if len(set(credit)) < 2 or len(set(rest)) < 2:
        assert figures.discrimination is None
    else:
        assert figures.discrimination == pytest.approx(statistics.correlation(credit, rest), abs=1e-3)
    assert {name: one.count for name, one in figures.choices.items()} == {
        choice: sum(c == choice for c, _ in people) for choice in {c for c, _ in people}
    }


@settings(max_examples=200, deadline=None)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_neither_order_nor_grouping_of_people_decides(people, random):
    mixed = list(people)
    random.shuffle(mixed)
    assert analyse(cells_of(people)) == analyse(merged(cells_of(mixed)))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABCD"), st.integers(0, 1000)), min_size=4, max_size=60, unique_by=lambda p: p[1]
    )
)
def test_without_ties_the_groups_are_the_first_and_last_people(people):
    cells = [Cell(choice, CREDITS[choice], 1, total=total, rest=total) for choice, total in people]
    ranked = sorted(people, key=lambda person: -person[1])
    size = TAIL * len(ranked)

    def facility(some):
        whole, part = int(size), size - int(size)
        points = [CREDITS[choice] / 1000 for choice, _ in some]
        return (sum(points[:whole]) + part * points[whole]) / size

    assert analyse(cells).upper_lower == pytest.approx(facility(ranked) - facility(ranked[::-1]), abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(PEOPLE)
def test_thirds_hold_everybody_who_chose(people):
    for one in analyse(cells_of(people)).choices.values():
        assert one.upper + one.middle + one.lower in (0, pytest.approx(one.count, abs=0.05))


def test_a_perfect_question_and_a_turned_one():
    good = [Cell("B", 1000, 50, 900, 890), Cell("A", 0, 50, 300, 320)]
    assert (analyse(good).discrimination, analyse(good).upper_lower) == (1.0, 1.0)
    bad = [Cell("B", 1000, 50, 300, 290), Cell("A", 0, 50, 900, 910)]
    assert (analyse(bad).discrimination, analyse(bad).upper_lower) == (-1.0, -1.0)


def test_nobody_and_no_scores():
    assert analyse([]) == ItemFigures(people=0)
    alone = analyse([Cell("B", 1000, 3), Cell("", 0, 1)], median_ms=4200)
    assert (alone.facility, alone.blank, alone.discrimination, alone.upper_lower, alone.median_ms) == (
        0.75, 1, None, None, 4200
    )  # fmt: skip


def test_json_and_back():
    figures = analyse(cells_of([("A", 3), ("B", 12), ("D", 20)]), median_ms=900)
    assert ItemFigures.from_json(figures.to_json()) == figures


def test_many_different_answers_are_cut_off():
    figures = analyse([Cell(f"từ {n}", 0, 1) for n in range(40)])
    assert len(figures.choices) == 25
    assert figures.choices["…"].count == 16


def test_pooled_uses_are_weighted_by_people():
    one = analyse([Cell("B", 1000, 30, 900, 900), Cell("A", 0, 10, 100, 100)])
    two = analyse([Cell("B", 1000, 10), Cell("A", 0, 50)], median_ms=2000)
    both = pooled([one, two])
    assert (both.people, both.right, both.facility, both.discrimination, both.median_ms) == (100, 40, 0.4, 1.0, 2000)
    assert both.choices["A"].count == 60
    assert pooled([]) == ItemFigures(people=0)


def flagged(*cells, kind="single", options=4, uses=()):
    return [(one.flag, one.choices) for one in flags_of(analyse(cells), kind=kind, options=options, uses=uses)]


def test_the_best_choosing_another_option_puts_the_key_in_doubt():
    cells = [
        Cell("A", 0, 30, 900, 950),
        Cell("B", 1000, 30, 300, 250),
        Cell("C", 0, 30, 500, 520),
        Cell("D", 0, 10, 400, 400),
    ]
    assert flagged(*cells)[:2] == [(Flag.KEY_DOUBTFUL, ("A",)), (Flag.NEGATIVE, ())]


def test_too_easy_too_hard_weak_and_dead():
    assert flagged(Cell("B", 1000, 98, 800, 800), Cell("A", 0, 2, 100, 100)) == [(Flag.TOO_EASY, ())]
    hard = [
        Cell("B", 1000, 15, 900, 890),
        Cell("A", 0, 30, 300, 320),
        Cell("C", 0, 30, 300, 320),
        Cell("D", 0, 25, 300, 320),
    ]
    assert flagged(*hard) == [(Flag.TOO_HARD, ())]
    weak = [Cell(c, x, 10, t, t) for t in (100, 500, 900) for c, x in (("A", 0), ("B", 1000), ("C", 0), ("D", 0))]
    assert flagged(*weak) == [(Flag.WEAK, ())]
    dead = [
        Cell("B", 1000, 60, 900, 890),
        Cell("A", 0, 20, 300, 320),
        Cell("C", 0, 18, 300, 320),
        Cell("D", 0, 2, 300, 320),
    ]
    assert flagged(*dead) == [(Flag.DEAD_OPTION, ("D",))]
    assert flagged(*dead, kind="short") == []


def test_few_people_raise_no_flag():
    assert flagged(Cell("A", 0, 29, 900, 900)) == []


def test_drift_is_told_when_it_is_large_and_sure():
    first, same, later = (ItemFigures(people=200, facility=f) for f in (0.5, 0.6, 0.8))
    assert drift_of([first, same]) is None
    found = drift_of([first, ItemFigures(people=5, facility=0.0), later])
    assert found is not None
    assert (found.first, found.last) == (0.5, 0.8)
    assert drift_of([ItemFigures(people=30, facility=0.5), ItemFigures(people=30, facility=0.7)]) is None
    assert flags_of(pooled([first, later]), kind="single", uses=[first, later])[-1].flag is Flag.DRIFT


@pytest.mark.parametrize(
    ("facility", "present", "suggested"),
    [(0.9, "easy", ""), (0.9, "medium", "easy"), (0.9, "hard", "easy"), (0.77, "medium", ""), (0.2, "medium", "hard"),
     (0.38, "medium", ""), (0.5, "hard", "medium"), (0.42, "hard", "")],
)  # fmt: skip
def test_a_difficulty_is_suggested_only_where_it_is_clear(facility, present, suggested):
    assert suggested_difficulty(ItemFigures(people=100, facility=facility), present) == suggested
    assert suggested_difficulty(ItemFigures(people=99, facility=facility), present) == ""


def test_bands_leave_no_gap():
    assert [band(f / 100) for f in (0, 39, 40, 74, 75, 100)] == ["hard", "hard", "medium", "medium", "easy", "easy"]


@pytest.mark.parametrize(
    ("value", "people", "words"),
    [
        (None, 500, "chưa tính được"),
        (-0.5, 7, "còn ít người, chưa kết luận được"),
        (-0.5, 29, "còn ít người, chưa kết luận được"),
        (-0.5, 30, "ngược"),
        (0.4, 30, "rất tốt"),
    ],
)
def test_discrimination_of_a_few_people_has_no_name(value: float | None, people: int, words: str) -> None:
    assert discrimination_words(value, people=people) == words
