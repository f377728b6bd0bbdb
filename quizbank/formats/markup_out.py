"""Tokens of markup to Markdown or plain lines, and text to HTML for export. Pure."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass

from markdown_it import MarkdownIt

from people.text import tidy


@dataclass(slots=True)
class Token:
    """A word, a mark, or a break; ``kind`` is "text", "mark", "br", "block" or "item" (``text``: its bullet)."""

    kind: str
    text: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Line:
    """One line to be: how it follows the one before ("br", "block", "item"), its bullet, its words."""

    kind: str
    bullet: str = ""
    depth: int = 0
    words: str = ""


# Private-use stand-ins for marks while white space is moved out of them.
_BOLD, _ITALIC = "\ue000", "\ue001"
_STAND_IN = {"**": _BOLD, "*": _ITALIC}
_SPACED = re.compile(f"([{_BOLD}{_ITALIC}])(\\s*)([^{_BOLD}{_ITALIC}]*?)(\\s*)\\1")

_ESCAPED = re.compile(r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,30};)|\](?=[(\[:])|!(?=\[)|~(?=~)")
_GAP = re.compile(r"(?<=\s)\\_(?:\\_|_){2,}")
_LINE_START = re.compile(r"^(?:([#>+=~-])|([0-9]{1,9})([.)])(?=\s|$))")

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def paired(tokens: list[Token]) -> list[Token]:
    """Return the tokens without marks that embrace nothing, cross a line or stand inside another mark."""
    kept: list[Token] = []
    opened: int | None = None
    for token in tokens:
        if token.kind == "text" or (token.kind == "mark" and opened is not None and kept[opened].text != token.text):
            if token.kind == "text":
                kept.append(token)
            continue
        if opened is not None:
            _close(kept, opened)
            opened = None
            if token.kind == "mark":
                continue
        if token.kind == "mark":
            opened = len(kept)
        kept.append(token)
    if opened is not None:
        _close(kept, opened)
    return kept


def _close(kept: list[Token], opened: int) -> None:
    if any(one.text.strip() for one in kept[opened + 1 :]):
        kept.append(Token("mark", kept[opened].text))
    else:
        del kept[opened]


def render(tokens: list[Token], *, rich: bool) -> str:
    """Return the tokens as Markdown (``rich``) or as plain lines."""
    made = _lines(tokens, rich=rich)
    if not rich:
        return "\n".join(line.bullet + tidy(line.words) for line in made)
    return "".join(_as_markdown(line, made[place - 1] if place else None) for place, line in enumerate(made))


def _lines(tokens: list[Token], *, rich: bool) -> list[_Line]:
    made = [_Line("block")]
    for token in tokens:
        if token.kind == "text":
            made[-1].words += token.text.translate({0xE000: None, 0xE001: None})
        elif token.kind == "mark":
            made[-1].words += _STAND_IN[token.text] if rich else ""
        elif made[-1].words.strip() or made[-1].bullet or token.kind == "br":
            made.append(_Line(token.kind, token.text, token.depth))
        else:
            made[-1] = _Line(token.kind, token.text, token.depth)
    while made and not made[-1].words.strip():
        made.pop()
    return made


def _as_markdown(line: _Line, before: _Line | None) -> str:
    words = tidy(line.words)
    for _round in range(2):
        words = _SPACED.sub(r"\2\1\3\1\4", words)
    words = escaped(words.strip()).replace(_BOLD, "**").replace(_ITALIC, "*")
    if line.kind == "item":
        gap = "" if before is None else "\n" if before.kind == "item" else "\n\n"
        return f"{gap}{'    ' * line.depth}{line.bullet}{words}"
    if before is None:
        return words
    if line.kind == "br" and before.words.strip() and words:
        indent = " " * (4 * before.depth + len(before.bullet)) if before.kind == "item" else ""
        return f"\\\n{indent}{words}"
    return f"\n\n{words}"


def escaped(words: str) -> str:
    """Return one line of plain words so that Markdown shows them as they are."""
    words = _ESCAPED.sub(lambda match: "\\" + match[0], words)
    words = _GAP.sub(lambda match: match[0].replace("\\", ""), words)
    start = _LINE_START.match(words)
    if start and start[1]:
        return "\\" + words
    return f"{start[2]}\\{words[start.end(2) :]}" if start else words


def to_html(text: str, *, markdown: bool = False) -> str:
    """Return text or Markdown as well-formed XHTML; a line break of plain text is one of HTML."""
    if markdown:
        return str(_MARKDOWN.render(text)).strip()
    return f"<p>{html.escape(text, quote=False).replace(chr(10), '<br />')}</p>"


def picture_data(data: bytes) -> str:
    """Return the address that holds a picture itself."""
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}"


def picture_html(source: str, alt: str) -> str:
    """Return the paragraph that shows a picture."""
    return f'<p><img src="{html.escape(source)}" alt="{html.escape(alt)}" /></p>'


def picture_markdown(source: str, alt: str) -> str:
    """Return a picture in Markdown, as ``markup.pictured`` takes it off again."""
    return "![{}](<{}>)".format(re.sub(r"([\\\[\]])", r"\\\1", alt), source)
