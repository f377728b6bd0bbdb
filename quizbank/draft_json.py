"""A draft as JSON and back: for what must wait in the database or come out of another process. Pure."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from quizbank.drafts import Draft

_TUPLES = ("audience", "facts", "tags")
_NAMES = tuple(field.name for field in fields(Draft))


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """Return a draft as plain lists and dictionaries (its own: they are not copied)."""
    return {name: getattr(draft, name) for name in _NAMES} | {name: list(getattr(draft, name)) for name in _TUPLES}


def draft_from_json(data: dict[str, Any]) -> Draft:
    """Return the draft of ``draft_to_json``; what a later version of ours would add is left out."""
    known = {name: value for name, value in data.items() if name in _NAMES}
    return Draft(**known | {name: tuple(known.get(name, ())) for name in _TUPLES})
