"""The two boards of a contest's spread: people and units, by how many invited people finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from contest.enums import CreditState, EntryStatus
from contest.models import Contest, Entry, InviteCredit
from contest.queries.invites import name_of
from contest.rules.parts import Masking
from contest.rules.words import say_scaled
from people.models import Resident, Unit

PER_PAGE = 50
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One place. ``share``: credits per head count in percent, "–" where that is unknown, "" on the board of people."""

    rank: int
    tied: bool
    name: str
    unit: str
    credits: int
    share: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class SpreadPage:
    """One page of a board; ``own`` is the viewer's row wherever it stands."""

    rows: tuple[SpreadRow, ...]
    own: SpreadRow | None
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def own_outside(self) -> bool:
        """Whether the viewer's row is not on this page."""
        return self.own is not None and not any(row.own for row in self.rows)


Place = tuple[int, int, int, bool]
"""(key, credits, rank, tied)"""


def people_board(
    contest: Contest, *, masking: Masking, viewer_id: int | None, now: datetime, page: int = 1
) -> SpreadPage:
    """Return one page of people by credits. Two queries.

    Whoever is out of the ranking, or was erased, is not listed; their unit keeps what they brought.
    """
    inviter = OuterRef("invitation__link__resident")
    out = Entry.objects.filter(contest=contest, resident=inviter).exclude(status=EntryStatus.RANKED)
    earned = _counted(contest).filter(
        ~Exists(out), invitation__link__resident__isnull=False, invitation__link__resident__erased_at__isnull=True
    )
    places = _places(earned, "invitation__link__resident")
    shown = _shown(places, viewer_id, page)
    people = Resident.objects.select_related("unit").in_bulk([key for key, *_rest in shown])
    rows = {
        key: SpreadRow(
            rank,
            tied,
            name_of(people[key], masking, now),
            people[key].unit.name if masking.show_unit else "",
            number,
            own=key == viewer_id,
        )
        for key, number, rank, tied in shown
    }
    return _page(places, rows, viewer_id, page)


def units_board(contest: Contest, *, viewer_unit_id: int | None, page: int = 1) -> SpreadPage:
    """Return one page of units by credits: of their own links and of their people's. Two queries."""
    places = _places(_counted(contest), "invitation__link__unit")
    shown = _shown(places, viewer_unit_id, page)
    units = Unit.objects.in_bulk([key for key, *_rest in shown])
    rows = {
        key: SpreadRow(
            rank,
            tied,
            units[key].name,
            "",
            number,
            share=_share(number, units[key].head_count),
            own=key == viewer_unit_id,
        )
        for key, number, rank, tied in shown
    }
    return _page(places, rows, viewer_unit_id, page)


def _counted(contest: Contest) -> QuerySet[InviteCredit]:
    return InviteCredit.objects.filter(invitation__link__contest=contest, state=CreditState.COUNTED)


def _places(earned: QuerySet[InviteCredit], by: str) -> list[Place]:
    """Everybody with a credit in order. Equal numbers share a rank; who reached it first is listed first."""
    counted = list(
        earned.values_list(by).annotate(number=Count("pk"), last=Max("earned_at")).order_by("-number", "last", by)
    )
    numbers = [number for _key, number, _last in counted]
    places: list[Place] = []
    for index, (key, number, _last) in enumerate(counted):
        follows = index > 0 and numbers[index - 1] == number
        tied = follows or (index + 1 < len(numbers) and numbers[index + 1] == number)
        places.append((key, number, places[-1][2] if follows else index + 1, tied))
    return places


def _shown(places: Sequence[Place], viewer: int | None, page: int) -> list[Place]:
    first = (max(1, page) - 1) * PER_PAGE
    own = [place for place in places if place[0] == viewer]
    return [*places[first : first + PER_PAGE], *own]


def _page(places: Sequence[Place], rows: dict[int, SpreadRow], viewer: int | None, page: int) -> SpreadPage:
    page = max(1, page)
    first = (page - 1) * PER_PAGE
    return SpreadPage(
        rows=tuple(rows[key] for key, *_rest in places[first : first + PER_PAGE]),
        own=rows.get(viewer) if viewer is not None else None,
        total=len(places),
        page=page,
    )


def _share(number: int, head_count: int | None) -> str:
    return f"{say_scaled(number * 1_000 // head_count, 1)}%" if head_count else UNKNOWN
