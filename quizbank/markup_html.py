"""The words of a question as HTML: plain text as it is, Markdown (a small part of it) where the question says so.

Bold, italics, code, lists, subscript and superscript; never links, pictures or addresses out of the text. What the
reader's browser gets is cleaned a second time by nh3, whatever the first step may have let through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Any

import nh3
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

ALLOWED = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "code", "sub", "sup"})
_MARKDOWN = MarkdownIt("commonmark", {"html": True, "breaks": True}).disable(
    ["image", "link", "autolink", "reference", "heading", "lheading", "hr", "blockquote", "code", "fence", "html_block"]
)
_ONE_PARAGRAPH = re.compile(r"^<p>(?:(?!</?p>|<[uo]l>).)*</p>$", re.DOTALL)
_BREAKS = re.compile(r"<br>\n?|</p>\n?|</li>\n?|</[uo]l>\n?|<[uo]l>\n?")
_TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class StemPicture:
    """The picture of a question. ``width`` and ``height`` are 0 where they are not known."""

    url: str
    alt: str
    width: int = 0
    height: int = 0


def stem_html(stem: str, extra: Mapping[str, Any] | None = None) -> SafeString:
    """Return a stem for a page. One paragraph comes without its ``<p>``: it stands inside a legend or a heading."""
    if not (extra or {}).get("markdown"):
        return escape(stem)
    return mark_safe(_rendered(stem))  # noqa: S308  cleaned by nh3 below


def plain_stem(stem: str, extra: Mapping[str, Any] | None = None) -> str:
    """Return a stem as text alone: what is read aloud, searched, and shown where there is no HTML."""
    if not (extra or {}).get("markdown"):
        return stem
    text = unescape(_TAGS.sub("", _BREAKS.sub("\n", _rendered(stem))))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def picture_of(extra: Mapping[str, Any] | None) -> StemPicture | None:
    """Return the picture a question shows, None for most."""
    entry = (extra or {}).get("picture")
    if not isinstance(entry, Mapping) or not re.fullmatch("[0-9a-f]{64}", str(entry.get("sha256", ""))):
        return None
    return StemPicture(
        url=reverse("quizbank:picture", args=[entry["sha256"]]),
        alt=str(entry.get("alt", "")),
        width=int(entry.get("width") or 0),
        height=int(entry.get("height") or 0),
    )


@lru_cache(maxsize=1024)
def _rendered(stem: str) -> str:
    html = nh3.clean(_MARKDOWN.render(stem), tags=set(ALLOWED), attributes={}, link_rel=None).strip()
    return html[3:-4] if _ONE_PARAGRAPH.match(html) else html
