"""What the demonstration has besides its contest: authors at work, people who learn, invitations.

A job of the outbox does it after the first page, because nobody waits for it; killed half way, the next try goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from contest.demo import known_people
from contest.demo_spread import spread
from contest.models import Contest
from quizbank.demo import make_bank_work
from quizbank.demo_learners import LEARNERS, make_learners


def fill_demo(*, contest_id: int, now: datetime, beat: Callable[[], object] = lambda: None) -> None:
    """Fill the demonstration around this contest; again, it changes nothing. ``beat`` is called every second or two."""
    contest = Contest.objects.select_related("unit", "created_by").get(pk=contest_id)
    make_bank_work(now=now)
    beat()
    organizer = contest.created_by
    assert organizer is not None, "the demonstration is made by its organizer"
    people = [one.user for one in known_people(LEARNERS)]
    make_learners(people=people, organizer=organizer, province=contest.unit, now=now, beat=beat)
    round_ = contest.rounds.filter(opens_at__lte=now, closes_at__gt=now, frozen_at__isnull=False).last()
    if round_ is not None and contest.invites_on:
        spread(round_=round_, organizer=organizer, now=now)
