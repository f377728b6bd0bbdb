"""What a board shows: plain values, ready for a template, a frame or JSON; names are already masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One person. ``key`` is the entry's public id, ``points`` and ``time`` are ready to read, ``time_ms`` the
    time the paper took, ``position`` 1..n (0 for the viewer's own row outside the page of a provisional board)."""

    rank: int
    tied: bool
    position: int
    key: str
    name: str
    unit: str
    points: str
    points_milli: int
    time: str
    time_ms: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class BoardTab:
    """A group that is ranked by itself."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """One page. ``source``: "live" (Redis), "sql" (Redis is away), "published", or "hidden" by the rules."""

    rows: tuple[BoardRow, ...]
    own: BoardRow | None
    total: int
    board: str
    boards: tuple[BoardTab, ...]
    page: int
    per_page: int
    source: str
    provisional: bool
    as_of: datetime
    frozen_at: datetime | None = None
    seal_root: str = ""

    @property
    def pages(self) -> int:
        """How many pages the board has, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def hidden(self) -> bool:
        """Whether the rules keep the board closed until the result is published."""
        return self.source == "hidden"

    @property
    def own_outside(self) -> bool:
        """Whether the viewer's row is not among the rows of this page."""
        return self.own is not None and all(row.key != self.own.key for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit. ``rank`` 0: listed without a rank because a condition of the rules is missed (``missing``).
    ``unsized``: how many people it has is unknown, so it has no ratio."""

    rank: int
    tied: bool
    key: str
    name: str
    people: int
    average: str
    perfect: int
    value: str
    missing: tuple[str, ...] = ()
    own: bool = False
    unsized: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsPage:
    """One page of the units' board; ``metric`` is what they are compared by (contest.rules.enums). ``unsized``: units of
    the whole board whose number of people is missing and needed."""

    rows: tuple[UnitRow, ...]
    own: UnitRow | None
    total: int
    page: int
    per_page: int
    metric: str
    provisional: bool
    as_of: datetime
    unsized: int = 0

    @property
    def pages(self) -> int:
        """How many pages the board has, at least one."""
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One person's rank of how many. ``frozen_at``: the board stands still since then."""

    rank: int
    tied: bool
    total: int
    provisional: bool
    frozen_at: datetime | None = None


def clock_of(milliseconds: int) -> str:
    """Return a duration as "7:05" or "1:07:05", part seconds dropped as on a stopwatch."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
