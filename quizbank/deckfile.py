"""The built-in decks' files: one readable TOML a deck, brought to drafts. Pure.

The format is described in docs/deck-files.md. What a good card is, is judged in quizbank/deck_balance.py; here only
what cannot be read at all is refused.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from people.text import fold, tidy
from quizbank.errors import BadQuestion

DECK_DIR = Path(__file__).parent / "data" / "decks"

ORDER = ("co-ban", "nguoi-dan", "doanh-nghiep", "co-quan-nha-nuoc")
"""The four decks as people meet them: first what concerns everybody."""

WORDS = ("front", "back", "example", "citation")
"""What a card says, in every language it speaks."""

_CARD_FIELDS = {"code", *WORDS, "facts", "topic", "questions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """One idea: a question in front, its answer behind, and what both rest on."""

    code: str
    front: str
    back: str
    example: str
    citation: str
    facts: tuple[str, ...]
    topic: str
    questions: tuple[str, ...]
    """Codes of the bank's questions that test the same idea."""
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    """{"en": {"front", "back", "example", "citation"}}."""

    def digest(self) -> str:
        """SHA-256 over everything but the code; equal digests are equal cards."""
        frozen = [
            self.front, self.back, self.example, self.citation, sorted(self.facts), self.topic,
            sorted(self.questions), self.translations,
        ]  # fmt: skip
        text = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def folded_front(self) -> str:
        """The accent-free front by which duplicates are found."""
        return fold(self.front)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckDraft:
    """A set of cards for one audience, in the order they are studied."""

    slug: str
    name: str
    name_en: str
    about: str
    about_en: str
    audience: str
    cards: tuple[CardDraft, ...]


def read_decks(folder: Path = DECK_DIR) -> list[DeckDraft]:
    """Return the four decks of ``folder`` in the order of ORDER.

    Raises:
        BadQuestion: naming file, code and fault, for the first deck or card that has no sound form.
    """
    return [read_deck(folder / f"{slug}.toml") for slug in ORDER]


def read_deck(path: Path) -> DeckDraft:
    """Return one file's deck.

    Raises:
        BadQuestion: when the file is missing or is no TOML, a field is missing, unknown or of another type.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        head = {name: _text(data, name) for name in ("slug", "name", "name_en", "about", "about_en", "audience")}
        entries = list(data["card"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadQuestion([f"{path.name}: {error}"]) from error
    return DeckDraft(**head, cards=tuple(_read_card(entry, path) for entry in entries))


def _read_card(entry: Any, path: Path) -> CardDraft:
    try:
        return card_from(entry)
    except (KeyError, TypeError) as error:
        code = entry.get("code", "?") if isinstance(entry, dict) else "?"
        raise BadQuestion([f"{path.name} {code}: {error}"]) from error


def card_from(entry: dict[str, Any]) -> CardDraft:
    """Return the draft of one ``[[card]]`` table with its ``[card.en]``.

    Raises:
        KeyError: for a field that is missing or that no card has.
        TypeError: for a field of another type.
    """
    unknown = set(entry) - _CARD_FIELDS - {"en"}
    if unknown:
        raise KeyError(f"no card has {sorted(unknown)}")
    return CardDraft(
        code=_text(entry, "code"),
        topic=_text(entry, "topic"),
        facts=_texts(entry, "facts"),
        questions=_texts(entry, "questions"),
        translations={"en": {name: _text(entry["en"], name) for name in WORDS}} if "en" in entry else {},
        **{name: _text(entry, name) for name in WORDS},
    )


def _text(entry: dict[str, Any], name: str) -> str:
    if not isinstance(entry[name], str):
        raise TypeError(f"{name} is no text")
    return tidy(entry[name])


def _texts(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    values = entry[name]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name} is no list of texts")
    return tuple(tidy(value) for value in values)
