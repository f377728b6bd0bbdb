"""The numbers Word draws before paragraphs but does not store: "Câu 1.", "A.", "a)". Computed as Word would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

BULLET = "•"
_PLACEHOLDER = re.compile(r"%([1-9])")
_ASKED, _STYLE = f"{qn('w:pPr')}/{qn('w:numPr')}", f"{qn('w:pPr')}/{qn('w:pStyle')}"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class Level:
    """One level of a list: its kind of number, its text ("%1."), and where it begins."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The lists of a document; ``label`` must be asked once for each paragraph, in order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, numbering: Any, styles: Any) -> Numbering:
        """Read the definitions; both elements may be None."""
        self = cls()
        for abstract in numbering.iter(qn("w:abstractNum")) if numbering is not None else ():
            self.levels[abstract.get(qn("w:abstractNumId"), "")] = dict(map(_level, abstract.iter(qn("w:lvl"))))
        for one in numbering.iter(qn("w:num")) if numbering is not None else ():
            name = one.get(qn("w:numId"), "")
            self.lists[name] = _value(one, "w:abstractNumId")
            for change in one.iter(qn("w:lvlOverride")):
                if start := _value(change, "w:startOverride"):
                    self.restarts.setdefault(name, {})[_number(change.get(qn("w:ilvl"), "0"))] = _number(start)
        for style in styles.iter(qn("w:style")) if styles is not None else ():
            if found := _asked(style):
                self.styles[style.get(qn("w:styleId"), "")] = found
        return self

    def label(self, paragraph: Any) -> str:
        """Return what Word draws before a paragraph, "" for nothing."""
        found = _asked(paragraph)
        if found is None:
            style = paragraph.find(_STYLE)
            found = self.styles.get(style.get(qn("w:val"), "")) if style is not None else None
        if found is None:
            return ""
        name, level = found
        abstract = self.lists.get(name, "")
        levels = self.levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(abstract, {})
        if (name, level) not in self.begun and level in self.restarts.get(name, {}):
            counts[level] = self.restarts[name][level]
        else:
            counts[level] = counts.get(level, levels[level].start - 1) + 1
        self.begun.add((name, level))
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if levels[level].kind == "bullet":
            return f"{BULLET} "
        if levels[level].kind == "none":
            return ""

        def drawn(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            at = levels.get(place, Level())
            return _drawn(at.kind, counts.get(place, at.start))

        text = _PLACEHOLDER.sub(drawn, levels[level].text)
        return f"{text} " if text else ""


def _asked(element: Any) -> tuple[str, int] | None:
    """Return list and level of a paragraph or style, None where it names none."""
    asked = element.find(_ASKED)
    if asked is None:
        return None
    name = _value(asked, "w:numId")
    return (name, _number(_value(asked, "w:ilvl") or "0")) if name else None


def _level(element: Any) -> tuple[int, Level]:
    level = Level(
        kind=_value(element, "w:numFmt") or "decimal",
        text=_value(element, "w:lvlText"),
        start=_number(_value(element, "w:start") or "1"),
    )
    return _number(element.get(qn("w:ilvl"), "0")), level


def _value(element: Any, name: str) -> str:
    found = element.find(qn(name))
    return str(found.get(qn("w:val"), "")) if found is not None else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _drawn(kind: str, number: int) -> str:
    letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 260 else str(number)
    match kind:
        case "upperLetter":
            return letters.upper()
        case "lowerLetter":
            return letters
        case "upperRoman" | "lowerRoman":
            roman, rest = "", min(number, 89)
            for value, sign in _ROMAN:
                roman += sign * (rest // value)
                rest %= value
            return roman.upper() if kind == "upperRoman" else roman
        case _:
            return str(number)
