"""Vietnamese text as data: one normal form, accent-free folding, sorting by given name."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_SIGNS = re.compile(r"[\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ")
# Đ/đ have no decomposition in Unicode, so they are folded by hand.
_D = str.maketrans({"đ": "d", "Đ": "D"})
# Characters that hide or reorder text: bidi controls, zero-width characters, soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def tidy(text: str) -> str:
    """Return ``text`` in NFC with invisible characters removed and runs of white space made one space."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def strip_accents(text: str) -> str:
    """Return ``text`` without Vietnamese diacritics, case kept: "Mỹ Tho" becomes "My Tho"."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def fold(text: str) -> str:
    """Return the search form of ``text``: no accents, lower case, single spaces."""
    return _SPACES.sub(" ", strip_accents(tidy(text)).casefold()).strip()


def search_key(text: str) -> str:
    """Return what is matched when people search names: folded, and every sign that is no letter or digit a space.

    "Bà Rịa - Vũng Tàu" becomes "ba ria vung tau", "M’Đrắk" becomes "mdrak".
    """
    return _SPACES.sub(" ", _SIGNS.sub(" ", fold(text).translate(_APOSTROPHES))).strip()


def given_name_key(full_name: str) -> tuple[str, str]:
    """Sort key for people as Vietnamese lists do it: by given name (last word), then by the whole name."""
    name = tidy(full_name)
    return fold(name.rsplit(" ", 1)[-1]), fold(name)
