"""Teams are dealt evenly and repeatably, scored exactly, and a tie of teams is a tie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.enums import TeamScore
from realtime.rules import TeamRules
from realtime.teams import Member, deal_teams, smallest_team, team_scores


@given(st.sets(st.integers(1, 10_000), max_size=200), st.integers(2, 30), st.text(max_size=5))
def test_everybody_is_in_one_team_and_sizes_differ_by_at_most_one(players, size, seed):
    teams = deal_teams(players, size=size, seed=seed)

    assert sorted(player for team in teams for player in team) == sorted(players)
    sizes = {len(team) for team in teams}
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
    assert 0 not in sizes
    assert len(teams) >= min(2, len(players))


def test_dealing_repeats_whatever_the_order_people_came_in():
    people = list(range(40))

    assert deal_teams(people, size=5, seed="evening") == deal_teams(people[::-1], size=5, seed="evening")
    assert deal_teams(people, size=5, seed="evening") != deal_teams(people, size=5, seed="morning")
    assert len(deal_teams(people, size=5, seed="evening")) == 8


def test_late_comer_joins_the_smallest_team():
    assert smallest_team({1: 4, 2: 3, 3: 3}) == 2
    with pytest.raises(ValueError, match="empty"):
        smallest_team({})


MEMBERS = [Member(1, 10), Member(1, 20), Member(1, 0), Member(2, 15), Member(2, 14)]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (TeamRules(score=TeamScore.SUM), [(1, False, 1, 30, 3), (2, False, 2, 29, 2), (3, False, 3, 0, 0)]),
        (TeamRules(score=TeamScore.MEAN), [(1, False, 2, 15, 2), (2, False, 1, 10, 3), (3, False, 3, 0, 0)]),
        (TeamRules(score=TeamScore.BEST, best_k=1), [(1, False, 1, 20, 3), (2, False, 2, 15, 2), (3, False, 3, 0, 0)]),
    ],
)
def test_team_points(rules, expected):
    lines = team_scores(rules, MEMBERS, teams=[1, 2, 3])

    assert [(line.rank, line.tied, line.team, line.points, line.people) for line in lines] == expected


def test_equal_teams_share_a_rank_and_rounding_makes_no_tie():
    tie = team_scores(TeamRules(score=TeamScore.MEAN), [Member(1, 10), Member(2, 10), Member(3, 9)])
    assert [(line.rank, line.tied) for line in tie] == [(1, True), (1, True), (3, False)]

    near = team_scores(TeamRules(score=TeamScore.MEAN), [Member(1, 1), Member(1, 2), Member(1, 1), Member(2, 1)])
    assert [(line.rank, line.tied, line.points) for line in near] == [(1, False, 1), (2, False, 1)]


def test_a_smaller_team_of_the_best_adds_what_it_has():
    lines = team_scores(TeamRules(score=TeamScore.BEST, best_k=3), [Member(1, 5), Member(2, 2), Member(2, 2)])

    assert [(line.team, line.points) for line in lines] == [(1, 5), (2, 4)]
