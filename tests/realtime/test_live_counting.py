"""From answers to points and ranks: counted once, taken back whole, and equal to a recount from the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizbank.models import Question
from realtime.bell import rescue_candidates
from realtime.domain.counting import recount
from realtime.domain.facts import people_of
from realtime.enums import Action, Mode, Phase, Play, PlayerStatus, Scoring, Stakes
from realtime.errors import CommandRefused
from realtime.models import EventLog, EventQuestion, LiveAnswer, Player
from realtime.queries.snapshot import snapshot
from realtime.rules import preset
from tests.factories import make_question, single_draft
from tests.realtime.live_factories import RIGHT, WRONG, Show, join, make_live_rules, make_show, reload

pytestmark = pytest.mark.django_db

COUNTED = ("status", "out_at", "score", "ghost_score", "correct", "time_ms", "streak", "rank", "tied")


def state(show: Show) -> dict[str, tuple[object, ...]]:
    return {row[0]: row[1:] for row in Player.objects.filter(event=show.event).values_list("name", *COUNTED)}


def marks(show: Show) -> set[tuple[object, ...]]:
    rows = LiveAnswer.objects.filter(question__event=show.event)
    return set(rows.values_list("question__position", "player__name", "permille", "points", "streak", "ghost"))


def accuracy(**changes: object) -> Show:
    return make_show(rules=make_live_rules(scoring=Scoring.ACCURACY, streak=False, **changes), questions=4)


def numeric(value: str = "34") -> Question:
    return make_question(
        single_draft("Cả nước có bao nhiêu tỉnh?", kind="numeric", content={"unit": "tỉnh"}, key={"value": value})
    )


def test_right_answers_give_points_ranks_and_time():
    show = accuracy()
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.put()
    show.answer(an, RIGHT, after=3)
    show.answer(binh, RIGHT, after=2)
    show.answer(chi, WRONG, after=1)
    show.reveal()
    an, binh, chi = reload(an, binh, chi)
    assert [(p.score, p.correct, p.time_ms, p.rank, p.tied) for p in (an, binh, chi)] == [
        (1000, 1, 3000, 2, False),
        (1000, 1, 2000, 1, False),
        (0, 0, 0, 3, False),
    ]


def test_equal_points_and_times_are_a_tie():
    show = accuracy(tie_by_time=False)
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT})
    assert [(p.rank, p.tied) for p in reload(an, binh, chi)] == [(1, True), (1, True), (3, False)]


def test_rank_before_the_last_count_is_kept():
    show = accuracy()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT})
    show.ask({binh: RIGHT}, after=1)
    assert [(p.was, p.rank) for p in reload(an, binh)] == [(1, 2), (2, 1)]


def test_streak_grows_with_right_answers_and_breaks_in_silence():
    show = make_show(rules=make_live_rules(scoring=Scoring.KAHOOT, streak=True), questions=3)
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: RIGHT})
    show.ask({an: RIGHT})
    assert [p.streak for p in reload(an, binh)] == [2, 0]
    second = LiveAnswer.objects.get(player=an, question__position=1)
    first = LiveAnswer.objects.get(player=an, question__position=0)
    assert second.points == first.points + 100


def test_undo_takes_everything_back_and_revealing_again_gives_the_same():
    show = make_show(questions=3)
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: WRONG, chi: RIGHT})
    before = state(show), marks(show)
    show.ask({an: WRONG, binh: RIGHT})
    after = state(show), marks(show)
    show.command(Action.UNDO)
    assert state(show) == before[0]
    assert {mark for mark in marks(show) if mark[3] is not None} == before[1]
    show.command(Action.REVEAL)
    assert (state(show), marks(show)) == after


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("scoring", list(Scoring))
def test_recount_from_the_rows_changes_nothing(mode, scoring):
    show = make_show(mode, rules=make_live_rules(mode, scoring=scoring, streak=True), questions=5)
    people = join(show.event, "An", "Bình", "Chi", "Dũng", "Giang")
    patterns = ["11110", "11010", "1-001", "01111"]
    for place, pattern in enumerate(patterns):
        show.put()
        for n, (player, sign) in enumerate(zip(people, pattern, strict=True)):
            if sign != "-":
                show.answer(player, RIGHT if sign == "1" else WRONG, after=0.4 + n + place)
        show.reveal()
        if show.event.phase in {Phase.PODIUM, Phase.ENDED}:
            break
    before = state(show), marks(show)
    assert len({row[2] for row in before[0].values()} | {row[3] for row in before[0].values()}) > 1
    assert recount(event_id=show.event.pk) == 0
    assert (state(show), marks(show)) == before


def test_recount_finds_and_mends_what_was_tampered_with():
    show = accuracy()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT})
    good = state(show)
    Player.objects.filter(pk=binh.pk).update(score=9_999, rank=1)
    assert recount(event_id=show.event.pk) == 1
    assert state(show) == good


def test_judges_accept_another_answer_and_everything_is_counted_again():
    show = accuracy()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: "C"})
    show.command(Action.JUDGE, accept=["C"])
    assert [(p.score, p.correct) for p in reload(an, binh)] == [(1000, 1), (1000, 1)]
    assert recount(event_id=show.event.pk) == 0


def test_an_earlier_question_is_mended_while_a_later_one_is_open():
    show = make_show(rules=make_live_rules(scoring=Scoring.ACCURACY))
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    show.ask({an: WRONG, binh: WRONG})
    show.put()
    show.answer(an)
    show.command(Action.JUDGE, accept=[WRONG], index=0, reason="Đáp án in sai")
    assert [(p.score, p.rank, p.tied) for p in reload(an, binh)] == [(1000, 1, True), (1000, 1, True)]
    show.command(Action.JUDGE, void=True, index=0)
    assert [p.score for p in reload(an, binh)] == [0, 0]
    show.command(Action.JUDGE, void=False, index=0)
    assert [p.score for p in reload(an, binh)] == [1000, 1000]
    data = EventLog.objects.filter(event=show.event, action="judge").earliest("seq").data
    assert data == {"accept": [WRONG], "index": 0, "reason": "Đáp án in sai"}
    show.reveal()
    assert [p.score for p in reload(an, binh)] == [2000, 1000]
    with pytest.raises(CommandRefused):
        show.command(Action.JUDGE, void=True, index=7)
    assert recount(event_id=show.event.pk) == 0


def test_on_the_floor_an_earlier_question_is_not_graded_again():
    show = make_show(Mode.BELL)
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG})
    show.put()
    with pytest.raises(CommandRefused):
        show.command(Action.JUDGE, void=True, index=0)
    assert not EventQuestion.objects.filter(event=show.event, voided=True).exists()
    show.command(Action.JUDGE, **{"in": [chi.public_id]})
    assert reload(chi)[0].status == "in"


def test_a_voided_question_gives_nothing_and_leaves_the_others_alone():
    show = make_show(questions=4)
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    first = state(show)
    show.ask({an: WRONG, binh: RIGHT})
    show.command(Action.JUDGE, void=True)
    assert {name: row[2] for name, row in state(show).items()} == {name: row[2] for name, row in first.items()}
    assert recount(event_id=show.event.pk) == 0


def test_a_poll_and_a_practice_question_give_nothing():
    show = make_show(
        rules=make_live_rules(scoring=Scoring.ACCURACY),
        settings=[{"play": Play.POLL}, {"practice": True}, {}],
    )
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: WRONG, binh: RIGHT})
    show.ask({an: RIGHT, binh: WRONG})
    assert [p.score for p in reload(an, binh)] == [0, 0]
    poll = LiveAnswer.objects.filter(question__position=0)
    assert set(poll.values_list("permille", "points")) == {(None, 0)}
    show.ask({an: RIGHT})
    assert [p.score for p in reload(an, binh)] == [1000, 0]


def test_the_closest_guess_gets_most():
    show = make_show(
        rules=make_live_rules(scoring=Scoring.ACCURACY), questions=[numeric()], settings=[{"play": Play.CLOSEST}]
    )
    an, binh, chi, dung = join(show.event, "An", "Bình", "Chi", "Dũng")
    show.ask({an: "34", binh: "30", chi: "38"})
    assert [p.score for p in reload(an, binh, chi, dung)] == [1000, 667, 667, 0]
    assert recount(event_id=show.event.pk) == 0


def test_a_lost_bet_costs_what_was_laid():
    show = make_show(rules=make_live_rules(scoring=Scoring.ACCURACY, bets=True))
    an, binh = join(show.event, "An", "Bình")
    show.put()
    show.answer(an, RIGHT, bet=2)
    show.answer(binh, WRONG, bet=1)
    show.reveal()
    assert [p.score for p in reload(an, binh)] == [2000, -500]


def test_a_question_asked_again_counts_its_second_time_only():
    show = accuracy()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    show.command(Action.REPLAY)
    assert [p.score for p in reload(an, binh)] == [0, 0]
    show.until(Phase.OPEN)
    show.answer(binh, RIGHT)
    show.reveal()
    assert [p.score for p in reload(an, binh)] == [0, 1000]
    assert LiveAnswer.objects.filter(question__event=show.event).count() == 3  # what was said first is kept
    assert recount(event_id=show.event.pk) == 0


def test_who_is_sent_out_leaves_the_ranking_and_others_close_up():
    show = accuracy()
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.put()
    for place, player in enumerate((an, binh, chi)):
        show.answer(player, after=1 + place)
    show.reveal()
    change = show.command(Action.KICK, player=an.public_id)
    assert change.ended == (an.public_id,)
    assert [(p.status, p.rank) for p in reload(an, binh, chi)] == [("kicked", 0), ("in", 1), ("in", 2)]


# ---------------------------------------------------------------------------------------------- golden bell


def bell(questions: int = 6, **changes: object) -> Show:
    rules = preset(Mode.BELL)
    assert rules.bell is not None
    return make_show(
        Mode.BELL, rules=make_live_rules(Mode.BELL, bell=replace(rules.bell, **changes)), questions=questions
    )


def places(*players: Player) -> list[tuple[str, int | None]]:
    return [(p.status, p.out_at) for p in reload(*players)]


def test_wrong_partly_right_and_silent_fall_and_collect_as_ghosts():
    show = bell()
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    assert [p.seat for p in (an, binh, chi)] == [1, 2, 3]
    show.ask({an: RIGHT, binh: WRONG})
    assert places(an, binh, chi) == [("in", None), ("out", 0), ("out", 0)]
    show.ask({an: RIGHT, binh: RIGHT})
    an, binh, chi = reload(an, binh, chi)
    assert (an.score, an.ghost_score, binh.score, binh.ghost_score) == (2000, 0, 0, 1000)
    assert [(p.rank, p.tied) for p in (an, binh, chi)] == [(1, False), (2, True), (2, True)]


def test_undo_puts_the_fallen_back_on_the_floor():
    show = bell()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    show.command(Action.UNDO)
    assert places(an, binh) == [("in", None), ("in", None)]
    show.command(Action.REVEAL)
    assert places(an, binh) == [("in", None), ("out", 0)]


def test_when_everybody_falls_on_one_question_they_all_come_back():
    show = bell()
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT})
    show.ask({an: WRONG, binh: WRONG, chi: RIGHT})
    assert places(an, binh, chi) == [("out", 1), ("out", 1), ("out", 0)]
    show.put()
    assert places(an, binh, chi) == [("in", None), ("in", None), ("out", 0)]
    assert recount(event_id=show.event.pk) == 0


def test_rescue_brings_back_and_undo_takes_it_away_again():
    show = bell()
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: WRONG})
    show.command(Action.RESCUE, by="teacher", players=[chi.public_id])
    assert places(an, binh, chi) == [("in", None), ("out", 0), ("in", None)]
    assert recount(event_id=show.event.pk) == 0
    show.command(Action.UNDO)
    assert places(an, binh, chi) == [("in", None), ("in", None), ("in", None)]


def test_a_number_of_people_comes_back_in_the_order_anybody_can_draw_again():
    show = make_show(Mode.BELL, questions=4)
    people = join(show.event, *(f"Bạn {n}" for n in range(8)))
    show.ask(dict.fromkeys(people[:5], RIGHT))  # 5, 6, 7 fall first
    show.ask({people[0]: RIGHT})  # 1 to 4 fall later: they stood longer
    snap = snapshot(show.event.pk)
    assert snap is not None
    order = rescue_candidates(people_of(show.event.pk), game=snap.game, plan=snap.plan, lot=show.event.secret)
    assert {*order[:4]} == {player.pk for player in people[1:5]}
    with pytest.raises(CommandRefused):
        show.command(Action.RESCUE, by="teacher", count=0)
    show.command(Action.RESCUE, by="teacher", count=3)
    standing = {p.pk for p in reload(*people) if p.status == "in"}
    assert standing == {people[0].pk, *order[:3]}
    assert EventLog.objects.filter(event=show.event, action="rescue").latest("seq").data["count"] == 3
    assert recount(event_id=show.event.pk) == 0


def test_rescued_players_points_count_again():
    show = bell()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT})
    show.command(Action.RESCUE, by="audience", count=1)
    show.ask({an: RIGHT, binh: RIGHT})
    assert [(p.score, p.ghost_score) for p in reload(an, binh)] == [(2000, 0), (1000, 0)]


def test_reserves_come_in_when_few_of_their_unit_are_left():
    show = bell(seats=2, reserves=1, rescue_from=1, quota_k=1, quota_by_unit=False)
    an, binh, reserve = join(show.event, "An", "Bình", "Chi")
    assert reserve.status == PlayerStatus.RESERVE
    show.ask({an: RIGHT})
    show.command(Action.NEXT)
    assert places(an, binh, reserve) == [("in", None), ("out", 0), ("in", None)]
    assert recount(event_id=show.event.pk) == 0


def test_safe_and_poll_questions_let_nobody_fall():
    show = make_show(
        Mode.BELL, rules=make_live_rules(Mode.BELL), settings=[{"stakes": Stakes.SAFE}, {"play": Play.POLL}, {}]
    )
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    show.ask({})
    assert places(an, binh) == [("in", None), ("in", None)]


def test_marshal_marks_stand_for_people_without_a_phone():
    show = bell(marshal=True)
    an, binh = join(show.event, "An", "Bình")
    [board] = join(show.event, "Cụ Tư", marshal=True)
    show.put()
    show.answer(an)
    show.answer(binh, WRONG)
    show.command(Action.MARK, seats=[board.seat], right=True)
    show.command(Action.MARK, seats=[board.seat], right=True)
    show.until(Phase.LOCKED)
    show.command(Action.REVEAL)
    assert places(an, binh, board) == [("in", None), ("out", 0), ("in", None)]
    assert recount(event_id=show.event.pk) == 0


def test_a_mark_overrides_and_can_be_taken_back():
    show = bell(marshal=True)
    an, binh = join(show.event, "An", "Bình")
    show.put()
    show.answer(an, WRONG)
    show.command(Action.MARK, seats=[an.seat, binh.seat], right=True)
    show.command(Action.MARK, seats=[binh.seat], right=None)
    show.until(Phase.LOCKED)
    show.command(Action.REVEAL, force=True)
    assert places(an, binh) == [("in", None), ("out", 0)]


def test_judges_send_off_and_let_in_and_it_is_logged():
    show = bell()
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT})
    show.command(Action.JUDGE, out=[an.public_id])
    show.command(Action.JUDGE, **{"in": [chi.public_id]})
    assert places(an, binh, chi) == [("out", 0), ("in", None), ("in", None)]
    assert recount(event_id=show.event.pk) == 0
    actions = list(show.event.log.values_list("action", flat=True))
    assert actions[-2:] == ["judge", "judge"]
