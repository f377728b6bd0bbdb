"""A host's table for tests of the game: the state machine, its clock in the test's hand, and a small plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from realtime.enums import Action, Mode, Phase
from realtime.game import (
    Facts,
    Game,
    GameError,
    PlanItem,
    due,
    steer,
    tick,
)
from realtime.rules import BellRules, EventRules, preset

S = 1000
T0 = 1_790_000_000_000
RACE = EventRules(board_every=0, auto_reveal=False)
BELL = replace(preset(Mode.BELL), bell=BellRules(teacher_rescues=1, extra=1))
PLAN = (
    PlanItem(seconds=20, read_seconds=3),
    PlanItem(seconds=10, read_seconds=3),
    PlanItem(seconds=10, read_seconds=0),
)
HALL = Facts(players=5, standing=5, fell=0, answered=0, expected=5)


class Table:
    """A host's table: the game, its clock, and what the last step did."""

    def __init__(self, rules=RACE, plan=PLAN, facts=HALL, game=None):
        self.rules, self.plan, self.facts = rules, plan, facts
        self.game = game or Game(phase=Phase.LOBBY)
        self.now = T0
        self.effects = ()

    def do(self, action, data=None, *, after=0, **facts):
        self.now += after
        self.facts = replace(self.facts, **facts)
        step = steer(self.game, self.plan, self.rules, action, data or {}, now=self.now, facts=self.facts)
        self.game, self.effects = step.game, step.effects
        return self

    def wait(self, ms, **facts):
        self.now += ms
        self.facts = replace(self.facts, **facts)
        step = tick(self.game, self.plan, self.rules, now=self.now, facts=self.facts)
        self.effects = step.effects if step else None
        self.game = step.game if step else self.game
        return self

    def at(self, phase, index=0, **facts):
        """Play to a phase of a question, everything right."""
        self.facts = replace(self.facts, **facts)
        for _ in range(200):
            if self.game.phase == phase and self.game.index == index:
                return self
            if self.game.phase == Phase.OPEN or self.game.phase == Phase.INTRO:
                self.wait(max(due(self.game) - self.now, 0))
            else:
                self.do(Action.NEXT)
        raise AssertionError(f"never came to {phase} of {index}")

    def refuses(self, action, data=None, **facts):
        with pytest.raises(GameError) as error:
            self.do(action, data, **facts)
        return error.value.code
