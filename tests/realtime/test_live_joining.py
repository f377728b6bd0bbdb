"""Taking a seat: once a ticket, never above the capacity, with a name nobody else has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from realtime.domain.events import open_lobby, set_rules
from realtime.domain.joining import Denied, Joining, Seat, join_players
from realtime.domain.teams import found_team, make_teams
from realtime.enums import Action, LateJoin, Mode, Names, Phase, TeamBy
from realtime.models import Event, Player, Team
from realtime.nicknames import proposals
from realtime.rules import TeamRules, preset
from tests.factories import NOW, make_resident, make_unit
from tests.realtime.live_factories import join, make_event, make_live_rules, make_show, reload

pytestmark = pytest.mark.django_db


def seats(event: Event, *items: dict[str, object]) -> list[Seat | Denied]:
    return join_players([Joining(event_id=event.pk, **item) for item in items], now=NOW)  # type: ignore[arg-type]


def codes(results: list[Seat | Denied]) -> list[str]:
    return [one.code if isinstance(one, Denied) else "seat" for one in results]


def test_a_ticket_takes_one_seat_however_often_it_comes():
    event = make_event()
    first, again = seats(event, {"ticket": "t1", "name": "An"}, {"ticket": "t1", "name": "Bình"})
    [later] = seats(event, {"ticket": "t1", "name": "Chi"})
    assert isinstance(first, Seat)
    assert isinstance(later, Seat)
    assert (first.name, first.fresh, later.name, later.fresh) == ("An", True, "An", False)
    assert again == first
    assert first.player_id == later.player_id
    assert Player.objects.count() == 1


def test_the_same_ticket_in_another_event_is_another_seat():
    one, two = make_event(), make_event()
    results = join_players([Joining(event_id=e.pk, ticket="t", name="An") for e in (one, two)], now=NOW)
    assert len({seat.key for seat in results if isinstance(seat, Seat)}) == 2


def test_a_resident_finds_the_seat_again_on_another_phone():
    event, resident = make_event(), make_resident("Trần Văn An")
    [first] = seats(event, {"ticket": "a", "name": "", "resident_id": resident.pk})
    [again] = seats(event, {"ticket": "b", "name": "Khác", "resident_id": resident.pk})
    assert isinstance(first, Seat)
    assert isinstance(again, Seat)
    assert (again.player_id, again.name) == (first.player_id, "Trần Văn An")
    assert Player.objects.get().unit_id == resident.unit_id


def test_equal_names_are_numbered_whatever_their_accents():
    event = make_event()
    players = join(event, "Lan", "Lan", "Hoa") + join(event, "Lan")
    assert [p.name for p in players] == ["Lan", "Lan (2)", "Hoa", "Lan (3)"]


def test_names_that_cannot_be_shown_are_refused_alone():
    event = make_event()
    results = seats(event, {"ticket": "a", "name": "x" * 300}, {"ticket": "b", "name": "An"}, {"ticket": "c"})
    assert isinstance(results[0], Denied)
    assert results[0].code.startswith("name_")
    assert results[0].text
    assert codes(results)[1:] == ["seat", "seat"]
    assert Player.objects.get(ticket="c").name  # who says no name gets a friendly one


def test_capacity_holds_within_a_batch_and_after():
    event = make_event(rules=make_live_rules(capacity=2))
    assert codes(seats(event, *({"ticket": str(n), "name": f"Người {n}"} for n in range(4)))) == [
        "seat", "seat", "full", "full",
    ]  # fmt: skip
    assert codes(seats(event, {"ticket": "0", "name": "Người 0"}, {"ticket": "9", "name": "Người 9"})) == [
        "seat",
        "full",
    ]


def test_the_door_before_the_lobby_locked_and_after_the_end():
    event = make_event(lobby=False)
    assert codes(seats(event, {"ticket": "a", "name": "An"})) == ["over"]
    show = make_show(questions=1)
    show.command(Action.LOCK)
    assert codes(seats(show.event, {"ticket": "a", "name": "An"})) == ["locked"]
    show.command(Action.UNLOCK)
    assert codes(seats(show.event, {"ticket": "a", "name": "An"})) == ["seat"]
    show.command(Action.LOCK)
    assert codes(seats(show.event, {"ticket": "a", "name": "An"})) == ["seat"]  # who has a seat comes back
    show.command(Action.ABORT)
    assert codes(seats(show.event, {"ticket": "b", "name": "Bình"})) == ["over"]
    assert join_players([Joining(event_id=404, ticket="a", name="An")], now=NOW)[0].__class__ is Denied


def test_a_kick_is_no_ban():
    show = make_show()
    an, binh = join(show.event, "An", "Bình")
    show.command(Action.KICK, player=an.public_id)
    show.command(Action.BAN, player=binh.public_id)
    show.command(Action.LOCK)
    assert codes(seats(show.event, {"ticket": an.ticket}, {"ticket": binh.ticket})) == ["kicked", "banned"]
    show.command(Action.UNLOCK)
    assert codes(seats(show.event, {"ticket": an.ticket}, {"ticket": binh.ticket})) == ["seat", "banned"]
    assert [p.status for p in reload(an, binh)] == ["in", "banned"]
    assert codes(seats(show.event, {"ticket": "x", "name": "An"}, {"ticket": "y", "name": "BÌNH"})) == [
        "seat", "name_taken",
    ]  # fmt: skip


def test_late_comers_by_the_rules():
    closed = make_show(rules=make_live_rules(late_join=LateJoin.CLOSED))
    shut = make_show(rules=make_live_rules(late_join=LateJoin.CLOSED, spectators=False))
    for show in (closed, shut):
        join(show.event, "An")
        show.put()
    assert [p.status for p in join(closed.event, "Bình")] == ["spectator"]
    assert codes(seats(shut.event, {"ticket": "b", "name": "Bình"})) == ["late"]


def test_who_may_come_without_an_account():
    rules = make_live_rules(guests=False)
    event = make_event(rules=replace(rules, names=Names.REAL))
    resident = make_resident("Trần Thị Bưởi")
    twin = make_resident("Trần Thị Bưởi")
    results = seats(
        event,
        {"ticket": "a", "name": "An"},
        {"ticket": "b", "name": "Biệt danh", "resident_id": resident.pk},
        {"ticket": "c", "resident_id": twin.pk},
    )
    assert codes(results) == ["sign_in", "seat", "seat"]
    assert {p.name for p in Player.objects.all()} == {"Trần Thị Bưởi"}  # real names are not numbered


def test_made_up_names_wait_for_the_host_where_the_rules_say_so():
    event = make_event(rules=replace(make_live_rules(), names=Names.APPROVE))
    resident = make_resident("Trần Văn An")
    results = seats(event, {"ticket": "a", "name": "Gió"}, {"ticket": "b", "resident_id": resident.pk}, {"ticket": "c"})
    assert [seat.name_state for seat in results if isinstance(seat, Seat)] == ["waiting", "ok", "ok"]


def test_a_name_the_join_page_proposed_waits_for_nobody_and_one_that_looks_so_does():
    event = make_event(rules=make_live_rules(names=Names.APPROVE))
    mine, others = proposals("ticket-a"), proposals("ticket-b")
    assert len(set(mine)) > 4
    assert not set(mine) & set(others)
    taken = join_players(
        [
            Joining(event_id=event.pk, ticket="ticket-a", name=f" {mine[5]} "),
            Joining(event_id=event.pk, ticket="ticket-b", name=mine[5]),  # seen on somebody else's screen
            Joining(event_id=event.pk, ticket="ticket-c", name="Sen Hồng 27x"),
            Joining(event_id=event.pk, ticket="ticket-d", name=""),
        ],
        now=NOW,
    )
    assert [seat.name_state for seat in taken if isinstance(seat, Seat)] == ["ok", "waiting", "waiting", "ok"]


def test_a_new_player_is_what_the_model_would_have_made():
    event = make_event()
    [an] = join(event, "An")
    model = Player(
        pk=an.pk, event=event, public_id=an.public_id, ticket=an.ticket, name="An", skeleton="an", joined_at=NOW
    )
    columns = [field.attname for field in Player._meta.concrete_fields]
    assert {name: getattr(an, name) for name in columns} == {name: getattr(model, name) for name in columns}


def test_more_people_than_one_statement_takes_come_in_at_once():
    event = make_event(rules=make_live_rules(names=Names.SYSTEM))
    items = [Joining(event_id=event.pk, ticket=f"t{n}") for n in range(2_100)]
    taken = join_players(items, now=NOW)
    assert len({seat.player_id for seat in taken if isinstance(seat, Seat)}) == 2_100
    assert Player.objects.get(ticket="t2099").public_id == taken[-1].key  # type: ignore[union-attr]


def test_golden_bell_seats_floor_reserves_then_spectators():
    bell = preset(Mode.BELL).bell
    assert bell is not None
    rules = make_live_rules(Mode.BELL, bell=replace(bell, seats=2, reserves=1, rescue_from=3))
    event = make_event(Mode.BELL, rules=rules)
    players = join(event, "An", "Bình", "Chi", "Dũng")
    assert [(p.status, p.seat) for p in players] == [("in", 1), ("in", 2), ("reserve", 3), ("spectator", None)]
    wider = replace(rules, bell=replace(bell, seats=3, reserves=1, rescue_from=3))
    set_rules(event=event, rules=wider, actor=None, now=NOW)
    assert [p.status for p in reload(*players)] == ["in", "in", "in", "spectator"]


def test_teams_by_unit_are_made_at_the_start_and_late_comers_join_theirs():
    show = make_show(Mode.TEAM, rules=make_live_rules(Mode.TEAM, team=TeamRules(by=TeamBy.UNIT)))
    one, two = make_unit("Phường 1", code="P1"), make_unit("Phường 2", code="P2")
    an, chi = join(show.event, "An", "Chi", unit=one.code)
    [binh] = join(show.event, "Bình", unit=two.code)
    [free] = join(show.event, "Dũng")
    show.command(Action.START)
    names = [p.team.name if p.team else "" for p in reload(an, binh, chi, free)]
    assert names == ["Phường 1", "Phường 2", "Phường 1", ""]
    [late] = join(show.event, "Giang", unit=two.code)
    assert late.team is not None
    assert late.team.name == "Phường 2"


def test_shuffled_teams_differ_by_at_most_one_and_take_late_comers():
    show = make_show(Mode.TEAM, rules=make_live_rules(Mode.TEAM, team=TeamRules(by=TeamBy.SHUFFLE, size=3)))
    players = join(show.event, *(f"Người {n}" for n in range(8)))
    show.command(Action.NEXT)
    sizes = sorted(team.players.count() for team in Team.objects.filter(event=show.event))
    assert sum(sizes) == 8
    assert sizes[-1] - sizes[0] <= 1
    [late] = join(show.event, "Muộn")
    assert late.team_id is not None
    assert all(p.team_id for p in reload(*players))


def test_a_captains_code_leads_into_the_team():
    event = make_event(Mode.TEAM, rules=make_live_rules(Mode.TEAM, team=TeamRules(by=TeamBy.CAPTAIN)))
    [captain] = join(event, "An")
    team = found_team(player=captain, name="Sao Mai", now=NOW)
    assert found_team(player=captain, name="Sao Hôm", now=NOW).pk == team.pk
    [member] = join(event, "Bình", team=team.code.lower())
    assert (member.team_id, reload(captain)[0].team_id) == (team.pk, team.pk)
    assert codes(seats(event, {"ticket": "x", "name": "Chi", "team": "ZZZZ"})) == ["no_team"]


def test_a_host_makes_teams_and_puts_people_in():
    show = make_show(Mode.TEAM, rules=make_live_rules(Mode.TEAM, team=TeamRules(by=TeamBy.HOST)))
    [red, blue] = make_teams(event=show.event, names=["Đỏ", "Xanh", "Đỏ"], now=NOW)
    assert make_teams(event=show.event, names=["Đỏ"], now=NOW) == []
    an, binh = join(show.event, "An", "Bình")
    show.command(Action.TEAM_SET, players=[an.public_id, binh.public_id], team=blue.code)
    assert {p.team_id for p in reload(an, binh)} == {blue.pk} != {red.pk}


def test_queries_do_not_grow_with_the_batch(django_assert_max_num_queries):
    event = make_event()
    with django_assert_max_num_queries(14):
        join_players([Joining(event_id=event.pk, ticket=f"t{n}", name=f"Người {n}") for n in range(30)], now=NOW)
    with django_assert_max_num_queries(5):
        join_players([Joining(event_id=event.pk, ticket=f"t{n}") for n in range(30)], now=NOW)


def test_opening_twice_keeps_the_pin():
    event = make_event()
    assert event.pin
    assert open_lobby(event=event, actor=None, now=NOW + timedelta(minutes=1)).pin == event.pin
    assert event.phase == Phase.LOBBY
