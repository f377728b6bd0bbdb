"""Sending out many at once: whom a command means that names nobody, and that it costs a few statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contest.arrivals import to_ms
from realtime.domain.joining import Denied, Joining, join_players
from realtime.enums import Action, Mode, Names
from realtime.errors import BadCommand
from realtime.models import EventLog, Player
from tests.factories import NOW
from tests.realtime.live_factories import join, make_live_rules, make_show

pytestmark = pytest.mark.django_db


def inside(show) -> set[str]:
    return set(Player.objects.filter(event=show.event, status="in").values_list("name", flat=True))


def test_who_came_since_a_moment_goes_and_who_was_there_stays():
    show = make_show()
    join(show.event, "An", "Bình")
    later = NOW + timedelta(seconds=30)
    join(show.event, "Robot 1", "Robot 2", now=later)
    change = show.command(Action.KICK, since=to_ms(later))
    assert inside(show) == {"An", "Bình"}
    assert len(change.ended) == 2
    assert EventLog.objects.get(event=show.event, action="kick").data == {"since": to_ms(later), "people": 2}


def test_names_that_begin_alike_go_whatever_their_case_and_accents():
    show = make_show()
    join(show.event, "An", "Đội Bót 1", "doi bot 2", "ĐỘI BỌT 3", "Bình Đội")
    show.command(Action.KICK, prefix="Đội b")
    assert inside(show) == {"An", "Bình Đội"}


def test_everybody_whose_name_waits_goes():
    show = make_show(rules=make_live_rules(names=Names.APPROVE))
    an, _binh, _chi = join(show.event, "An", "Bình", "Chi")
    show.command(Action.RENAME, player=an.public_id, approve=True)
    show.command(Action.KICK, all="waiting")
    assert inside(show) == {"An"}


def test_conditions_given_together_must_all_hold():
    show = make_show()
    join(show.event, "Robot 1", "An")
    later = NOW + timedelta(seconds=30)
    join(show.event, "Robot 2", "Bình", now=later)
    show.command(Action.KICK, since=to_ms(later), prefix="robot")
    assert inside(show) == {"Robot 1", "An", "Bình"}


def test_a_crowd_is_no_simulated_player_and_nobody_a_marshal_let_in():
    show = make_show()
    join(show.event, "Robot 1", bot=True)
    join(show.event, "Robot 2", marshal=True)
    join(show.event, "Robot 3")
    show.command(Action.KICK, prefix="robot")
    assert inside(show) == {"Robot 1", "Robot 2"}


def test_a_banned_crowd_does_not_come_back_with_its_tickets():
    show = make_show()
    tickets = [Joining(event_id=show.event.pk, ticket=f"t{n}", name=f"Robot {n}") for n in range(3)]
    join_players(tickets, now=NOW)
    show.command(Action.BAN, since=0)
    assert all(isinstance(one, Denied) and one.code == "banned" for one in join_players(tickets, now=NOW))


def test_numbers_of_a_crowd_are_free_again_before_the_start():
    show = make_show(Mode.BELL)
    join(show.event, "Robot 1", "Robot 2")
    show.command(Action.KICK, prefix="robot")
    [chi] = join(show.event, "Chi")
    assert (chi.seat, chi.status) == (1, "in")
    assert set(Player.objects.filter(status="kicked").values_list("seat", "left_seat", "left_as")) == {
        (None, 1, "in"),
        (None, 2, "in"),
    }


def test_nobody_meant_is_no_mistake():
    show = make_show()
    join(show.event, "An")
    assert show.command(Action.KICK, prefix="robot").ended == ()
    assert inside(show) == {"An"}


@pytest.mark.parametrize(
    "data",
    [
        {"all": "everybody"},
        {"all": True},
        {"since": "1"},
        {"since": True},
        {"since": -1},
        {"since": 2**60},
        {"since": None},
        {"prefix": ""},
        {"prefix": "r"},
        {"prefix": 5},
        {"all": "waiting", "prefix": []},
    ],
)
def test_other_values_send_nobody_out(data):
    show = make_show()
    join(show.event, "An")
    with pytest.raises(BadCommand):
        show.command(Action.KICK, **data)
    assert inside(show) == {"An"}


def test_a_crowd_is_approved_but_never_let_in_again():
    show = make_show(rules=make_live_rules(names=Names.APPROVE))
    an, _binh = join(show.event, "An", "Bình")
    show.command(Action.BAN, player=an.public_id)
    show.command(Action.RENAME, all="waiting", approve=True)
    assert set(Player.objects.values_list("name", "name_state")) == {("An", "waiting"), ("Bình", "ok")}
    with pytest.raises(BadCommand):
        show.command(Action.UNBAN, all="waiting")


def test_queries_do_not_grow_with_the_crowd():
    spent = []
    for people in (3, 60):
        show = make_show()
        join(show.event, *(f"Robot {n}" for n in range(people)))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            show.command(Action.KICK, prefix="robot")
        spent.append(len(queries))
    assert spent[0] == spent[1]
