"""Booking what learning earns: from looks at cards and practice answers to ledger lines and badges.

Called in the transaction that keeps what was learned, or again after it: a line is booked once (unique person and
key), a badge is given once. Who has switched rewards off earns nothing and is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from people.models import User
from quizbank.badges import earned_codes
from quizbank.domain.streaks import days_earned
from quizbank.domain.winning import keep_wins
from quizbank.enums import PointKind
from quizbank.kinds.base import FULL
from quizbank.models import BadgeAward, Card, CardReview, Point, PracticeAnswer
from quizbank.queries.progress import earned_today, facts_of, switches_of
from quizbank.rewards import (
    CARD_POINTS,
    DAY_POINTS,
    LATEST,
    QUESTION_POINTS,
    capped,
    earning_looks,
    paced_tokens,
    start_of,
    vn_day,
)
from quizbank.scheduling import LATEST_LOOKS, Look


@dataclass(frozen=True, slots=True)
class Earning:
    """Something known for the first time, on the day it was shown."""

    kind: PointKind
    key: str
    points: int
    day: date
    card: int | None = None
    question: int | None = None
    topic: int | None = None


@transaction.atomic(savepoint=False)
def reward_reviews(*, person: User, now: datetime) -> list[str]:
    """Book what the looks received at ``now`` show for the first time. Return the codes of new badges."""
    batch = list(CardReview.objects.filter(person=person, received_at=now).values_list("card_id", "at", "token"))
    if not batch or not switches_of(person.pk).on:
        return []
    tokens = {token for _card, _at, token in batch}
    first = start_of(min(vn_day(at) for _card, at, _token in batch))
    since = CardReview.objects.filter(person=person, at__gte=first).order_by("at", "id")
    paced = paced_tokens(list(since.values_list("at", "token"))) & tokens
    topics = dict(Card.objects.filter(pk__in={card for card, _at, _token in batch}).values_list("pk", "topic_id"))
    earliest = vn_day(now) - LATEST
    earnings = [
        Earning(
            PointKind.CARD, f"card:{card}", CARD_POINTS, max(vn_day(look.at), earliest), card=card, topic=topics[card]
        )
        for card, looks in _logs(person, topics).items()
        for look in earning_looks(looks, paced=paced)[:1]
    ]
    return _book(person, earnings, {vn_day(at) for _card, at, _token in batch}, now)


def _logs(person: User, cards: Iterable[int]) -> dict[int, list[Look]]:
    """The latest looks at those of ``cards`` that have earned nothing yet."""
    logs: defaultdict[int, list[Look]] = defaultdict(list)
    earned = Point.objects.filter(person=person, card__isnull=False).values("card_id")
    rows = CardReview.objects.filter(person=person, card_id__in=list(cards)).exclude(card_id__in=earned)
    for card, at, token, rating in rows.values_list("card_id", "at", "token", "rating"):
        logs[card].append(Look(at, token, rating))
    return {card: sorted(looks)[-LATEST_LOOKS:] for card, looks in logs.items()}


@transaction.atomic(savepoint=False)
def reward_answers(*, person: User, versions: Sequence[int], now: datetime) -> list[str]:
    """Book the questions of these versions that were answered rightly today. Return the codes of new badges.

    A question answered wrongly earlier the same day has just been explained: its points wait for another day. So do those
    of a question first met that day where nothing is earned (``PracticeAnswer.earns``).
    """
    if not switches_of(person.pk).on:
        return []
    today = vn_day(now)
    answers = (
        PracticeAnswer.objects.filter(
            person=person, at__gte=start_of(today), version__question__versions__in=list(versions)
        )
        .order_by("at", "id")
        .values_list("version__question_id", "version__question__topic_id", "credit", "earns")
    )
    first: dict[int, tuple[int, int]] = {}
    for question, topic, credit, earns in answers:
        first.setdefault(question, (topic, credit if earns else 0))
    earnings = [
        Earning(PointKind.QUESTION, f"question:{question}", QUESTION_POINTS, today, question=question, topic=topic)
        for question, (topic, credit) in first.items()
        if credit >= FULL
    ]
    return _book(person, earnings, {today}, now)


def _book(person: User, earnings: list[Earning], days: set[date], now: datetime) -> list[str]:
    """Write what is not in the ledger yet, within the daily cap, and the badges that follow."""
    # One booking of a person after the other, so that two at once cannot both find room below the cap.
    User.objects.select_for_update().filter(pk=person.pk).first()
    keys = [one.key for one in earnings] + [_day_key(day) for day in days]
    known = set(Point.objects.filter(person=person, key__in=keys).values_list("key", flat=True))
    today = vn_day(now)
    open_days = {day for day in days if _day_key(day) not in known and today - LATEST <= day <= today}
    fresh = [one for one in earnings if one.key not in known]
    fresh += [
        Earning(PointKind.DAY, _day_key(day), DAY_POINTS, day)
        for day in days_earned(person_id=person.pk, days=open_days)
    ]
    if not fresh:
        return []
    given = capped([one.points for one in fresh], earned=earned_today(person.pk, now))
    Point.objects.bulk_create(
        [
            Point(
                person=person,
                kind=one.kind,
                key=one.key,
                card_id=one.card,
                question_id=one.question,
                topic_id=one.topic,
                points=points,
                day=one.day,
                at=now,
            )
            for one, points in zip(fresh, given, strict=True)
        ],
        ignore_conflicts=True,
    )
    codes = award_badges(person=person, now=now)
    keep_wins(person=person, badges=codes, earned=sum(given), now=now)
    return codes


def _day_key(day: date) -> str:
    return f"day:{day.isoformat()}"


def award_badges(*, person: User, now: datetime) -> list[str]:
    """Give every badge the ledger deserves and that was not given yet; return their codes."""
    held = set(BadgeAward.objects.filter(person=person).values_list("code", flat=True))
    codes = [code for code in earned_codes(facts_of(person.pk, vn_day(now))) if code not in held]
    BadgeAward.objects.bulk_create(
        [BadgeAward(person=person, code=code, at=now) for code in codes], ignore_conflicts=True
    )
    return codes
