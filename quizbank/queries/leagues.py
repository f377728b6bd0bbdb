"""The weekly league as its members see it: a group, masked names, one's own line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from people.names import masked
from quizbank.leagues import TIERS, placed, rising
from quizbank.models import LeagueSeat
from quizbank.queries.progress import points_between
from quizbank.rewards import DAY, monday_of, start_of, vn_day


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One line. ``rises``: by the points of now this person moves up next week."""

    rank: int
    name: str
    points: int
    own: bool
    rises: bool


@dataclass(frozen=True, slots=True)
class LeagueBoard:
    """A group's week; it ends when the following Monday begins."""

    tier: int
    tier_name: str | Promise
    next_tier: str | Promise
    monday: date
    ends_at: datetime
    rows: tuple[LeagueRow, ...]


def league_board(person_id: int, now: datetime) -> LeagueBoard | None:
    """The group of ``person_id`` in the week of ``now``; None without a seat. Two queries.

    Names are masked for everybody but oneself, of minors and adults alike: nobody agreed to be seen here in full.
    """
    monday = monday_of(vn_day(now))
    seat = LeagueSeat.objects.filter(person_id=person_id, week__monday=monday).first()
    if seat is None:
        return None
    ends_at = start_of(monday + 7 * DAY)
    earned = points_between(start_of(monday), ends_at).filter(person=OuterRef("person")).order_by().values("person")
    rows = LeagueSeat.objects.filter(week_id=seat.week_id, tier=seat.tier, group=seat.group)
    found = {
        person: (name, points or 0)
        for person, name, points in rows.values_list(
            "person_id", "person__full_name", Subquery(earned.annotate(sum=Sum("points")).values("sum"))
        )
    }
    ranked = placed({person: points for person, (_name, points) in found.items()})
    line = rising(ranked)
    return LeagueBoard(
        tier=seat.tier,
        tier_name=TIERS[seat.tier],
        next_tier=TIERS[seat.tier + 1] if seat.tier + 1 < len(TIERS) else "",
        monday=monday,
        ends_at=ends_at,
        rows=tuple(
            LeagueRow(
                rank=one.rank,
                name=_shown_name(found[one.person][0], own=one.person == person_id),
                points=one.points,
                own=one.person == person_id,
                rises=bool(one.points) and one.rank <= line,
            )
            for one in ranked
        ),
    )


def _shown_name(full_name: str, *, own: bool) -> str:
    if not full_name:
        return _("Người học")
    return full_name if own else masked(full_name)
