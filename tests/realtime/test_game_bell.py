"""Golden bell and the judges, step by step at the host's table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from realtime.enums import Action, AllOut, Finish, MoveBy, Phase
from realtime.game import (
    Finished,
    Move,
    Moved,
    Opened,
    PlanItem,
    Recount,
    Restore,
    due,
    may,
)
from realtime.rules import BellRules
from tests.realtime.game_table import BELL, HALL, PLAN, S, Table

# ------------------------------------------------------------------------------------------------- golden bell


def test_all_fall_and_come_back():
    table = Table(rules=BELL).at(Phase.REVEAL, fell=3, standing=0).do(Action.NEXT)

    assert table.effects == (Restore(0), Opened(1, 2))
    assert table.game.restored == (0,)


def test_all_fall_on_the_final_question_and_share_the_prize():
    table = Table(rules=BELL).at(Phase.REVEAL, 2, fell=3, standing=0).do(Action.NEXT)

    assert table.game.phase == Phase.PODIUM
    assert table.effects == (Restore(2), Finished(winners_by_rank=False))


def test_all_fall_and_it_is_over_when_the_rules_say_so():
    rules = replace(BELL, bell=BellRules(all_out=AllOut.END))
    table = Table(rules=rules).at(Phase.REVEAL, fell=3, standing=0).do(Action.NEXT)

    assert table.effects == (Finished(winners_by_rank=False),)


def test_last_one_falling_alone_ends_the_game():
    table = Table(rules=BELL).at(Phase.REVEAL, fell=1, standing=0).do(Action.NEXT)

    assert table.game.phase == Phase.PODIUM


def test_last_one_standing_wins_or_goes_on():
    to_the_end = Table(rules=BELL).at(Phase.REVEAL, fell=4, standing=1).do(Action.NEXT)
    assert to_the_end.game.phase == Phase.INTRO

    rules = replace(BELL, bell=BellRules(finish=Finish.LAST_STANDING, lifeline=False))
    last = Table(rules=rules).at(Phase.REVEAL, fell=4, standing=1).do(Action.NEXT)
    assert last.game.phase == Phase.PODIUM


def test_practice_with_one_player_in_the_hall_ends_nothing():
    rules = replace(BELL, bell=BellRules(finish=Finish.LAST_STANDING, lifeline=False))
    plan = (PlanItem(practice=True), PlanItem())
    table = Table(rules=rules, plan=plan, facts=replace(HALL, standing=1)).at(Phase.REVEAL).do(Action.NEXT)

    assert table.game.phase == Phase.INTRO


def test_extra_questions_only_while_several_stand():
    plan = (PlanItem(), PlanItem(extra=True), PlanItem(extra=True))
    alone = Table(rules=BELL, plan=plan).at(Phase.REVEAL, fell=4, standing=1).do(Action.NEXT)
    assert alone.game.phase == Phase.PODIUM

    several = Table(rules=BELL, plan=plan).at(Phase.REVEAL, fell=1, standing=3).do(Action.NEXT)
    assert several.game.index == 1
    several.at(Phase.REVEAL, 1, fell=0, standing=3).do(Action.NEXT)
    assert several.game.phase == Phase.PODIUM, "the rules allow one extra question"


def test_extra_questions_of_a_race_while_the_lead_is_shared():
    plan = (PlanItem(), PlanItem(extra=True))
    assert Table(plan=plan).at(Phase.REVEAL, leaders=1).do(Action.NEXT).game.phase == Phase.PODIUM
    assert Table(plan=plan).at(Phase.REVEAL, leaders=2).do(Action.NEXT).game.index == 1


def test_reserves_come_in_by_themselves_and_then_it_goes_on():
    rules = replace(BELL, bell=BellRules(reserves=3, rescue_from=1))
    table = Table(rules=rules).at(Phase.REVEAL, reserves=(11, 12)).do(Action.NEXT)
    assert table.game.phase == Phase.RESCUE
    assert table.effects == (Moved(Move(0, MoveBy.RESERVES, (11, 12))),)

    assert table.do(Action.NEXT, reserves=()).game.phase == Phase.INTRO


def test_reserves_wait_for_their_question():
    rules = replace(BELL, bell=BellRules(reserves=3, rescue_from=2))

    assert Table(rules=rules).at(Phase.REVEAL, reserves=(11,)).do(Action.NEXT).game.phase == Phase.INTRO


def test_teachers_rescue_only_candidates_and_only_so_often():
    table = Table(rules=BELL).at(Phase.REVEAL, fell=3, standing=2, fallen=(7, 8))
    assert table.refuses(Action.RESCUE, {"by": "teacher", "players": [9]}) == "not_rescuable"
    assert table.refuses(Action.RESCUE, {"by": "teacher", "players": []}) == "bad_value"
    assert table.refuses(Action.RESCUE, {"by": "teacher", "count": 0}) == "bad_value"
    assert table.refuses(Action.RESCUE, {"by": "judge", "players": [7]}) == "bad_value"

    table.do(Action.RESCUE, {"by": "audience", "players": [8]})
    assert table.game.moves == (Move(0, MoveBy.AUDIENCE, (8,)),)
    assert table.refuses(Action.RESCUE, {"by": "teacher", "players": [7]}) == "no_rescue"


def test_rescue_screen_without_a_decision():
    table = Table(rules=BELL).at(Phase.REVEAL).do(Action.RESCUE)

    assert (table.game.phase, table.effects) == (Phase.RESCUE, ())


def test_lifeline_once_for_the_last_one_and_not_on_the_final_question():
    table = Table(rules=BELL).at(Phase.OPEN)
    assert table.refuses(Action.LIFELINE, standing=2) == "no_lifeline"

    before = table.game.closes_at
    table.do(Action.LIFELINE, standing=1)
    assert table.game.closes_at == before + 30 * S
    assert table.game.lifeline_used
    assert table.refuses(Action.LIFELINE) == "bad_phase"
    assert Action.LIFELINE not in may(Table(rules=BELL).at(Phase.OPEN, 2).game, PLAN, BELL)


def test_skipped_question_gives_the_lifeline_back():
    table = Table(rules=BELL).at(Phase.OPEN).do(Action.LIFELINE, standing=1).do(Action.SKIP)

    assert not table.game.lifeline_used


def test_reveal_waits_for_the_marshals():
    rules = replace(BELL, auto_reveal=True, bell=BellRules(marshal=True))
    table = Table(rules=rules).at(Phase.OPEN).wait(5 * S, answered=5, marshals_done=False)
    assert table.effects is None, "boards are still being written"
    table.wait(60 * S)
    assert table.game.phase == Phase.LOCKED
    assert due(table.game) is None

    assert table.refuses(Action.REVEAL) == "marshals_pending"
    assert table.do(Action.REVEAL, {"force": True}).game.phase == Phase.REVEAL


# ------------------------------------------------------------------------------------------------- judges


def test_judges_accept_another_answer():
    table = Table().at(Phase.LOCKED).do(Action.JUDGE, {"accept": "B"})
    assert table.effects == ()

    table.at(Phase.REVEAL).do(Action.JUDGE, {"accept": "B"})
    assert table.effects == (Recount(0),)
    table.at(Phase.OPEN, 1).do(Action.JUDGE, {"void": True, "index": 0})
    assert table.effects == (Recount(0),)
    assert table.refuses(Action.JUDGE, {"accept": "B"}) == "not_counted"


def test_judges_change_the_key_on_the_podium_and_the_ranking_is_fixed_anew():
    table = Table().at(Phase.PODIUM, 2).do(Action.JUDGE, {"void": True, "index": 0})

    assert table.effects == (Recount(0), Finished(winners_by_rank=True))


def test_an_older_question_of_golden_bell_is_mended_by_calling_people_back():
    table = Table(rules=BELL).at(Phase.REVEAL, 1)
    assert table.refuses(Action.JUDGE, {"accept": "B", "index": 0}) == "not_counted"

    table.do(Action.JUDGE, {"in": [3, 3, 4]})
    assert table.effects == (Moved(Move(1, MoveBy.JUDGE, (3, 4))),)


def test_judges_send_off_and_name_winners():
    table = Table(rules=BELL).do(Action.START).do(Action.JUDGE, {"out": [2]})
    assert table.game.moves == (Move(-1, MoveBy.JUDGE_OUT, (2,)),)
    assert table.refuses(Action.JUDGE, {"winners": [1]}) == "bad_phase"

    table.do(Action.FINISH).do(Action.JUDGE, {"winners": [1, 4]})
    assert table.game.winners == (1, 4)


@pytest.mark.parametrize(
    "data", [{}, {"in": []}, {"in": "1"}, {"in": [True]}, {"out": [1.5]}, {"accept": "B", "index": "0"}]
)
def test_nonsense_of_judges_is_refused(data):
    assert Table(rules=BELL).at(Phase.REVEAL).refuses(Action.JUDGE, data) == "bad_value"
