"""Loading the built-in decks: idempotent, set-based, never touching what people have learned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quizbank.deckfile import CardDraft, DeckDraft, read_decks
from quizbank.errors import BadQuestion
from quizbank.models import Card, Deck, Question, Topic

_CARD_FIELDS = [
    "deck", "position", "topic", "front", "back", "example", "citation", "facts", "translations", "digest", "retired",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoadedDecks:
    """What a load did, in cards."""

    added: int
    revised: int
    unchanged: int
    retired: int


@transaction.atomic
def load_decks(*, now: datetime, drafts: list[DeckDraft] | None = None) -> LoadedDecks:
    """Store the built-in decks and link each card to its questions. A card that left the files is retired: nobody is
    asked it any more, what people learned of it stays. Running it again changes nothing.

    Raises:
        BadQuestion: when a file has a fault; nothing is stored then.
    """
    drafts = read_decks() if drafts is None else drafts
    topics = _topics(drafts)
    decks = _decks(drafts)
    known = {card.code: card for card in Card.objects.filter(deck__builtin=True)}
    placed = [(deck, place, card) for deck in drafts for place, card in enumerate(deck.cards)]
    fresh = [card for _deck, _place, card in placed if card.code not in known]
    changed = [
        card
        for _deck, _place, card in placed
        if card.code in known and (known[card.code].digest != card.digest() or known[card.code].retired)
    ]
    Card.objects.bulk_create(
        [_card(decks[deck.slug], place, card, topics[card.topic]) for deck, place, card in placed],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=_CARD_FIELDS,
    )
    gone = [card.pk for code, card in known.items() if code not in {one.code for *_where, one in placed}]
    retired = Card.objects.filter(pk__in=gone, retired=False).update(retired=True)
    _link_questions(card for _deck, _place, card in placed)
    return LoadedDecks(len(fresh), len(changed), len(placed) - len(fresh) - len(changed), retired)


def _topics(drafts: list[DeckDraft]) -> dict[str, Topic]:
    """Raises BadQuestion for a card about nothing the bank knows."""
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    unknown = [f"{card.code}: {card.topic}" for deck in drafts for card in deck.cards if card.topic not in topics]
    if unknown:
        raise BadQuestion(unknown)
    return topics


def _decks(drafts: list[DeckDraft]) -> dict[str, Deck]:
    rows = [
        Deck(
            slug=draft.slug,
            name_vi=draft.name,
            name_en=draft.name_en,
            about_vi=draft.about,
            about_en=draft.about_en,
            audience=draft.audience,
            position=place,
            builtin=True,
        )
        for place, draft in enumerate(drafts)
    ]
    Deck.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name_vi", "name_en", "about_vi", "about_en", "audience", "position", "builtin"],
    )
    return {deck.slug: deck for deck in Deck.objects.filter(builtin=True)}


def _card(deck: Deck, place: int, draft: CardDraft, topic: Topic) -> Card:
    return Card(
        code=draft.code,
        deck=deck,
        position=place,
        topic=topic,
        front=draft.front,
        back=draft.back,
        example=draft.example,
        citation=draft.citation,
        facts=list(draft.facts),
        translations=draft.translations,
        digest=draft.digest(),
        retired=False,
    )


def _link_questions(drafts: Iterable[CardDraft]) -> None:
    """Make each card's questions what its file says; a code the bank does not hold (yet) is left out."""
    through = Card.questions.through
    wanted_codes = [(draft.code, code) for draft in drafts for code in draft.questions]
    cards = dict(Card.objects.filter(deck__builtin=True).values_list("code", "pk"))
    questions = dict(
        Question.objects.filter(code__in={code for _card_code, code in wanted_codes}).values_list("code", "pk")
    )
    wanted = {(cards[card], questions[code]) for card, code in wanted_codes if code in questions}
    rows = through.objects.filter(card_id__in=cards.values()).values_list("pk", "card_id", "question_id")
    there = {(card, question): pk for pk, card, question in rows}
    through.objects.filter(pk__in=[pk for pair, pk in there.items() if pair not in wanted]).delete()
    through.objects.bulk_create(
        [through(card_id=card, question_id=question) for card, question in sorted(wanted - there.keys())]
    )
