"""What each command of a host does to the game: one small function each, found in ``COMMANDS``. Only ``realtime.game`` calls them.

``ALLOWED`` is the one place that says in which phases a command exists at all; values and counts are checked here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from realtime import game_flow as flow
from realtime.enums import Action, Mode, MoveBy, Phase
from realtime.game_state import DRAIN_MS, Facts, Finished, Game, GameError, Move, Moved, Plan, Recount, Step
from realtime.rules import EventRules

EXTEND_SECONDS = 10
MOST_EXTEND_SECONDS = 300
MOST_PEOPLE = 5000  # in one command

BEFORE_KEY = frozenset({Phase.INTRO, Phase.OPEN, Phase.LOCKED})
AFTER_KEY = frozenset({Phase.REVEAL, Phase.BOARD, Phase.RESCUE})
QUESTION = BEFORE_KEY | AFTER_KEY
LIVE = QUESTION | {Phase.LOBBY, Phase.PODIUM}

ALLOWED: Mapping[Action, frozenset[Phase]] = {
    Action.START: frozenset({Phase.LOBBY}),
    Action.NEXT: LIVE,
    Action.REVEAL: frozenset({Phase.LOCKED}),
    Action.PAUSE: frozenset({Phase.INTRO, Phase.OPEN}),
    Action.RESUME: frozenset({Phase.INTRO, Phase.OPEN}),
    Action.SKIP: QUESTION,
    Action.EXTEND: frozenset({Phase.OPEN}),
    Action.END_NOW: frozenset({Phase.OPEN}),
    Action.UNDO: AFTER_KEY,
    Action.REPLAY: QUESTION,
    Action.TO_BOARD: frozenset({Phase.REVEAL}),
    Action.RESCUE: AFTER_KEY,
    Action.LIFELINE: frozenset({Phase.OPEN}),
    Action.MARK: frozenset({Phase.OPEN, Phase.LOCKED}),
    Action.JUDGE: QUESTION | {Phase.PODIUM},
    Action.LOCK: QUESTION | {Phase.LOBBY},
    Action.UNLOCK: QUESTION | {Phase.LOBBY},
    Action.AUTO: QUESTION | {Phase.LOBBY},
    Action.KICK: LIVE,
    Action.BAN: LIVE,
    Action.UNBAN: LIVE,
    Action.RENAME: LIVE,
    Action.TEAM_SET: LIVE,
    Action.FINISH: QUESTION,
    Action.ABORT: LIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One command with everything it may look at."""

    game: Game
    plan: Plan
    rules: EventRules
    data: Mapping[str, object]
    now: int
    facts: Facts


Command = Callable[[Asked], Step]


# ------------------------------------------------------------------------------------------------- going on


def start(ask: Asked) -> Step:
    """Put the first question."""
    if not ask.plan:
        raise GameError("no_questions")
    first = next((index for index, item in enumerate(ask.plan) if not item.extra), 0)
    game = replace(ask.game, auto=ask.game.auto or ask.rules.auto_next_seconds > 0)
    return flow.put(game, ask.plan, first, now=ask.now, stood=ask.facts.standing, led=ask.facts.leaders)


def go_on(ask: Asked) -> Step:
    """Do the natural next thing: what a remote with one button does."""
    game, plan, rules, now = ask.game, ask.plan, ask.rules, ask.now
    if game.paused_at:
        return resume(ask)
    match game.phase:
        case Phase.LOBBY:
            return start(ask)
        case Phase.INTRO:
            return Step(flow.open_now(game, plan, now=now))
        case Phase.OPEN:
            return end_now(ask)
        case Phase.LOCKED:
            return reveal(ask)
        case Phase.REVEAL:
            return flow.after_reveal(game, plan, rules, now=now, facts=ask.facts)
        case Phase.BOARD:
            return flow.after_board(game, plan, rules, now=now, facts=ask.facts)
        case Phase.RESCUE:
            return flow.onwards(game, plan, rules, now=now, facts=ask.facts)
        case _:
            return Step(replace(game, phase=Phase.ENDED))


def reveal(ask: Asked) -> Step:
    """Show the key. ``force``: although not every player without a phone is marked (who is not marked counts as wrong)."""
    by_hand = ask.rules.bell is not None and ask.rules.bell.marshal
    if by_hand and not ask.facts.marshals_done and ask.data.get("force") is not True:
        raise GameError("marshals_pending")
    return flow.reveal(ask.game, ask.rules, now=ask.now)


def to_board(ask: Asked) -> Step:
    """Show the board although none is due."""
    return flow.to_board(ask.game, ask.rules, now=ask.now)


def skip(ask: Asked) -> Step:
    """Leave this question without any effect and go on."""
    return flow.pass_over(ask.game, ask.plan, ask.rules, now=ask.now, facts=ask.facts)


def replay(ask: Asked) -> Step:
    """Ask the same question again from the start."""
    return flow.ask_again(ask.game, ask.plan, ask.rules, now=ask.now)


def undo(ask: Asked) -> Step:
    """Hide the key again; nothing of this question counts until it is revealed again."""
    if not ask.game.is_counted:
        raise GameError("nothing_to_undo")
    back = flow.take_back(ask.game, ask.plan, ask.rules)
    return Step(replace(back.game, phase=Phase.LOCKED), back.effects)


def finish(ask: Asked) -> Step:
    """Go to the podium now. A question that was not revealed does not count."""
    game = ask.game if ask.game.is_counted else replace(ask.game, skipped=(*ask.game.skipped, ask.game.index))
    return flow.podium(game, ask.rules)


def abort(ask: Asked) -> Step:
    """Stop for good; nobody has won."""
    return Step(replace(ask.game, phase=Phase.ABORTED, next_at=0, paused_at=0))


# ------------------------------------------------------------------------------------------------- the clock


def pause(ask: Asked) -> Step:
    """Stop the clock; what remains of the time is kept."""
    if ask.game.phase == Phase.OPEN and ask.now >= ask.game.closes_at:
        raise GameError("too_late")
    return Step(replace(ask.game, paused_at=ask.now))


def resume(ask: Asked) -> Step:
    """Let the clock run again. Opening and closing move by the length of the pause, so nobody's elapsed time holds it."""
    game = ask.game
    stood_ms = max(ask.now - game.paused_at, 0)
    return Step(replace(game, paused_at=0, opens_at=game.opens_at + stood_ms, closes_at=game.closes_at + stood_ms))


def extend(ask: Asked) -> Step:
    """Give everybody ``seconds`` more (default 10)."""
    seconds = ask.data.get("seconds", EXTEND_SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= MOST_EXTEND_SECONDS:
        raise GameError("bad_value")
    return Step(_longer(ask, seconds))


def lifeline(ask: Asked) -> Step:
    """Let the audience help the last one standing: once, with more time, not on the final question."""
    bell = ask.rules.bell
    if bell is None or ask.facts.standing != 1:
        raise GameError("no_lifeline")
    return Step(replace(_longer(ask, bell.lifeline_seconds), lifeline_at=ask.game.index))


def _longer(ask: Asked, seconds: int) -> Game:
    game = ask.game
    if (game.paused_at or ask.now) >= game.closes_at:
        raise GameError("too_late")  # somebody's answer may have been refused as late already
    return replace(game, closes_at=game.closes_at + seconds * 1000, extended_ms=game.extended_ms + seconds * 1000)


def end_now(ask: Asked) -> Step:
    """Close the question; the tick locks it when the answers received so far are committed."""
    if not ask.game.paused_at and ask.now >= ask.game.closes_at + DRAIN_MS:
        return Step(flow.lock(ask.game, ask.rules, now=ask.now))
    return Step(flow.close_now(ask.game, now=ask.now))


def auto(ask: Asked) -> Step:
    """Switch auto-advance (``on``: true or false; without it, the other way)."""
    game, on = ask.game, ask.data.get("on", not ask.game.auto)
    if not isinstance(on, bool):
        raise GameError("bad_value")
    game = replace(game, auto=on)
    if game.phase in AFTER_KEY:
        return Step(replace(game, next_at=ask.now + flow.auto_ms(ask.rules) if on else 0))
    return Step(game)


# ------------------------------------------------------------------------------------------------- floor and judges


def rescue(ask: Asked) -> Step:
    """Show the floor; with ``by`` also call people in.

    ``by`` reserves: those the quota calls. ``by`` teacher or audience: ``players`` (ids of candidates) or the first ``count``.
    """
    bell, by = ask.rules.bell, ask.data.get("by")
    if by is None:
        return flow.to_rescue(ask.game, ask.rules, None, now=ask.now)
    if bell is None or by not in {MoveBy.RESERVES, MoveBy.TEACHER, MoveBy.AUDIENCE}:
        raise GameError("bad_value")
    move = Move(flow.last_counted(ask.game), MoveBy(str(by)), _called_in(ask, MoveBy(str(by))))
    return flow.to_rescue(ask.game, ask.rules, move, now=ask.now)


def _called_in(ask: Asked, by: MoveBy) -> tuple[int, ...]:
    if by == MoveBy.RESERVES:
        if not ask.facts.reserves:
            raise GameError("not_rescuable")
        return ask.facts.reserves
    used = sum(move.by in {MoveBy.TEACHER, MoveBy.AUDIENCE} for move in ask.game.moves)
    if ask.rules.bell is None or used >= ask.rules.bell.teacher_rescues:
        raise GameError("no_rescue")
    count = ask.data.get("count")
    if count is None:
        chosen = _people(ask.data.get("players"))
    elif isinstance(count, int) and not isinstance(count, bool) and count >= 1:
        chosen = ask.facts.fallen[:count]
    else:
        raise GameError("bad_value")
    if not chosen or not set(chosen) <= set(ask.facts.fallen):
        raise GameError("not_rescuable")
    return chosen


def judge(ask: Asked) -> Step:
    """A decision of the judges: ``accept``/``void`` of a question, ``in``/``out`` of people, or the ``winners``."""
    data = ask.data
    if "winners" in data:
        if ask.game.phase != Phase.PODIUM:
            raise GameError("bad_phase")
        winners = _people(data["winners"]) if data["winners"] else ()
        return Step(replace(ask.game, winners=winners))
    if "in" in data or "out" in data:
        return _rule_on_people(ask)
    if "accept" in data or "void" in data:
        return _rule_on_key(ask)
    raise GameError("bad_value")


def _rule_on_people(ask: Asked) -> Step:
    if ask.rules.mode != Mode.BELL:
        raise GameError("bad_value")
    by, who = (MoveBy.JUDGE, "in") if "in" in ask.data else (MoveBy.JUDGE_OUT, "out")
    move = Move(flow.last_counted(ask.game), by, _people(ask.data[who]))
    return Step(replace(ask.game, moves=(*ask.game.moves, move)), (Moved(move),))


def _rule_on_key(ask: Asked) -> Step:
    game = ask.game
    index = ask.data.get("index", game.index)
    if isinstance(index, bool) or not isinstance(index, int):
        raise GameError("bad_value")
    if index == game.index and game.phase == Phase.LOCKED:
        return Step(game)  # it is not counted yet: the reveal will use the judges' key
    # On the floor an older question cannot be counted anew: those who fell on it have not played on.
    if index not in game.counted or (ask.rules.mode == Mode.BELL and index != game.index):
        raise GameError("not_counted")
    at_podium = (Finished(winners_by_rank=ask.rules.mode != Mode.BELL),) if game.phase == Phase.PODIUM else ()
    return Step(game, (Recount(index), *at_podium))


def _people(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_PEOPLE:
        raise GameError("bad_value")
    if any(isinstance(one, bool) or not isinstance(one, int) for one in value):
        raise GameError("bad_value")
    return tuple(dict.fromkeys(value))


# ------------------------------------------------------------------------------------------------- the room


def lock(ask: Asked) -> Step:
    """Nobody new may join; who has a seat may always come back."""
    return Step(replace(ask.game, locked=True))


def unlock(ask: Asked) -> Step:
    """Open the door again."""
    return Step(replace(ask.game, locked=False))


def about_people(ask: Asked) -> Step:
    """Kick, ban, rename, mark …: allowed, and done by the domain; the game itself does not change."""
    return Step(ask.game)


COMMANDS: Mapping[Action, Command] = {
    Action.START: start,
    Action.NEXT: go_on,
    Action.REVEAL: reveal,
    Action.PAUSE: pause,
    Action.RESUME: resume,
    Action.SKIP: skip,
    Action.EXTEND: extend,
    Action.END_NOW: end_now,
    Action.UNDO: undo,
    Action.REPLAY: replay,
    Action.TO_BOARD: to_board,
    Action.RESCUE: rescue,
    Action.LIFELINE: lifeline,
    Action.JUDGE: judge,
    Action.LOCK: lock,
    Action.UNLOCK: unlock,
    Action.AUTO: auto,
    Action.FINISH: finish,
    Action.ABORT: abort,
    Action.MARK: about_people,
    Action.KICK: about_people,
    Action.BAN: about_people,
    Action.UNBAN: about_people,
    Action.RENAME: about_people,
    Action.TEAM_SET: about_people,
}
