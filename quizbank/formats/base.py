"""What every file format of the bank can do: bytes to drafts and back. Pure but for the libraries that read files.

A format never decides what enters the bank. It says what it understood of each question, where in the file that stood,
and what was wrong, in words an author understands; the rest is the business of quizbank/domain/importing.py.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext

from quizbank.drafts import Draft
from quizbank.enums import Audience, Difficulty
from quizbank.errors import BadFile

MOST_QUESTIONS = 10_000
"""Questions one file may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the author says for everything a file leaves open."""

    topic: str = ""
    difficulty: str = Difficulty.MEDIUM
    audience: tuple[str, ...] = (Audience.BASIC,)
    language: str = "vi"
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One question of a file. ``place`` names it as its author would look for it ("Dòng 12", "Câu 3").

    ``problems`` (Vietnamese sentences) keep it out; ``warnings`` are told and let it in. ``pictures`` are raw bytes by
    the name under which ``draft.extra["picture"]["name"]`` refers to them; storing draws them anew.
    """

    draft: Draft
    place: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A file as understood. ``notes`` concern the file as a whole ("2 hình từ liên kết ngoài không được tải").

    ``found`` may understand each question only when it is asked for: walk it once.
    """

    found: Sequence[Found]
    title: str = ""
    notes: tuple[str, ...] = ()


class Format(ABC):
    """One file format. Subclasses are stateless; quizbank.formats.FORMATS finds them by ``code``.

    A format overrides ``read``, ``write`` or both and says so with ``reads`` and ``writes``.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    extension: ClassVar[str]
    """What a written file ends with, without the dot."""
    accepts: ClassVar[tuple[str, ...]]
    """Endings a file to read may have, without the dot."""
    media_type: ClassVar[str]
    reads: ClassVar[bool] = False
    writes: ClassVar[bool] = False
    kinds: ClassVar[frozenset[str]] = frozenset()
    """Kinds of questions the format can hold; ``write`` leaves the others out and the caller says so."""

    def label(self) -> str:
        """Return the name in the reader's language."""
        return gettext(self.name)

    def likely(self, data: bytes, filename: str) -> int:
        """Return 0..100: how sure it is that these bytes are this format (content counts more than the name)."""
        return 0

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        """Return the questions of a file; faults of single questions are in them.

        Raises:
            BadFile: when the file as a whole cannot be understood, is too large, or tries to do harm.
        """
        raise BadFile

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        """Return a file of these questions, identified by their codes, in the given order.

        Raises:
            BadFile: when this format is only read.
        """
        raise BadFile
