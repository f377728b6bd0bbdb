"""People who invite and people who come: played through the domain up to the paper, which is written as grading leaves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from contest.domain.inviting import accept_invitation, personal_link
from contest.models import Attempt, Contest, Entry, Invitation, InviteLink, Round
from people.models import Resident, Unit
from tests.contest.papers import make_paper
from tests.factories import NOW, make_entry, make_participant, make_unit, make_user

MINUTE = timedelta(minutes=1)
LINKED = NOW - timedelta(days=2)
"""When links of these tests are made: before anybody enters."""

_number = count(1)
SHEETS = ("BBBBB", "BBABB", "ABBBB", "BBBBC", "BCBBB", "BBBDB")


def make_verified(name: str = "Lê Thị Mai", *, unit: Unit | None = None, phone: str = "", **fields: Any) -> Resident:
    """A participant whose telephone number is far from everybody else's."""
    user = make_user(name, phone=phone or f"+8490{next(_number) * 1_237:07d}")
    return make_participant(name, user=user, unit=unit or make_unit(), **fields)


def make_link(contest: Contest, name: str = "Trần Văn An", *, at: datetime = LINKED, **fields: Any) -> InviteLink:
    """The link of a new person."""
    return personal_link(contest=contest, resident=make_verified(name, **fields), now=at)


def enter(
    link: InviteLink, resident: Resident | None = None, *, at: datetime | None = None, **fields: Any
) -> tuple[Entry, Invitation | None]:
    """Somebody opens a link and enters the contest a minute later, an hour after the one before unless told otherwise."""
    at = at or NOW - timedelta(hours=40) + timedelta(hours=1) * (next(_number) % 40)
    entry = make_entry(link.contest, resident or make_verified(), registered_at=at, **fields)
    return entry, accept_invitation(entry=entry, code=link.code, landed_at=at - MINUTE, now=at)


def hand_in(round_: Round, entry: Entry, *, sheet: str = "", **fields: Any) -> Attempt:
    """A graded paper of somebody, unlike the others', handed in five minutes after entering."""
    number = next(_number)
    sheet = sheet or SHEETS[number % len(SHEETS)]
    fields.setdefault("seconds", 200 + number * 7 % 400)
    fields.setdefault("at", entry.registered_at + 5 * MINUTE)
    fields.setdefault("graded_at", fields["at"])
    fields.setdefault("correct", sheet.count("B"))
    return make_paper(round_, entry, sheet, **fields)


def bring(
    link: InviteLink, round_: Round, name: str = "Lê Thị Mai", *, at: datetime | None = None, **fields: Any
) -> Entry:
    """Somebody comes by a link and finishes."""
    entry, invitation = enter(link, make_verified(name), at=at)
    assert invitation is not None
    hand_in(round_, entry, **fields)
    return entry
