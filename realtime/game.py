"""The game: what a host's command and what the clock alone does to an event. Pure; everything that decides stands here and below.

::

    lobby ─ start ─▶ intro ─▶ open ─▶ locked ─▶ reveal ─▶ [board] ─▶ [rescue] ─▶ intro … ─▶ podium ─▶ ended

``steer`` and ``tick`` return the next state and the effects to apply in the same transaction; ``due`` says when the clock has
something to do, ``may`` which buttons a desk shows, ``accepts`` whether an answer counts. State: ``realtime.game_state``.
"""

from __future__ import annotations

from collections.abc import Mapping

from realtime import game_flow as flow
from realtime.enums import Action, Mode, Phase
from realtime.game_commands import ALLOWED, COMMANDS, Asked
from realtime.game_state import (
    DRAIN_MS,
    Count,
    Discard,
    Effect,
    Facts,
    Finished,
    Game,
    GameError,
    Move,
    Moved,
    Opened,
    Plan,
    PlanItem,
    Recount,
    Restore,
    Step,
    Uncount,
    Unmoved,
)
from realtime.rules import EventRules

_MOST_TRANSITIONS = 8  # in one tick; each goes forward in the flow, so this is never reached


def steer(
    game: Game,
    plan: Plan,
    rules: EventRules,
    action: Action,
    data: Mapping[str, object],
    *,
    now: int,
    facts: Facts,
) -> Step:
    """Do what a host commands.

    Raises:
        GameError: bad_phase when ``action`` is not in ``may``; other codes when its values or the hall's facts refuse it.
    """
    if action not in may(game, plan, rules):
        raise GameError("bad_phase")
    return COMMANDS[action](Asked(game=game, plan=plan, rules=rules, data=data, now=now, facts=facts))


def may(game: Game, plan: Plan, rules: EventRules) -> frozenset[Action]:
    """The commands that exist now. Facts (is only one standing? is anybody to be rescued?) may still refuse them."""
    return frozenset(
        action for action, phases in ALLOWED.items() if game.phase in phases and _fits(action, game, plan, rules)
    )


def _fits(action: Action, game: Game, plan: Plan, rules: EventRules) -> bool:
    bell = rules.bell if rules.mode == Mode.BELL else None
    match action:
        case Action.PAUSE | Action.RESUME:
            return (game.paused_at > 0) == (action == Action.RESUME)
        case Action.LOCK | Action.UNLOCK:
            return game.locked == (action == Action.UNLOCK)
        case Action.LIFELINE:
            usable = bell is not None and bell.lifeline and not game.lifeline_used
            return usable and not game.paused_at and not flow.is_last(game, plan)
        case Action.RESCUE:
            return bell is not None
        case Action.MARK:
            return bell is not None and bell.marshal
        case Action.TEAM_SET:
            return rules.mode == Mode.TEAM
        case _:
            return True


def due(game: Game) -> int | None:
    """When ``tick`` has something to do, or None. (It may act earlier: when everybody has answered.)"""
    if game.paused_at:
        return None
    if game.phase == Phase.INTRO:
        return game.opens_at
    if game.phase == Phase.OPEN:
        return game.closes_at + DRAIN_MS
    if game.phase in {Phase.LOCKED, Phase.REVEAL, Phase.BOARD, Phase.RESCUE}:
        return game.next_at or None
    return None


def accepts(game: Game, instance: int, received_at: int) -> bool:
    """Whether an answer received then counts. What was received before a pause counts; during it nothing does."""
    return (
        game.phase == Phase.OPEN
        and game.instance == instance
        and game.opens_at <= received_at <= game.closes_at
        and (not game.paused_at or received_at <= game.paused_at)
    )


def tick(game: Game, plan: Plan, rules: EventRules, *, now: int, facts: Facts) -> Step | None:
    """Do what the clock alone does by ``now``; None when there is nothing.

    Repeating it at the same moment does nothing more. Looked at late it goes through several transitions, but never through
    a question: one that opens late opens now, with its full time.
    """
    effects: tuple[Effect, ...] = ()
    before = game
    for _ in range(_MOST_TRANSITIONS):
        step = _tick_once(game, plan, rules, now=now, facts=facts)
        if step is None:
            break
        game, effects = step.game, effects + step.effects
    return None if game == before else Step(game, effects)


def _tick_once(game: Game, plan: Plan, rules: EventRules, *, now: int, facts: Facts) -> Step | None:
    if game.phase == Phase.OPEN and not game.paused_at and now < game.closes_at and _all_answered(rules, facts):
        return Step(flow.close_now(game, now=now))
    at = due(game)
    if at is None or now < at:
        return None
    match game.phase:
        case Phase.INTRO:
            return Step(flow.open_now(game, plan, now=now))
        case Phase.OPEN:
            return Step(flow.lock(game, rules, now=now))
        case Phase.LOCKED:
            return flow.reveal(game, rules, now=now)
        case Phase.REVEAL:
            return flow.after_reveal(game, plan, rules, now=now, facts=facts)
        case Phase.BOARD:
            return flow.after_board(game, plan, rules, now=now, facts=facts)
        case _:
            return flow.onwards(game, plan, rules, now=now, facts=facts)


def _all_answered(rules: EventRules, facts: Facts) -> bool:
    by_hand = rules.bell is not None and rules.bell.marshal and not facts.marshals_done
    return 0 < facts.expected <= facts.answered and not by_hand


__all__ = [
    "DRAIN_MS",
    "Count",
    "Discard",
    "Effect",
    "Facts",
    "Finished",
    "Game",
    "GameError",
    "Move",
    "Moved",
    "Opened",
    "Plan",
    "PlanItem",
    "Recount",
    "Restore",
    "Step",
    "Uncount",
    "Unmoved",
    "accepts",
    "due",
    "may",
    "steer",
    "tick",
]
