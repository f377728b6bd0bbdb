"""From one phase to the next: the transitions that host and clock share. Only ``realtime.game`` calls them.

Fairness, as decided here:

* A question always opens with its full time. However late the clock is looked at, no question opens or closes in the past:
  after an outage the hall continues where it was, it does not run through questions nobody saw.
* A question that is closed stays OPEN for ``DRAIN_MS``, so that answers received in time are committed before it is locked.
"""

from __future__ import annotations

from dataclasses import replace

from realtime.enums import AllOut, Finish, Mode, MoveBy, Phase
from realtime.game_state import (
    Count,
    Discard,
    Effect,
    Facts,
    Finished,
    Game,
    Move,
    Moved,
    Opened,
    Plan,
    Restore,
    Step,
    Uncount,
    Unmoved,
)
from realtime.rules import EventRules

AUTO_SECONDS = 8
"""How long a reveal or a board stays when a host switches on auto-advance and the rules name no time."""


def put(game: Game, plan: Plan, index: int, *, now: int, stood: int, led: int) -> Step:
    """Put question ``index`` on the wall: first to read, then (at once without reading time) open.

    ``stood``, ``led``: who stands and how many share the lead before it, for the case that it is skipped after the count.
    """
    item = plan[index]
    game = replace(
        game,
        phase=Phase.INTRO,
        index=index,
        instance=game.instance + 1,
        opens_at=now + item.read_seconds * 1000,
        closes_at=now + item.read_seconds * 1000 + item.limit_ms,
        paused_at=0,
        next_at=0,
        extended_ms=0,
        stood=stood,
        led=led,
    )
    if item.read_seconds == 0:
        game = open_now(game, plan, now=now)
    return Step(game, (Opened(index, game.instance),))


def open_now(game: Game, plan: Plan, *, now: int) -> Game:
    """Show the options: the time starts when this happens, not when it was planned to."""
    return replace(game, phase=Phase.OPEN, opens_at=now, closes_at=now + plan[game.index].limit_ms, paused_at=0)


def close_now(game: Game, *, now: int) -> Game:
    """No answer received after ``now`` counts (after the pause, if the clock stood). The tick locks when the queue is drained."""
    at = min(now, game.paused_at or now, game.closes_at)
    return replace(game, closes_at=max(at, game.opens_at), paused_at=0)


def lock(game: Game, rules: EventRules, *, now: int) -> Game:
    """No answer is taken any more. The reveal follows by itself, unless boards are still being checked by hand."""
    by_hand = rules.bell is not None and rules.bell.marshal
    goes_on = (rules.auto_reveal or game.auto) and not by_hand
    return replace(game, phase=Phase.LOCKED, paused_at=0, next_at=now if goes_on else 0)


def reveal(game: Game, rules: EventRules, *, now: int) -> Step:
    """Show the key and count the question."""
    game = replace(game, counted=(*game.counted, game.index))
    return Step(_stay(game, Phase.REVEAL, rules, now=now), (Count(game.index, game.instance),))


def to_board(game: Game, rules: EventRules, *, now: int) -> Step:
    """Show the board."""
    return Step(_stay(game, Phase.BOARD, rules, now=now))


def to_rescue(game: Game, rules: EventRules, move: Move | None, *, now: int) -> Step:
    """Show the floor with those who may come back, and call ``move`` in."""
    game = _stay(game, Phase.RESCUE, rules, now=now)
    if move is None:
        return Step(game)
    return Step(replace(game, moves=(*game.moves, move)), (Moved(move),))


def _stay(game: Game, phase: Phase, rules: EventRules, *, now: int) -> Game:
    next_at = now + auto_ms(rules) if game.auto else 0
    return replace(game, phase=phase, next_at=next_at)


def auto_ms(rules: EventRules) -> int:
    """How long auto-advance waits on a screen, in milliseconds."""
    return (rules.auto_next_seconds or AUTO_SECONDS) * 1000


def after_reveal(game: Game, plan: Plan, rules: EventRules, *, now: int, facts: Facts) -> Step:
    """The natural next thing after a reveal: a board if one is due (the last one is the podium itself), else onwards."""
    every = rules.board_every
    if every and plan[game.index].scores and _following(game, plan, rules, facts) is not None:
        so_far = sum(plan[index].scores for index in game.counted)
        if so_far % every == 0:
            return to_board(game, rules, now=now)
    return after_board(game, plan, rules, now=now, facts=facts)


def after_board(game: Game, plan: Plan, rules: EventRules, *, now: int, facts: Facts) -> Step:
    """Reserves come in when the quota calls them; else onwards."""
    if rules.bell is not None and facts.reserves and 0 < rules.bell.rescue_from <= game.index + 1:
        return to_rescue(game, rules, Move(last_counted(game), MoveBy.RESERVES, facts.reserves), now=now)
    return onwards(game, plan, rules, now=now, facts=facts)


def onwards(game: Game, plan: Plan, rules: EventRules, *, now: int, facts: Facts) -> Step:
    """The next question, or the podium.

    Golden bell: when everybody fell on one question, they come back (if the rules say so); one who fell alone was the last,
    and it is over.
    """
    effects: tuple[Effect, ...] = ()
    if rules.mode == Mode.BELL and facts.standing == 0 and facts.fell > 0:
        if facts.fell == 1 or rules.bell is None or rules.bell.all_out == AllOut.END:
            return podium(game, rules)
        game = replace(game, restored=(*game.restored, game.index))
        facts = replace(facts, standing=facts.fell, fell=0)
        effects = (Restore(game.index),)
    following = None if _decided(game, plan, rules, facts) else _following(game, plan, rules, facts)
    if following is None:
        step = podium(game, rules)
    else:
        step = put(game, plan, following, now=now, stood=facts.standing, led=facts.leaders)
    return Step(step.game, effects + step.effects)


def podium(game: Game, rules: EventRules) -> Step:
    """It is over: fix the ranking."""
    game = replace(game, phase=Phase.PODIUM, next_at=0, paused_at=0)
    return Step(game, (Finished(winners_by_rank=rules.mode != Mode.BELL),))


def last_counted(game: Game) -> int:
    """Index of the question counted last, -1 before the first."""
    return game.counted[-1] if game.counted else -1


def take_back(game: Game, plan: Plan, rules: EventRules) -> Step:
    """Undo what counting the question on the wall did, rescues after it included."""
    index = game.index
    if index not in game.counted:
        return Step(game)
    late = tuple(move for move in game.moves if move.after == index)
    game = replace(
        game,
        counted=tuple(other for other in game.counted if other != index),
        moves=tuple(move for move in game.moves if move.after != index),
        next_at=0,
    )
    back: tuple[Effect, ...] = (*(Unmoved(move) for move in reversed(late)), Uncount(index))
    if rules.mode == Mode.BELL and plan[index].eliminates:
        back += (Restore(index),)
    return Step(game, back)


def without_current(game: Game, facts: Facts) -> Facts:
    """The facts as they were before the question on the wall was counted: for deciding what follows a skipped one."""
    if not game.is_counted:
        return replace(facts, fell=0)
    return replace(facts, standing=game.stood, leaders=game.led, fell=0, reserves=(), fallen=())


def ask_again(game: Game, plan: Plan, rules: EventRules, *, now: int) -> Step:
    """Put the same question once more; what was answered is set aside and a lifeline spent on it is given back."""
    back = take_back(game, plan, rules)
    again = put(_lifeline_back(back.game), plan, game.index, now=now, stood=game.stood, led=game.led)
    return Step(again.game, (*back.effects, Discard(game.index), *again.effects))


def pass_over(game: Game, plan: Plan, rules: EventRules, *, now: int, facts: Facts) -> Step:
    """Leave the question without any effect, and go on."""
    facts = without_current(game, facts)
    back = take_back(game, plan, rules)
    skipped = replace(_lifeline_back(back.game), skipped=(*back.game.skipped, game.index))
    step = onwards(skipped, plan, rules, now=now, facts=facts)
    return Step(step.game, back.effects + step.effects)


def _lifeline_back(game: Game) -> Game:
    return replace(game, lifeline_at=-1) if game.lifeline_at == game.index else game


def _decided(game: Game, plan: Plan, rules: EventRules, facts: Facts) -> bool:
    """Golden bell: one is left, and that is the rules' end. Nobody wins before a question could let anybody fall."""
    if rules.bell is None or rules.bell.finish != Finish.LAST_STANDING:
        return False
    return facts.standing == 1 and any(plan[index].eliminates for index in game.counted)


def _following(game: Game, plan: Plan, rules: EventRules, facts: Facts) -> int | None:
    asked = {*game.counted, *game.skipped, game.index}
    left = [index for index in range(len(plan)) if index not in asked]
    for index in left:
        if not plan[index].extra:
            return index
    spent = sum(plan[index].extra for index in game.counted)
    open_tie = (facts.standing if rules.mode == Mode.BELL else facts.leaders) > 1
    if not left or not open_tie or (rules.bell is not None and spent >= rules.bell.extra):
        return None
    return left[0]


def is_last(game: Game, plan: Plan) -> bool:
    """Whether the question on the wall is the final one of the running order (extra questions come after it)."""
    return all(item.extra for item in plan[game.index + 1 :])
