"""HTML of other software to text or Markdown, and back for export. Nothing active and nothing remote comes through.

Bold, italics, lists and line breaks stay (as Markdown), subscripts and superscripts become their Unicode letters, one
picture is kept apart; everything else is text. Pure.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from quizbank.formats.markup_out import Token, paired, render, to_html
from quizbank.formats.texts import SMALL, lines, markdown_lines, one_line, small

LONGEST = 60_000
"""Characters of one piece of HTML; a question has 600."""

_DATA_URI = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)")
_KNOWN = (
    r"p|br|b|i|u|em|strong|sub|sup|ul|ol|li|div|span|img|h[1-6]|table|tbody|tr|td|th|a|font|pre|code|hr|script|style"
)
_LOOKS = re.compile(
    rf"</?(?:{_KNOWN})(?:\s[^<>]*)?/?>|&(?:#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z]{{2,10}});", re.IGNORECASE
)
# "<![if …]>" of Word and the like: HTMLParser gives up on those it does not know.
_MARKED_SECTION = re.compile(r"<!\[(?:CDATA\[|[^>]*>?)")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "blockquote",
        "pre",
        "section",
        "article",
        "header",
        "footer",
        "dl",
        "dt",
        "dd",
        "hr",
        "figure",
        "center",
    ]
)
_SKIPPED = frozenset(["script", "style", "head", "title", "template", "noscript", "iframe", "object", "annotation"])
_MEDIA = frozenset(["audio", "video", "iframe", "object", "embed", "source", "track", "canvas"])
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}


@dataclass(frozen=True, slots=True)
class Image:
    """One picture of a text: its address as written, or its bytes when they were in the address itself."""

    source: str
    alt: str
    data: bytes | None = None

    @property
    def remote(self) -> bool:
        return self.data is None and bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", self.source, re.IGNORECASE))

    @property
    def name(self) -> str:
        """A file name without folders."""
        return one_line(posixpath.basename(unquote(self.source).replace("\\", "/")))[:100] or "hinh"


@dataclass(frozen=True, slots=True)
class Rich:
    """What a piece of markup says, and what of it cannot be kept."""

    text: str
    markdown: bool = False
    images: tuple[Image, ...] = ()
    formula: bool = False
    media: bool = False
    long: bool = False


def without_data(source: str) -> str:
    """Return markup without the bytes of embedded pictures, to see how long its words are."""
    return _DATA_URI.sub("", source)


def looks_html(text: str) -> bool:
    """Say whether a text that claims no format is meant as HTML."""
    return bool(_LOOKS.search(text))


def from_html(source: str, *, markdown: bool = True) -> Rich:
    """Return the text of HTML; as Markdown where it has bold, italics or lists and ``markdown`` allows."""
    pieces: list[bytes] = []

    def kept(match: re.Match[str]) -> str:
        try:
            pieces.append(base64.b64decode(match[1], validate=False))
        except (binascii.Error, ValueError):
            return "hinh-hong"
        return f"inline-{len(pieces) - 1}"

    source = _MARKED_SECTION.sub("", _DATA_URI.sub(kept, source))
    if len(source) > LONGEST:
        return Rich(text="", long=True)
    reader = _Reader(pieces)
    reader.feed(source)
    reader.close()
    text, rich = _words(reader, markdown=markdown)
    return Rich(text, rich, tuple(reader.images), reader.formula, reader.media)


def _words(reader: _Reader, *, markdown: bool) -> tuple[str, bool]:
    """Return the text and whether it is Markdown: only where Markdown says exactly what the plain text says."""
    tokens = reader.finished()
    plain = lines(render(tokens, rich=False))
    if not (markdown and reader.rich):
        return plain, False
    text = markdown_lines(render(tokens, rich=True))
    again = _Reader([])
    again.feed(to_html(text, markdown=True))
    again.close()
    same = lines(render(again.finished(), rich=False)).split() == plain.split()
    return (text, True) if same else (plain, False)


_MARKDOWN_IMAGE = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\((?:<([^>\n]*)>|([^\s)]*))[^)\n]*\)")


def from_markdown(source: str) -> Rich:
    """Return Markdown with its pictures taken off."""
    images = tuple(
        Image(match[2] or match[3] or "", one_line(re.sub(r"\\(.)", r"\1", match[1])))
        for match in _MARKDOWN_IMAGE.finditer(source[:LONGEST])
    )
    text = markdown_lines(_MARKDOWN_IMAGE.sub("", source[:LONGEST]) if images else source[:LONGEST])
    return Rich(text, True, images, long=len(source) > LONGEST)


def line_from_html(source: str) -> Rich:
    """Return HTML as one line of plain text, for options and items."""
    rich = from_html(source, markdown=False)
    return Rich(one_line(rich.text), False, rich.images, rich.formula, rich.media, rich.long)


@dataclass(slots=True)
class _List:
    ordered: bool
    count: int = 0


@dataclass(slots=True)
class _Small:
    """The letters of a subscript or superscript being read."""

    tag: str
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Turns HTML into tokens; anything unclosed is closed at the end."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []
        self.images: list[Image] = []
        self.rich = self.formula = self.media = False
        self._pieces = pieces
        self._skipped: list[str] = []
        self._marks: list[str] = []
        self._lists: list[_List] = []
        self._small: _Small | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.media = self.media or tag in _MEDIA
        self.formula = self.formula or tag == "math"
        if tag in _SKIPPED:
            self._skipped.append(tag)
        elif self._skipped:
            return
        elif tag in ("ul", "ol", "li"):
            self._start_list(tag)
        elif tag in _BLOCKS:
            self.tokens.append(Token("block"))
        elif tag in _MARKS:
            self._marks.append(tag)
            self.tokens.append(Token("mark", _MARKS[tag]))
        else:
            self._start_inline(tag, attrs)

    def _start_inline(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.tokens.append(Token("br"))
        elif tag in ("td", "th"):
            self.tokens.append(Token("text", " "))
        elif tag in SMALL and self._small is None:
            self._small = _Small(tag)
        elif tag == "img":
            self._image(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _SKIPPED and self._skipped:
            self._skipped.pop()

    def _start_list(self, tag: str) -> None:
        if tag != "li":
            self._lists.append(_List(tag == "ol"))
            return
        self.rich = True
        here = self._lists[-1] if self._lists else _List(ordered=False)
        here.count += 1
        bullet = f"{here.count}. " if here.ordered else "- "
        self.tokens.append(Token("item", bullet, min(6, max(0, len(self._lists) - 1))))

    def _image(self, attrs: dict[str, str | None]) -> None:
        source, alt = attrs.get("src") or "", one_line(attrs.get("alt") or "")
        place = re.fullmatch(r"inline-([0-9]{1,4})", source)
        if place and int(place[1]) < len(self._pieces):
            self.images.append(Image(f"{source}.png", alt, self._pieces[int(place[1])]))
            return
        image = Image(source, alt)
        self.images.append(image)
        if image.remote and alt:
            self.tokens.append(Token("text", f" [{alt}] "))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            if tag in self._skipped:
                del self._skipped[self._skipped.index(tag) :]
        elif self._skipped:
            return
        elif self._small is not None and tag == self._small.tag:
            self._end_small()
        elif tag in ("ul", "ol"):
            if self._lists:
                self._lists.pop()
            self.tokens.append(Token("block"))
        elif tag in _BLOCKS or tag == "li":
            self.tokens.append(Token("block"))
        elif tag in self._marks:
            self._marks.remove(tag)
            self.tokens.append(Token("mark", _MARKS[tag]))

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        if self._small is not None:
            self._small.text.append(data)
        else:
            self.tokens.append(Token("text", data))

    def _end_small(self) -> None:
        assert self._small is not None
        if text := one_line("".join(self._small.text)):
            self.tokens.append(Token("text", small(text, self._small.tag)))
        self._small = None

    def finished(self) -> list[Token]:
        """Return the tokens with everything closed."""
        if self._small is not None:
            self._end_small()
        while self._marks:
            self.tokens.append(Token("mark", _MARKS[self._marks.pop()]))
        self.tokens = paired(self.tokens)
        self.rich = self.rich or any(token.kind == "mark" for token in self.tokens)
        return self.tokens
