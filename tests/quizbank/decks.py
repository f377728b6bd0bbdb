"""Decks and cards of the tests."""

from __future__ import annotations

from typing import Any

from quizbank.deckfile import CardDraft, DeckDraft
from quizbank.domain.decks import load_decks
from quizbank.models import Deck
from tests.factories import NOW, make_topics


def card_draft(code: str = "cb-01", **fields: Any) -> CardDraft:
    return CardDraft(
        **{
            "code": code,
            "front": f"Chuyển đổi số là gì ({code})?",
            "back": "Là thay đổi tổng thể cách sống, cách làm việc bằng dữ liệu và công nghệ số.",
            "example": "Bà Năm đặt lịch khám bằng điện thoại.",
            "citation": "Quyết định 749/QĐ-TTg",
            "facts": (),
            "topic": "nhan-thuc",
            "questions": (),
        }
        | fields
    )


def deck_draft(slug: str = "co-ban", cards: int | list[CardDraft] = 3, **fields: Any) -> DeckDraft:
    if isinstance(cards, int):
        cards = [card_draft(f"{slug}-{number:02d}") for number in range(1, cards + 1)]
    return DeckDraft(
        **{
            "slug": slug,
            "name": "Cơ bản",
            "name_en": "Basics",
            "about": "Điều ai cũng nên biết.",
            "about_en": "What everybody should know.",
            "audience": "basic",
        }
        | fields,
        cards=tuple(cards),
    )


def make_deck(slug: str = "co-ban", cards: int | list[CardDraft] = 3, **fields: Any) -> Deck:
    """A stored deck with cards."""
    make_topics()
    load_decks(now=NOW, drafts=[deck_draft(slug, cards, **fields)])
    return Deck.objects.get(slug=slug)
