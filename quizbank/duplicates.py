"""Which questions say the same? Pure: word for word, without accents and signs, or nearly.

Near twins are found as in "set similarity joins with prefix filtering" (Chaudhuri, Ganti and Kaushik, "A Primitive
Operator for Similarity Joins in Data Cleaning", ICDE 2006): two sets whose Jaccard index reaches t must share one of
the |S| - ceil(t * |S|) + 1 rarest members of either, so only those are indexed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from math import ceil
from operator import itemgetter
from typing import Any
from unicodedata import normalize

NEAR = 0.55
"""Jaccard index of word pairs from which two questions are nearly the same …"""
STEM_LIKENESS = 0.7
"""… when their stems agree to this share as well."""
MOST_TWINS = 5
MOST_CANDIDATES = 200
"""Questions looked at closely for one text: a file of ten thousand copies must not take the square of that."""
SHORTEST_STEM = 5
"""Words from which an equal stem alone is worth telling."""

_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]")
_SIGNS = {place: " " for place in range(128) if not chr(place).isalnum()}


class Level(StrEnum):
    """How alike two questions are."""

    EXACT = "exact"
    FOLDED = "folded"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of a question. ``name`` is whatever the caller knows it by; ``answer`` the folded right one."""

    name: int
    exact: str
    folded: str
    stem: str
    answer: str
    shingles: frozenset[str]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twin:
    """Another question that says (nearly) the same; ``percent`` 100 for equal ones."""

    name: int
    level: Level
    percent: int
    same_answer: bool


def text_of(name: int, *, stem: str, content: dict[str, Any], answer: str) -> Text:
    """Return what is compared. The order of options does not matter, their words do."""
    parts = [str(part) for value in content.values() if isinstance(value, list) for part in value]
    folded_parts = sorted(map(_folded, parts))
    folded_stem = _folded(stem)
    return Text(
        name=name,
        exact="\n".join([_plain(stem), *sorted(map(_plain, parts))]),
        folded="\n".join([folded_stem, *folded_parts]),
        stem=folded_stem,
        answer=_folded(answer),
        shingles=_shingles([folded_stem, *folded_parts]),
        # "Đến năm 2025 …" and "Đến năm 2030 …" are two questions however alike their words are.
        numbers=tuple(sorted(_NUMBERS.findall(folded_stem))),
    )


def find_twins(
    fresh: Sequence[Text], known: Sequence[Text], *, beat: Callable[[int], object] = int
) -> list[list[Twin]]:
    """Return for each of ``fresh`` its twins among ``known`` and among the fresh ones before it, the likest first.

    ``beat`` is called now and then with how many are done.
    """
    ranks = _rarity([*known, *fresh])
    index = _Index()
    for text in known:
        index.add(text, _prefix(text, ranks))
    twins: list[list[Twin]] = []
    for done, text in enumerate(fresh):
        if done % 500 == 0:
            beat(done)
        prefix = _prefix(text, ranks)
        twins.append(index.twins_of(text, prefix))
        index.add(text, prefix)
    return twins


class _Index:
    """Texts met so far, found by equality or by their rarest word pairs."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.by_exact: defaultdict[str, list[int]] = defaultdict(list)
        self.by_folded: defaultdict[str, list[int]] = defaultdict(list)
        self.by_stem: defaultdict[str, list[int]] = defaultdict(list)
        # By the numbers of the stem as well: where those differ, nothing else is looked at.
        self.by_shingle: defaultdict[tuple[str, ...], defaultdict[int, list[int]]] = defaultdict(_lists)

    def add(self, text: Text, prefix: list[int]) -> None:
        place = len(self.texts)
        self.texts.append(text)
        self.by_exact[text.exact].append(place)
        self.by_folded[text.folded].append(place)
        self.by_stem[text.stem].append(place)
        rarest = self.by_shingle[text.numbers]
        for shingle in prefix:
            rarest[shingle].append(place)

    def twins_of(self, text: Text, prefix: list[int]) -> list[Twin]:
        exact = self.by_exact[text.exact][:MOST_TWINS]
        folded = [place for place in self.by_folded[text.folded][: 2 * MOST_TWINS] if place not in exact]
        equal = [self._twin(place, Level.EXACT, 100, text) for place in exact]
        equal += [self._twin(place, Level.FOLDED, 100, text) for place in folded]
        if equal:
            return equal[:MOST_TWINS]
        near = [twin for place in self._candidates(text, prefix) if (twin := self._near(place, text)) is not None]
        return sorted(near, key=lambda twin: (-twin.percent, twin.name))[:MOST_TWINS]

    def _candidates(self, text: Text, prefix: list[int]) -> list[int]:
        """Places worth a closer look: the same stem, or a rare word pair in common."""
        found: dict[int, None] = {}
        if len(text.stem.split()) >= SHORTEST_STEM:
            found = dict.fromkeys(self.by_stem[text.stem][:MOST_CANDIDATES])
        rarest = self.by_shingle.get(text.numbers)
        if rarest is None:
            return list(found)
        for shingle in prefix:
            for place in rarest.get(shingle, ()):
                found[place] = None
                if len(found) >= MOST_CANDIDATES:
                    return list(found)
        return list(found)

    def _near(self, place: int, text: Text) -> Twin | None:
        other = self.texts[place]
        shared = len(text.shingles & other.shingles)
        jaccard = shared / max(1, len(text.shingles) + len(other.shingles) - shared)
        same_stem = other.stem == text.stem and len(text.stem.split()) >= SHORTEST_STEM
        if not same_stem and jaccard < NEAR:
            return None
        stems = 1.0 if same_stem else SequenceMatcher(None, text.stem.split(), other.stem.split(), False).ratio()
        if stems < STEM_LIKENESS:
            return None
        return self._twin(place, Level.NEAR, min(99, round(100 * max(jaccard, (jaccard + stems) / 2))), text)

    def _twin(self, place: int, level: Level, percent: int, text: Text) -> Twin:
        other = self.texts[place]
        return Twin(other.name, level, percent, other.answer == text.answer)


def _lists() -> defaultdict[int, list[int]]:
    return defaultdict(list)


def _plain(text: str) -> str:
    """Return the words as they are, in one normal form and with single spaces."""
    return " ".join(normalize("NFC", text).split())


def _folded(text: str) -> str:
    """Return the words without accents, capitals and signs. What people.text.search_key does, at a third of the cost:
    this runs over a whole bank for each file."""
    bare = _MARKS.sub("", normalize("NFD", text.casefold())).replace("đ", "d")
    return " ".join(bare.translate(_SIGNS).split() if bare.isascii() else _WORDS.findall(bare))


def _shingles(parts: Iterable[str]) -> frozenset[str]:
    """Return pairs of neighbouring words of each part; a part of one word is its own."""
    pairs: set[str] = set()
    for part in parts:
        words = part.split()
        pairs.update(f"{a} {b}" for a, b in pairwise(words))
        if len(words) == 1:
            pairs.add(words[0])
    return frozenset(pairs)


def _rarity(texts: Iterable[Text]) -> dict[str, int]:
    """Return the place of each word pair in the order from the rarest to the commonest."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text.shingles)
    return {shingle: rank for rank, (shingle, _count) in enumerate(sorted(counts.items(), key=itemgetter(1, 0)))}


def _prefix(text: Text, ranks: dict[str, int]) -> list[int]:
    """Return the ranks of the rarest members, as many as two near twins must share one of."""
    members = sorted(map(ranks.__getitem__, text.shingles))
    return members[: len(members) - ceil(NEAR * len(members)) + 1]
