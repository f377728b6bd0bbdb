"""Teams and units of an event, ranked by their people's points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from realtime.enums import PlayerStatus, TeamScore
from realtime.models import Team
from realtime.queries.lines import Line
from realtime.rules import EventRules, TeamRules
from realtime.teams import Member, TeamLine, team_scores

_MEMBERS = frozenset({PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE})
# What an event without teams shows of its units: fair to large and small ones.
_UNITS = TeamRules(score=TeamScore.MEAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A team or unit on the board. ``points`` is rounded for reading, ranks come from the exact value; ``standing`` is
    how many of its ``people`` are in the game; ``code`` is a team's, "" for a unit."""

    id: int
    rank: int
    tied: bool
    name: str
    code: str
    points: int
    people: int
    standing: int


def team_groups(event_id: int, rules: EventRules, lines: Iterable[Line]) -> tuple[Group, ...]:
    """Every team of an event, best first; () where there are none. One query, none outside team mode."""
    if rules.team is None:
        return ()
    teams = {
        pk: (name, code) for pk, name, code in Team.objects.filter(event_id=event_id).values_list("pk", "name", "code")
    }
    members = [line for line in lines if line.team_id in teams and line.status in _MEMBERS]
    standing = _standing((line.team_id, line.status) for line in members)
    scored = team_scores(
        rules.team,
        [Member(line.team_id, line.score) for line in members if line.team_id is not None],
        teams=sorted(teams),
    )
    return tuple(_group(one, *teams[one.team], standing.get(one.team, 0)) for one in scored)


def unit_groups(lines: Iterable[Line]) -> tuple[Group, ...]:
    """Every unit somebody plays for, best mean first."""
    members = [line for line in lines if line.unit_id is not None and line.status in _MEMBERS]
    names = {line.unit_id: line.unit for line in members}
    standing = _standing((line.unit_id, line.status) for line in members)
    scored = team_scores(_UNITS, [Member(line.unit_id, line.score) for line in members if line.unit_id is not None])
    return tuple(_group(one, names[one.team], "", standing.get(one.team, 0)) for one in scored)


def _standing(members: Iterable[tuple[int | None, str]]) -> dict[int | None, int]:
    counts: dict[int | None, int] = {}
    for group, status in members:
        counts[group] = counts.get(group, 0) + (status == PlayerStatus.IN)
    return counts


def _group(line: TeamLine, name: str, code: str, standing: int) -> Group:
    return Group(
        id=line.team,
        rank=line.rank,
        tied=line.tied,
        name=name,
        code=code,
        points=line.points,
        people=line.people,
        standing=standing,
    )
