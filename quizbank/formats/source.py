"""What ``Draft.extra["source"]`` may hold when it comes out of a file: only shapes the writers can write. Pure."""

from __future__ import annotations

from typing import Any

_LONGEST = 4_000
_FLAGS = frozenset({"gap", "shuffle"})
_TEXTS_BY_NAME = frozenset({"combined", "feedback"})


def sound(value: object) -> bool:
    """Say whether ``value`` is {format code: {name: entry}} with every entry of its proper shape."""
    return (
        isinstance(value, dict)
        and len(value) <= 8
        and all(
            isinstance(code, str)
            and isinstance(entries, dict)
            and len(entries) <= 30
            and all(map(_entry, entries.items()))
            for code, entries in value.items()
        )
    )


def _entry(item: tuple[Any, object]) -> bool:
    name, value = item
    if name in _FLAGS:
        return isinstance(value, bool)
    if name in _TEXTS_BY_NAME:
        return _texts(value)
    if name == "others":
        return isinstance(value, list) and len(value) <= 60 and all(
            _texts(one) and set(one) == {"text", "feedback"} for one in value
        )  # fmt: skip
    if name == "hints":
        return _listed(value)
    if name == "units":
        return isinstance(value, list) and len(value) <= 30 and all(_listed(one) and len(one) == 2 for one in value)
    if name == "max":
        return _text(value) and str(value).isdecimal()
    return _text(value) or isinstance(value, bool | int)


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _listed(value: object) -> bool:
    return isinstance(value, list) and len(value) <= 60 and all(map(_text, value))


def _texts(value: object) -> bool:
    return isinstance(value, dict) and len(value) <= 100 and all(_text(one) for pair in value.items() for one in pair)
