"""Which option a teacher marked as right by its looks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizbank.formats.docx_lines import Marks

MOST_OF = 0.9
"""Share of an option's letters that must look marked; a single emphasised word is no mark."""
_STAR = re.compile(
    r"^\s*(?:\*+|\(\*\)|\[x\]|✓|✔|☑)\s*(.+)$|^(.+?)\s*(?:\*+|\(\*\)|\[x\]|✓|✔|☑|\((?:đáp án )?đúng\))\s*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Option:
    """One option as found: letter, words, and how its letter and its words look."""

    letter: str
    text: str
    label_marks: list[Marks]
    text_marks: list[Marks]
    starred: bool = False


def star(text: str) -> tuple[str, bool]:
    """Return an option without the star of a right one, and whether it had one."""
    match = _STAR.match(text)
    return ((match[1] or match[2]).strip(), True) if match else (text, False)


def shown_right(options: Sequence[Option]) -> tuple[list[str], bool]:
    """Return the letters that stand out, and whether all signs agree.

    A sign is a look that some options have and others do not: of the letter ("B." underlined) or of the whole text. One
    that a single option has outweighs one of several, for black and blue may both be "coloured".
    """
    signs: dict[tuple[str, str], set[str]] = {}
    for option in options:
        if option.starred:
            signs.setdefault(("star", ""), set()).add(option.letter)
        for part, marks in (("label", option.label_marks), ("text", option.text_marks)):
            for mark in _common(marks):
                if mark != "italic":
                    signs.setdefault((part, mark), set()).add(option.letter)
    telling = [found for found in signs.values() if len(found) < len(options)]
    single = [found for found in telling if len(found) == 1]
    telling = single or telling
    if not telling:
        return [], True
    return sorted(set.union(*telling)), all(found == telling[0] for found in telling)


def _common(marks: list[Marks]) -> set[str]:
    """Return the looks that nearly all letters have."""
    names = set().union(*marks) if marks else set()
    return {name for name in names if sum(name in one for one in marks) >= MOST_OF * len(marks)}
