"""Where a link leads: whoever is invited by a person reads what that person will see of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contest.arrivals import now_utc
from contest.domain.inviting import personal_link, unit_link
from contest.models import InviteLink, Round
from tests.contest.invitees import make_verified
from tests.contest.pages import listed_round, page_rules
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SEEN_BY_THE_INVITER = "người mời thấy tên đã che bớt của bạn"


@pytest.fixture
def round_() -> Round:
    return listed_round(rules=page_rules(masking={"style": "masked", "minors_style": "initials"}))


def opened(link: InviteLink) -> str:
    return Client().get(reverse("contest:invite", args=[link.code]), follow=True).content.decode()


def test_a_personal_invitation_says_what_the_inviter_will_see(round_: Round) -> None:
    yesterday = now_utc() - timedelta(days=1)
    link = personal_link(contest=round_.contest, resident=make_verified("Nguyễn Thị Lan"), now=yesterday)
    assert SEEN_BY_THE_INVITER in opened(link)


def test_nobody_in_person_looks_at_the_link_of_a_unit(round_: Round) -> None:
    link = unit_link(contest=round_.contest, unit=round_.contest.unit, actor=make_user(), now=now_utc())
    assert "mời bạn dự thi" in opened(link)
    assert SEEN_BY_THE_INVITER not in opened(link)


def test_who_comes_alone_reads_nothing_of_it(round_: Round) -> None:
    assert SEEN_BY_THE_INVITER not in Client().get("/c/thi/").content.decode()
