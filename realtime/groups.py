"""Names of channel groups and of the Redis keys of live state: their one home. Pure."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,90}")


def board_group(contest_id: int) -> str:
    """The group of one contest's board."""
    return _checked(f"board.{contest_id}")


def live_group(event_id: int) -> str:
    """The group of one live event."""
    return _checked(f"live.{event_id}")


def state_key(group: str) -> str:
    """Hash with the group's version, position and last frame."""
    return f"thiso:live:{group}"


def lease_key(group: str) -> str:
    """Held by the process that renders."""
    return f"thiso:live:{group}:lease"


def pace_key(group: str) -> str:
    """Exists for as long as no other push may follow the last one."""
    return f"thiso:live:{group}:pace"


def hint_key(group: str) -> str:
    """Exists for as long as a change needs no hint, because one has just been sent."""
    return f"thiso:live:{group}:hint"


def _checked(name: str) -> str:
    # Channels allows ASCII letters, digits, hyphens, underscores and periods, below 100 characters.
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a group name: {name!r}")
    return name
