"""Building an event, copying it, rehearsing it: before anybody plays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from people.domain.audit import verify_chain
from people.models import AuditEntry
from quizbank.errors import BadQuestion
from quizbank.models import Question
from realtime.domain.events import copy_event, create_event, delete_event, open_lobby, rename_event, rules_of, set_rules
from realtime.domain.grants import check_grant
from realtime.domain.questions import (
    add_questions,
    change_question,
    fill_from_blueprint,
    make_me_one,
    move_question,
    remove_question,
    revise_live_question,
    set_questions,
    settings_of,
    write_live_question,
)
from realtime.domain.rehearsal import delete_old_rehearsals, play_bots, rehearse
from realtime.enums import GrantRole, Mode, Phase, Play, Stakes
from realtime.errors import BadCommand, BadRules, EventRunning, NoQuestions
from realtime.models import Event, LiveAnswer, Player
from realtime.rules import preset
from tests.factories import NOW, make_question, make_questions, make_unit, make_user, single_draft
from tests.realtime.live_factories import Show, join, make_event, make_live_rules, make_show

pytestmark = pytest.mark.django_db


def order(event: Event) -> list[int]:
    return list(event.questions.order_by("position").values_list("version_id", flat=True))


def test_creating_makes_the_maker_its_host_and_is_audited():
    host = make_user()
    event = create_event(title="  Đêm hội  ", mode=Mode.BELL, unit=make_unit(), actor=host, now=NOW)
    assert (event.title, event.phase, event.pin, event.mode) == ("Đêm hội", "draft", None, "bell")
    assert rules_of(event) == preset(Mode.BELL)
    assert event.ghosts
    assert check_grant(event_id=event.pk, user_id=host.pk) == GrantRole.HOST
    assert AuditEntry.objects.filter(verb="event.created", subject=f"event:{event.public_id}").exists()
    assert verify_chain() is None


def test_titles_and_rules_that_make_no_sense_are_refused():
    unit = make_unit()
    with pytest.raises(BadRules):
        create_event(title=" ", mode=Mode.RACE, unit=unit, actor=None, now=NOW)
    with pytest.raises(BadRules):
        create_event(title="A", mode=Mode.RACE, unit=unit, actor=None, now=NOW, rules=preset(Mode.BELL))
    event = make_event(lobby=False)
    with pytest.raises(BadRules) as refused:
        set_rules(event=event, rules=replace(make_live_rules(), counts_into="abc", guests=True), actor=None, now=NOW)
    assert refused.value.problems
    with pytest.raises(BadRules):
        rename_event(event=event, title="", actor=None, now=NOW)
    assert rename_event(event=event, title="Tên mới", actor=None, now=NOW).title == "Tên mới"


def test_the_lobby_needs_a_question_and_gives_a_pin_nobody_else_has():
    with pytest.raises(NoQuestions):
        open_lobby(event=make_event(questions=0, lobby=False), actor=None, now=NOW)
    pins = {make_event(questions=1).pin for _ in range(3)}
    assert len(pins) == 3
    assert all(pin and len(pin) == 6 for pin in pins)


def test_the_running_order_is_arranged():
    event = make_event(questions=0, lobby=False)
    a, b, c, d = (question.current for question in make_questions(4))
    assert all((a, b, c, d))
    add_questions(event=event, versions=[a, b, c], now=NOW)
    change_question(event=event, question_id=event.questions.get(version=b).pk, now=NOW, points=500, play=Play.POLL)
    assert order(event) == [a.pk, b.pk, c.pk]
    move_question(event=event, question_id=event.questions.get(version=c).pk, to=0, now=NOW)
    assert order(event) == [c.pk, a.pk, b.pk]
    set_questions(event=event, versions=[d, b], now=NOW)
    assert order(event) == [d.pk, b.pk]
    assert event.questions.get(version=b).points == 500  # what stays keeps its settings
    remove_question(event=event, question_id=event.questions.get(version=d).pk, now=NOW)
    assert list(event.questions.values_list("position", "version")) == [(0, b.pk)]
    with pytest.raises(BadCommand):
        move_question(event=event, question_id=404, to=0, now=NOW)


def test_what_is_frozen_at_the_first_question():
    show = make_show()
    show.put()
    row = show.question()
    for act in (
        lambda: remove_question(event=show.event, question_id=row.pk, now=NOW),
        lambda: change_question(event=show.event, question_id=row.pk, now=NOW, points=1),
        lambda: set_rules(event=show.event, rules=make_live_rules(), actor=None, now=NOW),
        lambda: delete_event(event=show.event, actor=None, now=NOW),
    ):
        with pytest.raises(EventRunning):
            act()


def test_a_question_written_on_the_spot_is_a_draft_and_revised_in_place():
    event, author = make_event(lobby=False), make_user()
    row = write_live_question(
        event=event, draft=single_draft("Hôm nay là thứ mấy?"), author=author, now=NOW, seconds=10
    )
    question = Question.objects.get(current=row.version)
    assert (question.state, question.author, question.tags) == ("draft", author, ["live"])
    revised = revise_live_question(event=event, question_id=row.pk, draft=single_draft("Hôm nay là ngày nào?"), now=NOW)
    assert (revised.version.stem, revised.seconds, revised.version.number) == ("Hôm nay là ngày nào?", 10, 2)
    bank = event.questions.first()
    with pytest.raises(BadCommand):
        revise_live_question(event=event, question_id=bank.pk, draft=single_draft("x?"), now=NOW)
    with pytest.raises(BadQuestion):
        write_live_question(event=event, draft=single_draft(""), author=author, now=NOW)


def test_a_blueprint_is_filled_without_repeats_or_refused():
    event = make_event(questions=0, lobby=False)
    make_questions(4, difficulty="easy", topic="nhan-thuc")
    make_questions(2, difficulty="hard", topic="an-toan")
    lines = [{"topic": "nhan-thuc", "difficulty": "", "count": 3}, {"topic": "", "difficulty": "hard", "count": 2}]
    made = fill_from_blueprint(event=event, lines=lines, seed="s", now=NOW)
    assert len({row.version_id for row in made}) == 5
    assert [row.version.difficulty for row in made] == ["easy"] * 3 + ["hard"] * 2
    with pytest.raises(BadRules):
        fill_from_blueprint(event=event, lines=lines, seed="s", now=NOW)
    assert event.questions.count() == 5


def test_make_me_one_fits_the_minutes_and_rises_in_difficulty():
    event = make_event(Mode.BELL, rules=make_live_rules(Mode.BELL, seconds=20), questions=0, lobby=False)
    for difficulty in ("easy", "medium", "hard"):
        make_questions(12, difficulty=difficulty, topic="nhan-thuc")
    rows = make_me_one(event=event, topics=["nhan-thuc"], minutes=10, seed="s", now=NOW)
    main = [row for row in event.questions.order_by("position") if not row.extra]
    assert len(main) == 15  # 40 seconds each
    assert len(rows) - len(main) == 2
    steps = ["easy", "medium", "hard"]
    asked = [steps.index(row.version.difficulty) for row in main]
    assert asked == sorted(asked)
    assert {0, 1, 2} == set(asked)


def test_make_me_one_takes_what_the_bank_has():
    event = make_event(questions=0, lobby=False)
    make_questions(8, difficulty="easy", topic="an-toan")
    assert len(make_me_one(event=event, topics=["an-toan"], minutes=5, seed="s", now=NOW)) == 7
    with pytest.raises(BadRules):
        make_me_one(event=make_event(questions=0, lobby=False), topics=["phap-ly"], minutes=5, seed="s", now=NOW)


def test_a_form_becomes_settings():
    assert settings_of({"seconds": "", "points": "500", "play": "poll", "practice": "on"}) == {
        "seconds": None, "read_seconds": None, "points": 500, "stakes": Stakes.OUT, "play": Play.POLL,
        "extra": False, "practice": True,
    }  # fmt: skip
    with pytest.raises(BadCommand):
        settings_of({"points": "nhiều"})


def test_a_copy_has_rules_and_questions_but_no_people():
    show = make_show(settings=[{"points": 300}])
    join(show.event, "An")
    copy = copy_event(event=show.event, actor=show.host, now=NOW + timedelta(days=1))
    assert order(copy) == order(show.event)
    assert copy.questions.get(position=0).points == 300
    assert (copy.phase, copy.players.count(), copy.rules) == ("draft", 0, show.event.rules)
    assert copy.secret != show.event.secret
    delete_event(event=copy, actor=show.host, now=NOW)
    assert not Event.objects.filter(pk=copy.pk).exists()


def test_a_rehearsal_plays_a_whole_game_with_simulated_people():
    host = make_user()
    event = make_event(Mode.RACE, actor=host, questions=3, lobby=False)
    copy = rehearse(event=event, players=12, actor=host, now=NOW)
    assert (copy.rehearsal, copy.phase, copy.players.filter(bot=True).count()) == (True, "lobby", 12)
    assert event.players.count() == 0
    show = Show(copy, host)
    for _question in range(3):
        show.put()
        half = show.later(4)
        some = play_bots(event_id=copy.pk, now=half)
        assert play_bots(event_id=copy.pk, now=half) == 0
        assert some + play_bots(event_id=copy.pk, now=show.later(15)) > 0
        show.reveal()
    assert LiveAnswer.objects.filter(question__event=copy, points__isnull=False).count() > 12
    assert Player.objects.filter(event=copy, score__gt=0).count() > 6
    rehearse(event=event, players=1, actor=host, now=NOW + timedelta(hours=1))
    assert Event.objects.filter(rehearsal=True).count() == 1
    assert delete_old_rehearsals(now=NOW + timedelta(days=3)) == 1
    assert Event.objects.filter(pk=event.pk).exists()


def test_bots_never_play_for_a_prize():
    show = make_show()
    join(show.event, "An", bot=True)
    show.put()
    assert play_bots(event_id=show.event.pk, now=show.later(19)) == 0
    assert show.event.phase == Phase.OPEN
    assert make_question().current is not None
