"""Sent out by mistake, and mended: the seat, the place and the points somebody had, as a recount says."""

from __future__ import annotations

import pytest

from realtime.domain.counting import recount
from realtime.domain.joining import Denied, Joining, Seat, join_players
from realtime.enums import Action, LateJoin, Mode, Names, Phase
from realtime.errors import BadCommand
from realtime.models import EventLog, Player
from realtime.rules import BellRules
from tests.realtime.live_factories import RIGHT, WRONG, Show, join, make_live_rules, make_show, reload

pytestmark = pytest.mark.django_db


def bell_show(*, questions: int = 5, **bell: object) -> Show:
    rules = make_live_rules(Mode.BELL, bell=BellRules(**({"seats": 3, "reserves": 0, "rescue_from": 0} | bell)))
    return make_show(Mode.BELL, rules=rules, questions=questions)


def places(*players: Player) -> list[tuple[int | None, str, int | None]]:
    return [(p.seat, p.status, p.out_at) for p in reload(*players)]


def again(show: Show, player: Player) -> Seat | Denied:
    """The same ticket at the door."""
    return join_players([Joining(event_id=show.event.pk, ticket=player.ticket)], now=show.now)[0]


@pytest.mark.parametrize("action", [Action.KICK, Action.BAN])
def test_who_was_sent_out_by_mistake_has_seat_place_and_points_again(action):
    show = bell_show(reserves=1, rescue_from=5)
    an, binh, chi, _du = people = join(show.event, "An", "Bình", "Chi", "Dự")
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG})
    before = [(p.seat, p.status, p.out_at, p.score, p.ghost_score, p.rank) for p in reload(*people)]
    for player in people:
        show.command(action, player=player.public_id)
    assert {p.status for p in reload(*people)} == {"kicked" if action == Action.KICK else "banned"}
    show.command(Action.UNBAN, players=[player.public_id for player in people])
    assert [(p.seat, p.status, p.out_at, p.score, p.ghost_score, p.rank) for p in reload(*people)] == before
    assert [p[:3] for p in before] == [(1, "in", None), (2, "in", None), (3, "out", 0), (4, "reserve", None)]
    assert recount(event_id=show.event.pk) == 0


def test_kicked_after_the_answer_and_back_after_the_count_the_answer_counts():
    show = bell_show()
    an, binh = join(show.event, "An", "Bình")
    show.put()
    show.answer(an)
    show.answer(binh)
    show.command(Action.KICK, player=an.public_id)
    show.reveal()
    show.command(Action.UNBAN, player=an.public_id)
    assert places(an) == [(1, "in", None)]
    assert recount(event_id=show.event.pk) == 0


def test_questions_asked_meanwhile_were_not_answered_and_the_judges_may_call_in():
    show = bell_show()
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT, chi: RIGHT})
    show.command(Action.KICK, player=an.public_id)
    show.ask({binh: RIGHT, chi: RIGHT})
    show.command(Action.UNBAN, player=an.public_id)
    assert places(an) == [(1, "out", 1)]
    show.command(Action.JUDGE, **{"in": [an.public_id]})
    assert places(an) == [(1, "in", None)]
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG})
    assert places(an, chi) == [(1, "in", None), (3, "out", 2)]
    assert recount(event_id=show.event.pk) == 0


def test_the_judges_call_in_somebody_who_only_looks_on():
    show = bell_show(seats=2, reserves=0)
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    assert chi.status == "spectator"
    show.ask({an: RIGHT, binh: RIGHT})
    [late] = join(show.event, "Đến Muộn")
    show.command(Action.JUDGE, **{"in": [chi.public_id, late.public_id]})
    assert places(chi, late) == [(3, "in", None), (4, "in", None)]
    assert all(p.rank for p in reload(chi, late))
    show.ask({chi: RIGHT, an: RIGHT, late: RIGHT})
    assert places(an, binh, chi, late) == [(1, "in", None), (2, "out", 1), (3, "in", None), (4, "in", None)]
    assert recount(event_id=show.event.pk) == 0


def test_the_judges_cannot_call_in_who_is_not_in_the_room():
    show = bell_show()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: RIGHT})
    show.command(Action.BAN, player=an.public_id)
    with pytest.raises(BadCommand):
        show.command(Action.JUDGE, **{"in": [an.public_id]})


def test_in_the_lobby_the_number_comes_back_or_the_next_one():
    show = bell_show(seats=3, reserves=0)
    an, binh = join(show.event, "An", "Bình")
    show.command(Action.KICK, player=an.public_id)
    show.command(Action.UNBAN, player=an.public_id)
    assert places(an) == [(1, "in", None)]
    show.command(Action.KICK, player=an.public_id)
    [chi] = join(show.event, "Chi")
    assert chi.seat == 1
    show.command(Action.UNBAN, player=an.public_id)
    assert places(an, binh) == [(3, "in", None), (2, "in", None)]
    show.command(Action.KICK, player=binh.public_id)
    join(show.event, "Dũng")
    show.command(Action.UNBAN, player=binh.public_id)
    assert places(binh) == [(None, "spectator", None)]  # the floor is full


def test_who_looked_on_looks_on_again():
    show = make_show(rules=make_live_rules(late_join=LateJoin.CLOSED))
    [an] = join(show.event, "An")
    show.put()
    [late] = join(show.event, "Muộn")
    show.command(Action.KICK, players=[an.public_id, late.public_id])
    show.command(Action.UNBAN, players=[an.public_id, late.public_id])
    assert [p.status for p in reload(an, late)] == ["in", "spectator"]


def test_a_kicked_person_comes_back_by_joining_again_with_everything():
    show = make_show()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    [before] = reload(an)
    show.command(Action.KICK, player=an.public_id)
    assert reload(binh)[0].rank == 1
    seat = again(show, an)
    assert isinstance(seat, Seat)
    assert (seat.key, seat.status, seat.fresh) == (an.public_id, "in", False)
    [after] = reload(an)
    assert (after.score, after.rank, after.status) == (before.score, 1, "in")
    show.event.refresh_from_db()
    line = EventLog.objects.get(event=show.event, seq=show.event.seq)
    assert (line.who, line.action, line.data) == ("door", "unban", {"players": [an.public_id]})
    assert isinstance(again(show, an), Seat)
    assert EventLog.objects.filter(event=show.event, action="unban").count() == 1
    show.command(Action.NEXT)  # the host's position was not disturbed
    assert recount(event_id=show.event.pk) == 0


def test_nobody_comes_back_by_themselves_through_a_locked_door_into_a_ceremony_or_past_a_ban():
    show = make_show()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    show.command(Action.KICK, player=an.public_id)
    show.command(Action.LOCK)
    assert again(show, an).code == "kicked"
    show.command(Action.UNLOCK)
    show.command(Action.FINISH)
    assert again(show, an).code == "kicked"
    show.command(Action.BAN, player=an.public_id)
    assert again(show, an).code == "banned"
    show.command(Action.UNBAN, player=an.public_id)  # the host may, even now
    assert reload(an)[0].status == "in"


def test_the_host_looks_again_at_the_name_of_who_comes_back():
    show = make_show(rules=make_live_rules(names=Names.APPROVE))
    [an] = join(show.event, "Tên Lạ")
    show.command(Action.RENAME, player=an.public_id, approve=True)
    show.command(Action.KICK, player=an.public_id)
    seat = again(show, an)
    assert isinstance(seat, Seat)
    assert seat.name_state == "waiting"
    assert show.event.phase == Phase.LOBBY
