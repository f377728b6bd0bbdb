"""Who asked to be forgotten stays in the results without a name, also where the word of it was lost."""

from __future__ import annotations

from datetime import datetime

import pytest

from contest.domain.forgetting import forget_erased
from contest.domain.invite_credit import recount
from contest.masking import public_name
from contest.models import Entry
from contest.queries.invites import doubts
from contest.rules.enums import MaskStyle
from contest.rules.parts import Masking
from contest.tasks import tidy
from people.domain.residents import erase_resident
from people.names import ERASED_NAME
from tests.contest.invitees import LINKED, MINUTE, bring, make_link
from tests.contest.papers import simple_contest
from tests.factories import NOW, make_contest, make_entry, make_participant, make_round

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return sorted(Entry.objects.values_list("full_name", flat=True))


def test_the_name_goes_from_every_contest_at_once(now: datetime, django_capture_on_commit_callbacks: object) -> None:
    gone, stays = make_participant("Nguyễn Thị Bí Mật"), make_participant("Lê Thị Ở")
    for contest in (make_contest(), make_contest()):
        make_entry(contest, gone)
    make_entry(contest, stays)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_resident(resident=gone, now=now)
    assert names() == ["Lê Thị Ở", ERASED_NAME, ERASED_NAME]
    assert Entry.objects.filter(resident=gone).count() == 2


def test_what_a_lost_word_left_goes_with_the_hourly_tidying(now: datetime) -> None:
    gone, stays = make_participant("Nguyễn Thị Bí Mật"), make_participant("Lê Thị Ở")
    contest = make_contest()
    for one in (gone, stays):
        make_entry(contest, one)
    erase_resident(resident=gone, now=now)  # killed before the word of it goes out: nothing runs on commit here
    assert names() == ["Lê Thị Ở", "Nguyễn Thị Bí Mật"]
    tidy()
    assert names() == ["Lê Thị Ở", ERASED_NAME]
    assert forget_erased() == 0


@pytest.mark.parametrize("style", list(MaskStyle))
@pytest.mark.parametrize("minor", [True, False])
def test_a_board_says_so_instead_of_masking_it(style: MaskStyle, *, minor: bool) -> None:
    assert public_name(ERASED_NAME, masking=Masking(style=style), minor=minor) == ERASED_NAME


def test_those_who_decide_about_invitations_read_no_name_of_theirs(django_capture_on_commit_callbacks: object) -> None:
    round_ = make_round(simple_contest(), opens_at=LINKED)
    link = make_link(round_.contest)
    bring(link, round_, "Nguyễn Thị Bí Mật", seconds=2)
    recount(contest=round_.contest, now=NOW)
    assert "Bí Mật" in str(doubts(round_.contest, waiting=True))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_resident(resident=Entry.objects.get(full_name="Nguyễn Thị Bí Mật").resident, now=NOW + MINUTE)
    assert "Bí Mật" not in str(doubts(round_.contest, waiting=True))
