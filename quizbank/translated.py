"""A question in its reader's language: other words, the same options in the same places, the same key. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Worded(Protocol):
    """What has words: a version, or a draft."""

    @property
    def language(self) -> str: ...
    @property
    def stem(self) -> str: ...
    @property
    def content(self) -> dict[str, Any]: ...
    @property
    def explanation(self) -> str: ...
    @property
    def citation(self) -> str: ...
    @property
    def translations(self) -> dict[str, dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Words:
    """What people read of a question. ``content`` has the kind's shape in the order of the original, so that the same
    key, the same option ids and the same stored responses fit."""

    stem: str
    content: dict[str, Any]
    explanation: str = ""
    citation: str = ""


def words_of(one: Worded, language: str) -> Words:
    """Return the words in ``language`` ("en", "en-gb"), the original's where there is no such translation."""
    own = Words(one.stem, one.content, one.explanation, one.citation)
    return own if language.startswith(one.language) else words_in(language, own, one.translations)


def words_in(language: str, own: Words, translations: Mapping[str, Mapping[str, Any]]) -> Words:
    """The same from parts; what a translation leaves out is read in the original."""
    other = translations.get(language.split("-", maxsplit=1)[0]) or {}
    if not other.get("stem"):
        return own
    return Words(
        stem=str(other["stem"]),
        content=other.get("content") or own.content,
        explanation=str(other.get("explanation") or own.explanation),
        citation=str(other.get("citation") or own.citation),
    )
