"""What a learner does with cards: look, turn, say how it went. Looks may come late, twice, and from two devices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from people.models import User
from quizbank.domain.rewarding import reward_reviews
from quizbank.models import Card, CardMemory, CardReview, PracticeAnswer
from quizbank.scheduling import Look, Memory, Rating, replay

OLDEST = timedelta(days=90)
"""A look that waited longer on a phone says nothing about today any more."""
MOST_REVIEWS = 200
"""In one call; a phone with more sends them in turns."""
LONGEST_TOKEN = 36


@dataclass(frozen=True, slots=True)
class SentReview:
    """One look as a device tells of it. ``token`` is the device's own name for it: sent twice, it counts once."""

    card: str
    rating: int
    at: datetime
    token: str


@transaction.atomic
def record_reviews(*, person: User, reviews: Sequence[SentReview], now: datetime) -> dict[str, Memory]:
    """Keep looks at cards and return {card code: what is known of it now} of the cards concerned.

    Each memory is replayed from the whole log in order of time, so the order in which looks arrive, and from how many
    devices, never matters. A look in the future counts as now; one older than OLDEST, of an unknown or retired card, or
    without form, is dropped without a word: the device need not try again.
    """
    wanted = {one.card for one in reviews[:MOST_REVIEWS] if _storable(one.card)}
    cards = {card.code: card for card in Card.objects.filter(code__in=wanted).only("code")}
    rows = [
        CardReview(
            person=person,
            card=cards[one.card],
            token=one.token,
            rating=one.rating,
            at=min(one.at, now),
            received_at=now,
        )
        for one in reviews[:MOST_REVIEWS]
        if one.card in cards and _sound(one, now)
    ]
    # One device after the other: both replay a log that holds the looks of the other.
    User.objects.select_for_update().filter(pk=person.pk).first()
    CardReview.objects.bulk_create(rows, ignore_conflicts=True)
    memories = _replay(person, {card.pk: code for code, card in cards.items()})
    reward_reviews(person=person, now=now)
    return memories


def _sound(review: SentReview, now: datetime) -> bool:
    return (
        review.rating in list(Rating)
        and 0 < len(review.token) <= LONGEST_TOKEN
        and _storable(review.token)
        and review.at >= now - OLDEST
    )


def _storable(text: str) -> bool:
    """Whether a database takes it: half of a surrogate pair or a NUL would break the whole batch, and the device would send
    it again for ever."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _replay(person: User, codes: dict[int, str]) -> dict[str, Memory]:
    """Compute the memories of these cards anew from the log and store them."""
    looks: defaultdict[int, list[Look]] = defaultdict(list)
    log = CardReview.objects.filter(person=person, card_id__in=codes)
    for card, at, token, rating in log.values_list("card_id", "at", "token", "rating"):
        looks[card].append(Look(at, token, rating))
    memories = {card: memory for card, found in looks.items() if (memory := replay(found))}
    CardMemory.objects.bulk_create(
        [
            CardMemory(
                person=person,
                card_id=card,
                state=memory.state,
                due=memory.due,
                seen=memory.seen,
                recalled=memory.recalled,
                first_recalled_at=memory.first_recalled_at,
            )
            for card, memory in memories.items()
        ],
        update_conflicts=True,
        unique_fields=["person", "card"],
        update_fields=["state", "due", "seen", "recalled", "first_recalled_at"],
    )
    return {codes[card]: memory for card, memory in memories.items()}


@transaction.atomic
def forget_studies(*, person_id: int) -> None:
    """Throw away everything learned by somebody who asked to be forgotten."""
    CardReview.objects.filter(person_id=person_id).delete()
    CardMemory.objects.filter(person_id=person_id).delete()
    PracticeAnswer.objects.filter(person_id=person_id).delete()
