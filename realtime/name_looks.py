"""What a name looks like to a reader in the hall, however it is typed. Pure.

A name is read as words of *cells*: the letters a sign may stand for, and its accents. "l0n", "ʟ.о.ո", "lồnnn" and "l*n" all
read as the three cells of one word. An entry of a list fits when every letter can be read so and no accent contradicts it:
"lon" and "lôn" can be "lồn" with accents left out, "lớn" cannot.

Leaving accents out is common in Viet Nam and makes innocent words of bad ones, so each entry has a flag:

====  ================================================================================================================
``!``  always, also inside a longer word (words from four letters on, phrases from six)
``+``  always as a word of its own
``=``  with any of its accents, or disguised (signs for letters, spaced, stretched), or as the whole name
``~``  with exactly its accents, or disguised with some of them; several words also without accents as the whole name
``.``  as the whole name only
====  ================================================================================================================
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

NO_MARKS: frozenset[str] = frozenset()
_DATA = Path(__file__).parent / "data"
_WORD_INSIDE_FROM, _PHRASE_INSIDE_FROM = 4, 6  # letters: shorter entries hide in innocent words, "du ma" in "DuMai"
_SPACED_FROM = 3  # single letters in a row that are one word taken apart; two are initials
_STRETCHED_BY = 2  # letters too many: "ngưu" has one u more than "ngu"

# Signs that stand for letters. The first letter is what the sign is, the others what it is used for.
_ALSO = {"k": "kc", "q": "qc", "j": "ji", "z": "zd", "w": "wu"}
_LEET = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "gq",
    "@": "a", "$": "s", "!": "i", "|": "il", "€": "e", "£": "l", "+": "t", "(": "c", "¢": "c", "¡": "i",
}  # fmt: skip
_WILD = frozenset("*•×#%∗●✱")
_DROPPED = frozenset("'’‘ʼ`´^~\"¨“”")
# Cyrillic, Greek, Armenian and small-capital letters: first the Latin letter they look like, then what they sound like.
_LOOKALIKES = {
    "а": "a", "в": "bv", "с": "cs", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "ji", "к": "kc", "ӏ": "l", "м": "m",
    "п": "np", "о": "o", "р": "pr", "ԛ": "qc", "г": "rg", "ѕ": "s", "т": "t", "ц": "uc", "ѵ": "v", "ѡ": "w", "х": "xh",
    "у": "yui", "ь": "b", "є": "e", "л": "l", "н": "hn", "б": "b", "д": "d", "и": "uin", "з": "ez", "ф": "f",
    "α": "a", "β": "b", "γ": "yg", "ε": "e", "η": "nh", "ι": "i", "κ": "kc", "μ": "um", "ν": "vn", "ο": "o", "ρ": "pr",
    "τ": "t", "υ": "uy", "χ": "xc", "ω": "wo", "λ": "l", "π": "np", "σ": "os", "δ": "d",
    "ո": "n", "ս": "u", "օ": "o", "հ": "h", "ց": "g", "վ": "u",
    "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "ji", "ᴋ": "kc",
    "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ꜱ": "s", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w",
    "ʏ": "yi", "ᴢ": "zd", "ı": "i", "ł": "l", "ø": "o", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ƙ": "kc", "ƅ": "b", "ʋ": "v",
}  # fmt: skip
_EMOJI_A = {0x1F150: 26, 0x1F170: 26, 0x1F1E6: 26}  # letters in circles, in squares, of flags: NFKC leaves them


class Is(IntEnum):
    """What a sign is before anybody reads it as a letter."""

    LETTER = 0
    LOOKALIKE = 1
    SIGN = 2


class Cell(NamedTuple):
    """A sign: the ``letters`` it may be ("" any), its accents, what it is itself, and how often it stands in a row."""

    letters: str
    marks: frozenset[str]
    kind: Is
    times: int = 1


Word = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: its flag and words, and the words written as one."""

    flag: str
    text: str
    words: tuple[Word, ...]
    glued: Word
    marks: int
    letters: int
    needs: int

    @property
    def inside(self) -> bool:
        """Whether it may stand inside a longer word, or written as one."""
        return self.flag == "!" or len(self.words) > 1


class Fit(NamedTuple):
    """How an entry fits: accents found, whether disguised, whether it is the whole name, and which words it covers."""

    marks: int
    odd: bool
    whole: bool
    covers: frozenset[int]


@lru_cache(maxsize=8)
def entries(name: str) -> tuple[Entry, ...]:
    """The entries of a list in ``realtime/data``; lines without a flag get "!"."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if not line or line.startswith("#"):
            continue
        flag, _, text = line.partition(" ") if line[0] in "!+=~." else ("!", "", line)
        words = tuple(words_of(text))
        glued = joined(words)
        marks = sum(len(cell.marks) for cell in glued)
        needs = _bits(cell.letters[0] for cell in glued)
        found.append(Entry(flag, text, words, glued, marks, sum(cell.times for cell in glued), needs))
    return tuple(found)


def _bits(letters: Iterable[str]) -> int:
    """Letters as a set of 64 bits; others may share a bit, so it can only say that something is missing."""
    bits = 0
    for letter in letters:
        bits |= 1 << (ord(letter) & 63)
    return bits


def words_of(text: str) -> list[Word]:
    """The words of a name as cells."""
    words: list[list[Cell]] = [[]]
    for char in unicodedata.normalize("NFKC", text).casefold():
        if char in _DROPPED:
            continue
        cell = _cell(char)
        if cell is None:
            words.append([])
        else:
            words[-1].append(cell)
    return [_runs(word) for word in words if word]


def letter_of(char: str) -> str:
    """The Latin letter a folded character looks like, or the character itself."""
    return _LOOKALIKES.get(char, char)[0]


def base_of(char: str) -> tuple[str, frozenset[str]]:
    """A lower-case character without its accents, and the accents. The stroke of đ counts as one."""
    if char in "đð":
        return "d", frozenset("đ")
    decomposed = unicodedata.normalize("NFD", char)
    return decomposed[0], frozenset(decomposed[1:]) if len(decomposed) > 1 else NO_MARKS


@lru_cache(maxsize=4096)
def _cell(char: str) -> Cell | None:
    base, marks = base_of(char)
    if "a" <= base <= "z":
        return Cell(_ALSO.get(base, base), marks, Is.LETTER)
    if base in _LOOKALIKES:
        return Cell(_LOOKALIKES[base], marks, Is.LOOKALIKE)
    if base in _LEET:
        return Cell(_LEET[base], marks, Is.SIGN)
    if base in _WILD:
        return Cell("", marks, Is.SIGN)
    for first, count in _EMOJI_A.items():
        if first <= ord(base) < first + count:
            return Cell(chr(ord("a") + ord(base) - first), marks, Is.LOOKALIKE)
    return Cell(base, marks, Is.SIGN) if base.isalnum() else None


def _runs(cells: Iterable[Cell]) -> Word:
    runs: list[Cell] = []
    for cell in cells:
        last = runs[-1] if runs else None
        if last is not None and last.letters == cell.letters and cell.letters:
            runs[-1] = Cell(cell.letters, last.marks | cell.marks, max(last.kind, cell.kind), last.times + cell.times)
        else:
            runs.append(cell)
    return tuple(runs)


def joined(words: Iterable[Word]) -> Word:
    """Words written as one."""
    return _runs(cell for word in words for cell in word)


def _bare(word: Word) -> Word:
    """A word without the digits and signs around it: "ngu123" is "ngu"."""
    start, end = 0, len(word)
    while start < end and word[start].kind == Is.SIGN:
        start += 1
    while end > start and word[end - 1].kind == Is.SIGN:
        end -= 1
    return word[start:end]


def _fit_word(word: Word, wanted: Word) -> tuple[int, bool] | None:
    """(accents found, disguised) when every run of ``word`` can be read as ``wanted``."""
    if len(word) != len(wanted):
        return None
    marks, odd = 0, False
    for cell, want in zip(word, wanted, strict=True):
        letter = want.letters[0]
        if (cell.letters and letter not in cell.letters) or cell.times < want.times or not cell.marks <= want.marks:
            return None
        marks += len(cell.marks)
        odd = odd or cell.kind > 0 or cell.letters[:1] != letter or cell.times >= want.times + _STRETCHED_BY
    return marks, odd


class Reading:
    """One name, read in every way a reader in the hall may read it."""

    def __init__(self, name: str) -> None:
        words = words_of(name)
        self.forms = [tuple(dict.fromkeys((word, _bare(word)))) for word in words]
        said = [index for index, word in enumerate(words) if any(cell.kind != Is.SIGN for cell in word)]
        self.said = frozenset(said)
        self.pieces = list(_spaced(words))
        self.all = joined(words[index] for index in said) if len(said) > 1 else ()
        cells = [cell for word in words for cell in word]
        wild = any(not cell.letters for cell in cells)
        self.missing = 0 if wild else ~_bits("".join(cell.letters for cell in cells))
        self.lengths = {len(form) for forms in self.forms for form in forms} | {len(self.all)}

    def possible(self, name: str) -> list[Entry]:
        """The entries of a list that are not ruled out by their letters and length. Most are, and it must be quick: a thousand
        people join within seconds."""
        missing, lengths = self.missing, self.lengths
        return [
            entry
            for entry in entries(name)
            if not entry.needs & missing and (entry.inside or len(entry.glued) in lengths)
        ]

    def fits(self, entry: Entry) -> Iterator[Fit]:
        """Every way in which the entry stands in the name."""
        yield from self._phrases(entry)
        for index in self.said:
            for form in self.forms[index]:
                yield from self._glued(entry, form, frozenset({index}))
        for covers, piece in self.pieces:
            for fit in self._glued(entry, piece, covers):
                yield fit._replace(odd=True)
        if self.all and (whole := _fit_word(self.all, entry.glued)) is not None:
            yield Fit(whole[0], whole[1], True, self.said)

    def _phrases(self, entry: Entry) -> Iterator[Fit]:
        length = len(entry.words)
        for start in range(len(self.forms) - length + 1):
            covers = frozenset(range(start, start + length))
            if not covers & self.said:
                continue
            best = [
                min(found, key=lambda fit: fit[1])
                for index, wanted in zip(range(start, start + length), entry.words, strict=True)
                if (
                    found := [
                        fit
                        for form in self.forms[index]
                        if len(form) == len(wanted) and (fit := _fit_word(form, wanted)) is not None
                    ]
                )
            ]
            if len(best) == length:
                yield Fit(sum(fit[0] for fit in best), any(fit[1] for fit in best), covers >= self.said, covers)

    def _glued(self, entry: Entry, word: Word, covers: frozenset[int]) -> Iterator[Fit]:
        size = len(entry.glued)
        if size > len(word):
            return
        if len(entry.words) > 1 and (fit := _fit_word(word, entry.glued)) is not None:
            yield Fit(fit[0], True, covers >= self.said, covers)
        least = _WORD_INSIDE_FROM if len(entry.words) == 1 else _PHRASE_INSIDE_FROM
        if entry.flag != "!" or entry.letters < least:
            return
        for start in range(len(word) - size + 1):
            fit = _fit_word(word[start : start + size], entry.glued)
            if fit is not None:
                yield Fit(fit[0], fit[1], False, covers)


def _spaced(words: Sequence[Word]) -> Iterator[tuple[frozenset[int], Word]]:
    """Runs of single letters, "l ồ n" or "c.ặ.c", as the words they spell."""
    row: list[int] = []
    for index in range(len(words) + 1):
        if index < len(words) and len(words[index]) == 1:
            row.append(index)
            continue
        if len(row) >= _SPACED_FROM:
            yield frozenset(row), joined(words[place] for place in row)
        row = []


def says(reading: Reading, name: str) -> Entry | None:
    """The first entry of list ``name`` that the reading says, or None. What ``names_allowed`` covers says nothing."""
    safe: frozenset[int] = frozenset()
    for entry in reading.possible("names_allowed"):
        for fit in reading.fits(entry):
            if not fit.odd and fit.marks in {0, entry.marks}:
                safe |= fit.covers
    for entry in reading.possible(name):
        for fit in reading.fits(entry):
            if not fit.covers <= safe and _means(entry, fit):
                return entry
    return None


def _means(entry: Entry, fit: Fit) -> bool:
    exact = fit.marks == entry.marks > 0
    match entry.flag:
        case "!" | "+":
            return True
        case "=":
            return fit.marks > 0 or fit.odd or fit.whole
        case "~":
            # A single word without its accents is somebody's name (Du, Di, Diem); several words are not.
            phrase = len(entry.words) > 1
            return exact or (fit.odd and (fit.marks > 0 or phrase)) or (fit.whole and fit.marks == 0 and phrase)
        case _:
            return fit.whole and (exact or fit.marks == 0 or fit.odd)
