"""Dealing: equal seeds give equal papers, every item is equally likely, groups get their own."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.blueprint import fill
from contest.dealing import Cell, PoolSlot, PoolTooSmall, deal, item_seed, read_dealt, write_dealt

pytestmark = pytest.mark.sqlite_only

SEEDS = st.integers(0, 2**63 - 1)


def pool_of(*sizes: int, group: str = "") -> list[PoolSlot]:
    cells = [cell for cell, size in enumerate(sizes) for _ in range(size)]
    return [PoolSlot(position, cell, group) for position, cell in enumerate(cells)]


@given(SEEDS, st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=1, max_size=5), st.booleans())
def test_a_paper_holds_each_cells_count_once(seed, shape, shuffle):
    pool = pool_of(*(count + extra for count, extra in shape))
    blueprint = [Cell("", "", count) for count, _ in shape]
    dealt = deal(pool, blueprint, choice_seed=seed, order_seed=seed, shuffle=shuffle)
    assert len(set(dealt)) == len(dealt)
    by_position = {slot.position: slot.cell for slot in pool}
    assert Counter(by_position[p] for p in dealt) == Counter({i: count for i, (count, _) in enumerate(shape)})
    assert dealt == deal(list(reversed(pool)), blueprint, choice_seed=seed, order_seed=seed, shuffle=shuffle)


def test_the_same_seed_deals_the_same_paper_for_ever():
    """A published paper can be dealt again years later: these numbers never change."""
    dealt = deal(pool_of(6, 6), [Cell("", "", 3), Cell("", "", 2)], choice_seed=505, order_seed=505)
    assert dealt == (6, 9, 5, 0, 4)
    assert item_seed(505, 4) == 973389089246686788


def test_every_item_and_every_place_is_equally_likely():
    rounds, pool = 4_000, pool_of(8)
    seen, first = Counter(), Counter()
    for seed in range(rounds):
        dealt = deal(pool, [Cell("", "", 4)], choice_seed=seed, order_seed=seed)
        seen.update(dealt)
        first[dealt[0]] += 1
    # 8 items: half of the papers hold each, an eighth begin with it; five standard deviations are allowed.
    assert all(abs(seen[p] - rounds / 2) < 5 * (rounds / 4) ** 0.5 for p in range(8))
    assert all(abs(first[p] - rounds / 8) < 5 * (rounds * 7 / 64) ** 0.5 for p in range(8))


def test_one_paper_for_everybody_keeps_its_questions_and_changes_their_order():
    blueprint = [Cell("", "", 5)]
    papers = [deal(pool_of(20), blueprint, choice_seed="round", order_seed=seed) for seed in range(20)]
    assert len({frozenset(paper) for paper in papers}) == 1
    assert len(set(papers)) > 1


def test_a_group_gets_shared_questions_and_its_own_never_anothers():
    pool = [*pool_of(3), PoolSlot(3, 1, "A"), PoolSlot(4, 1, "B"), PoolSlot(5, 2, "A")]
    blueprint = [Cell("", "", 3), Cell("", "", 1), Cell("", "", 1, group="A")]
    assert set(deal(pool, blueprint, choice_seed=1, order_seed=1, group="A")) == {0, 1, 2, 3, 5}
    assert set(deal(pool, blueprint, choice_seed=1, order_seed=1, group="B")) == {0, 1, 2, 4}


NAMES = st.frozensets(st.sampled_from(["gan:a", "gan:b", "gan:c", "gan:d"]), max_size=2)


@given(SEEDS, st.lists(NAMES, min_size=4, max_size=12), st.integers(1, 3), st.integers(1, 2))
def test_questions_that_give_each_other_away_meet_only_where_a_cell_has_no_other(seed, names, first, second):
    half = len(names) // 2
    pool = [PoolSlot(place, int(place >= half), near=near) for place, near in enumerate(names)]
    blueprint = [Cell("", "", min(first, half)), Cell("", "", min(second, len(names) - half))]
    dealt = deal(pool, blueprint, choice_seed=seed, order_seed=seed, shuffle=False)
    assert Counter(pool[p].cell for p in dealt) == {0: blueprint[0].count, 1: blueprint[1].count}
    told: set[str] = set()
    for place, position in enumerate(dealt):
        if pool[position].near & told:
            cell = pool[position].cell
            left = [slot for slot in pool if slot.cell == cell and slot.position not in dealt]
            # Nothing else was left in this cell that would have told nothing when it was this one's turn.
            assert not [slot for slot in left if not slot.near & {n for p in dealt[:place] for n in pool[p].near}]
        told |= pool[position].near


def test_without_neighbours_the_draw_is_as_it_always_was():
    blueprint = [Cell("", "", 3), Cell("", "", 2)]
    near = [PoolSlot(slot.position, slot.cell, near=frozenset({f"gan:{slot.position}"})) for slot in pool_of(6, 6)]
    assert deal(near, blueprint, choice_seed=505, order_seed=505) == (6, 9, 5, 0, 4)


def test_a_cell_that_is_too_small_is_said():
    with pytest.raises(PoolTooSmall):
        deal(pool_of(2), [Cell("", "", 3)], choice_seed=1, order_seed=1)


@pytest.mark.parametrize("count", [0, -1, True, "3", None, 2.0])
def test_a_blueprint_line_without_a_count_is_refused(count):
    with pytest.raises(ValueError, match="blueprint count"):
        Cell.from_json({"topic": "nhan-thuc", "count": count})


@given(st.lists(st.integers(0, 999), max_size=200))
def test_a_paper_is_read_as_written(positions):
    assert read_dealt(write_dealt(positions)) == tuple(positions)


# ------------------------------------------------------------------ filling a blueprint from the bank

NEEDS = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@st.composite
def banks(draw):
    needs = draw(NEEDS)
    lines = st.frozensets(st.integers(0, len(needs) - 1))
    return needs, dict(enumerate(draw(st.lists(lines, max_size=14))))


def can_be_filled(needs, fits) -> bool:
    """Hall's condition, by trying every set of lines."""
    for mask in range(1, 1 << len(needs)):
        wanted = {i for i in range(len(needs)) if mask >> i & 1}
        if sum(bool(wanted & served) for served in fits.values()) < sum(needs[i] for i in wanted):
            return False
    return True


@given(banks(), st.booleans())
def test_a_blueprint_is_filled_exactly_when_it_can_be(bank, spare):
    needs, fits = bank
    filling = fill(needs, fits, spare=spare)
    assert filling.complete == can_be_filled(needs, fits)
    chosen = [question for questions in filling.chosen.values() for question in questions]
    assert len(chosen) == len(set(chosen))
    assert all(demand in fits[q] for demand, questions in filling.chosen.items() for q in questions)
    if filling.complete and not spare:
        assert {d: len(q) for d, q in filling.chosen.items()} == dict(enumerate(needs))


def test_overlapping_lines_do_not_starve_each_other():
    # Question 1 serves both lines; greedy giving it to the wide line would leave the narrow one empty.
    filling = fill([1, 1], {1: frozenset({0, 1}), 2: frozenset({0})}, spare=False)
    assert filling.chosen == {0: [2], 1: [1]}


def test_the_rest_of_the_bank_joins_the_pool_up_to_the_limit():
    fits = {question: frozenset({question % 2}) for question in range(20)}
    filling = fill([2, 3], fits, spare=True, limit=12)
    assert filling.size() == 12
    assert {demand: len(questions) for demand, questions in filling.chosen.items()} == {0: 5, 1: 7}


@given(banks())
def test_the_same_bank_is_filled_the_same_way(bank):
    needs, fits = bank
    assert fill(needs, fits, spare=True) == fill(needs, fits, spare=True)
