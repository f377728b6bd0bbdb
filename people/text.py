"""Vietnamese text as data: one normal form, accent-free folding, sorting by given name."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

_SIGNS = re.compile(r"[\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ")
# The combining marks of Latin letters. U+034F between them joins letters and is none.
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]")
# Characters that hide or reorder text: bidi controls, zero-width characters, soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def tidy(text: str) -> str:
    """Return ``text`` in NFC with invisible characters removed and runs of white space made one space."""
    if not text:
        return ""
    text = normalize("NFC", text)
    if not text.isprintable():  # asked first: a file of ten thousand questions has a third of a million cells
        text = _INVISIBLE.sub("", text)
    return _single_spaced(text)


def strip_accents(text: str) -> str:
    """Return ``text`` without Vietnamese diacritics, case kept: "Mỹ Tho" becomes "My Tho"."""
    # Đ/đ have no decomposition in Unicode, so they are folded by hand.
    bare = _MARKS.sub("", normalize("NFD", text.replace("đ", "d").replace("Đ", "D")))
    if bare.isascii():  # as Vietnamese without its marks mostly is
        return bare
    return normalize("NFC", "".join(c for c in bare if not combining(c)))


def fold(text: str) -> str:
    """Return the search form of ``text``: no accents, lower case, single spaces."""
    return _single_spaced(strip_accents(tidy(text)).casefold())


def search_key(text: str) -> str:
    """Return what is matched when people search names: folded, and every sign that is no letter or digit a space.

    "Bà Rịa - Vũng Tàu" becomes "ba ria vung tau", "M’Đrắk" becomes "mdrak".
    """
    return _single_spaced(_SIGNS.sub(" ", fold(text).translate(_APOSTROPHES)))


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def given_name_key(full_name: str) -> tuple[str, str]:
    """Sort key for people as Vietnamese lists do it: by given name (last word), then by the whole name."""
    name = tidy(full_name)
    return fold(name.rsplit(" ", 1)[-1]), fold(name)
