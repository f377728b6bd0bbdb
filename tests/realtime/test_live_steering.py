"""Commands and the clock: once each, by who may, at the moment their screen showed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from contest.arrivals import from_ms
from realtime.domain.answering import AnswerCode, LiveArrival, save_live_answers
from realtime.domain.counting import recount
from realtime.domain.grants import check_grant, grant, revoke
from realtime.domain.steering import advance_clock, steer_event
from realtime.enums import Action, GrantRole, Mode, Phase
from realtime.errors import BadCommand, CommandRefused, EventOver, GrantMissing, NoSuchEvent, StaleCommand
from realtime.game_state import DRAIN_MS
from realtime.live_signals import event_changed
from realtime.models import Event, EventLog, LiveAnswer, Player
from tests.factories import NOW, make_user
from tests.realtime.live_factories import RIGHT, join, make_show, reload

pytestmark = pytest.mark.django_db


def test_each_change_raises_the_position_and_is_logged():
    show = make_show()
    start = show.event.seq
    change = show.command(Action.NEXT)
    assert (change.seq, change.epoch, change.game.phase) == (start + 1, show.event.epoch, Phase.OPEN)
    show.event.refresh_from_db()
    assert (show.event.phase, show.event.index, show.event.instance, show.event.seq) == ("open", 0, 1, start + 1)
    assert show.event.state["phase"] == "open"
    entry = EventLog.objects.get(event=show.event, seq=start + 1)
    assert (entry.who, entry.action, entry.at) == (f"user:{show.host.public_id}", "next", NOW)


def test_a_double_tap_does_its_work_once():
    show = make_show()
    show.put()
    at = show.event.seq
    args = {"event_id": show.event.pk, "action": "extend", "data": {"seconds": 10}, "user_id": show.host.pk, "now": NOW}
    closes_at = show.event.closes_at
    steer_event(at_seq=at, **args)
    with pytest.raises(StaleCommand):
        steer_event(at_seq=at, **args)
    show.event.refresh_from_db()
    assert show.event.closes_at == closes_at + 10_000


def test_a_command_is_too_late_when_the_stage_has_moved_but_not_when_only_a_name_has_changed():
    show = make_show()
    [an] = join(show.event, "An")
    show.put()
    at = show.event.seq
    show.command(Action.RENAME, player=an.public_id, name="An Nhiên")
    args = {"event_id": show.event.pk, "data": {}, "user_id": show.host.pk, "now": NOW + timedelta(seconds=3)}
    steer_event(action=Action.END_NOW, at_seq=at, **args)
    with pytest.raises(StaleCommand):
        steer_event(action=Action.SKIP, at_seq=at, **args)
    with pytest.raises(StaleCommand):
        steer_event(action=Action.SKIP, at_seq=at + 99, **args)


def test_the_machine_refuses_with_a_code_and_a_sentence():
    show = make_show()
    with pytest.raises(CommandRefused) as refused:
        show.command(Action.REVEAL)
    assert refused.value.code == "bad_phase"
    assert str(refused.value)
    show.event.refresh_from_db()
    assert show.event.phase == "lobby"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("dance", {}),
        ("kick", {}),
        ("kick", {"player": "nobody"}),
        ("kick", {"player": 7}),
        ("rename", {"player": None, "name": "A"}),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(action, data):
    show = make_show()
    join(show.event, "An")
    seq = show.event.seq
    with pytest.raises(BadCommand):
        show.command(action, **data)
    show.event.refresh_from_db()
    assert show.event.seq == seq


def test_a_player_of_another_event_cannot_be_touched():
    show, other = make_show(), make_show()
    [stranger] = join(other.event, "An")
    with pytest.raises(BadCommand):
        show.command(Action.KICK, player=stranger.public_id)
    assert reload(stranger)[0].status == "in"


def test_every_command_asks_for_the_right_anew():
    show = make_show()
    cohost = make_user("Phụ Dẫn")
    args = {"event_id": show.event.pk, "data": {}, "now": NOW}
    with pytest.raises(GrantMissing):
        steer_event(action="next", at_seq=show.event.seq, user_id=cohost.pk, **args)
    given = grant(event=show.event, role=GrantRole.COHOST, actor=show.host, user=cohost, now=NOW).grant
    steer_event(action="lock", at_seq=show.event.seq, user_id=cohost.pk, **args)
    with pytest.raises(GrantMissing):
        steer_event(action="abort", at_seq=show.event.seq, user_id=cohost.pk, **args)
    revoke(grant=given, actor=show.host, now=NOW)
    with pytest.raises(GrantMissing):
        steer_event(action="unlock", at_seq=show.event.seq, user_id=cohost.pk, **args)


def test_a_key_opens_its_own_event_and_role_only():
    show, other = make_show(Mode.BELL), make_show()
    made = grant(event=show.event, role=GrantRole.MARSHAL, actor=show.host, now=NOW, label="Trọng tài 1")
    assert made.key
    assert made.key not in made.grant.key_hash
    assert check_grant(event_id=show.event.pk, user_id=None, key=made.key) == GrantRole.MARSHAL
    assert check_grant(event_id=other.event.pk, user_id=None, key=made.key) is None
    assert check_grant(event_id=show.event.pk, user_id=None, key=made.key + "x") is None
    assert check_grant(event_id=show.event.pk, user_id=None, key="") is None
    with pytest.raises(GrantMissing):
        steer_event(
            event_id=show.event.pk, action="next", data={}, at_seq=show.event.seq, user_id=None, key=made.key, now=NOW
        )


def test_granting_an_account_twice_gives_the_first_grant_and_the_strongest_role_counts():
    show = make_show()
    helper = make_user("Trợ Lý")
    first = grant(event=show.event, role=GrantRole.MARSHAL, actor=show.host, user=helper, now=NOW).grant
    assert grant(event=show.event, role=GrantRole.MARSHAL, actor=show.host, user=helper, now=NOW).grant == first
    grant(event=show.event, role=GrantRole.COHOST, actor=show.host, user=helper, now=NOW)
    assert check_grant(event_id=show.event.pk, user_id=helper.pk) == GrantRole.COHOST
    helper.is_active = False
    helper.save()
    assert check_grant(event_id=show.event.pk, user_id=helper.pk) is None


def test_the_clock_locks_reveals_and_counts_by_itself_and_only_once():
    show = make_show()
    an, _silent = join(show.event, "An", "Bình")
    show.put()
    show.answer(an)
    assert show.tick() is None
    show.now = from_ms(show.event.closes_at + DRAIN_MS)
    change = show.tick()
    assert change is not None
    assert (change.game.phase, change.counted) == (Phase.REVEAL, True)
    assert show.tick() is None
    assert LiveAnswer.objects.get().points is not None


def test_when_everybody_here_has_answered_the_question_closes_early():
    show = make_show()
    an, binh, gone = join(show.event, "An", "Bình", "Chi")
    show.put()
    show.answer(an)
    show.answer(gone)
    here = {an.pk, binh.pk}
    show.later(5)
    assert show.tick(online=here) is None  # one has answered and left; that is not everybody
    show.answer(binh)
    assert show.tick(online=here) is not None
    show.event.refresh_from_db()
    assert from_ms(show.event.closes_at) == show.now


def test_the_event_ends_and_gives_its_pin_back():
    show = make_show(questions=1)
    [an] = join(show.event, "An")
    pin = show.event.pin
    assert pin
    show.ask({an: RIGHT})
    show.command(Action.NEXT)
    show.command(Action.NEXT)
    show.event.refresh_from_db()
    assert (show.event.phase, show.event.pin, show.event.ended_at) == ("ended", None, NOW + (show.now - NOW))
    with pytest.raises(EventOver):
        show.command(Action.ABORT)
    assert show.tick() is None


def test_an_event_that_is_not_there():
    with pytest.raises(NoSuchEvent):
        advance_clock(event_id=404, now=NOW)


def test_the_world_hears_after_the_commit(django_capture_on_commit_callbacks):
    heard: list[tuple[int, int]] = []

    def hear(event_id: int, seq: int, **_rest: object) -> None:
        heard.append((event_id, seq))

    show = make_show()
    event_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True) as waiting:
            change = show.command(Action.NEXT)
            assert heard == []
        assert waiting
    finally:
        event_changed.disconnect(hear)
    assert heard == [(show.event.pk, change.seq)]


def test_names_that_wait_are_approved_and_bans_reach_the_name():
    show = make_show()
    an, binh = join(show.event, "An", "Bình")
    Player.objects.filter(event=show.event).update(name_state="waiting")
    show.command(Action.RENAME, players=[an.public_id, binh.public_id], approve=True)
    assert {p.name_state for p in reload(an, binh)} == {"ok"}
    show.command(Action.BAN, player=an.public_id)
    show.command(Action.UNBAN, player=an.public_id)
    assert reload(an)[0].status == "in"


# ------------------------------------------------------------------------------------------- at the same moment


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; what each returned or raised."""
    barrier = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            results[place] = call()
        except Exception as error:  # noqa: BLE001  what is raised is what is looked at
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_hosts_who_press_next_at_once_one_is_told_that_it_moved():
    show = make_show()
    show.event.refresh_from_db()
    at = show.event.seq

    def press() -> object:
        return steer_event(event_id=show.event.pk, action="next", data={}, at_seq=at, user_id=show.host.pk, now=NOW).seq

    results = at_once(press, press)
    assert sorted(type(result).__name__ for result in results) == ["StaleCommand", "int"]
    assert Event.objects.get(pk=show.event.pk).instance == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_look_at_the_clock_and_count_once():
    show = make_show()
    an, _silent = join(show.event, "An", "Bình")
    show.put()
    show.answer(an)
    late = from_ms(show.event.closes_at + DRAIN_MS)
    results = at_once(*[lambda: advance_clock(event_id=show.event.pk, now=late)] * 2)
    assert sorted(result is None for result in results) == [False, True]
    assert reload(an)[0].score == LiveAnswer.objects.get().points


@pytest.mark.django_db(transaction=True)
def test_an_answer_at_the_moment_of_the_reveal_is_counted_or_refused_never_lost():
    """Whatever is acknowledged is in the count: the two wait for each other on the event's row."""
    show = make_show(questions=6)
    people = join(show.event, *(f"Người {n}" for n in range(6)))
    for _question in range(5):
        show.put()
        question = show.question()
        arrivals = [
            LiveArrival(show.event.pk, question.pk, show.event.instance, p.pk, RIGHT, 0, from_ms(show.event.closes_at))
            for p in people
        ]
        late = from_ms(show.event.closes_at + DRAIN_MS)
        results = at_once(
            lambda late=late: advance_clock(event_id=show.event.pk, now=late),
            *[lambda one=one: save_live_answers([one])[0] for one in arrivals],
        )
        show.now = late
        assert set(results[1:]) <= {AnswerCode.SAVED, AnswerCode.CLOSED}, results
        stored = LiveAnswer.objects.filter(question=question)
        assert stored.count() == results[1:].count(AnswerCode.SAVED)
        assert not stored.filter(points=None).exists()
        show.event.refresh_from_db()
        assert show.event.phase == Phase.REVEAL
    assert recount(event_id=show.event.pk) == 0


def test_kicked_in_the_lobby_frees_the_seat():
    show = make_show(Mode.BELL)
    an, binh = join(show.event, "An", "Bình")
    show.command(Action.KICK, player=an.public_id)
    [chi] = join(show.event, "Chi")
    assert (chi.seat, chi.status, binh.seat) == (1, "in", 2)


def test_a_show_survives_any_number_of_looks_at_the_clock():
    show = make_show()
    show.put()
    for _ in range(5):
        show.later(7)
        show.tick()
        seq = Event.objects.values_list("seq", flat=True).get(pk=show.event.pk)
        assert show.tick() is None
        assert Event.objects.values_list("seq", flat=True).get(pk=show.event.pk) == seq
