"""The units' board: provisional from the counters scoring keeps, published from ``UnitStanding``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import get_language

from contest import boards
from contest.collective import UnitCounts, UnitRanked, rank_units
from contest.lru import Lru
from contest.models import BoardUnit, ResultSet, Round, UnitStanding
from contest.queries.board_rows import UnitRow, UnitsPage
from contest.queries.papers import rules_of
from contest.queries.result_sets import published_result
from contest.rules import RuleSet
from contest.rules.enums import BoardPolicy, CollectiveMetric
from contest.rules.parts import Collective
from contest.rules.words import say_number, say_points, say_scaled

PER_PAGE = 50
# (unit id, row) in the order of the ranking, and the metric.
Ranking = tuple[tuple[tuple[int, UnitRow], ...], str]
PEOPLE_METRICS = (CollectiveMetric.HEADCOUNT, CollectiveMetric.WINNERS)
COMBINED = CollectiveMetric.COMBINED
UNKNOWN = "–"
# How long a ranking may be remembered while no paper comes in, in seconds: head counts are filled in meanwhile.
REMEMBERED_S = 20


def compared_by(rules: RuleSet) -> Collective:
    """Return how units are compared: by the rules, by head count where they name nothing."""
    collective = rules.collective
    return Collective(metric=CollectiveMetric.HEADCOUNT) if collective.metric is CollectiveMetric.NONE else collective


def units_page(
    *,
    contest_round: Round,
    page: int = 1,
    viewer_unit_id: int | None = None,
    now: datetime,
    per_page: int = PER_PAGE,
) -> UnitsPage:
    """Return one page of the units of a round, and the viewer's own unit wherever it stands. Two queries."""
    rules = rules_of(contest_round)
    result = published_result(round_id=contest_round.pk) if contest_round.published_at else None
    if result is not None:
        ranked, metric = _published(result)
    elif rules.reveal.board is BoardPolicy.HIDDEN:
        ranked, metric = (), ""
    else:
        ranked, metric = _remembered(contest_round, rules, now)
    first = max(0, page - 1) * per_page
    own = next((replace(row, own=True) for unit_id, row in ranked if unit_id == viewer_unit_id), None)
    return UnitsPage(
        rows=tuple(
            own if own is not None and unit_id == viewer_unit_id else row
            for unit_id, row in ranked[first : first + per_page]
        ),
        own=own,
        total=len(ranked),
        page=max(1, page),
        per_page=per_page,
        metric=metric,
        provisional=result is None,
        as_of=now,
        unsized=sum(row.unsized for _unit_id, row in ranked),
    )


def say_value(value: int, metric: str, *, unsized: bool = False) -> str:
    """Return a stored metric as people read it: people, points, or a percentage with one digit; "–" for a ratio of
    which the whole is unknown."""
    if unsized and metric != COMBINED:
        return UNKNOWN
    if metric in PEOPLE_METRICS:
        return say_number(value)
    if metric == CollectiveMetric.AVERAGE_SCORE:
        return say_points(value)
    return f"{say_scaled(value, 1)}%"


# Ranking three thousand units takes some 20 ms; the live board's version says when it must be done again.
_known: Lru[tuple[str, str, str, str | None, int], Ranking] = Lru(64)


def _remembered(contest_round: Round, rules: RuleSet, now: datetime) -> Ranking:
    version = boards.version(contest_round.public_id)
    turn = int(now.timestamp() // REMEMBERED_S)
    name = (contest_round.public_id, version, contest_round.rule_set.digest, get_language(), turn)
    found = _known.get_many([name]).get(name) if version else None
    if found is None:
        found = _provisional(contest_round, rules)
        if version:
            _known.put_many({name: found})
    return found


def _provisional(contest_round: Round, rules: RuleSet) -> Ranking:
    counted = list(
        BoardUnit.objects.filter(round=contest_round, people__gt=0).select_related("unit").order_by("unit_id")
    )
    by_id = {str(row.unit_id): row for row in counted}
    collective = compared_by(rules)
    units = [
        UnitCounts(
            public_id=key,
            size=row.unit.head_count,
            participants=row.people,
            papers=row.people,
            points_milli=row.points_milli,
            full_points_milli=rules.paper.question_count * rules.points.largest(),
            perfect=row.perfect,
        )
        for key, row in by_id.items()
    ]
    rows = tuple(
        (int(one.unit.public_id), _row(one, by_id[one.unit.public_id], collective.metric))
        for ranked in rank_units(units, collective).values()
        for one in ranked
    )
    return rows, collective.metric.value


def _row(one: UnitRanked, counted: BoardUnit, metric: str) -> UnitRow:
    return UnitRow(
        rank=one.rank or 0,
        tied=one.tied,
        key=counted.unit.code,
        name=counted.unit.name,
        people=counted.people,
        average=say_points(counted.points_milli // max(1, counted.people)),
        perfect=counted.perfect,
        value=say_value(one.value, metric, unsized=one.unsized),
        missing=one.missing,
        unsized=one.unsized,
    )


def _published(result: ResultSet) -> Ranking:
    standings = list(UnitStanding.objects.filter(result_set=result).select_related("unit").order_by("position"))
    rows = tuple(
        (
            row.unit_id,
            UnitRow(
                rank=row.rank,
                tied=row.tied,
                key=row.unit.code,
                name=row.unit.name,
                people=row.people,
                average=say_points(row.detail["points_milli"] // max(1, row.people)),
                perfect=row.detail["perfect"],
                value=say_value(row.value, row.metric, unsized=row.detail.get("unsized", False)),
                missing=tuple(row.detail["missing"]),
                unsized=row.detail.get("unsized", False),
            ),
        )
        for row in standings
    )
    return rows, standings[0].metric if standings else ""
