"""Words and figures as every text format brings them: cleaned, measured, told apart. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal

from people.text import fold, tidy
from quizbank.enums import TOPICS
from quizbank.kinds.base import FULL
from quizbank.kinds.written import plain

CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
BLANK = "_____"
"""The gap of a missing-word question inside its stem."""

# What XML 1.0 cannot hold and no screen shows; tab and newline stay.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_LARGEST, _FINEST = Decimal(10) ** 15, -12
SMALL = {
    "sub": dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
    "sup": dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True)),
}


def one_line(text: str) -> str:
    """Return ``text`` as one tidy line in NFC."""
    return tidy(_CONTROL.sub("", text))


def lines(text: str) -> str:
    """Return ``text`` with each line tidy, without empty lines at its ends and never two empty ones in a row."""
    tidied = "\n".join(tidy(line) for line in _plain(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", tidied).strip()


def markdown_lines(text: str) -> str:
    """Return Markdown in NFC: indentation kept, line ends trimmed, never two empty lines in a row."""
    kept = "\n".join(line.rstrip() for line in _plain(text).expandtabs(4).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _plain(text: str) -> str:
    text = _CONTROL.sub("", _NEWLINES.sub("\n", text))
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def code_in(text: str) -> str:
    """Return ``text`` when it can be the code of a question, else ""."""
    text = text.strip()
    return text if CODE.fullmatch(text) else ""


def short_name(stem: str) -> str:
    """Return the name a question without a code goes by."""
    return one_line(one_line(stem)[:60])


_TOPIC_NAMES = {
    name: slug for slug, names in TOPICS.items() for name in (slug, fold(slug.replace("-", " ")), *map(fold, names))
}


def topic_in(category: str) -> str:
    """Return the slug of the topic a category path names (deepest part first), else ""."""
    for part in reversed(category.split("/")):
        slug = _TOPIC_NAMES.get(fold(part))
        if slug:
            return slug
    return ""


def topic_name(slug: str) -> str:
    """Return the Vietnamese name under which a topic is written as a category."""
    return TOPICS[slug][0] if slug in TOPICS else slug


def number(text: str) -> str | None:
    """Return a number with a decimal point as the kinds write it ("34", "12.5"), None when it is none that fits."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    value = Decimal(text)
    exponent = value.normalize().as_tuple().exponent
    if abs(value) >= _LARGEST or (isinstance(exponent, int) and exponent < _FINEST):
        return None
    return plain(value)


# The shares Moodle accepts, in percent as it writes them; anything else is written as it is.
_SHARES = ("83.33333", "66.66667", "33.33333", "16.66667", "14.28571", "11.11111", "12.5")
_BY_MILLE = {round(float(share) * 10): share for share in _SHARES}


def percent(mille: int) -> str:
    """Return per mille as percent: 1000 is "100", 333 is "33.33333"."""
    sign = "-" if mille < 0 else ""
    return sign + _BY_MILLE.get(abs(mille), plain(Decimal(abs(mille)) / 10))


def per_mille(share: str, *, full: Decimal = Decimal(100)) -> int | None:
    """Return the per mille of a share written as a number (of ``full``), None when it is no number or beyond full."""
    value = number(share.strip().replace(",", "."))
    if value is None:
        return None
    mille = (Decimal(value) * FULL / full).to_integral_value(ROUND_HALF_EVEN)
    return int(mille) if abs(mille) <= FULL else None


def small(text: str, tag: str) -> str:
    """Return a subscript ("sub") or superscript ("sup") in its Unicode letters, "^(…)" or "_(…)" where it has none."""
    letters = SMALL[tag]
    if all(char in letters for char in text):
        return "".join(letters[char] for char in text)
    return f"{'^' if tag == 'sup' else '_'}({text})"
