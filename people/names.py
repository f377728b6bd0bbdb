"""Names of people as they are written in Vietnam, and ages by birth year."""

from __future__ import annotations

import unicodedata

from people.text import tidy

MAX_NAME = 100
ADULT_AT = 16  # Children Law 2016: a child is under 16
OLDEST = 120
YOUNGEST = 5
# A fixed number of stars: the length of a name would give it away in a small unit.
STARS = "**"
ERASED_NAME = "Đã xóa thông tin"
"""What stands where the name of somebody stood who asked to be forgotten."""
_SIGNS = frozenset(" '’-.")


def clean_name(text: str) -> str | None:
    """``text`` as a stored name (NFC, single spaces), or None if it is none.

    Letters of any script, spaces, apostrophe, hyphen and full stop; at least one word of two letters. One word is a
    name too (people of several ethnic groups have one), so it is accepted.
    """
    name = tidy(text)
    if not name or len(name) > MAX_NAME:
        return None
    if any(not (char.isalpha() or unicodedata.combining(char) or char in _SIGNS) for char in name):
        return None
    if not any(sum(char.isalpha() for char in word) >= 2 for word in name.split()):
        return None
    return name


def is_minor(birth_year: int, *, year: int) -> bool:
    """Whether somebody born in ``birth_year`` may be under 16 at some time of ``year``.

    Only the year is known, so who turns 16 in this year may still be 15 and counts as a minor.
    """
    return year - birth_year <= ADULT_AT


def plausible_birth_year(birth_year: int, *, year: int) -> bool:
    """Whether a living person who can take part may be born in ``birth_year``."""
    return YOUNGEST <= year - birth_year <= OLDEST


def masked(full_name: str) -> str:
    """A name as the public sees it: "Nguyễn V** A**". A single word is masked too: it may be all the name there is."""
    words = tidy(full_name).split(" ")
    kept = words[:1] if len(words) > 1 else []
    return " ".join([*kept, *(f"{first_letter(word)}{STARS}" for word in words[len(kept) :] if word)])


def first_letter(word: str) -> str:
    """The first letter in capital, with marks that have no composed form."""
    end = 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return word[:end].upper()
