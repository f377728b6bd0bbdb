"""What the frames of live events are made of (realtime/live_frames.py). Pure. docs/protocol.md says the same in prose."""

from __future__ import annotations

from dataclasses import dataclass

from realtime.protocol import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRules:
    """What a screen must know of the rules."""

    scoring: str  # accuracy | kahoot | accuracy_first
    streak: bool
    bets: bool
    phone_shows: str  # full | letters
    option_order: str  # same | player: the client permutes the options by you.key and instance


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEvent:
    """Which event."""

    id: str  # public id
    title: str
    mode: str  # race | team | bell
    rules: LiveRules


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOption:
    """One option. The id is opaque, the same for all players, another one each time a question is opened."""

    id: str
    text: str  # empty where phones show letters only


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePicture:
    """The picture of a question."""

    url: str  # of this site
    alt: str
    width: int  # pixels, 0 where unknown
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveQuestion:
    """The question on stage; no part of its key."""

    kind: str  # single | multiple | boolean | numeric | short | ordering | matching
    play: str  # quiz | poll | closest | cloud
    stem: str
    options: tuple[LiveOption, ...]  # empty while the question is only read out (intro)
    targets: tuple[LiveOption, ...]  # right-hand column of a matching
    unit: str  # of a number
    points: int
    stakes: str  # bell: out | safe | cutoff
    seconds: int
    practice: bool
    picture: LivePicture | None  # null for most, and on phones that show only letters


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudWord:
    """One word of a cloud."""

    text: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearOne:
    """Somebody whose guess came nearest."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveReveal:
    """The key and what people answered; exists from the reveal on, never before."""

    right: tuple[str, ...]  # option ids; empty where there are no options or no key
    text: str  # the right answer in words; empty for a poll or a cloud
    counts: dict[str, int]  # option id → answers
    none: int  # did not answer
    explanation: str
    citation: str
    url: str
    cloud: tuple[CloudWord, ...]
    nearest: tuple[NearOne, ...]  # closest guess: who came nearest, at most five


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """One player of a board."""

    key: str
    rank: int
    tied: bool
    name: str
    points: int
    was: int  # rank on the board before; 0 = was not on it
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One team or unit of a board."""

    key: str
    rank: int
    tied: bool
    name: str
    points: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class You:
    """The player this socket belongs to. What a question brought (right, gained, rank …) stands after its count."""

    key: str
    name: str
    name_state: str  # ok | waiting | refused
    seat: int  # 0 = none
    status: str  # in | out | reserve | spectator | kicked | banned
    ghost: bool  # eliminated and playing on
    team: str
    answered: bool  # this opening of the question
    response: Response | None  # as it is stored, in option ids
    bet: int  # 0, 1 or 2
    right: int | None  # per mille; null before the reveal, without key, or unanswered
    gained: int  # points of this question; may be negative with a bet
    points: int
    rank: int  # 0 = not ranked yet
    tied: bool
    of: int  # ranked players
    streak: int
    correct: int  # wholly right answers so far, while in the game
    won: bool  # the podium: among the winners
    lifeline: dict[str, int] | None  # option id → answers of the others, for who asked the hall


@dataclass(frozen=True, slots=True, kw_only=True)
class WallJoin:
    """How to come in."""

    pin: str
    url: str  # path on this host
    qr_svg_url: str  # path on this host
    pattern: str | None  # four of ▲●◆■, good for seconds; null where the PIN alone lets in


@dataclass(frozen=True, slots=True, kw_only=True)
class FallenSeat:
    """Somebody who has just left the floor."""

    seat: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be rescued."""

    key: str
    name: str
    seat: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRescue:
    """The rescue that is under way."""

    quota: int  # rescues left
    candidates: tuple[Candidate, ...]  # the first of them, in the rules' order
    total: int  # how many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskKey:
    """The right answer of the question on stage, for the host's eyes."""

    text: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """The question after this one."""

    stem: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One thing that was done."""

    at: int  # ms since 1970
    who: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingName:
    """A name that waits for approval."""

    key: str
    name: str
