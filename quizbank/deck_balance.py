"""Are the built-in decks whole and each card well-formed? Pure checks over drafts; the suite runs them over the files."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from quizbank.balance import trusted_facts
from quizbank.deckfile import WORDS, CardDraft, DeckDraft
from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Audience

SIZES = {"co-ban": 30, "nguoi-dan": 19, "doanh-nghiep": 23, "co-quan-nha-nuoc": 30}
"""Cards per deck: as many as the four readers of the first decks of this kind got; the texts are our own."""

LONGEST = {"front": 120, "back": 420, "example": 260, "citation": 400}
"""Characters that fit a phone's card without scrolling, in every language; a citation may run on."""

SENTENCES = range(2, 5)
"""How many sentences a back has: one is a slogan, five are an article."""

LINKED = 2
"""Questions of the bank that test the idea of a card."""

_END_OF_SENTENCE = re.compile(r"[.!?…][”\"]?(?=\s|$)")


def deck_faults(decks: list[DeckDraft], drafts: list[Draft]) -> list[str]:
    """Return one line per fault; ``drafts`` are the bank's questions the cards may link."""
    cards = [card for deck in decks for card in deck.cards]
    known = {draft.code for draft in drafts}
    return [
        *_deck_forms(decks),
        *(f"{card.code}: {fault}" for card in cards for fault in _card_faults(card, known)),
        *_duplicates(cards, known),
    ]


def _deck_forms(decks: Iterable[DeckDraft]) -> Iterable[str]:
    sizes = {deck.slug: len(deck.cards) for deck in decks}
    for slug, wanted in SIZES.items():
        if sizes.get(slug) != wanted:
            yield f"{slug}: {sizes.get(slug, 0)} cards instead of {wanted}"
    for deck in decks:
        if deck.slug not in SIZES:
            yield f"{deck.slug}: no such deck"
        if deck.audience not in Audience.values:
            yield f"{deck.slug}: no such audience {deck.audience}"
        if not all((deck.name, deck.name_en, deck.about, deck.about_en)):
            yield f"{deck.slug}: a name or a sentence about it is missing"


def _card_faults(card: CardDraft, known: set[str]) -> Iterable[str]:
    if card.topic not in TOPICS:
        yield f"no such topic {card.topic}"
    untrusted = set(card.facts) - set(trusted_facts())
    if untrusted or not card.facts:
        yield f"rests on facts that are not trusted: {sorted(untrusted)}"
    if len(set(card.questions)) != LINKED or len(card.questions) != LINKED:
        yield f"links {len(set(card.questions))} questions instead of {LINKED}"
    for code in card.questions:
        if code not in known:
            yield f"no such question {code}"
    yield from _word_faults({name: getattr(card, name) for name in WORDS})
    for language, words in card.translations.items():
        yield from (f"{language}: {fault}" for fault in _word_faults(words))


def _word_faults(words: dict[str, str]) -> Iterable[str]:
    for name in WORDS:
        text = words.get(name, "")
        if not text:
            yield f"{name} is empty"
        if len(text) > LONGEST[name]:
            yield f"{name} has {len(text)} characters instead of at most {LONGEST[name]}"
        if text != unicodedata.normalize("NFC", text):
            yield f"{name} is not in NFC"
    if "http" in words.get("citation", ""):
        yield "names a link instead of a document"
    if words.get("front") and not words["front"].endswith("?"):
        yield "asks nothing in front"
    sentences = len(_END_OF_SENTENCE.findall(words.get("back", "")))
    if sentences not in SENTENCES:
        yield f"back has {sentences} sentences"


def _duplicates(cards: list[CardDraft], known: set[str]) -> Iterable[str]:
    codes = Counter(card.code for card in cards)
    fronts = Counter(card.folded_front() for card in cards)
    for code, count in codes.items():
        if count > 1:
            yield f"{code}: used {count} times"
        if code in known:
            yield f"{code}: is a question's code"
    for card in cards:
        if fronts[card.folded_front()] > 1:
            yield f"{card.code}: the same words are asked twice"
