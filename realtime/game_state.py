"""What the state machine of an event reads and writes: plain values, no behaviour but questions about themselves.

Times are integer milliseconds since 1970 by the server's clock. Questions are named by their running-order index (0-based),
players by row number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtime.enums import MoveBy, Phase, Play, Stakes

DRAIN_MS = 400
"""An answer that was received in time may still wait for its commit: a question stays OPEN so long after ``closes_at``."""


class GameError(Exception):
    """A command that cannot be done now. ``code``: bad_phase, bad_value, no_questions, nothing_to_undo, too_late,
    marshals_pending, no_rescue, not_rescuable, no_lifeline, not_counted (``realtime.rule_words.refusal`` says each)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody was called onto the floor, or (``judge_out``) sent off it, after question ``after`` (-1: before any) was counted."""

    after: int
    by: MoveBy
    players: tuple[int, ...]

    @property
    def inward(self) -> bool:
        """Whether it puts people on the floor."""
        return self.by != MoveBy.JUDGE_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """An event's whole changing state, besides players and answers. Stored as JSON, small, and equal after reading back.

    ``instance`` rises each time a question is put: an answer names the instance it belongs to. In INTRO ``opens_at`` says when
    the options appear; in OPEN answers received from ``opens_at`` to ``closes_at`` count. ``paused_at`` 0: the clock runs.
    ``locked``: nobody new may join. ``next_at`` 0: the host moves on. ``counted``: in the order of counting. ``restored``:
    questions on which everybody fell and came back. ``moves``: rescues and rulings, in order. ``winners``: the judges' decision
    only; otherwise ``realtime.podium.winners_of`` reads them from the ranking. ``lifeline_at``: question of the lifeline, or -1.
    ``stood``, ``led``: ``Facts.standing`` and ``Facts.leaders`` when the question on the wall was put.
    """

    phase: Phase = Phase.DRAFT
    index: int = -1
    instance: int = 0
    opens_at: int = 0
    closes_at: int = 0
    paused_at: int = 0
    locked: bool = False
    auto: bool = False
    next_at: int = 0
    counted: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    restored: tuple[int, ...] = ()
    moves: tuple[Move, ...] = ()
    extended_ms: int = 0
    lifeline_at: int = -1
    winners: tuple[int, ...] = ()
    stood: int = 0
    led: int = 0

    @property
    def lifeline_used(self) -> bool:
        """Whether the one lifeline is spent."""
        return self.lifeline_at >= 0

    @property
    def is_counted(self) -> bool:
        """Whether the question on the wall has given its points."""
        return self.index in self.counted

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen any more."""
        return self.phase in {Phase.ENDED, Phase.ABORTED}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, every field."""
        return {
            "phase": self.phase.value,
            "index": self.index,
            "instance": self.instance,
            "opens_at": self.opens_at,
            "closes_at": self.closes_at,
            "paused_at": self.paused_at,
            "locked": self.locked,
            "auto": self.auto,
            "next_at": self.next_at,
            "counted": list(self.counted),
            "skipped": list(self.skipped),
            "restored": list(self.restored),
            "moves": [[move.after, move.by.value, list(move.players)] for move in self.moves],
            "extended_ms": self.extended_ms,
            "lifeline_at": self.lifeline_at,
            "winners": list(self.winners),
            "stood": self.stood,
            "led": self.led,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Game:
        """Read what ``to_json`` wrote; what is missing takes its first value, so that an empty object is a new event."""
        new = cls()
        lists: dict[str, Any] = {
            name: tuple(int(item) for item in data.get(name, ()))
            for name in ("counted", "skipped", "restored", "winners")
        }
        numbers: dict[str, Any] = {
            name: int(data.get(name, getattr(new, name)))
            for name in (
                "index",
                "instance",
                "opens_at",
                "closes_at",
                "paused_at",
                "next_at",
                "extended_ms",
                "lifeline_at",
                "stood",
                "led",
            )
        }
        return cls(
            phase=Phase(data.get("phase", new.phase)),
            locked=bool(data.get("locked", False)),
            auto=bool(data.get("auto", False)),
            moves=tuple(Move(int(after), MoveBy(by), tuple(people)) for after, by, people in data.get("moves", ())),
            **numbers,
            **lists,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One question of the running order with nothing left to default: ``points`` and seconds are what counts.

    ``extra``: put only while a tie for the first place is open. ``practice``: gives no points and nobody falls.
    """

    seconds: int = 20
    read_seconds: int = 3
    points: int = 1000
    stakes: Stakes = Stakes.OUT
    play: Play = Play.QUIZ
    extra: bool = False
    practice: bool = False

    @property
    def limit_ms(self) -> int:
        """The question's own time, without what a host added."""
        return self.seconds * 1000

    @property
    def scores(self) -> bool:
        """Whether it can give points."""
        return not self.practice and self.points > 0 and self.play in {Play.QUIZ, Play.CLOSEST}

    @property
    def eliminates(self) -> bool:
        """Golden bell: whether a wrong answer costs the place on the floor. Only what has a key can."""
        return not self.practice and self.play == Play.QUIZ and self.stakes != Stakes.SAFE


Plan = tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the machine must be told about the hall, as of this transaction.

    ``standing``, ``fell``: golden bell, who is in, and who fell on the question on the wall (0 before it is counted).
    ``expected``: who may answer now and is reachable (count those who dropped out a moment ago too: they are on their way
    back), ``answered``: how many of them have. ``marshals_done``: every player without a phone is marked. ``leaders``: race,
    how many share the first rank. ``reserves``: ``bell.reserves_for_units``; ``fallen``: ids of ``bell.rescue_candidates``,
    best first; both only needed in REVEAL, BOARD and RESCUE of golden bell.
    """

    players: int
    standing: int
    fell: int
    answered: int
    expected: int
    marshals_done: bool = True
    leaders: int = 0
    reserves: tuple[int, ...] = ()
    fallen: tuple[int, ...] = ()


# ------------------------------------------------------------------------------------------------- effects


@dataclass(frozen=True, slots=True)
class Opened:
    """A question was put on the wall; answers will name ``instance``."""

    index: int
    instance: int


@dataclass(frozen=True, slots=True)
class Count:
    """Grade the answers of this instance, give points, in golden bell let fall who was wrong or silent."""

    index: int
    instance: int


@dataclass(frozen=True, slots=True)
class Uncount:
    """Take the points of this question back (the answers stay)."""

    index: int


@dataclass(frozen=True, slots=True)
class Restore:
    """Golden bell: everybody who fell on this question stands again."""

    index: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Golden bell: apply a rescue or a ruling (it is in ``game.moves`` already)."""

    move: Move


@dataclass(frozen=True, slots=True)
class Unmoved:
    """Golden bell: take a rescue or ruling back; ``bell.floor`` says where these people were before."""

    move: Move


@dataclass(frozen=True, slots=True)
class Discard:
    """The question is asked again: set its answers aside."""

    index: int


@dataclass(frozen=True, slots=True)
class Recount:
    """A judge accepted another answer or voided the question: grade it again, then total and rank again."""

    index: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The podium: fix the ranking. Without ``winners_by_rank`` those who still stand have won."""

    winners_by_rank: bool


Effect = Opened | Count | Uncount | Restore | Moved | Unmoved | Discard | Recount | Finished


@dataclass(frozen=True, slots=True)
class Step:
    """The state after a command or a tick, and what must be done in the same transaction, in this order."""

    game: Game
    effects: tuple[Effect, ...] = ()
