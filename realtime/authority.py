"""Who may do what in a live event: the one table (failures D6). Deny by default. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from realtime.enums import Action, GrantRole

STEERING = frozenset({GrantRole.HOST, GrantRole.COHOST})
_HOST = frozenset({GrantRole.HOST})
_FLOOR = STEERING | {GrantRole.MARSHAL}

# A test walks every action × every role × every phase; an action that is missing here is nobody's.
ROLES: Mapping[Action, frozenset[GrantRole]] = MappingProxyType(
    dict.fromkeys(Action, STEERING) | {Action.MARK: _FLOOR, Action.ABORT: _HOST}
)


class Channel(Enum):
    """The four sockets of an event."""

    PLAY = "play"
    WALL = "wall"
    DESK = "desk"
    MARSHAL = "marshal"


# What each socket may say at all, besides `ping`.
SPEAKS: Mapping[Channel, frozenset[str]] = MappingProxyType(
    {
        Channel.PLAY: frozenset({"resync", "join", "resume", "watch", "answer"}),
        Channel.WALL: frozenset({"resync"}),
        Channel.DESK: frozenset({"resync", "command"}),
        Channel.MARSHAL: frozenset({"resync", "command"}),
    }
)


def allowed(action: Action, role: GrantRole) -> bool:
    """Whether this role may ever do this; whether now, says the state machine."""
    return role in ROLES.get(action, frozenset())
