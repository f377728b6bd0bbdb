"""Invitations of the demonstration: a person and a unit who brought others that finished, and one ring the checks catch.

Through the domain, with the clock passed in. Done again, it finds everybody there and changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from contest.demo import known_people, residents_at, take_papers
from contest.domain.entries import enter_contest
from contest.domain.invite_credit import recount
from contest.domain.inviting import accept_invitation, personal_link, unit_link
from contest.domain.scoring import score_round
from contest.models import Attempt, InviteLink, Round
from people.models import Resident, User

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Places in the demonstration's row of telephone numbers: far apart for friends, one after the other for the ring.
FRIENDS = (200, 240, 280, 320)
OF_THE_UNIT = (360, 400, 440)
RING = (500, 501, 502, 503)


def spread(*, round_: Round, organizer: User, now: datetime, seed: int = 2026) -> None:
    """Let people come by links into an open round. Who finishes counts; the ring waits for a person's word."""
    random = Random(seed)
    people = known_people(2)
    if len(people) < 2:
        return
    contest, made = round_.contest, round_.opens_at + 5 * MINUTE
    friendly = personal_link(contest=contest, resident=people[0], now=made)
    of_unit = unit_link(contest=contest, unit=people[0].unit, actor=organizer, now=made)
    joined = now - timedelta(days=9)
    for link, places, first in ((friendly, FRIENDS, 2 * HOUR), (of_unit, OF_THE_UNIT, 3 * HOUR)):
        for number, resident in enumerate(residents_at(random, contest.unit, places, joined)):
            _come(random, link, resident, round_, at=made + first + number * 95 * MINUTE)
    ringleader = personal_link(contest=contest, resident=people[1], now=made)
    at = now - 4 * HOUR
    for resident in residents_at(random, contest.unit, RING, joined):
        at = _come(random, ringleader, resident, round_, at=at) + MINUTE
    score_round(round_id=round_.pk, now=now)
    recount(contest=contest, now=now)


def _come(random: Random, link: InviteLink, resident: Resident, round_: Round, *, at: datetime) -> datetime:
    """Open a link, enter, take the paper; when it was handed in."""
    entry = enter_contest(resident=resident, contest=round_.contest, now=at + MINUTE)
    accept_invitation(entry=entry, code=link.code, landed_at=at, now=at + MINUTE)
    papers = Attempt.objects.filter(entry=entry, round=round_)
    if not papers.exists():
        take_papers(random, round_, [resident], at + 2 * MINUTE, spread=timedelta(), finish=True)
    return papers.get().submitted_at or at
