"""Names on the wall: which are accepted, what they look like, and friendly ones for those who bring none. Pure.

A name stands in front of a hall and its guests, so it must be readable (no signs that reorder, hide or tower) and decent, in
Vietnamese and English, however it is disguised. The filter is no judge: a host may still refuse, rename, kick or ban.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from realtime.name_looks import Reading, base_of, letter_of, says

MOST_GRAPHEMES = 24
MOST_BYTES = 96
MOST_MARKS = 2
PROPOSALS = 8
LONGEST_RAW = 400  # characters looked at at all
_FIRST_NUMBER, _LAST_NUMBER = 10, 99

_SENTENCES: Mapping[str, Promise] = {
    "empty": _("Mời bạn nhập tên có ít nhất một chữ cái hoặc chữ số."),
    "long": _("Tên hơi dài, mời bạn rút còn nhiều nhất 24 ký tự."),
    "signs": _("Tên có ký tự khó hiện trên màn hình lớn, mời bạn bỏ bớt."),
    "rude": _("Tên này chưa phù hợp trước đông người, mời bạn chọn tên khác."),
    "reserved": _("Tên này dễ nhầm với ban tổ chức, mời bạn chọn tên khác."),
    "taken": _("Tên này không dùng được ở đây, mời bạn chọn tên khác."),
}

_SPACES = re.compile(r"\s+")
_INNER_DIGIT = re.compile(r"(?<=[^\W\d_])\d+(?=[^\W\d_])")
_LEET = str.maketrans("0134578", "oieastb")
_REPEATED = re.compile(r"([^\W\d_])\1+")
# Emoji and pictographs; nothing else beyond the basic plane (cuneiform and the like fills a wall with one sign).
_EMOJI = range(0x1F000, 0x1FB00)
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN = range(0x1F3FB, 0x1F400)
_TOO_WIDE = frozenset("\u2e3a\u2e3b\u4dc0\ua9c4\ua9c5")


class NameRefused(ValueError):
    """``code``: empty, long, signs, rude, reserved, taken. ``str`` is a kind sentence in the language in force."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    def __str__(self) -> str:
        return str(_SENTENCES[self.code])


def clean(name: str) -> str:
    """Return a name as it is stored: NFKC (so that 𝓗𝓸𝓪 is "Hoa"), single spaces, invisible characters dropped.

    Raises:
        NameRefused: when it is none, or not for a hall.
    """
    if len(name) > LONGEST_RAW:
        raise NameRefused("long")
    shown = _visible(name)
    if not any(char.isalnum() for char in shown):
        raise NameRefused("empty")
    if graphemes(shown) > MOST_GRAPHEMES or len(shown.encode()) > MOST_BYTES:
        raise NameRefused("long")
    if code := _meaning(shown):
        raise NameRefused(code)
    return shown


def _visible(name: str) -> str:
    """Raises NameRefused for characters that cannot stand on a wall."""
    kept = "".join(char for char in name if unicodedata.category(char) not in {"Cf", "Cc"} or char in "\t\n\r ")
    shown = _SPACES.sub(" ", unicodedata.normalize("NFKC", kept)).strip()
    # NFKC may make what is dropped (or white space) anew; a second pass finds nothing more (a property test).
    shown = "".join(char for char in shown if unicodedata.category(char) not in {"Cf", "Cc"})
    marks = 0
    for char in shown:
        category = unicodedata.category(char)
        if category in {"Cs", "Co", "Cn", "Me", "Zl", "Zp"} or char in _TOO_WIDE:
            raise NameRefused("signs")
        if ord(char) > 0xFFFF and ord(char) not in _EMOJI:
            raise NameRefused("signs")
        if unicodedata.bidirectional(char) in {"R", "AL", "AN"}:
            raise NameRefused("signs")  # right-to-left letters reorder the rank and points beside them
        marks = marks + 1 if category in {"Mn", "Mc"} else 0
        if marks > MOST_MARKS:
            raise NameRefused("signs")
    return shown


def graphemes(text: str) -> int:
    """How many signs a reader sees: accents, skin tones and the second half of a flag are no signs of their own."""
    count = flags = 0
    for char in text:
        point = ord(char)
        flags = flags + 1 if point in _FLAGS else 0
        if unicodedata.category(char) in {"Mn", "Mc"} or point in _SKIN or (flags and flags % 2 == 0):
            continue
        count += 1
    return count


@lru_cache(maxsize=4096)
def _meaning(shown: str) -> str:
    reading = Reading(shown)
    if says(reading, "names_rude"):
        return "rude"
    return "reserved" if says(reading, "names_reserved") else ""


def skeleton(name: str) -> str:
    """What names are compared by: equal for names that look alike in the hall.

    No accents, no case, no spaces or signs, repeated letters once, look-alike letters as Latin, digits inside a word as the
    letters they stand for. Numbers keep their digits: "Lan 1" and "Lan 2" are two people.
    """
    words = []
    for word in unicodedata.normalize("NFKC", name).casefold().split():
        plain = "".join(letter_of(base_of(char)[0]) for char in word if char.isalnum() or char in "@$!")
        plain = plain.replace("@", "a").replace("$", "s").replace("!", "")
        plain = _INNER_DIGIT.sub(lambda found: found.group().translate(_LEET), plain)
        words.append(_REPEATED.sub(r"\1", plain))
    return "".join(words)


def propose(seed: str | int) -> str:
    """A friendly Vietnamese name, "Sen Hồng 27": the same for the same seed; thousands of different ones."""
    number = int.from_bytes(sha256(f"name:{seed}".encode()).digest()[:8])
    names = kind_names()
    number, place = divmod(number, len(names))
    return f"{names[place]} {_FIRST_NUMBER + number % (_LAST_NUMBER - _FIRST_NUMBER + 1)}"


def proposals(nonce: str) -> tuple[str, ...]:
    """The names a join page offers to the holder of a ticket: known again from the ticket, so nobody need look at them."""
    return tuple(propose(f"{nonce}/{place}") for place in range(PROPOSALS))


def is_proposal(name: str, nonce: str) -> bool:
    """Whether the join page offered this name to the holder of this ticket."""
    return name[-2:].isdecimal() and name in proposals(nonce)


@lru_cache(maxsize=1)
def kind_names() -> tuple[str, ...]:
    """Flowers, fruits, birds, things of the house and the sky."""
    text = (Path(__file__).parent / "data" / "names_kind.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
