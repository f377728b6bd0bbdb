"""What every kind of question can do. Pure: no ORM, no clock, no randomness but the seed it is given.

Three forms of a response exist and each has one place:

* **wire**: what a browser sends; option ids are opaque and bound to the attempt's seed, so an id never tells which
  option is meant in another attempt and never sorts by key;
* **canonical**: short text in terms of the content's own labels ("B", "AC", "34,5"); stored and graded; "" is blank;
* **char**: one character for the compact answer sheet, or None where a character cannot hold it (numbers, words).
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from quizbank.errors import BadResponse

FULL = 1000
"""Per mille of a wholly right response."""

LETTERS = "ABCDEFGH"
MOST_OPTIONS = len(LETTERS)

Content = dict[str, Any]
Key = dict[str, Any]
Wire = str | list[str]


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One option as a participant sees it: an opaque ``id``, the ``letter`` of its place on the screen, its text."""

    id: str
    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A question's content as dealt to one attempt; holds nothing of the key."""

    options: tuple[ShownOption, ...] = ()
    targets: tuple[ShownOption, ...] = ()
    unit: str = ""


def opaque_id(seed: int, place: str) -> str:
    """Return the wire id of ``place`` in the attempt-and-item ``seed`` (64 secret bits): 8 hex digits."""
    return hashlib.blake2b(f"{seed}:{place}".encode(), digest_size=4).hexdigest()


def shuffled(labels: Sequence[str], *, seed: int, shuffle: bool, salt: str = "") -> list[str]:
    """Return ``labels`` in the order dealt: as written, or permuted by the seed."""
    order = list(labels)
    if shuffle:
        Random(f"{seed}:{salt}").shuffle(order)
    return order


class Kind(ABC):
    """One kind of question. Subclasses are stateless; quizbank.kinds.get_kind finds them by ``code``."""

    code: ClassVar[str]

    @abstractmethod
    def problems(self, content: Content, key: Key) -> list[str]:
        """Return Vietnamese sentences about what is wrong with the form; empty when it is sound."""

    @abstractmethod
    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        """Return what a participant sees. ``seed`` belongs to one item of one attempt."""

    @abstractmethod
    def read(self, content: Content, wire: object, *, seed: int) -> str:
        """Return the canonical form of a wire response ("" for a cleared one).

        Raises:
            BadResponse: when it does not fit this question.
        """

    @abstractmethod
    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        """Return the wire form of a stored response: the inverse of ``read``."""

    @abstractmethod
    def char(self, content: Content, canonical: str) -> str | None:
        """Return the answer-sheet character of a non-blank canonical response, or None."""

    @abstractmethod
    def from_char(self, content: Content, char: str) -> str:
        """Return the canonical response behind a sheet character: the inverse of ``char``."""

    @abstractmethod
    def grade(self, content: Content, key: Key, canonical: str) -> int:
        """Return 0..1000 per mille. A blank response is 0. Never raises on canonical input."""

    @abstractmethod
    def tell_key(self, content: Content, key: Key) -> str:
        """Return the right answer as people read it (only ever shown when the policy reveals it)."""

    @abstractmethod
    def tell_response(self, content: Content, canonical: str) -> str:
        """Return a response as people read it; "" when blank."""


def labels_by_id(labels: Sequence[str], seed: int, prefix: str = "") -> dict[str, str]:
    """Return {wire id: label} of one item of one attempt."""
    return {opaque_id(seed, prefix + label): label for label in labels}


def one_label(wire: object, by_id: dict[str, str]) -> str:
    """Return the label a wire id stands for.

    Raises:
        BadResponse: when it is no string or stands for nothing here.
    """
    if not isinstance(wire, str) or wire not in by_id:
        raise BadResponse
    return by_id[wire]


def option_labels(content: Content, field: str = "options") -> str:
    """Return the content's own labels, "ABCD" for four options."""
    return LETTERS[: len(content[field])]
