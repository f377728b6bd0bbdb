"""The next state of a hall without reading it: where a change moved only the stage, all else stays as it was. Pure.

Opening a question for a thousand phones must not wait until a thousand rows are read that say what they said before. What a
change of this kind may leave out (who did it, people and answers of other processes) is read a moment later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from realtime.domain.changes import Change
from realtime.enums import Action, Phase
from realtime.queries.lines import Line
from realtime.queries.snapshot import LOG_TAIL, LogLine, Snapshot

# Anything else, and whatever counted, changed people or questions: that is read.
STAGE_ONLY = frozenset(
    {"tick", Action.START, Action.NEXT, Action.PAUSE, Action.RESUME, Action.EXTEND, Action.END_NOW, Action.LOCK}
    | {Action.UNLOCK, Action.AUTO}
)
PHASES = frozenset({Phase.LOBBY, Phase.INTRO, Phase.OPEN, Phase.LOCKED})


def carried(before: Snapshot, change: Change, *, now: datetime) -> Snapshot | None:
    """The state after ``change``; None when it must be read."""
    game = change.game
    if change.counted or change.action not in STAGE_ONLY or game.phase not in PHASES:
        return None
    if (change.epoch, change.seq) != (before.epoch, before.seq + 1):
        return None  # something else happened in between
    done = LogLine(seq=change.seq, at=now, who="", action=change.action, data={})
    after = replace(before, seq=change.seq, game=game, log=(done, *before.log)[:LOG_TAIL])
    if game.instance == before.game.instance:
        return after
    lines = {player: _unanswered(line) for player, line in before.lines.items()}
    questions = tuple(
        replace(question, instance=game.instance) if question.index == game.index else question
        for question in before.questions
    )
    return replace(after, questions=questions, lines=lines, responses={}, answered=0)


def _unanswered(line: Line) -> Line:
    if line.response is None:
        return line
    return line._replace(response=None, bet=0, permille=None, gained=None, ghost=False)
