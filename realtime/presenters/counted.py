"""Words the scripts fill in: one text each, or one for each form a counted thing has in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from django.utils.functional import Promise

Words: TypeAlias = Mapping[str, Promise | Callable[[int], str]]


def spoken(words: Words) -> dict[str, str | dict[str, str]]:
    """The words in the present language. What counts is a function of the number; it becomes {"one", "other"} (the names
    of Intl.PluralRules) where the two differ. Vietnamese has one form, so its pages carry nothing twice."""
    return {key: forms(text) if callable(text) else str(text) for key, text in words.items()}


def forms(text: Callable[[int], str]) -> str | dict[str, str]:
    """The forms of one counted text."""
    one, other = text(1), text(2)
    return one if one == other else {"one": one, "other": other}
