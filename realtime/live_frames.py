"""The frames of live events, beside those of realtime/protocol.py. Pure. docs/protocol.md says the same in prose.

Every state frame (`stage`, `wall`, `desk`) is the whole state of its audience and never a difference: losing one loses
nothing, and one that comes again does no harm. What each audience may see is decided in realtime/audiences.py.
A client takes a state frame whose position is the one it has or above it, and drops any below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from realtime.live_parts import (
    DeskKey,
    FallenSeat,
    GroupRow,
    LiveEvent,
    LiveQuestion,
    LiveRescue,
    LiveReveal,
    LiveRow,
    LogLine,
    Upcoming,
    WaitingName,
    WallJoin,
    You,
)
from realtime.protocol import CLIENT, SERVER, Frame, Response, decode

NAMES_SHOWN = 60  # latest names on the wall of the lobby
COUNTS_PER_SECOND = 4  # `count` frames to a wall or a desk


# ------------------------------------------------------------------------------------------- server → client


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Frame):
    """What every audience sees. Not sent itself. Times are ms since 1970 by the server's clock; 0 = none."""

    now: int
    event: LiveEvent
    phase: str  # lobby | intro | open | locked | reveal | board | rescue | podium | ended | aborted (draft: not open)
    index: int  # of the question in running order, from 0; -1 before the first
    total: int
    instance: int  # rises each time a question is opened; an answer names it
    locked: bool  # the lobby: nobody new comes in
    paused: bool
    paused_at: int  # the countdown stands at closes_at − paused_at
    opens_at: int
    closes_at: int
    next_at: int  # when the clock will do the next step by itself
    players: int
    standing: int  # bell: people in
    question: LiveQuestion | None
    reveal: LiveReveal | None
    board: tuple[LiveRow, ...]  # in phases board, rescue, podium and ended
    teams: tuple[GroupRow, ...]
    units: tuple[GroupRow, ...]
    ghosts: tuple[LiveRow, ...]
    podium: bool  # the board is the final one
    winners: tuple[str, ...]  # with the podium: keys of who has won, also where the board has no room for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Scene):
    """To a player or spectator: the scene and the player. ``you`` stands last, so that one text serves a thousand."""

    TYPE: ClassVar[str] = "stage"
    you: You | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HallScene(Scene):
    """What the wall and the desk see besides. Not sent itself."""

    join: WallJoin | None  # null once nobody can come in
    answered: int  # of this opening
    of: int  # who may answer it
    online: int  # players connected
    names: tuple[str, ...]  # latest in the lobby, newest last
    seats: str  # bell: a character a seat from 1: i in, o out, r rescued now, f fell now, e reserve, - empty
    rescue: LiveRescue | None
    fell: tuple[FallenSeat, ...]  # bell, after the reveal: the first who fell on this question, by seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall(HallScene):
    """To the projector."""

    TYPE: ClassVar[str] = "wall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(HallScene):
    """To the host, a co-host (also on the phone as remote) or a marshal."""

    TYPE: ClassVar[str] = "desk"
    actions: tuple[str, ...]  # what this role may do now
    key: DeskKey | None  # host and co-host; a marshal's once the answers are locked
    upcoming: Upcoming | None  # host and co-host only
    log: tuple[LogLine, ...]  # the last five, newest last
    players_waiting: tuple[WaitingName, ...]  # the first of them
    players_waiting_total: int
    auto: bool  # the clock goes on by itself
    at: int  # seq a command must name
    role: str  # host | cohost | marshal


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Frame):
    """To wall and desk, at most COUNTS_PER_SECOND: how many have answered or come in since."""

    TYPE: ClassVar[str] = "count"
    instance: int
    answered: int
    of: int
    online: int
    players: int
    names: tuple[str, ...] = ()  # who came in since the last one


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack(Frame):
    """What became of an answer; `saved` and `duplicate` only after the commit."""

    TYPE: ClassVar[str] = "ack"
    instance: int
    code: str  # saved | duplicate | late | closed | bad_answer | busy | not_yours | out


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated(Frame):
    """You are in. ``token`` opens this seat again on any device; keep it."""

    TYPE: ClassVar[str] = "seat"
    token: str
    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied(Frame):
    """You are not in. Negative ``retry_ms``: trying again with the same does not help."""

    TYPE: ClassVar[str] = "denied"
    code: str
    text: str
    retry_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Frame):
    """The command with this id is committed."""

    TYPE: ClassVar[str] = "done"
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedCommand(Frame):
    """The command with this id did nothing."""

    TYPE: ClassVar[str] = "refused"
    id: str
    code: str
    text: str


# ------------------------------------------------------------------------------------------- client → server


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Frame):
    """Let me in. The same ticket gives the same seat again."""

    TYPE: ClassVar[str] = "join"
    ticket: str
    name: str
    unit: str = ""  # public code
    team: str = ""  # code
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Frame):
    """I have a seat."""

    TYPE: ClassVar[str] = "resume"
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Frame):
    """I only look on."""

    TYPE: ClassVar[str] = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Frame):
    """My answer to this opening of the question; the first one counts."""

    TYPE: ClassVar[str] = "answer"
    instance: int
    response: Response
    bet: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Frame):
    """Do this. ``at``: the seq I see; where the event has moved on meanwhile, nothing is done."""

    TYPE: ClassVar[str] = "command"
    id: str  # the client's own, comes back in `done` or `refused`
    action: str
    at: int
    data: dict[str, Any]


LIVE_FROM_SERVER: tuple[type[Frame], ...] = (Stage, Wall, Desk, Count, Ack, Seated, Denied, Done, RefusedCommand)
LIVE_FROM_CLIENT: tuple[type[Frame], ...] = (Join, Resume, Watch, Answer, Command)
LIVE_CLIENT: Mapping[str, type[Frame]] = MappingProxyType({**CLIENT, **{f.TYPE: f for f in LIVE_FROM_CLIENT}})
LIVE_SERVER: Mapping[str, type[Frame]] = MappingProxyType({**SERVER, **{f.TYPE: f for f in LIVE_FROM_SERVER}})


def decode_live(text: str) -> Frame:
    """What the server of an event sent (tests, tools); raises BadFrame."""
    return decode(text, LIVE_SERVER)
