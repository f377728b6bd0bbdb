"""Who would start a team race without a team is told to the host before the start, in a place that keeps up."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.translation import override

from realtime.enums import Action, Mode, TeamBy
from realtime.game_state import Game
from realtime.models import Event, Player, Team
from realtime.presenters.desk import judged
from realtime.queries.console import loose_players, running_order
from realtime.rules import TeamRules
from tests.factories import make_question, make_unit, single_draft
from tests.realtime.live_desk import House, make_house, page, signed_in
from tests.realtime.live_factories import Show, join, make_live_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


def race(house: House, by: TeamBy) -> Event:
    return house.event(Mode.TEAM, rules=make_live_rules(Mode.TEAM, team=TeamRules(by=by)), questions=1)


def warned(client: Client, event: Event) -> tuple[bool, bool]:
    """Whether the desk shows the warning, and whether its list of people carries it."""
    desk = client.get(page(event, "dieu-khien/")).content.decode()
    [hidden] = re.findall(r"<p[^>]*data-loose( hidden)?>", desk)
    return not hidden, "data-loose-now" in client.get(page(event, "nguoi-choi/")).content.decode()


@pytest.mark.parametrize("by", [TeamBy.HOST, TeamBy.CAPTAIN])
def test_the_desk_tells_how_many_have_no_team_until_they_have_one(house: House, by: TeamBy) -> None:
    event, client = race(house, by), signed_in(house.host)
    lan, nam = join(event, "Lan", "Nam")
    assert loose_players(event) == 2
    assert "2 người chưa có đội." in client.get(page(event, "dieu-khien/")).content.decode()
    assert warned(client, event) == (True, True)
    team = Team.objects.create(event=event, name="Sen", code="ACDE", created_at=lan.joined_at)
    Show(event, house.host).command(Action.TEAM_SET, players=[lan.public_id, nam.public_id], team=team.code)
    event.refresh_from_db()
    assert (loose_players(event), warned(client, event)) == (0, (False, False))


def test_with_teams_by_unit_only_who_has_no_unit_is_meant(house: House) -> None:
    event = race(house, TeamBy.UNIT)
    lan, _guest = join(event, "Lan", "Khách")
    Player.objects.filter(pk=lan.pk).update(unit=make_unit("Xã Tân Hồng"))
    assert loose_players(event) == 1


def test_nobody_is_warned_where_teams_are_dealt_or_there_are_none_or_it_has_begun(house: House) -> None:
    dealt, alone, begun = race(house, TeamBy.SHUFFLE), house.event(), race(house, TeamBy.HOST)
    for event in (dealt, alone, begun):
        join(event, "Lan")
    Show(begun, house.host).command(Action.START)
    begun.refresh_from_db()
    assert [loose_players(event) for event in (dealt, alone, begun)] == [0, 0, 0]


def test_an_english_event_deals_english_teams_and_asks_judges_in_english(house: House) -> None:
    words = {"stem": "Which day?", "content": {"options": ["22 April", "10 October", "21 October", "3 June"]}}
    question = make_question(single_draft("Ngày nào?", translations={"en": words}))
    rules = make_live_rules(Mode.TEAM, team=TeamRules(by=TeamBy.SHUFFLE, size=2))
    event = house.event(Mode.TEAM, rules=rules, questions=[question], language="en")
    join(event, "Lan", "Nam")
    show = Show(event, house.host)
    with override("vi"):
        show.ask()
    assert sorted(event.teams.values_list("name", flat=True)) == ["Team 1", "Team 2"]
    event.refresh_from_db()
    [asked] = judged(running_order(event), Game.from_json(event.state), bell=False, language=event.language)
    assert (asked["stem"], asked["choices"][1]) == ("Which day?", ["B", "10 October"])
