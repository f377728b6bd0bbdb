"""The round that learning leads to. The bank knows no contests; whoever does says which round is next for a person.

An app above registers a function when it is ready (as in withholding.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoundAhead:
    """An open or coming round: where it is, how it is called, whether it is open, and when it opens or closes."""

    title: str
    contest: str
    url: str
    is_open: bool
    at: datetime


Provider = Callable[[int, datetime], RoundAhead | None]
"""Takes an account's primary key and the time."""

_providers: dict[str, Provider] = {}


def announce_rounds(name: str, provider: Provider) -> None:
    """Register who knows about rounds. The same name again replaces the first."""
    _providers[name] = provider


def round_ahead(person_id: int, now: datetime) -> RoundAhead | None:
    """Return the next round for this person: an open one before a coming one, the nearest first."""
    found = [one for provider in _providers.values() if (one := provider(person_id, now)) is not None]
    return min(found, key=lambda one: (not one.is_open, one.at), default=None)
