"""Decks and cards as a learner meets them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from quizbank.models import Card, CardMemory, Deck
from quizbank.scheduling import is_settled


@dataclass(frozen=True, slots=True)
class DeckProgress:
    """How far somebody is with a deck, in cards. ``due`` wait to be seen again now, ``fresh`` were never seen,
    ``settled`` come back only after days."""

    deck: Deck
    codes: tuple[str, ...]
    seen: int
    due: int
    settled: int

    @property
    def cards(self) -> int:
        return len(self.codes)

    @property
    def fresh(self) -> int:
        return self.cards - self.seen


def deck_of(slug: str) -> Deck:
    """Return one deck that has cards.

    Raises:
        Http404: when there is none of this name.
    """
    deck = Deck.objects.filter(slug=slug, cards__retired=False).distinct().first()
    if deck is None:
        raise Http404
    return deck


def cards_of(deck: Deck) -> list[Card]:
    """The cards of a deck in their order, with topics; one query."""
    return list(deck.cards.filter(retired=False).select_related("topic").order_by("position", "code"))


def deck_progress(person_id: int | None, now: datetime) -> list[DeckProgress]:
    """Every deck with how far ``person_id`` (None: somebody not signed in) is. At most three queries."""
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for deck_id, code in Card.objects.filter(retired=False).values_list("deck_id", "code"):
        codes[deck_id].append(code)
    seen: Counter[int] = Counter()
    due: Counter[int] = Counter()
    settled: Counter[int] = Counter()
    if person_id is not None:
        memories = CardMemory.objects.filter(person_id=person_id, card__retired=False)
        for deck_id, when, state in memories.values_list("card__deck_id", "due", "state"):
            seen[deck_id] += 1
            due[deck_id] += when <= now
            settled[deck_id] += is_settled(state)
    return [
        DeckProgress(deck, tuple(codes[deck.pk]), seen[deck.pk], due[deck.pk], settled[deck.pk])
        for deck in Deck.objects.filter(pk__in=codes)
    ]
