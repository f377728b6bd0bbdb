"""What one cell of our own template holds besides plain text: lists, weights, numbers. Pure.

A backslash takes the meaning from ``; , | = \\``; before anything else it is just a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from people.text import fold, tidy
from quizbank.errors import BadResponse
from quizbank.kinds.written import parse_number, plain

_SPECIAL = re.compile(r"[\\;,|=]")
_ESCAPED = re.compile(r"\\([\\;,|=])")
_WEIGHT = re.compile(r"^(.*[^\\]|)=\s*([+-]?[0-9]{1,4}(?:[.,][0-9])?)\s*%\s*$", re.DOTALL)
_DANGEROUS = re.compile("^'*[=+\\-@\t\r\0＝＋－＠]")
_STRIPPED = re.compile("^''*(?=[=+\\-@\t\r\0＝＋－＠])")
_PLAIN_NUMBER = re.compile(r"^[+-]?[0-9]{1,40}(?:,[0-9]{1,40})?$")


def neutral(text: str) -> str:
    """Return ``text`` so that no program takes a CSV cell for a formula (failures F1)."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def plain_cell(text: str) -> str:
    """Return what ``neutral`` was given: exactly one of its apostrophes goes."""
    return text[1:] if _STRIPPED.match(text) else text


def escape(text: str) -> str:
    """Return ``text`` with its separators marked as letters."""
    return _SPECIAL.sub(lambda sign: f"\\{sign[0]}", text)


def unescape(text: str) -> str:
    """Return what ``escape`` was given."""
    return _ESCAPED.sub(r"\1", text)


def join(parts: Iterable[str], sign: str = "; ") -> str:
    """Return the parts as one cell."""
    return sign.join(escape(part) for part in parts)


def split(text: str, signs: str = ";") -> list[str]:
    """Return the parts between unescaped ``signs``, still escaped, without the empty ones."""
    if "\\" not in text:
        for sign in signs[1:]:
            text = text.replace(sign, signs[0])
        return [part.strip() for part in text.split(signs[0]) if part.strip()]
    parts, start, place = [], 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] in signs:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def listed(text: str) -> list[str]:
    """Return a list typed with semicolons, or where there are none with commas or line ends."""
    parts = split(text, ";\n")
    if len(parts) == 1:
        parts = split(text, ",")
    return [tidy(unescape(part)) for part in parts]


def share(per_mille: int) -> str:
    """Return 500 as "50%", 333 as "33,3%"."""
    whole, tenth = divmod(abs(per_mille), 10)
    return f"{'-' if per_mille < 0 else ''}{whole}{f',{tenth}' if tenth else ''}%"


def weighed(part: str) -> tuple[str, int | None]:
    """Return a part without its weight, and the weight in per mille: "C = 50%" is ("C", 500)."""
    match = _WEIGHT.match(part)
    if not match:
        return part.strip(), None
    return match[1].strip(), int(Decimal(match[2].replace(",", ".")) * 10)


def number_text(value: str) -> str:
    """Return a stored number as people write it: "12.5" is "12,5".

    Raises:
        InvalidOperation: when it is none.
    """
    return plain(Decimal(value)).replace(".", ",")


def number_value(text: str) -> str | None:
    """Return a written number as it is stored, or None: "12,5" and "12.5" are "12.5", "1.234" is "1234"."""
    text = tidy(text)
    if _PLAIN_NUMBER.match(text):
        return plain(Decimal(text.replace(",", ".")))
    try:
        return plain(parse_number(text))
    except (BadResponse, InvalidOperation):
        return None


def lines(text: str) -> str:
    """Return ``text`` tidy, its line ends kept."""
    return "\n".join(tidy(line) for line in text.strip().split("\n")).strip()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same to a reader who does not mind accents and capitals."""
    return fold(one) == fold(other)
