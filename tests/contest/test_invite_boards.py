"""The boards of a contest's spread, and what an inviter sees of the own link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest.domain.invite_credit import recount
from contest.domain.inviting import unit_link
from contest.models import Contest, InviteLink, Round
from contest.queries.invite_boards import people_board, units_board
from contest.queries.invites import spread_of
from contest.rules.enums import MaskStyle
from contest.rules.parts import Masking
from people.domain.residents import erase_resident
from tests.contest.invitees import LINKED, MINUTE, bring, enter, make_link, make_verified
from tests.contest.papers import simple_contest
from tests.factories import NOW, make_round, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(simple_contest(), opens_at=NOW - timedelta(days=3))


@pytest.fixture
def contest(round_: Round) -> Contest:
    return round_.contest


def test_boards_of_people_and_units(contest: Contest, round_: Round) -> None:
    sized, unsized = make_unit("Phường Lớn", head_count=40), make_unit("Xã Chưa Rõ")
    lan = make_link(contest, "Nguyễn Thị Lan", unit=sized)
    teo = make_link(contest, "Lê Văn Tèo", unit=unsized, birth_year=2014, guardian_name="Lê A", guardian_phone="+84901")
    hoa = make_link(contest, "Trần Thị Hoa", unit=sized)
    ward = unit_link(
        contest=contest, unit=make_unit("Phường Mỹ Tho", parent=contest.unit), actor=make_user(), now=LINKED
    )
    for link in (lan, lan, teo, hoa, ward):
        bring(link, round_)
    recount(contest=contest, now=NOW)
    assert lan.resident is not None

    people = people_board(contest, masking=Masking(), viewer_id=lan.resident_id, now=NOW)
    units = units_board(contest, viewer_unit_id=unsized.pk)

    assert [(row.rank, row.tied, row.credits, row.own) for row in people.rows] == [
        (1, False, 2, True),
        (2, True, 1, False),
        (2, True, 1, False),
    ]
    assert {row.name for row in people.rows} == {"Nguyễn T** L**", "L. V. T.", "Trần T** H**"}
    assert [(row.name, row.credits, row.share) for row in units.rows if row.rank == 1] == [("Phường Lớn", 3, "7,5%")]
    assert {(row.name, row.share, row.own) for row in units.rows if row.rank == 2} == {
        ("Xã Chưa Rõ", "–", True),
        ("Phường Mỹ Tho", "–", False),
    }


def test_who_left_is_not_listed_but_the_unit_keeps_what_they_brought(contest: Contest, round_: Round) -> None:
    link = make_link(contest)
    bring(link, round_)
    recount(contest=contest, now=NOW)
    assert link.resident is not None
    erase_resident(resident=link.resident, now=NOW)
    recount(contest=contest, now=NOW + MINUTE)

    assert people_board(contest, masking=Masking(), viewer_id=None, now=NOW).total == 0
    assert [row.credits for row in units_board(contest, viewer_unit_id=None).rows] == [1]


def test_what_the_inviter_sees(contest: Contest, round_: Round) -> None:
    link = make_link(contest)
    bring(link, round_, "Lê Thị Mai")
    bring(link, round_, "Phạm Văn Nhanh", seconds=2)
    enter(link, make_verified("Đỗ Chưa Xong"))
    recount(contest=contest, now=NOW)

    seen = spread_of(InviteLink.objects.get(pk=link.pk), Masking(), NOW)

    assert (seen.came, seen.counted, seen.held) == (3, 1, 1)
    assert {(one.name, one.state) for one in seen.people} == {
        ("Lê T** M**", "counted"),
        ("Phạm V** N**", "held"),
        ("Đỗ C** X**", ""),
    }


def test_full_names_of_the_rules_are_masked_here(contest: Contest, round_: Round) -> None:
    bring(make_link(contest, "Nguyễn Thị Lan"), round_)
    recount(contest=contest, now=NOW)
    open_rules = Masking(style=MaskStyle.FULL, minors_style=MaskStyle.FULL, show_unit=False)
    (row,) = people_board(contest, masking=open_rules, viewer_id=None, now=NOW).rows
    assert (row.name, row.unit) == ("Nguyễn T** L**", "")


def test_the_viewers_row_is_there_on_every_page(
    contest: Contest, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.queries.invite_boards.PER_PAGE", 1)
    first, second = make_link(contest), make_link(contest, "Bình")
    for link in (first, first, second):
        bring(link, round_)
    recount(contest=contest, now=NOW)

    page = people_board(contest, masking=Masking(), viewer_id=second.resident_id, now=NOW)

    assert ([row.rank for row in page.rows], page.pages, page.own_outside) == ([1], 2, True)
    assert page.own is not None
    assert (page.own.rank, page.own.credits) == (2, 1)
    last = people_board(contest, masking=Masking(), viewer_id=second.resident_id, now=NOW, page=2)
    assert ([row.own for row in last.rows], last.own_outside) == ([True], False)
    assert people_board(contest, masking=Masking(), viewer_id=None, now=NOW, page=9).rows == ()
