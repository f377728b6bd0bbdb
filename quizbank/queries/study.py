"""What a learner should look at next, and what is known of the cards seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizbank.models import Card, CardMemory, Deck
from quizbank.queries.decks import cards_of
from quizbank.scheduling import Memory

NEW_AT_ONCE = 10
"""New cards of one sitting: more are not kept by anybody."""


@dataclass(frozen=True, slots=True)
class StudyCard:
    """A card with what its learner knows of it; ``memory`` None where it was never seen."""

    card: Card
    memory: Memory | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """What there is to do now: cards that are due, the longest waiting first, then new ones. ``next_due`` is when the
    first of the others comes back."""

    queue: tuple[StudyCard, ...]
    due: int
    fresh: int
    next_due: datetime | None


def sitting_of(*, person_id: int | None, deck: Deck, now: datetime) -> Sitting:
    """Return what ``person_id`` should study of ``deck`` now. Two queries."""
    cards = cards_of(deck)
    rows = CardMemory.objects.filter(person_id=person_id, card__deck=deck) if person_id is not None else ()
    known = {row.card_id: _memory(row) for row in rows}
    seen = [StudyCard(card, known[card.pk]) for card in cards if card.pk in known]
    due = sorted((one for one in seen if one.memory and one.memory.due <= now), key=_due)
    later = sorted((one for one in seen if one.memory and one.memory.due > now), key=_due)
    fresh = [StudyCard(card, None) for card in cards if card.pk not in known]
    return Sitting(
        queue=(*due, *fresh[:NEW_AT_ONCE]),
        due=len(due),
        fresh=len(fresh),
        next_due=_due(later[0]) if later else None,
    )


def memories_of(person_id: int) -> dict[str, dict[str, Any]]:
    """{card code: the scheduler's state} of every card somebody has seen; one query."""
    rows = CardMemory.objects.filter(person_id=person_id, card__retired=False)
    return dict(rows.values_list("card__code", "state"))


def due_count(person_id: int, now: datetime) -> int:
    """How many cards wait to be seen again."""
    return CardMemory.objects.filter(person_id=person_id, due__lte=now, card__retired=False).count()


def _due(one: StudyCard) -> datetime:
    assert one.memory is not None
    return one.memory.due


def _memory(row: CardMemory) -> Memory:
    return Memory(row.state, row.due, row.seen, row.recalled, row.first_recalled_at)
