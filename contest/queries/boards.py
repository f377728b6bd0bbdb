"""The boards as people see them: provisional ones from Redis or the database, published ones from ``Standing``.

Names are masked here and nowhere later. Query counts are constant in the length of the board.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from contest import boards
from contest.board_policy import frozen_from
from contest.masking import public_name
from contest.models import BoardPlace, ResultSet, Round, Standing
from contest.queries import board_sql
from contest.queries.board_rows import BoardPage, BoardRow, BoardTab, OwnPlace, clock_of
from contest.queries.papers import rules_of
from contest.queries.result_sets import published_result
from contest.queries.unit_boards import units_page as units_page
from contest.rules import RuleSet
from contest.rules.enums import BoardPolicy
from contest.rules.words import say_points

PER_PAGE = 50


class _Seen(NamedTuple):
    """What a row needs beside its place."""

    key: str
    name: str
    minor: bool
    unit: str
    points_milli: int
    time_ms: int | None


def board_page(
    *,
    contest_round: Round,
    board: str = "",
    page: int = 1,
    viewer_entry_id: int | None = None,
    now: datetime,
    per_page: int = PER_PAGE,
) -> BoardPage:
    """Return one page of a round's individual board. ``board`` is "" or a group's code; unknown ones are empty.

    The viewer's own row comes along wherever it stands. At most four queries, whatever the size.
    """
    rules = rules_of(contest_round)
    tabs = tuple(BoardTab(group.code, group.name) for group in rules.groups if group.own_ranking)
    first = max(0, page - 1) * per_page
    base = {"board": board, "boards": tabs, "page": max(1, page), "per_page": per_page, "as_of": now}
    if contest_round.published_at is not None and (result := published_result(round_id=contest_round.pk)):
        rows, own, total = _published(result, rules, board, first, per_page, viewer_entry_id)
        return BoardPage(
            rows=rows,
            own=own,
            total=total,
            source="published",
            provisional=False,
            seal_root=result.root,
            **base,  # type: ignore[arg-type]
        )
    if rules.reveal.board is BoardPolicy.HIDDEN:
        return BoardPage(rows=(), own=None, total=0, source="hidden", provisional=True, **base)  # type: ignore[arg-type]
    listed = boards.page(contest_round.public_id, board, first, per_page)
    source = "live" if listed is not None else "sql"
    if listed is None:
        listed = board_sql.page(contest_round.pk, board, first, per_page)
    own_line = next((line for line in listed.lines if line.entry_id == viewer_entry_id), None)
    if own_line is None and viewer_entry_id is not None:
        place = _place(contest_round, board, viewer_entry_id)
        if place.rank:
            own_line = boards.Line(viewer_entry_id, place.rank, place.tied, 0)
    wanted = [*listed.lines, *([own_line] if own_line else [])]
    seen = _places_seen(contest_round.pk, [line.entry_id for line in wanted])
    drawn = {
        line.entry_id: _row(line, seen[line.entry_id], rules, viewer_entry_id)
        for line in wanted
        if line.entry_id in seen
    }
    return BoardPage(
        rows=tuple(drawn[line.entry_id] for line in listed.lines if line.entry_id in drawn),
        own=drawn.get(viewer_entry_id) if viewer_entry_id is not None else None,
        total=listed.total,
        source=source,
        provisional=True,
        frozen_at=frozen_from(contest_round.closes_at, rules, now),
        **base,  # type: ignore[arg-type]
    )


def own_place(*, contest_round: Round, entry_id: int, board: str = "", now: datetime) -> OwnPlace | None:
    """Return one person's place, provisional or published; None when hidden, or when they have none yet."""
    if contest_round.published_at is not None and (result := published_result(round_id=contest_round.pk)):
        standing = Standing.objects.filter(result_set=result, board=board, entry_id=entry_id).first()
        if standing is None:
            return None
        return OwnPlace(standing.rank, standing.tied, _published_total(result, board), provisional=False)
    rules = rules_of(contest_round)
    if rules.reveal.board is BoardPolicy.HIDDEN:
        return None
    place = _place(contest_round, board, entry_id)
    frozen = frozen_from(contest_round.closes_at, rules, now)
    return OwnPlace(place.rank, place.tied, place.total, provisional=True, frozen_at=frozen) if place.rank else None


def board_version(*, contest_round: Round) -> str:
    """Return a text that changes whenever the live board has changed; "" while Redis cannot say."""
    return boards.version(contest_round.public_id)


def _place(contest_round: Round, board: str, entry_id: int) -> boards.Place:
    place = boards.rank(contest_round.public_id, board, entry_id)
    return place if place is not None else board_sql.rank(contest_round.pk, board, entry_id)


def _places_seen(round_id: int, entry_ids: Sequence[int]) -> dict[int, _Seen]:
    # Plain columns: whole models would carry fifty answer sheets along.
    rows = BoardPlace.objects.filter(round_id=round_id, entry_id__in=entry_ids).values_list(
        "entry_id",
        "entry__public_id",
        "entry__full_name",
        "entry__is_minor",
        "entry__unit__name",
        "points_milli",
        "attempt__duration_ms",
    )
    return {
        entry_id: _Seen(key, name, minor, unit, points, time_ms)
        for entry_id, key, name, minor, unit, points, time_ms in rows
    }


def _row(line: boards.Line, seen: _Seen, rules: RuleSet, viewer_entry_id: int | None) -> BoardRow:
    return BoardRow(
        rank=line.rank,
        tied=line.tied,
        position=line.position,
        key=seen.key,
        name=public_name(seen.name, masking=rules.masking, minor=seen.minor),
        unit=seen.unit if rules.masking.show_unit else "",
        points=say_points(seen.points_milli),
        points_milli=seen.points_milli,
        time=clock_of(seen.time_ms or 0),
        time_ms=seen.time_ms or 0,
        own=line.entry_id == viewer_entry_id,
    )


def _published(
    result: ResultSet,
    rules: RuleSet,
    board: str,
    first: int,
    count: int,
    viewer_entry_id: int | None,
) -> tuple[tuple[BoardRow, ...], BoardRow | None, int]:
    on_page = Q(position__gt=first, position__lte=first + count)
    if viewer_entry_id is not None:
        on_page |= Q(entry_id=viewer_entry_id)
    rows: list[BoardRow] = []
    own: BoardRow | None = None
    standings = Standing.objects.filter(on_page, result_set=result, board=board).order_by("position")
    for entry_id, rank, tied, position, key, name, minor, unit, points, time_ms in standings.values_list(
        "entry_id",
        "rank",
        "tied",
        "position",
        "entry__public_id",
        "entry__full_name",
        "entry__is_minor",
        "entry__unit__name",
        "points_milli",
        "duration_ms",
    ):
        seen = _Seen(key, name, minor, unit, points, time_ms)
        row = _row(boards.Line(entry_id, rank, tied, position), seen, rules, viewer_entry_id)
        if first < position <= first + count:
            rows.append(row)
        if row.own:
            own = row
    return tuple(rows), own, _published_total(result, board)


def _published_total(result: ResultSet, board: str) -> int:
    last = (
        Standing.objects.filter(result_set=result, board=board).order_by("-position").values_list("position", flat=True)
    )
    return last.first() or 0
