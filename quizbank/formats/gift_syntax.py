"""The letters of GIFT: what is escaped, how texts say their format, where questions begin and end. Pure.

An escaped sign is replaced by a lone surrogate while a question is taken apart (no decoded file holds one), so that
what remains of ``= ~ # { } :`` is structure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizbank.formats.markup import Rich, from_html, from_markdown, line_from_html, looks_html
from quizbank.formats.texts import lines, one_line

_SPECIAL = "\\:#={}~\n>"
_LETTERS = "\\:#={}~n>"
_HIDDEN = {letter: chr(0xD800 + place) for place, letter in enumerate(_LETTERS)}
_SHOWN = {0xD800 + place: char for place, char in enumerate(_SPECIAL)}
_ESCAPE = re.compile(r"\\([\\:#={}~n>])")
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]")
_WEIGHT_LIKE = re.compile(r"%\s*[^%\s]{1,12}\s*%")
_BLOCK_TAG = re.compile(r"<(?:p|br|li|div|ul|ol)\b", re.IGNORECASE)


def protect(text: str) -> str:
    """Hide escaped signs."""
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], text) if "\\" in text else text


def reveal(text: str) -> str:
    """Show hidden signs as what they stand for."""
    return text.translate(_SHOWN)


def escape(text: str) -> str:
    """Escape what GIFT would read as structure."""
    return re.sub(r"[\\:#={}~]", lambda match: "\\" + match[0], text).replace("\n", "\\n").replace("->", "-\\>")


@dataclass(frozen=True, slots=True)
class Read:
    """A piece of text, the format it stood in, and what its markup held."""

    rich: Rich
    fmt: str


def read_text(raw: str, default: str, *, one: bool = False, markdown: bool = False) -> Read:
    """Return a piece of protected text. ``one``: as one plain line; ``markdown``: Markdown may stay Markdown."""
    raw = raw.strip()
    match = _FORMAT.match(raw)
    fmt = match[1] if match else default
    raw = raw[match.end() :] if match else raw
    if fmt != "markdown":
        raw = re.sub(r"\s*\n\s*", " ", raw)
    text = reveal(raw)
    if fmt == "html" or (fmt == "moodle" and looks_html(text)):
        if fmt == "moodle" and not _BLOCK_TAG.search(text):
            text = text.replace("\n", "<br>")
        return Read(line_from_html(text) if one else from_html(text, markdown=markdown), fmt)
    if fmt == "markdown" and markdown:
        return Read(from_markdown(text), fmt)
    return Read(Rich(one_line(text) if one else lines(text)), fmt)


def write_text(text: str, base: str) -> str:
    """Return plain text escaped, with a format where ``base`` (the question's) would have it read otherwise."""
    plain = base != "moodle" or looks_html(text) or _FORMAT.match(text) or _WEIGHT_LIKE.match(text)
    return ("[plain]" if plain and text else "") + escape(text)


def write_left(text: str, base: str) -> str:
    """Return the left side of a pair: an arrow inside it can only be written as HTML."""
    if "->" in text:
        return "[html]" + escape(html.escape(text, quote=False))
    return write_text(text, base)


@dataclass(slots=True)
class Block:
    """The lines of one question. ``line`` counts from 1."""

    line: int
    comments: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    joined: bool = False
    """It followed another question without an empty line between them."""
    open: bool = False
    """Its last brace is an opening one."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def add(self, line: str) -> None:
        """Take a further line."""
        self.lines.append(line)
        opening, closing = line.rfind("{"), line.rfind("}")
        if opening != closing:
            self.open = opening > closing


def blocks(text: str) -> Iterator[Block]:
    """Yield the questions of a file, with their comments; category lines are blocks of their own.

    An empty line ends a question, unless its braces are open and the next lines close them.
    """
    raw = text.split("\n")
    everything = [protect(line) for line in raw]
    block = Block(1)
    for place, line in enumerate(everything):
        bare = line.strip()
        if bare.startswith("//"):
            block.comments.append(raw[place].strip()[2:].strip())
        elif bare.startswith("$CATEGORY:") and not block.open:
            yield from _parted(block)
            yield Block(place + 1, lines=[bare])
            block = Block(place + 2)
        elif bare:
            if not block.lines:
                block.line = place + 1
            block.add(line)
        elif (block.lines or block.comments) and not (block.open and _closes(everything, place + 1)):
            yield from _parted(block)
            block = Block(place + 2)
    yield from _parted(block)


def _closes(everything: list[str], start: int) -> bool:
    """Say whether the next lines with words close a brace before they open one or begin a question."""
    for line in everything[start : start + 40]:
        bare = line.strip()
        if bare.startswith(("::", "$CATEGORY:")):
            return False
        brace = re.search(r"[{}]", bare)
        if brace:
            return brace[0] == "}"
    return False


def _parted(block: Block) -> Iterator[Block]:
    """Yield the questions of lines without empty ones between: a new one begins after a line that ends in "}"."""
    last_brace = max((place for place, line in enumerate(block.lines) if "{" in line), default=-1)
    here = Block(block.line, block.comments)
    for place, line in enumerate(block.lines):
        if here.lines and place <= last_brace and not here.open and here.lines[-1].rstrip().endswith("}"):
            yield here
            here = Block(block.line + place, joined=True)
        here.add(line)
    if here.lines:
        yield here
