"""Where questions begin in Word files that number none of them: above each "A." stands its stem. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizbank.formats.docx_lines import Grid, Line, lines_of
from quizbank.formats.word_answers import in_line
from quizbank.formats.word_parse import begins_options, begun, is_field, is_option, starts

UNNUMBERED = "unnumbered"
_TAGS = re.compile(r"^\s*\[<.*\]\s*$")
"""A line of signs that question banks of universities put between questions: "[<br>]", "[<df>]0.5[</df>]"."""
_END, _GROUP, _OUT = "[<br>]", re.compile(r"\[<sg>\]"), re.compile(r"\[</sg>\]")
_BRACKETED = re.compile(r"^\s*[\[(]<?\d{1,4}>?[\])]\s*(?=\S)")
_SECTION = re.compile(
    r"^\s*(?:(?:phần|chương|chủ\s+đề|mục|section|part|unit|chapter)\s+(?:[IVXLC]{1,5}|\d{1,2}|[A-H])\s*(?:[.:)–—-].*)?"
    r"|[-–—_.*\s]*hết[-–—_.*\s]*)$",
    re.IGNORECASE,
)
OFTEN = 3
"""Times as many options "A." as numbers: then the numbers are lists within questions."""


@dataclass(slots=True)
class Layout:
    """How a file sets its questions apart. ``begins`` is {place of a block: letters before the stem}."""

    how: str
    begins: dict[int, int] = field(default_factory=dict)
    grouped: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()
    """Places where a sign ends a question; what follows up to the next one belongs to none."""


def layout(blocks: list[Line | Grid]) -> Layout:
    """Return how the questions of a file begin; lines of signs are emptied, for they are no words of a question."""
    ends, grouped = _without_tags(blocks)
    flat = [line for block in blocks for line in lines_of(block)]
    below = [*(line.text for line in flat[1:]), ""]
    lines = [line for line, after in zip(flat, below, strict=False) if not _is_answer(line.text, after)]
    how = starts(lines)
    firsts = [place for place in range(len(blocks)) if _opens(blocks, place)]
    begin = sum(begun(line, how) is not None for line in lines)
    if ends or not how or (how == "numbered" and len(firsts) >= OFTEN * begin):
        begins = dict(_begin(blocks, place, ends) for place in firsts)
        if begins:
            return Layout(UNNUMBERED, begins, grouped, frozenset(ends))
    return Layout(how, grouped=grouped)


def is_section(text: str) -> bool:
    """Whether a line is a heading between questions, or the end of the paper."""
    return bool(_SECTION.match(text))


def _is_answer(text: str, after: str) -> bool:
    """Whether a line is an answer of a list of them ("1.B"), and no question so short, which goes on below."""
    return bool(in_line(text, section=True)) and not begins_options(after) and not is_field(after)


def _without_tags(blocks: list[Line | Grid]) -> tuple[set[int], frozenset[int]]:
    """Return where a sign ends a question, and which lines stand within a group."""
    ends, grouped, within = set(), set(), False
    for place, block in enumerate(blocks):
        if not isinstance(block, Line):
            continue
        within = (within or bool(_GROUP.search(block.text))) and not _OUT.search(block.text)
        if _TAGS.match(block.text):
            if _END in block.text:
                ends.add(place)
            block.text, block.marks = "", []
        elif within:
            grouped.add(place)
    return ends, frozenset(grouped)


def _opens(blocks: Sequence[Line | Grid], place: int) -> bool:
    """Whether options begin in this line, and go on in it or below it."""
    block = blocks[place]
    if not isinstance(block, Line) or not begins_options(block.text):
        return False
    below = (one for one in blocks[place + 1 : place + 6] if isinstance(one, Line))
    return any(is_option(one.text, "B") for one in below) or is_option(block.text, "B", within=True)


def _begin(blocks: Sequence[Line | Grid], first: int, ends: set[int]) -> tuple[int, int]:
    """Return where the question of these options begins, going up to an empty line or what belongs to the one before."""
    place = first
    above = first - 1
    while above >= 0 and above not in ends and _empty(blocks[above]):
        above -= 1
    while above >= 0 and _stem(blocks[above]):
        place, above = above, above - 1
    block = blocks[place]
    text = block.text if isinstance(block, Line) else ""
    named = begun(block, "named") if isinstance(block, Line) else None
    mark = _BRACKETED.match(text)
    return place, named[1] if named else mark.end() if mark else 0


def _empty(block: Line | Grid) -> bool:
    return isinstance(block, Line) and not block.text.strip() and not block.pictures


def _stem(block: Line | Grid) -> bool:
    if not isinstance(block, Line) or not block.text.strip():
        return False
    return not is_field(block.text) and not any(is_option(block.text, letter) for letter in "ABCDEFGH")
