"""A result as organizers review it: real names, the truth of the prediction in words, prizes beside ranks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contest.models import ResultSet, Standing, UnitStanding
from contest.prizes import prize_for
from contest.queries.unit_boards import say_value
from contest.rules import RuleSet
from contest.rules.enums import CollectiveMetric
from contest.rules.labels import label
from contest.rules.words import say_duration, say_instant, say_points, say_scaled


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """The population a result rests on. ``truth`` is the right prediction in words, "" where nothing is predicted."""

    participants: int
    attempts: int
    all_correct: int
    excluded: int
    unfolded: int
    truth: str
    asked: str
    full_points: str
    root: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place with everything that decided it."""

    rank: int
    tied: bool
    name: str
    unit: str
    minor: bool
    points: str
    time: str
    distance: str
    submitted: str
    prize: str
    entry: str


@dataclass(frozen=True, slots=True)
class UnitPlaceRow:
    metric: str
    rank: int
    tied: bool
    name: str
    value: str
    people: int


def result_facts(result: ResultSet, rules: RuleSet) -> ResultFacts:
    """Say a result's counts."""
    counts = result.counts
    decimals = rules.prediction.decimals
    return ResultFacts(
        participants=counts.get("participants", 0),
        attempts=counts.get("attempts", 0),
        all_correct=counts.get("all_correct", 0),
        excluded=counts.get("unranked", 0) + counts.get("barred", 0),
        unfolded=counts.get("unfolded", 0),
        truth="" if result.truth is None else say_scaled(result.truth, decimals),
        asked=label(rules.prediction.target),
        full_points=say_points(result.full_points_milli),
        root=result.root,
    )


def place_rows(standings: Iterable[Standing], rules: RuleSet) -> list[PlaceRow]:
    """Say places in words, with the prize each rank wins in this round."""
    rows = []
    for one in standings:
        prize = prize_for(rules.prizes, board=one.board, rank=one.rank)
        rows.append(
            PlaceRow(
                rank=one.rank,
                tied=one.tied,
                name=one.entry.full_name,
                unit=one.entry.unit.name,
                minor=one.entry.is_minor,
                points=say_points(one.points_milli),
                time=say_duration(one.duration_ms),
                distance="" if one.distance is None else say_scaled(one.distance, rules.prediction.decimals),
                submitted=say_instant(one.submitted_at),
                prize=prize.name if prize else "",
                entry=one.entry.public_id,
            )
        )
    return rows


def unit_rows(standings: Iterable[UnitStanding]) -> list[UnitPlaceRow]:
    """Say units' places in words."""
    return [
        UnitPlaceRow(
            metric=label(CollectiveMetric(one.metric)),
            rank=one.rank,
            tied=one.tied,
            name=one.unit.name,
            value=say_value(one.value, one.metric, unsized=one.detail.get("unsized", False)),
            people=one.people,
        )
        for one in standings
    ]
