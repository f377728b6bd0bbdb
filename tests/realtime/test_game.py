"""The game, step by step: a small cast, the clock in the test's hand, one behaviour a test."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from realtime.enums import Action, LateJoin, MoveBy, Phase, Play, Stakes
from realtime.game import (
    DRAIN_MS,
    Count,
    Discard,
    Finished,
    Game,
    Move,
    Moved,
    Opened,
    PlanItem,
    Restore,
    Uncount,
    Unmoved,
    accepts,
    due,
    may,
)
from tests.realtime.game_table import BELL, PLAN, RACE, T0, S, Table

# ------------------------------------------------------------------------------------------------- the flow


def test_start_puts_the_first_question_to_be_read():
    table = Table().do(Action.START)

    assert table.game.phase == Phase.INTRO
    assert (table.game.index, table.game.instance) == (0, 1)
    assert table.game.opens_at == T0 + 3 * S
    assert table.effects == (Opened(0, 1),)
    assert due(table.game) == table.game.opens_at


def test_question_without_reading_time_opens_at_once():
    table = Table(plan=(PlanItem(seconds=10, read_seconds=0),)).do(Action.START)

    assert table.game.phase == Phase.OPEN
    assert (table.game.opens_at, table.game.closes_at) == (T0, T0 + 10 * S)


def test_clock_opens_and_locks_and_the_host_reveals():
    table = Table().do(Action.START).wait(3 * S)
    assert table.game.phase == Phase.OPEN

    table.wait(20 * S + DRAIN_MS - 1)
    assert table.game.phase == Phase.OPEN, "answers received in time may still be on their way to the disk"
    table.wait(1)
    assert table.game.phase == Phase.LOCKED

    table.do(Action.REVEAL)
    assert table.game.phase == Phase.REVEAL
    assert table.effects == (Count(0, 1),)
    assert table.game.counted == (0,)


def test_reveal_follows_by_itself_when_the_rules_say_so():
    table = Table(rules=replace(RACE, auto_reveal=True)).do(Action.START).wait(3 * S).wait(20 * S + DRAIN_MS)

    assert table.game.phase == Phase.REVEAL
    assert table.effects == (Count(0, 1),)


def test_next_walks_a_whole_game():
    table, seen = Table(rules=replace(RACE, board_every=1)), []
    while table.game.phase != Phase.ENDED:
        table.do(Action.NEXT)
        if table.game.phase == Phase.OPEN and table.game.closes_at <= table.now:
            table.wait(DRAIN_MS)
        seen.append((table.game.phase.value, table.game.index))

    assert seen == [
        ("intro", 0), ("open", 0), ("locked", 0), ("reveal", 0), ("board", 0),
        ("intro", 1), ("open", 1), ("locked", 1), ("reveal", 1), ("board", 1),
        ("open", 2), ("locked", 2), ("reveal", 2), ("podium", 2), ("ended", 2),
    ]  # fmt: skip


def test_all_answered_closes_early_and_drains():
    table = Table().do(Action.START).wait(3 * S).wait(5 * S, answered=5)

    assert table.game.phase == Phase.OPEN
    assert table.game.closes_at == table.now
    assert not accepts(table.game, 1, table.now + 1)
    assert table.wait(DRAIN_MS).game.phase == Phase.LOCKED


def test_nobody_reachable_does_not_close_early():
    assert Table().do(Action.START).wait(3 * S).wait(5 * S, answered=0, expected=0).effects is None


def test_auto_advance_walks_on_without_a_host():
    table = Table(rules=replace(RACE, auto_next_seconds=5, board_every=1)).do(Action.START)
    seen = []
    for _ in range(60):
        table.wait(1 * S)
        if not seen or seen[-1] != table.game.phase.value:
            seen.append(table.game.phase.value)

    assert seen[:7] == ["intro", "open", "reveal", "board", "intro", "open", "reveal"]


@pytest.mark.parametrize(("every", "boards"), [(0, []), (1, [0, 1]), (2, [1])])
def test_board_comes_after_each_nth_question_that_gives_points_and_not_before_the_podium(every, boards):
    table, seen = Table(rules=replace(RACE, board_every=every)), []
    while table.game.phase != Phase.PODIUM:
        table.do(Action.NEXT)
        if table.game.phase == Phase.OPEN:
            table.wait(60 * S)
        if table.game.phase == Phase.BOARD:
            seen.append(table.game.index)

    assert seen == boards


def test_practice_and_polls_bring_no_board():
    plan = (PlanItem(practice=True), PlanItem(play=Play.POLL), PlanItem(), PlanItem())
    table = Table(rules=replace(RACE, board_every=1), plan=plan).at(Phase.REVEAL, 0).do(Action.NEXT)
    assert (table.game.phase, table.game.index) == (Phase.INTRO, 1)
    assert table.at(Phase.REVEAL, 2).do(Action.NEXT).game.phase == Phase.BOARD


def test_start_without_questions_is_refused():
    assert Table(plan=()).refuses(Action.START) == "no_questions"


# ------------------------------------------------------------------------------------------------- lateness


def test_question_that_opens_late_opens_with_its_full_time():
    table = Table().do(Action.START).wait(33 * S)

    assert table.game.phase == Phase.OPEN
    assert (table.game.opens_at, table.game.closes_at) == (T0 + 33 * S, T0 + 53 * S)


def test_outage_during_a_question_keeps_its_deadline_and_stops_at_the_reveal():
    rules = replace(RACE, auto_reveal=True, auto_next_seconds=5)
    table = Table(rules=rules).do(Action.START).wait(3 * S).wait(120 * S)

    assert table.game.phase == Phase.REVEAL
    assert table.game.closes_at == T0 + 23 * S
    assert table.game.next_at == table.now + 5 * S, "the hall sees the reveal, however late"


def test_outage_during_a_reveal_runs_through_no_question():
    rules = replace(RACE, auto_reveal=True, auto_next_seconds=5)
    table = Table(rules=rules).at(Phase.REVEAL, 1).wait(3600 * S)

    assert (table.game.phase, table.game.index) == (Phase.OPEN, 2)
    assert table.game.closes_at == table.now + 10 * S


def test_ticking_twice_does_nothing_more():
    table = Table().do(Action.START).wait(3 * S)

    assert table.wait(0).effects is None


# ------------------------------------------------------------------------------------------------- answers


def test_answers_count_only_while_open_in_time_and_for_this_opening():
    table = Table().do(Action.START)
    assert not accepts(table.game, 1, T0 + 3 * S)

    game = table.wait(3 * S).game
    assert accepts(game, 1, T0 + 3 * S)
    assert accepts(game, 1, T0 + 23 * S)
    assert not accepts(game, 1, T0 + 3 * S - 1)
    assert not accepts(game, 1, T0 + 23 * S + 1)
    assert not accepts(game, 0, T0 + 5 * S)
    assert not accepts(game, 2, T0 + 5 * S)


# ------------------------------------------------------------------------------------------------- the clock


def test_pause_keeps_what_remains_of_the_time():
    table = Table().do(Action.START).wait(3 * S).do(Action.PAUSE, after=5 * S)
    assert due(table.game) is None
    assert accepts(table.game, 1, table.now)
    assert not accepts(table.game, 1, table.now + 1)
    assert Action.PAUSE not in may(table.game, PLAN, RACE)

    table.wait(600 * S)
    assert table.effects is None
    table.do(Action.RESUME)
    assert table.game.closes_at - table.now == 15 * S
    assert table.now - table.game.opens_at == 5 * S, "elapsed time does not hold the pause"


def test_pause_while_reading():
    table = Table().do(Action.START).do(Action.PAUSE, after=1 * S).wait(60 * S).do(Action.NEXT)

    assert table.game.phase == Phase.INTRO
    assert table.game.opens_at == table.now + 2 * S


def test_extend_gives_everybody_more():
    table = Table().do(Action.START).wait(3 * S).do(Action.EXTEND, {"seconds": 30})
    assert table.game.closes_at == T0 + 53 * S
    assert table.game.extended_ms == 30 * S


@pytest.mark.parametrize("seconds", [0, -5, 301, "10", 2.5, True, None])
def test_extend_by_nonsense_is_refused(seconds):
    assert Table().do(Action.START).wait(3 * S).refuses(Action.EXTEND, {"seconds": seconds}) == "bad_value"


def test_nothing_prolongs_a_question_that_has_closed():
    table = Table().do(Action.START).wait(3 * S)
    table.now += 20 * S

    assert table.refuses(Action.EXTEND) == "too_late"
    assert table.refuses(Action.PAUSE) == "too_late"


def test_end_now_closes_at_once_and_repeats_safely():
    table = Table().do(Action.START).wait(3 * S).do(Action.END_NOW, after=2 * S)
    closed = table.game.closes_at
    assert closed == T0 + 5 * S

    table.do(Action.END_NOW, after=100)
    assert table.game.closes_at == closed
    assert table.do(Action.END_NOW, after=DRAIN_MS).game.phase == Phase.LOCKED


def test_end_now_while_paused_closes_at_the_pause():
    table = Table().do(Action.START).wait(3 * S).do(Action.PAUSE, after=2 * S).do(Action.END_NOW, after=60 * S)

    assert table.game.closes_at == T0 + 5 * S
    assert table.wait(0).game.phase == Phase.LOCKED


def test_auto_switches_on_and_off():
    table = Table().at(Phase.REVEAL).do(Action.AUTO)
    assert table.game.auto
    assert table.game.next_at == table.now + 8 * S
    table.do(Action.AUTO, {"on": False})
    assert (table.game.auto, table.game.next_at) == (False, 0)
    assert table.refuses(Action.AUTO, {"on": "yes"}) == "bad_value"


# ------------------------------------------------------------------------------------------------- second thoughts


@pytest.mark.parametrize("phase", [Phase.REVEAL, Phase.BOARD])
def test_undo_hides_the_key_and_takes_the_points_back(phase):
    table = Table(rules=replace(RACE, board_every=1)).at(phase).do(Action.UNDO)

    assert table.game.phase == Phase.LOCKED
    assert table.game.counted == ()
    assert table.effects == (Uncount(0),)
    assert table.wait(60 * S).effects is None, "an undone reveal waits for the host"


def test_undo_in_golden_bell_brings_back_who_fell_and_takes_rescues_back():
    table = Table(rules=BELL).at(Phase.REVEAL, fell=3, standing=2, fallen=(7, 8, 9))
    table.do(Action.RESCUE, {"by": "teacher", "count": 2})
    rescue = Move(0, MoveBy.TEACHER, (7, 8))
    assert table.effects == (Moved(rescue),)

    table.do(Action.UNDO)
    assert table.effects == (Unmoved(rescue), Uncount(0), Restore(0))
    assert table.game.moves == ()


def test_nothing_to_undo_before_the_reveal():
    assert Table().at(Phase.LOCKED).refuses(Action.UNDO) == "bad_phase"


def test_skip_leaves_no_trace_of_the_question():
    table = Table().at(Phase.REVEAL).do(Action.SKIP)

    assert table.effects == (Uncount(0), Opened(1, 2))
    assert (table.game.counted, table.game.skipped) == ((), (0,))


def test_skip_before_the_reveal_counts_nothing():
    assert Table().at(Phase.OPEN).do(Action.SKIP).effects == (Opened(1, 2),)


def test_skip_of_a_question_on_which_all_fell_goes_on_with_those_who_stood():
    table = Table(rules=BELL).at(Phase.REVEAL, fell=5, standing=0).do(Action.SKIP)

    assert table.effects == (Uncount(0), Restore(0), Opened(1, 2))


def test_replay_asks_again_and_sets_the_answers_aside():
    table = Table().at(Phase.REVEAL).do(Action.REPLAY)

    assert table.effects == (Uncount(0), Discard(0), Opened(0, 2))
    assert (table.game.index, table.game.instance) == (0, 2)
    assert not accepts(table.wait(3 * S).game, 1, table.now)


def test_finish_leaves_an_open_question_uncounted():
    table = Table().at(Phase.REVEAL).do(Action.NEXT).do(Action.FINISH)

    assert table.game.phase == Phase.PODIUM
    assert (table.game.counted, table.game.skipped) == ((0,), (1,))
    assert table.effects == (Finished(winners_by_rank=True),)


def test_abort_ends_everything():
    table = Table().at(Phase.OPEN).do(Action.ABORT)

    assert table.game.phase == Phase.ABORTED
    assert table.game.is_over
    assert may(table.game, PLAN, RACE) == frozenset()
    assert due(table.game) is None


# ------------------------------------------------------------------------------------------------- the room, and storing


def test_lock_and_unlock_the_door():
    table = Table().do(Action.LOCK)
    assert table.game.locked
    assert Action.LOCK not in may(table.game, PLAN, RACE)
    assert not table.do(Action.UNLOCK).game.locked


def test_commands_about_people_leave_the_game_alone():
    table = Table().at(Phase.OPEN)
    before = table.game
    for action in (Action.KICK, Action.BAN, Action.UNBAN, Action.RENAME):
        assert table.do(action).game == before
    assert table.refuses(Action.TEAM_SET) == "bad_phase"
    assert table.refuses(Action.MARK) == "bad_phase"


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("action", list(Action))
def test_what_may_does_not_allow_is_a_bad_phase(phase, action):
    game = Game(phase=phase, index=0, instance=1, opens_at=T0, closes_at=T0 + 20 * S)
    for rules in (RACE, BELL):
        if action not in may(game, PLAN, rules):
            assert Table(rules=rules, game=game).refuses(action) == "bad_phase"


def test_state_is_the_same_after_storing():
    table = Table(rules=BELL).at(Phase.REVEAL, fallen=(7,), fell=1, standing=4)
    table.do(Action.RESCUE, {"by": "teacher", "players": [7]})

    assert Game.from_json(json.loads(json.dumps(table.game.to_json()))) == table.game
    assert Game.from_json({}) == Game()


def test_stakes_and_play_decide_who_can_fall():
    assert PlanItem().eliminates
    assert PlanItem(stakes=Stakes.CUTOFF).eliminates
    assert not PlanItem(stakes=Stakes.SAFE).eliminates
    assert not PlanItem(practice=True).eliminates
    assert not PlanItem(play=Play.POLL).eliminates
    assert BELL.late_join == LateJoin.CLOSED
