"""Who has won, who fell, who guessed nearest, and by which name: told to each audience alike, and not before it is decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contest.enums import CertificateKind
from contest.models import Certificate
from people.models import Resident
from quizbank.models import Question
from realtime.audiences import Own, Presence, stage, wall, you
from realtime.domain.certificates import issue_event_certificates
from realtime.domain.joining import Joining, join_players
from realtime.enums import Action, Finish, Mode, Names, Play, Scoring
from realtime.models import Player
from realtime.queries.report import report_of
from realtime.queries.snapshot import Snapshot, snapshot
from realtime.shown_people import FALLEN_NAMED
from tests.factories import NOW, make_question, make_resident, make_unit, single_draft
from tests.realtime.live_factories import RIGHT, WRONG, Show, join, make_live_rules, make_show

pytestmark = pytest.mark.django_db
HALL = Presence(online=0, answered=0, players=0)


def seen(show: Show) -> Snapshot:
    snap = snapshot(show.event.pk)
    assert snap is not None
    return snap


def told(show: Show, *players: Player) -> list[bool]:
    """Whether each phone says "you have won"; walls and phones agree with the report."""
    snap = seen(show)
    won = [you(snap, snap.lines[player.pk]).won for player in players]
    keys = stage(snap, now=0, players=0).winners
    assert keys == wall(snap, HALL, now=0).winners
    if snap.game.phase in ("podium", "ended"):
        show.event.refresh_from_db()
        assert {snap.lines[one].key for one in report_of(show.event).winners} == set(keys)
    assert [player.public_id in keys for player in players] == won
    return won


def test_nobody_has_won_before_the_podium_and_ties_share_it():
    show = make_show(rules=make_live_rules(scoring=Scoring.ACCURACY, tie_by_time=False))
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG})
    assert told(show, an, binh, chi) == [False, False, False]
    show.command(Action.FINISH)
    assert told(show, an, binh, chi) == [True, True, False]
    show.command(Action.NEXT)
    assert told(show, an, binh, chi) == [True, True, False]


def test_who_shares_the_first_rank_without_a_point_has_not_won():
    show = make_show()
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: WRONG, binh: WRONG})
    show.command(Action.FINISH)
    assert told(show, an, binh) == [False, False]
    assert you(seen(show), seen(show).lines[an.pk]).rank == 1


def test_the_bell_did_not_ring_when_nobody_is_left():
    show = make_show(Mode.BELL)
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: RIGHT})
    show.ask({an: RIGHT, binh: WRONG})
    show.command(Action.JUDGE, out=[an.public_id])
    show.command(Action.FINISH)
    assert told(show, an, binh) == [False, False]


def test_the_judges_word_is_on_every_screen_and_stands_first():
    show = make_show(Mode.BELL)
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG})
    show.command(Action.FINISH)
    assert told(show, an, binh, chi) == [True, True, False]
    show.command(Action.JUDGE, winners=[binh.public_id])
    assert told(show, an, binh, chi) == [False, True, False]
    assert [row.name for row in wall(seen(show), HALL, now=0).board] == ["Bình", "An", "Chi"]
    show.command(Action.JUDGE, winners=[])
    assert told(show, an, binh, chi) == [True, True, False]


def test_the_wall_names_who_fell_on_this_question_only_after_the_reveal():
    rules = make_live_rules(Mode.BELL)
    assert rules.bell is not None
    rules = replace(rules, bell=replace(rules.bell, finish=Finish.ALL_QUESTIONS))
    show = make_show(Mode.BELL, rules=rules)
    people = join(show.event, *(f"Bạn số {n}" for n in range(1, 19)))
    show.ask(dict.fromkeys(people[:17], RIGHT))
    assert [(one.seat, one.name) for one in wall(seen(show), HALL, now=0).fell] == [(18, "Bạn số 18")]
    show.put()
    assert wall(seen(show), HALL, now=0).fell == ()
    show.reveal()
    assert [one.seat for one in wall(seen(show), HALL, now=0).fell] == list(range(1, FALLEN_NAMED + 1))
    show.command(Action.UNDO)
    assert wall(seen(show), HALL, now=0).fell == ()


def number() -> Question:
    return make_question(
        single_draft("Đường dài bao nhiêu?", kind="numeric", content={"unit": "km"}, key={"value": "100"})
    )


def test_the_nearest_guesses_are_named_at_the_reveal():
    show = make_show(questions=[number()], settings=[{"play": Play.CLOSEST}])
    an, binh, chi, _dung = join(show.event, "An", "Bình", "Chi", "Dũng")
    show.put()
    for player, guess in ((an, "97"), (binh, "103"), (chi, "150")):
        show.answer(player, guess)
    assert wall(seen(show), HALL, now=0).reveal is None
    show.reveal()
    reveal = wall(seen(show), HALL, now=0).reveal
    assert reveal is not None
    assert [one.name for one in reveal.nearest] == ["An", "Bình"]
    assert reveal.nearest[0].text.startswith("97")


def test_a_phone_is_told_how_many_were_right():
    show = make_show()
    [an] = join(show.event, "An")
    show.ask({an: RIGHT})
    show.ask({an: WRONG})
    show.ask({an: RIGHT})
    assert you(seen(show), seen(show).lines[an.pk]).correct == 2


# ------------------------------------------------------------------------------------------- children


def resident_in(show: Show, resident: Resident, name: str = "") -> Player:
    [seat] = join_players(
        [Joining(event_id=show.event.pk, ticket=f"r{resident.pk}", name=name, resident_id=resident.pk)], now=NOW
    )
    return Player.objects.get(public_id=seat.key)  # type: ignore[union-attr]


@pytest.mark.parametrize(("years", "shown"), [(17, "Nguyễn V** A**"), (18, "Nguyễn V** A**"), (19, "Nguyễn Văn An")])
def test_a_childs_name_on_file_is_masked_for_everybody_else(years, shown):
    show = make_show(rules=make_live_rules(names=Names.REAL, guests=False), unit=make_unit("Phường 1"))
    child = resident_in(show, make_resident("Nguyễn Văn An", birth_year=NOW.year - years))
    assert (child.name, child.shown or child.name) == ("Nguyễn Văn An", shown)
    assert seen(show).newest() == [shown]
    show.ask({child: RIGHT})
    show.command(Action.TO_BOARD)
    snap = seen(show)
    for frame in (wall(snap, HALL, now=0), stage(snap, now=0, players=1)):
        assert [row.name for row in frame.board] == [shown]
        assert ("Văn An" in frame.encode()) is (shown == "Nguyễn Văn An")
    assert '"name":"Nguyễn Văn An"' in Own(snap).text(snap.lines[child.pk])  # one's own phone says one's own name
    show.command(Action.FINISH)
    show.command(Action.NEXT)
    assert [line.name for line in report_of(show.event).lines] == ["Nguyễn Văn An"]  # the report is for staff


def test_a_child_who_types_the_name_on_file_is_masked_too_and_a_nickname_stays():
    show = make_show()
    typed = resident_in(show, make_resident("Trần Thị Bình", birth_year=NOW.year - 12), "tran thi binh")
    nick = resident_in(show, make_resident("Lê Văn Cường", birth_year=NOW.year - 12), "Mèo Con")
    assert (typed.shown, nick.shown) == ("Trần T** B**", "")
    show.command(Action.RENAME, player=typed.public_id, name="Bình")
    assert seen(show).newest() == ["Mèo Con", "Bình"]


def test_certificates_hold_the_whole_name():
    show = make_show(rules=make_live_rules(names=Names.REAL, guests=False))
    child = resident_in(show, make_resident("Nguyễn Văn An", birth_year=NOW.year - 15))
    show.ask({child: RIGHT})
    show.command(Action.FINISH)
    show.command(Action.NEXT)
    show.event.refresh_from_db()
    assert issue_event_certificates(event=show.event, kind=CertificateKind.WINNER, actor=None, now=NOW) == 1
    assert Certificate.objects.get().facts["name"] == "Nguyễn Văn An"
