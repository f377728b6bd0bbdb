"""What somebody has earned by learning, and whether they (and who organizes) want it at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from people.models import Resident
from people.queries.roles import ROOT_PATH, lineage, subtree
from quizbank.badges import BADGES, BY_CODE, Badge, BadgeProgress, still_open
from quizbank.enums import PointKind
from quizbank.kinds.base import FULL
from quizbank.models import BadgeAward, Card, Point, PracticeAnswer, ProgressOff, ProgressSetting
from quizbank.rewards import DAY, Level, Streak, level_of, monday_of, start_of, streak_of, vn_day

WEEKDAYS = (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))
RIGHT_OF_A_TOPIC = 5
"""Questions answered rightly that make a topic count for a badge."""


@dataclass(frozen=True, slots=True)
class Switches:
    """What the person chose (``shown``, ``league``) and whether their unit or the site has switched rewards off."""

    shown: bool
    league: bool
    closed: bool

    @property
    def on(self) -> bool:
        return self.shown and not self.closed


def switches_of(person_id: int) -> Switches:
    """The switches that hold for somebody. Two queries, three where some unit has switched rewards off."""
    row = ProgressSetting.objects.filter(pk=person_id).values_list("shown", "league").first()
    shown, league = row or (True, False)
    paths = off_paths()
    closed = bool(paths) and not paths.isdisjoint(lineage(unit_path_of(person_id) or ROOT_PATH))
    return Switches(shown, league and shown, closed)


def is_closed(path: str) -> bool:
    """Whether rewards are switched off for a unit; one query."""
    return not off_paths().isdisjoint(lineage(path))


def off_paths() -> set[str]:
    """Paths of the units that have switched rewards off, for everybody within; one query."""
    return set(ProgressOff.objects.values_list("unit__path", flat=True))


def within(paths: Iterable[str], prefix: str = "person__") -> Q:
    """Filter for rows of people whose unit lies within one of these subtrees; everybody's lie within the nation."""
    paths = list(paths)
    if ROOT_PATH in paths:
        return ~Q(pk__in=[])
    return subtree(paths, f"{prefix}resident__unit__path")


def unit_path_of(person_id: int) -> str:
    """Where somebody belongs, "" without a profile; one query."""
    path = Resident.objects.filter(user_id=person_id).values_list("unit__path", flat=True).first()
    return path or ""


def points_between(since: datetime, until: datetime) -> QuerySet[Point]:
    """Ledger lines booked in [since, until)."""
    return Point.objects.filter(at__gte=since, at__lt=until)


def learning_days(person_id: int) -> set[date]:
    """The days that count for somebody's streak; one query."""
    return set(Point.objects.filter(person_id=person_id, kind=PointKind.DAY).values_list("day", flat=True))


def facts_of(person_id: int, today: date) -> dict[str, int]:
    """Everything badges ask about, counted from the ledger (quizbank/badges.py). Five queries."""
    mine = Point.objects.filter(person_id=person_id).order_by()
    counted = dict(mine.values_list("kind").annotate(count=Count("id")))
    streak = streak_of(learning_days(person_id), today)
    questions = mine.filter(kind=PointKind.QUESTION)
    of_topics = questions.filter(topic__isnull=False).values_list("topic").annotate(count=Count("id"))
    wrong_before = PracticeAnswer.objects.filter(
        person_id=person_id, version__question=OuterRef("question"), credit__lt=FULL, at__lt=OuterRef("at")
    )
    return {
        "cards": counted.get(PointKind.CARD, 0),
        "questions": counted.get(PointKind.QUESTION, 0),
        "days": counted.get(PointKind.DAY, 0),
        "streak": streak.best,
        "comebacks": streak.comebacks,
        "topics": sum(count >= RIGHT_OF_A_TOPIC for _topic, count in of_topics),
        "mended": questions.filter(Exists(wrong_before)).count(),
        "decks": _whole_decks(mine),
    }


def _whole_decks(mine: QuerySet[Point]) -> int:
    """Decks of which every card is known."""
    known = mine.filter(kind=PointKind.CARD, card=OuterRef("pk"))
    cards = Card.objects.filter(retired=False).order_by()
    decks = cards.values("deck").annotate(left=Count("id", filter=~Exists(known))).values_list("left", flat=True)
    return sum(left == 0 for left in decks)


@dataclass(frozen=True, slots=True)
class EarnedBadge:
    """A badge with the day it was earned."""

    badge: Badge
    at: datetime


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of the week's strip: "learned", "frozen", "missed", "today" (still open) or "ahead"."""

    day: date
    state: str

    @property
    def label(self) -> str:
        """What the day is called for short: T2 … CN."""
        return str(WEEKDAYS[self.day.weekday()])


@dataclass(frozen=True, slots=True)
class Progress:
    """A person's page of achievements."""

    points: int
    today: int
    level: Level
    streak: Streak
    week: tuple[WeekDay, ...]
    earned: tuple[EarnedBadge, ...]
    ahead: tuple[BadgeProgress, ...]

    @property
    def into_level(self) -> int:
        return self.points - self.level.start

    @property
    def level_size(self) -> int:
        """Points from the level's start to the next; 0 on the last level."""
        return (self.level.end or self.level.start) - self.level.start

    @property
    def to_next(self) -> int:
        return max(0, (self.level.end or 0) - self.points)

    @property
    def badges(self) -> int:
        return len(BADGES)


def progress_of(person_id: int, now: datetime) -> Progress:
    """Everything the page of achievements shows. Eight queries, whatever has been learned."""
    today = vn_day(now)
    mine = Point.objects.filter(person_id=person_id).order_by()
    sums = mine.aggregate(
        total=Sum("points", default=0),
        of_today=Sum("points", default=0, filter=Q(at__gte=start_of(today))),
    )
    days = learning_days(person_id)
    streak = streak_of(days, today)
    awards = dict(BadgeAward.objects.filter(person_id=person_id).order_by("-at").values_list("code", "at"))
    facts = facts_of(person_id, today)
    return Progress(
        points=sums["total"],
        today=sums["of_today"],
        level=level_of(sums["total"]),
        streak=streak,
        week=_strip(days, streak, today),
        earned=tuple(EarnedBadge(BY_CODE[code], at) for code, at in awards.items() if code in BY_CODE),
        ahead=tuple(still_open(facts, awards)),
    )


def _strip(days: set[date], streak: Streak, today: date) -> tuple[WeekDay, ...]:
    def state(day: date) -> str:
        if day in days:
            return "learned"
        if day in streak.frozen:
            return "frozen"
        return "today" if day == today else "ahead" if day > today else "missed"

    monday = monday_of(today)
    return tuple(WeekDay(monday + place * DAY, state(monday + place * DAY)) for place in range(7))


def earned_today(person_id: int, now: datetime) -> int:
    """Points booked today; one query."""
    sums: Mapping[str, int] = Point.objects.filter(person_id=person_id, at__gte=start_of(vn_day(now))).aggregate(
        sum=Sum("points", default=0)
    )
    return sums["sum"]
