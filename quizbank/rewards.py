"""What learning earns: points, levels, and the streak of days with its weekly freeze. Pure.

Only knowing is rewarded: a card remembered for the first time, a question answered rightly for the first time, a day
on which something was known. Opening, clicking, sharing and repeating earn nothing, and no contest ever reads this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizbank.scheduling import Look, Memory, Rating, remember

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)

CARD_POINTS, QUESTION_POINTS, DAY_POINTS = 10, 5, 5
DAILY_CAP = 150
"""Points of one day at most: fifteen new cards. More learning that day still counts as known, it earns no more."""
ACTS_OF_A_DAY = 3
"""Different cards remembered or questions answered rightly that make a day count."""
SHORTEST_LOOK = timedelta(seconds=2)
"""A card turned and called known faster than this after the one before was not read."""
LATEST = timedelta(days=7)
"""What a phone without a network tells later than this no longer mends a streak."""


def vn_day(at: datetime) -> date:
    """The day in Viet Nam."""
    return at.astimezone(VIETNAM).date()


def monday_of(day: date) -> date:
    """The first day of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def start_of(day: date) -> datetime:
    """0:00 of ``day`` in Viet Nam."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def capped(wanted: Iterable[int], *, earned: int) -> list[int]:
    """Return what each of ``wanted`` still brings on a day that has already brought ``earned`` points."""
    given = []
    for points in wanted:
        points = min(points, max(0, DAILY_CAP - earned))
        given.append(points)
        earned += points
    return given


def earns(memory: Memory | None, look: Look) -> bool:
    """Whether a look shows that the card is known: called so ("Nhớ" or "Dễ") when it was new or due."""
    return look.rating >= Rating.GOOD and (memory is None or look.at >= memory.due)


def earning_looks(looks: Iterable[Look], *, paced: Collection[str]) -> list[Look]:
    """Return the looks of one card that show knowledge, in order of time; ``paced`` are tokens of looks that took
    their time."""
    memory: Memory | None = None
    found = []
    for look in sorted(looks):
        if look.token in paced and earns(memory, look):
            found.append(look)
        memory = remember(memory, look)
    return found


def paced_tokens(looks: Sequence[tuple[datetime, str]]) -> set[str]:
    """Return the tokens of looks (of any card, in order of time) that were not clicked through."""
    found: set[str] = set()
    before: datetime | None = None
    for at, token in looks:
        if before is None or at - before >= SHORTEST_LOOK:
            found.add(token)
        before = at
    return found


# --- Levels ---------------------------------------------------------------------------------------------------------
# From the rice field to the workshop: (points from which, name).
LEVELS: tuple[tuple[int, str | Promise], ...] = (
    (0, _("Hạt giống")),
    (40, _("Mạ non")),
    (120, _("Bông lúa")),
    (250, _("Thợ đan nón")),
    (450, _("Thợ làm diều")),
    (750, _("Thợ gốm")),
    (1150, _("Thợ dệt lụa")),
    (1700, _("Thợ đóng thuyền")),
    (2400, _("Thợ đúc đồng")),
    (3300, _("Nghệ nhân sơn mài")),
)


@dataclass(frozen=True, slots=True)
class Level:
    """Where somebody stands: ``number`` from 1; ``start`` and ``end`` in points, ``end`` None on the last level."""

    number: int
    name: str | Promise
    start: int
    end: int | None
    next_name: str | Promise


def level_of(points: int) -> Level:
    """Return the level of so many points."""
    place = max(index for index, (start, _name) in enumerate(LEVELS) if points >= start)
    start, name = LEVELS[place]
    end, next_name = LEVELS[place + 1] if place + 1 < len(LEVELS) else (None, "")
    return Level(place + 1, name, start, end, next_name)


# --- Streak ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row. ``frozen`` are days that the weekly freeze bridged; ``today`` whether today counts already;
    ``freeze_left`` whether this week's freeze is still there; ``comebacks`` how often somebody came back after a week
    or longer away."""

    length: int
    best: int
    frozen: frozenset[date]
    today: bool
    freeze_left: bool
    comebacks: int


def streak_of(days: Collection[date], today: date) -> Streak:
    """Return the streak of somebody who learned on ``days``. A missed day takes the freeze of its week (Monday to
    Sunday) by itself; a second one in that week ends the streak. Today is not missed before it is over."""
    learned = {day for day in days if day <= today}
    length = best = comebacks = 0
    bridged: set[date] = set()
    spent: set[date] = set()
    last: date | None = None
    day = min(learned, default=today)
    while day <= today:
        if day in learned:
            length += 1
            best = max(best, length)
            comebacks += last is not None and day - last > 7 * DAY
            last = day
        elif length and day < today:
            week = monday_of(day)
            if week in spent:
                length = 0
            else:
                spent.add(week)
                bridged.add(day)
        day += DAY
    # A freeze that led nowhere (the streak ended all the same) is not shown, but it was used.
    shown = frozenset(day for day in bridged if _bridges(day, learned, bridged, today))
    return Streak(length, best, shown, today in learned, monday_of(today) not in spent, comebacks)


def _bridges(day: date, learned: set[date], bridged: set[date], today: date) -> bool:
    """Whether a bridged day leads to a learned day, or to today."""
    while day in bridged:
        day += DAY
    return day in learned or day >= today
