"""Options that stand in one cell, "A. … B. … C. …", as many Vietnamese tables have them. Pure."""

from __future__ import annotations

import re

from quizbank.kinds.base import LETTERS

_BEFORE = (r"^[ \t]*", r"(?:^[ \t]*|\t[ \t]*|[ ]{2,})", r"(?:^|[ \t;]+)")
"""What may stand before a letter; a wider meaning counts only where a narrower one finds no options."""
_LETTERED = (r"([A-H])[ ]*[.)/:]", r"([a-h])[ ]*[.)/:]")
_NEW_LINE = re.compile(r"\n\s*[^\W\d_a-z]")


def unlettered(option: str) -> bool:
    """Whether an option holds a further line that begins like one of its own, but has no letter."""
    match = _NEW_LINE.search(option)
    return match is not None and match[0][-1].isupper()


def apart(text: str) -> list[str]:
    """Return the options of a cell, each with its own line breaks; [] when its letters are not exactly A, B, C …"""
    for before in _BEFORE:
        for letter in _LETTERED:
            labels = list(re.finditer(before + letter, text, re.MULTILINE))
            named = [label[1].upper() for label in labels]
            if len(named) > 1 and named == list(LETTERS[: len(named)]) and not text[: labels[0].start()].strip():
                ends = [label.start() for label in labels[1:]] + [len(text)]
                return [text[label.end() : end].strip() for label, end in zip(labels, ends, strict=True)]
    return []
