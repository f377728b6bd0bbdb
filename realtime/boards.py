"""From the contest's board to the frame of the live board: what the public may see, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from contest.enums import Phase
from contest.models import Contest, Round
from contest.queries.board_rows import BoardPage, UnitsPage
from contest.queries.boards import board_page
from contest.queries.phases import phase_of
from contest.queries.unit_boards import units_page
from realtime.groups import board_group
from realtime.protocol import Board, Counts, PersonRow, UnitRow, fit
from realtime.room import GONE, Stamp
from realtime.threads import in_thread

TOP_PEOPLE = 20
TOP_UNITS = 10

WAITING = "waiting"
STATES = {"live": "live", "sql": "live", "published": "final", "hidden": "hidden"}


@dataclass(frozen=True, slots=True)
class BoardSource:
    """The board of one contest: its open round, else the last that was open."""

    contest_id: int

    @property
    def group(self) -> str:
        """Its name in the layer and in the store."""
        return board_group(self.contest_id)

    async def render(self) -> str:
        """The state now, from the database's and the board's own store."""
        return await in_thread(render_board)(contest_id=self.contest_id, now=timezone.now())

    def full(self, body: str, stamp: Stamp) -> str:
        """The `board` frame."""
        return stamped(read_body(body), stamp).encode()

    def delta(self, before: str, body: str, stamp: Stamp) -> str | None:
        """The `counts` frame, where no row changed."""
        old, new = read_body(before), read_body(body)
        if not new.same_rows(old):
            return None
        epoch, seq = stamp.position
        counts = Counts(
            epoch=epoch, seq=seq, at=stamp.at, now=stamp.now, people=new.people, units_total=new.units_total
        )
        return counts.encode()


def find_board(*, slug: str) -> int | None:
    """The contest with a public board at this address, by primary key; one query."""
    return (
        Contest.objects.filter(slug=slug, listed_at__lte=timezone.now(), cancelled_at__isnull=True)
        .values_list("pk", flat=True)
        .first()
    )


def board_round(*, contest_id: int, now: datetime) -> Round | None:
    """The round a live board shows: the open one that ends first, else the last that was open; one query."""
    rounds = Round.objects.filter(
        Q(contest__listed_at__lte=now, contest__cancelled_at__isnull=True),
        contest_id=contest_id,
        cancelled_at__isnull=True,
        frozen_at__isnull=False,
        opens_at__lte=now,
    ).select_related("contest", "contest__unit", "rule_set")
    known = list(rounds.order_by("-opens_at", "-number"))
    running = [round_ for round_ in known if phase_of(round_, now) is Phase.OPEN]
    if running:
        return min(running, key=lambda round_: (round_.closes_at, round_.number))
    return known[0] if known else None


def render_board(*, contest_id: int, now: datetime) -> str:
    """The body of the board at ``now``: JSON, the same text for the same state. GONE when the contest is not public."""
    if not Contest.objects.filter(pk=contest_id, listed_at__lte=now, cancelled_at__isnull=True).exists():
        return GONE
    # One body for everybody: it has one language, the pages' own words come from the pages.
    with override("vi"):
        round_ = board_round(contest_id=contest_id, now=now)
        board = _waiting() if round_ is None else _board(round_, now)
    return write_body(board)


def _waiting() -> Board:
    return Board(at=0, now=0, round=0, state=WAITING, closes=0, people=0, units_total=0)


def _board(round_: Round, now: datetime) -> Board:
    people = board_page(contest_round=round_, now=now, per_page=TOP_PEOPLE)
    units = units_page(contest_round=round_, now=now, per_page=TOP_UNITS)
    state = STATES[people.source]
    if state == "live" and people.frozen_at is not None:
        state = "frozen"
    is_open = phase_of(round_, now) is Phase.OPEN
    board = Board(
        at=0,
        now=0,
        round=round_.number,
        state=state,
        closes=int(round_.closes_at.timestamp() * 1000) if is_open else 0,
        people=people.total,
        units_total=units.total,
        rows=_people(people),
        units=_units(units),
    )
    return fit(board)


def _people(page: BoardPage) -> tuple[PersonRow, ...]:
    return tuple(
        PersonRow(
            key=row.key,
            rank=row.rank,
            tied=row.tied,
            name=row.name,
            unit=row.unit,
            points=row.points_milli,
            ms=row.time_ms,
        )
        for row in page.rows
    )


def _units(page: UnitsPage) -> tuple[UnitRow, ...]:
    return tuple(
        UnitRow(key=row.key, rank=row.rank, tied=row.tied, name=row.name, people=row.people, text=row.value)
        for row in page.rows
        if row.rank  # a unit that misses a condition of the rules has no place to show
    )


def write_body(board: Board) -> str:
    """The board without position and clocks, so that equal states are equal texts."""
    return replace(board, epoch=0, seq=0, at=0, now=0).encode()


def read_body(body: str) -> Board:
    """Back from ``write_body``."""
    return Board.read(json.loads(body))


def stamped(board: Board, stamp: Stamp) -> Board:
    """The board with its position and clocks."""
    epoch, seq = stamp.position
    return replace(board, epoch=epoch, seq=seq, at=stamp.at, now=stamp.now)
