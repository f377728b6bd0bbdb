"""Golden bell: who falls, who is rescued first, when reserves come in, and the floor computed from the start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from realtime.bell import (
    NEVER_ON_FLOOR,
    STILL_STANDING,
    Person,
    fall,
    fell_on,
    floor,
    moved,
    rescue_candidates,
    reserves_for_units,
    stood,
    survivors,
)
from realtime.enums import Mode, MoveBy, PlayerStatus, Scoring, Stakes
from realtime.game_state import Game, Move, PlanItem
from realtime.podium import Row, leaders, rank_lines, winners_of
from realtime.rules import BellRules, EventRules, preset

IN, OUT, RESERVE = PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE
PLAN = (PlanItem(), PlanItem(), PlanItem(stakes=Stakes.CUTOFF), PlanItem(), PlanItem(stakes=Stakes.SAFE))
RESERVES = BellRules(reserves=2, rescue_from=2, quota_k=1)


def person(number, status=IN, *, out_at=None, unit=1):
    return Person(id=number, seat=number, unit=unit, status=status, out_at=out_at)


def game(*counted, index=None, moves=()):
    return Game(counted=counted, index=counted[-1] if index is None else index, moves=tuple(moves))


@pytest.mark.parametrize("stakes", [Stakes.OUT, Stakes.CUTOFF])
def test_only_a_wholly_right_answer_keeps_the_place(stakes):
    people = [person(1), person(2), person(3), person(4), person(5, OUT, out_at=0), person(6, RESERVE)]

    assert fall(people, {1: 1000, 2: 0, 3: 999}, stakes) == {2, 3, 4}


def test_nobody_falls_on_a_safe_question():
    assert fall([person(1), person(2)], {1: 0}, Stakes.SAFE) == frozenset()


def test_survivors_stand_by_seat():
    assert survivors([person(3), person(1), person(2, OUT, out_at=0)]) == (1, 3)


# ------------------------------------------------------------------------------------------------- rescue


def test_who_stood_longest_is_rescued_first():
    people = [person(1, OUT, out_at=0), person(2, OUT, out_at=1), person(3)]

    assert rescue_candidates(people, game=game(0, 1), plan=PLAN, lot="x") == (2, 1)


def test_lot_decides_among_those_who_fell_together_and_can_be_drawn_again():
    people = [person(number, OUT, out_at=0) for number in range(1, 30)]
    drawn = rescue_candidates(people, game=game(0), plan=PLAN, lot="one")

    assert drawn == rescue_candidates(people[::-1], game=game(0), plan=PLAN, lot="one")
    assert drawn != rescue_candidates(people, game=game(0), plan=PLAN, lot="other")
    assert drawn != rescue_candidates(people, game=game(0, 1), plan=PLAN, lot="one"), "each rescue has its own lot"
    assert sorted(drawn) == list(range(1, 30))


def test_cut_off_closes_the_floor_behind_it():
    people = [person(1, OUT, out_at=1), person(2, OUT, out_at=2), person(3, OUT, out_at=3)]

    assert rescue_candidates(people, game=game(0, 1, 2, 3), plan=PLAN, lot="x") == (3,)
    assert set(rescue_candidates(people[:2], game=game(0, 1), plan=PLAN, lot="x")) == {1}


def test_whom_the_judges_sent_off_nobody_rescues():
    moves = [Move(0, MoveBy.JUDGE_OUT, (1,))]
    people = [person(1, OUT, out_at=0), person(2, OUT, out_at=0)]
    assert rescue_candidates(people, game=game(0, moves=moves), plan=PLAN, lot="x") == (2,)
    assert fell_on(people, 0, game=game(0, moves=moves)) == (2,)

    forgiven = game(0, moves=[*moves, Move(0, MoveBy.JUDGE, (1,))])
    assert set(rescue_candidates(people, game=forgiven, plan=PLAN, lot="x")) == {1, 2}


# ------------------------------------------------------------------------------------------------- reserves


def test_reserves_of_a_unit_come_in_when_one_of_it_is_left():
    people = [
        person(1), person(2, OUT, out_at=1), person(3, unit=2), person(4, unit=2),
        person(11, RESERVE), person(12, RESERVE, unit=2), person(13, RESERVE),
    ]  # fmt: skip

    assert reserves_for_units(people, RESERVES, game=game(0, 1)) == (11, 13)


def test_reserves_of_the_whole_floor():
    people = [person(1), person(2, unit=2), person(11, RESERVE, unit=3)]
    whole = replace(RESERVES, quota_by_unit=False)

    assert reserves_for_units(people, whole, game=game(0, 1)) == ()
    assert reserves_for_units(people[1:], whole, game=game(0, 1)) == (11,)


def test_reserves_wait_for_their_question_and_for_its_count():
    people = [person(11, RESERVE)]

    assert reserves_for_units(people, RESERVES, game=game(0)) == ()
    assert reserves_for_units(people, RESERVES, game=game(0, index=1)) == ()
    assert reserves_for_units(people, BellRules(), game=game(0, 1)) == ()


# ------------------------------------------------------------------------------------------------- moves and the floor


def test_moves_reach_only_those_who_play_or_wait():
    statuses = [IN, OUT, RESERVE, PlayerStatus.KICKED, PlayerStatus.BANNED, PlayerStatus.SPECTATOR]
    people = [person(number, status) for number, status in enumerate(statuses)]
    everybody = tuple(range(6))

    inward = moved(people, Move(3, MoveBy.TEACHER, everybody))
    assert [p.status for p in inward] == [IN, IN, IN, *statuses[3:]]
    outward = moved(people, Move(3, MoveBy.JUDGE_OUT, everybody))
    assert [p.status for p in outward] == [OUT, OUT, OUT, *statuses[3:]]
    assert [p.out_at for p in outward[:3]] == [3, None, None]


def test_a_ruling_against_somebody_who_fell_improves_no_rank():
    fallen = person(1, OUT, out_at=0)

    assert moved([fallen], Move(3, MoveBy.JUDGE_OUT, (1,))) == [fallen]


def test_floor_from_the_start():
    people = [person(1), person(2), person(3), person(9, RESERVE)]
    story = Game(
        counted=(0, 1, 3), index=3, restored=(1,), moves=(Move(0, MoveBy.TEACHER, (2,)), Move(1, MoveBy.RESERVES, (9,)))
    )
    grades = {0: {1: 1000, 3: 1000}, 1: {}, 3: {1: 1000, 9: 1000}}

    now = floor(people, game=story, plan=PLAN, grades=grades)

    assert {number: (p.status, p.out_at) for number, p in now.items()} == {
        1: (IN, None),
        2: (OUT, 3),  # fell on 0, rescued, stayed when all fell on 1, fell on 3
        3: (OUT, 3),
        9: (IN, None),
    }


def test_standing_longer_ranks_higher_and_falling_together_is_a_tie():
    story = game(0, 1, 3)
    people = [
        person(1),
        person(2, OUT, out_at=3),
        person(3, OUT, out_at=0),
        person(4, OUT, out_at=0),
        person(5, RESERVE),
    ]
    lengths = [stood(p, game=story) for p in people]
    assert lengths == [STILL_STANDING, 2, 0, 0, NEVER_ON_FLOOR]
    assert stood(person(6, OUT, out_at=-1), game=story) == -1

    rules = preset(Mode.BELL)
    rows = [Row(key=p.id, points=10 * p.id, stood=length) for p, length in zip(people, lengths, strict=True)]
    lines = rank_lines(rows, rules=rules)
    assert [(line.rank, line.tied, line.row.key) for line in lines] == [
        (1, False, 1), (2, False, 2), (3, True, 3), (3, True, 4), (5, False, 5),
    ]  # fmt: skip
    assert winners_of(lines, rules=rules, game=story, standing=[1]) == (1,)
    assert winners_of(lines, rules=rules, game=story, standing=[]) == (), "the bell did not ring"
    assert winners_of(lines, rules=rules, game=replace(story, winners=(2, 3)), standing=[1]) == (2, 3)

    ghosts = rank_lines(rows, rules=rules, ghosts=True)
    assert [line.row.key for line in ghosts] == [5, 4, 3, 2, 1]


# ------------------------------------------------------------------------------------------------- the podium of a race


def test_race_ranks_by_points_then_time_and_equal_is_a_tie():
    rows = [
        Row(key=1, points=5, time_ms=90),
        Row(key=2, points=5, time_ms=80),
        Row(key=3, points=9),
        Row(key=4, points=5, time_ms=80),
    ]
    by_time = rank_lines(rows, rules=EventRules())
    shared = rank_lines(rows, rules=EventRules(scoring=Scoring.ACCURACY, tie_by_time=False))

    assert [(line.rank, line.tied, line.row.key) for line in by_time] == [
        (1, False, 3),
        (2, True, 2),
        (2, True, 4),
        (4, False, 1),
    ]
    assert [(line.rank, line.tied, line.row.key) for line in shared] == [
        (1, False, 3),
        (2, True, 1),
        (2, True, 2),
        (2, True, 4),
    ]


def test_nobody_leads_or_wins_without_a_point():
    lines = rank_lines([Row(key=1, points=0), Row(key=2, points=0)], rules=EventRules())

    assert leaders(lines) == 0
    assert winners_of(lines, rules=EventRules(), game=Game(), standing=[]) == ()
    tied = rank_lines([Row(key=1, points=7), Row(key=2, points=7)], rules=EventRules())
    assert leaders(tied) == 2
    assert winners_of(tied, rules=EventRules(), game=Game(), standing=[]) == (1, 2)
