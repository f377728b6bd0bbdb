"""Names in public: full, masked ("Nguyễn V** A**") or initials ("N. V. A.").

People who may be under 16 are never shown in full. Only the birth year is known, so somebody who turns
16 in the current year may still be 15 and is guarded too; an unknown birth year is guarded as well.
"""

import unicodedata

from contest.rules.enums import MaskStyle
from contest.rules.parts import Masking
from people.names import ERASED_NAME, first_letter, masked
from people.text import tidy

ADULT_IN_PUBLIC = 16

_STYLES = tuple(MaskStyle)  # most open first

# Order of the Vietnamese alphabet and of its tones (Unicode CLDR, locale vi).
_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {tone: place for place, tone in enumerate(("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"))}

WordKey = tuple[tuple[int, ...], tuple[int, ...]]


def may_be_minor(birth_year: int | None, *, year: int) -> bool:
    """Whether somebody may be under 16 at some time of this calendar year."""
    return birth_year is None or year - birth_year <= ADULT_IN_PUBLIC


def public_name(full_name: str, *, masking: Masking, minor: bool) -> str:
    """The name as the public sees it under these rules; `minor` comes from `may_be_minor`."""
    if full_name == ERASED_NAME:
        return full_name
    style = masking.style
    if minor:
        # The stricter of the two styles, and never the full name whatever the rule set says.
        style = max(style, masking.minors_style, MaskStyle.MASKED, key=_STYLES.index)
    return mask(full_name, style)


def mask(full_name: str, style: MaskStyle) -> str:
    """A name in one style. A single word is masked too: it may be all the name there is."""
    words = tidy(full_name).split(" ")
    match style:
        case MaskStyle.FULL:
            return " ".join(words)
        case MaskStyle.INITIALS:
            return " ".join(f"{first_letter(word)}." for word in words if word)
        case MaskStyle.MASKED:
            return masked(full_name)


def name_sort_key(full_name: str) -> tuple[tuple[WordKey, ...], str]:
    """Order of people in Vietnamese lists: given name (last word), then family name, then the words between.

    Letters follow the Vietnamese alphabet (a ă â … d đ …), tones decide between equal letters:
    An, Ân; Hoa, Hòa, Hoà are neighbours; Dũng stands before Đức.
    """
    name = tidy(full_name).casefold()
    words = name.split(" ")
    # The spelling itself comes last, so that only equal names are equal keys.
    return tuple(_word_key(word) for word in (words[-1], *words[:-1])), name


def _word_key(word: str) -> WordKey:
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", word):
        letter, tone = _take_tone(char)
        letters.append(_ALPHABET.get(letter, len(_ALPHABET) + ord(letter[0])))
        tones.append(tone)
    # The position of the tone mark ("Hoà", "Hòa") is a spelling habit: compare tones as a set first.
    return tuple(letters), tuple(sorted(tones, reverse=True))


def _take_tone(char: str) -> tuple[str, int]:
    parts = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in parts[1:] if mark in _TONES), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else char, _TONES[tone]
