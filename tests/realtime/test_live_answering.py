"""The rule of an answer: in time, once, by who plays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contest.arrivals import from_ms
from realtime.domain.answering import AnswerCode, LiveArrival, save_live_answers
from realtime.enums import Action, LateJoin, Mode, Phase
from realtime.game_state import DRAIN_MS
from realtime.models import LiveAnswer, Player
from realtime.rules import preset
from tests.realtime.live_factories import RIGHT, WRONG, Show, join, make_live_rules, make_show

pytestmark = pytest.mark.django_db


def opened(mode: Mode = Mode.RACE, **fields: object) -> tuple[Show, list[Player]]:
    show = make_show(mode, **fields)
    players = join(show.event, "An", "Bình", "Chi")
    show.put()
    return show, players


def arrival(show: Show, player: Player, **changes: object) -> LiveArrival:
    question = show.question()
    sent = LiveArrival(
        show.event.pk, question.pk, show.event.instance, player.pk, RIGHT, 0, from_ms(show.event.opens_at + 1500)
    )
    return replace(sent, **changes)  # type: ignore[arg-type]


def test_answer_is_stored_with_the_time_the_server_measured():
    show, [an, *_] = opened()
    assert save_live_answers([arrival(show, an)]) == [AnswerCode.SAVED]
    stored = LiveAnswer.objects.get()
    assert (stored.player_id, stored.response, stored.elapsed_ms, stored.ghost) == (an.pk, RIGHT, 1500, False)
    assert stored.received_ms == show.event.opens_at + 1500


def test_first_answer_is_final():
    show, [an, *_] = opened()
    first = arrival(show, an)
    assert save_live_answers([first, replace(first, response=WRONG)]) == [AnswerCode.SAVED, AnswerCode.DUPLICATE]
    assert save_live_answers([first]) == [AnswerCode.DUPLICATE]
    assert save_live_answers([replace(first, response=WRONG)]) == [AnswerCode.DUPLICATE]
    assert LiveAnswer.objects.get().response == RIGHT


def test_of_two_answers_in_one_batch_the_one_that_arrived_first_counts():
    show, [an, *_] = opened()
    late = arrival(show, an)
    early = replace(late, response=WRONG, received_at=late.received_at - timedelta(seconds=1))
    assert save_live_answers([late, early]) == [AnswerCode.DUPLICATE, AnswerCode.SAVED]
    assert LiveAnswer.objects.get().response == WRONG


@pytest.mark.parametrize(
    ("ms", "code"),
    [(-1, AnswerCode.CLOSED), (0, AnswerCode.SAVED), (20_000, AnswerCode.SAVED), (20_001, AnswerCode.LATE)],
)
def test_the_window_holds_both_of_its_ends(ms, code):
    show, [an, *_] = opened()
    sent = arrival(show, an, received_at=from_ms(show.event.opens_at + ms))
    assert save_live_answers([sent]) == [code]


def test_answer_received_in_time_counts_although_it_is_written_while_the_question_drains():
    show, [an, *_] = opened()
    show.now = from_ms(show.event.closes_at + DRAIN_MS - 1)
    show.tick()
    assert save_live_answers([arrival(show, an, received_at=from_ms(show.event.closes_at))]) == [AnswerCode.SAVED]


def test_after_the_reveal_nothing_is_taken():
    show, [an, binh, *_] = opened()
    show.answer(binh)
    in_time = arrival(show, an)
    show.reveal()
    assert save_live_answers([in_time]) == [AnswerCode.CLOSED]


def test_an_answer_never_slips_into_the_next_question():
    show, [an, *_] = opened()
    old = arrival(show, an)
    show.reveal()
    show.put()
    assert save_live_answers([old, replace(old, received_at=from_ms(show.event.opens_at + 10))]) == [
        AnswerCode.CLOSED,
        AnswerCode.CLOSED,
    ]
    assert not LiveAnswer.objects.exists()


def test_when_the_host_ends_early_what_arrived_before_counts_and_nothing_after():
    show, [an, binh, _chi] = opened()
    show.now = from_ms(show.event.opens_at + 5_000)
    show.command(Action.END_NOW)
    at = from_ms(show.event.opens_at)
    assert save_live_answers(
        [
            arrival(show, an, received_at=at + timedelta(seconds=4.9)),
            arrival(show, binh, received_at=at + timedelta(seconds=5.1)),
        ]
    ) == [AnswerCode.SAVED, AnswerCode.LATE]


def test_what_arrives_during_a_pause_is_asked_to_try_again():
    show, [an, binh, _chi] = opened()
    at = from_ms(show.event.opens_at)
    show.now = at + timedelta(seconds=5)
    show.command(Action.PAUSE)
    before = arrival(show, an, received_at=at + timedelta(seconds=4))
    during = arrival(show, binh, received_at=at + timedelta(seconds=6))
    assert save_live_answers([before, during]) == [AnswerCode.SAVED, AnswerCode.BUSY]
    show.now = at + timedelta(seconds=65)
    show.command(Action.RESUME)
    again = replace(during, received_at=at + timedelta(seconds=66))
    assert save_live_answers([again]) == [AnswerCode.SAVED]
    assert LiveAnswer.objects.get(player=binh).elapsed_ms == 6_000  # the minute of the pause is not counted


def test_strangers_and_spectators_do_not_answer():
    show, [an, *_] = opened()
    other, [stranger, *_] = opened()
    watcher = join(show.event, "Dũng")[0]
    Player.objects.filter(pk=watcher.pk).update(status="spectator")
    assert save_live_answers(
        [arrival(show, stranger), arrival(show, watcher), arrival(show, an, event_id=other.event.pk)]
    ) == [AnswerCode.NOT_YOURS, AnswerCode.OUT, AnswerCode.NOT_YOURS]
    assert not LiveAnswer.objects.exists()


def test_who_fell_plays_on_as_a_ghost_only_where_the_rules_say_so():
    show, [an, binh, chi] = opened(Mode.BELL)
    show.answer(an)
    show.answer(binh)
    show.reveal()
    show.put()
    assert show.answer(chi) == AnswerCode.SAVED
    assert LiveAnswer.objects.get(player=chi).ghost
    bell = preset(Mode.BELL).bell
    quiet, [dung, giang, hoa] = opened(Mode.BELL, rules=make_live_rules(Mode.BELL, bell=replace(bell, ghosts=False)))
    quiet.answer(dung)
    quiet.answer(giang)
    quiet.reveal()
    quiet.put()
    assert quiet.answer(hoa) == AnswerCode.OUT


def test_who_comes_while_a_question_is_open_waits_for_the_next_where_the_rules_say_so():
    show = make_show(rules=make_live_rules(late_join=LateJoin.ZERO))
    join(show.event, "An")
    show.put()
    [late] = join(show.event, "Bình")
    assert show.answer(late) == AnswerCode.CLOSED
    show.reveal()
    show.put()
    assert show.answer(late) == AnswerCode.SAVED


@pytest.mark.parametrize("response", ["", "x" * 201, "a\x00b", "\ud800"])
def test_what_the_database_cannot_hold_is_refused_alone(response):
    show, [an, binh, *_] = opened()
    codes = save_live_answers([arrival(show, an, response=response), arrival(show, binh)])
    assert codes == [AnswerCode.BAD_ANSWER, AnswerCode.SAVED]


def test_a_batch_is_one_query_when_everything_is_stored(django_assert_num_queries):
    show = make_show()
    players = join(show.event, *(f"Người {n}" for n in range(30)))
    show.put()
    items = [arrival(show, player) for player in players]
    with django_assert_num_queries(1):
        assert save_live_answers(items) == [AnswerCode.SAVED] * 30
    with django_assert_num_queries(3):
        assert save_live_answers(items) == [AnswerCode.DUPLICATE] * 30


def test_events_of_one_batch_do_not_mix():
    one, [an, *_] = opened()
    two, [binh, *_] = opened()
    assert save_live_answers([arrival(one, an), arrival(two, binh)]) == [AnswerCode.SAVED] * 2
    assert set(LiveAnswer.objects.values_list("question__event_id", "player_id")) == {
        (one.event.pk, an.pk),
        (two.event.pk, binh.pk),
    }
    assert one.event.phase == Phase.OPEN
