"""What changed between two wordings, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, went or came."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs: its name for people, and its text in pieces."""

    label: str
    pieces: tuple[Piece, ...]


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of ``new`` with what ``old`` had instead: SAME + GONE give ``old``, SAME + NEW give ``new``."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    runs: list[tuple[str, str, str]] = []  # (what stayed, what went, what came): the first or the others
    for tag, a1, a2, b1, b2 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        gone, came = "".join(before[a1:a2]), "".join(after[b1:b2])
        if tag == "equal":
            runs.append((gone, "", ""))
        elif len(runs) > 1 and runs[-1][0].isspace():
            # Only a space stayed between two changes: people read them as one.
            space, (_same, old_gone, old_came) = runs.pop()[0], runs.pop()
            runs.append(("", old_gone + space + gone, old_came + space + came))
        else:
            runs.append(("", gone, came))
    return tuple(
        Piece(change, text)
        for run in runs
        for change, text in zip((Change.SAME, Change.GONE, Change.NEW), run, strict=True)
        if text
    )


def version_diff(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> tuple[FieldDiff, ...]:
    """Return the fields, (label, text) each, that differ; in the order of ``new``, then what only ``old`` had."""
    before: Mapping[str, str] = dict(old)
    after: Mapping[str, str] = dict(new)
    labels = list(dict.fromkeys([*after, *before]))
    return tuple(
        FieldDiff(label, word_diff(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    )
