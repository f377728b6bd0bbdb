"""Teams: dealing people into them and making one score of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from realtime.enums import TeamScore
from realtime.rules import TeamRules
from realtime.scoring import half_up


@dataclass(frozen=True, slots=True)
class Member:
    """A player's points for ``team``. Kicked people and spectators are no members."""

    team: int
    points: int


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team on the board. ``points`` is rounded for reading; ranks come from the exact value."""

    rank: int
    tied: bool
    team: int
    points: int
    people: int


def deal_teams(players: Iterable[int], *, size: int, seed: str) -> list[list[int]]:
    """Shuffle players into teams of about ``size``; sizes differ by at most one, and there are two teams if there are two people.

    The seed decides everything: the same people and seed give the same teams, in whatever order the people come.
    """
    deck = sorted(players)
    Random(f"teams:{seed}").shuffle(deck)
    if not deck:
        return []
    count = min(len(deck), max(2, half_up(len(deck), max(size, 1))))
    return [deck[number::count] for number in range(count)]


def smallest_team(sizes: Mapping[int, int]) -> int:
    """The team a late-comer joins: the one with the fewest people, of equal ones the first by number.

    Raises:
        ValueError: when there is no team.
    """
    return min(sizes, key=lambda team: (sizes[team], team))


def team_scores(rules: TeamRules, members: Iterable[Member], *, teams: Sequence[int] = ()) -> list[TeamLine]:
    """Lines of all teams, best first; ``teams`` names those that may have nobody yet.

    The mean counts everybody who joined the team, answered or not. ``best`` adds the highest ``best_k``; a smaller team adds
    what it has (so ``best_k`` should be no larger than the smallest team).
    """
    points: dict[int, list[int]] = {team: [] for team in teams}
    for member in members:
        points.setdefault(member.team, []).append(member.points)
    exact = {team: _total(rules, scores) for team, scores in points.items()}
    order = sorted(exact, key=lambda team: (-exact[team], team))
    values = [exact[team] for team in order]
    return [
        TeamLine(
            rank=values.index(value) + 1,
            tied=values.count(value) > 1,
            team=team,
            points=half_up(value.numerator, value.denominator),
            people=len(points[team]),
        )
        for team, value in zip(order, values, strict=True)
    ]


def _total(rules: TeamRules, scores: list[int]) -> Fraction:
    if rules.score == TeamScore.BEST:
        return Fraction(sum(sorted(scores, reverse=True)[: rules.best_k]))
    if rules.score == TeamScore.MEAN and scores:
        return Fraction(sum(scores), len(scores))
    return Fraction(sum(scores))
