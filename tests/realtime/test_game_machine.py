"""The machine of a whole hall is walked at random, and run against broken builds: a gate that cannot fail is no gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from realtime import game as game_module
from realtime import game_commands, game_flow
from realtime.enums import Action
from realtime.enums import Phase as Stage
from realtime.game import (
    Restore,
    Step,
    Uncount,
    steer,
)
from tests.realtime import hall_machine
from tests.realtime.hall_machine import HallMachine

QUICK = settings(
    max_examples=120,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
HUNT = settings(
    QUICK, max_examples=300, phases=[Phase.generate], derandomize=True, database=None, report_multiple_bugs=False
)

TestHall = HallMachine.TestCase
TestHall.settings = QUICK


# ------------------------------------------------------------------------------------------------- broken builds


def accepts_any_instance(game, instance, received_at):
    return game.phase == Stage.OPEN and game.opens_at <= received_at <= game.closes_at and not game.paused_at


def forgets_to_uncount(game, plan, rules):
    step = _take_back(game, plan, rules)
    return Step(step.game, tuple(effect for effect in step.effects if not isinstance(effect, Uncount)))


def forgets_to_restore(game, plan, rules):
    step = _take_back(game, plan, rules)
    return Step(step.game, tuple(effect for effect in step.effects if not isinstance(effect, Restore)))


def keeps_moves(game, plan, rules):
    step = _take_back(game, plan, rules)
    return Step(replace(step.game, moves=game.moves), step.effects)


def opens_in_the_past(game, plan, *, now):
    return replace(game, phase=Stage.OPEN, paused_at=0)


def counts_again(game, rules, *, now):
    step = _reveal(game, rules, now=now)
    return Step(step.game, step.effects * 2)


_take_back, _reveal = game_flow.take_back, game_flow.reveal


BROKEN: list[tuple[object, str, Callable[..., object]]] = [
    (game_flow, "take_back", forgets_to_uncount),
    (game_flow, "take_back", forgets_to_restore),
    (game_flow, "take_back", keeps_moves),
    (game_flow, "open_now", opens_in_the_past),
    (game_flow, "reveal", counts_again),
]


@pytest.mark.slow
@pytest.mark.parametrize(("module", "name", "broken"), BROKEN, ids=lambda value: getattr(value, "__name__", str(value)))
def test_machine_finds_a_broken_build(module, name, broken):
    with patch.object(module, name, broken), pytest.raises((AssertionError, KeyError, BaseExceptionGroup)):
        run_state_machine_as_test(HallMachine, settings=HUNT)


@pytest.mark.slow
def test_machine_finds_an_answer_of_another_opening(monkeypatch):
    monkeypatch.setattr(hall_machine, "accepts", accepts_any_instance)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run_state_machine_as_test(HallMachine, settings=HUNT)


def test_machine_walks_through_all_modules():
    assert game_module.steer is steer
    assert set(game_commands.COMMANDS) == set(Action) == set(game_commands.ALLOWED)
