"""Every frame that crosses a WebSocket, and nothing else. Pure. docs/protocol.md says the same in prose (a test compares).

A frame is one JSON object in one text message. It carries ``v`` (this version), ``type``, and the position
(``epoch``, ``seq``) of the state it speaks about. Positions are ordered pairs and only rise, so a receiver drops what is
not above its own, and asks for the whole state (``resync``) when it learns of one it has not seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import IntEnum
from types import MappingProxyType, NoneType, UnionType
from typing import Any, ClassVar, Self, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints

VERSION = 1

LARGEST_FRAME = 16 * 1024  # bytes, either way (failures E4)
MESSAGES_PER_SECOND = 20  # a client may send; beyond it the socket is closed with 4429
BAD_FRAMES = 5  # frames a client may send that we cannot read, before 4400
HEARTBEAT_S = 3.0  # server → client: `tick`
PING_S = 10.0  # client → server: `ping`
SILENCE_S = 35.0  # without a word from the client for so long it is taken for asleep: 4408
EVENTS_HELD = 50  # events that may wait for one slow socket
CHARS_UNHEARD = 192 * 1024  # characters sent since the client's last word; more waits, the latest state only
SLOWEST_WRITE_S = 10.0  # one write may block so long

# The wire form of an answer: one option id or text, or several ids in order.
Response: TypeAlias = str | tuple[str, ...]

# (epoch, seq): epoch in milliseconds since 1970 of the moment this count began, seq the count.
Position = tuple[int, int]
P = TypeVar("P")
_FLAT = frozenset({int, str, bool, NoneType})
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
NOWHERE: Position = (0, 0)


class Close(IntEnum):
    """Close codes of our own (RFC 6455 leaves 4000-4999 to applications)."""

    BAD_FRAMES = 4400
    SIGN_IN = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    TOO_SLOW = 4408
    TOO_MANY = 4429


TOO_BIG = 1009  # the standard's own code for a message above LARGEST_FRAME


class BadFrame(ValueError):
    """A message that is not a frame of this protocol. ``code`` goes back in an `error` frame."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all frames share."""

    TYPE: ClassVar[str] = ""
    epoch: int = 0
    seq: int = 0

    @property
    def position(self) -> Position:
        """The state this frame speaks about."""
        return self.epoch, self.seq

    def encode(self) -> str:
        """The JSON text. The same frame always gives the same bytes."""
        body = {"v": VERSION, "type": self.TYPE}
        body |= {name: _plain(getattr(self, name)) for name in _hints(type(self))}
        return _encode(body)

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Build the frame from parsed JSON; raises BadFrame. Unknown fields are ignored, so that fields may be added."""
        return cast(Self, _build(cls, data))


# ------------------------------------------------------------------------------------------- server → client


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello(Frame):
    """First frame of a connection: the client forgets its position and takes what follows as the truth."""

    TYPE: ClassVar[str] = "hello"
    now: int  # server's clock, ms since 1970
    heartbeat_ms: int = int(HEARTBEAT_S * 1000)
    ping_ms: int = int(PING_S * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person of a board, name already masked."""

    key: str  # the entry's public id
    rank: int
    tied: bool
    name: str
    unit: str
    points: int  # thousandths of a point
    ms: int  # time used


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit of a board."""

    key: str
    rank: int
    tied: bool
    name: str
    people: int
    text: str  # the value that ranks it, ready to be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Board(Frame):
    """The whole state of a live board: the top rows and the counts."""

    TYPE: ClassVar[str] = "board"
    at: int  # when it was computed, ms since 1970
    now: int  # server's clock when it was encoded, ms since 1970
    round: int
    state: str  # live | frozen | final | hidden
    closes: int  # when the round closes, ms since 1970; 0 = it is over
    people: int  # on the board
    units_total: int
    rows: tuple[PersonRow, ...] = ()
    units: tuple[UnitRow, ...] = ()

    def same_rows(self, other: Board) -> bool:
        """Whether only counts and clock differ."""
        mine, theirs = ((b.round, b.state, b.closes, b.rows, b.units) for b in (self, other))
        return mine == theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Frame):
    """A board whose rows are as before and whose counts changed."""

    TYPE: ClassVar[str] = "counts"
    at: int
    now: int
    people: int
    units_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Frame):
    """Heartbeat: the position everybody should be at. A client behind it asks for a resync."""

    TYPE: ClassVar[str] = "tick"
    now: int
    at: int  # when the state was last computed, ms since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Error(Frame):
    """The last message could not be used: bad_json, bad_version, unknown_type or bad_field."""

    TYPE: ClassVar[str] = "error"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye(Frame):
    """Last frame before the server closes. ``retry_ms`` is when to come back at the earliest; negative: do not."""

    TYPE: ClassVar[str] = "bye"
    reason: str
    retry_ms: int


# ------------------------------------------------------------------------------------------- client → server


@dataclass(frozen=True, slots=True, kw_only=True)
class Resync(Frame):
    """Send me the whole state; this is the position I am at."""

    TYPE: ClassVar[str] = "resync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping(Frame):
    """I am awake and have drawn this position."""

    TYPE: ClassVar[str] = "ping"


FROM_SERVER: tuple[type[Frame], ...] = (Hello, Board, Counts, Tick, Error, Bye)
FROM_CLIENT: tuple[type[Frame], ...] = (Resync, Ping)
SERVER: Mapping[str, type[Frame]] = MappingProxyType({frame.TYPE: frame for frame in FROM_SERVER})
CLIENT: Mapping[str, type[Frame]] = MappingProxyType({frame.TYPE: frame for frame in FROM_CLIENT})


def decode_from_client(text: str, known: Mapping[str, type[Frame]] = CLIENT) -> Frame:
    """What a client sent, if it is one of the frames this socket knows; raises BadFrame."""
    return decode(text, known)


def decode_from_server(text: str) -> Frame:
    """What a server sent (tests, tools); raises BadFrame."""
    return decode(text, SERVER)


def fit(board: Board) -> Board:
    """The board with as many rows as LARGEST_FRAME holds: the longer list loses its last row first."""
    while len(board.encode().encode()) > LARGEST_FRAME:
        rows, units = board.rows, board.units
        if len(rows) >= len(units):
            rows = rows[:-1]
        else:
            units = units[:-1]
        board = replace(board, rows=rows, units=units)
    return board


def decode(text: str, known: Mapping[str, type[Frame]]) -> Frame:
    """The frame in ``text``, one of ``known``; raises BadFrame."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame("bad_json") from None
    if not isinstance(data, dict):
        raise BadFrame("bad_json")
    if data.get("v") != VERSION:
        raise BadFrame("bad_version")
    kind = data.get("type")
    frame = known.get(kind) if isinstance(kind, str) else None
    if frame is None:
        raise BadFrame("unknown_type")
    return frame.read(data)


def _plain(value: Any) -> Any:
    if type(value) in _FLAT:
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _hints(type(value))}
    return value


def read(cls: type[P], data: object) -> P:
    """A part of a frame from parsed JSON; raises BadFrame."""
    return cast(P, _build(cls, data))


_HINTS: dict[type[Any], dict[str, Any]] = {}


def _hints(cls: type[Any]) -> dict[str, Any]:
    """{field: type} of a dataclass, in order; looked up for every answer of a thousand, so kept."""
    hints = _HINTS.get(cls)
    if hints is None:
        known = get_type_hints(cls)
        hints = _HINTS[cls] = {part.name: known[part.name] for part in fields(cls)}
    return hints


def _build(cls: type[Any], data: Any) -> Any:
    if not isinstance(data, dict):
        raise BadFrame("bad_field")
    try:
        return cls(**{name: _value(hint, data[name]) for name, hint in _hints(cls).items() if name in data})
    except TypeError:  # a field without a default is missing
        raise BadFrame("bad_field") from None


def _value(hint: Any, value: Any) -> Any:
    if hint in _FLAT:
        # bool is an int in Python, not on the wire; numbers beyond 2^53 are not exact in a browser.
        if type(value) is not hint or (hint is int and abs(value) > 2**53):
            raise BadFrame("bad_field")
        return value
    origin = get_origin(hint)
    if origin is UnionType:
        return _one_of(get_args(hint), value)
    if origin is tuple:
        if not isinstance(value, list):
            raise BadFrame("bad_field")
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if origin is dict:
        inner = get_args(hint)[1]
        if not isinstance(value, dict):
            raise BadFrame("bad_field")
        return value if inner is Any else {name: _value(inner, item) for name, item in value.items()}
    return _build(hint, value)


def _one_of(hints: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in hints:
        return None
    for hint in hints:
        if hint is not NoneType:
            try:
                return _value(hint, value)
            except BadFrame:
                continue
    raise BadFrame("bad_field")
