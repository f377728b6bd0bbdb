"""A question before it is stored: the one shape every source (built-in files, editor, later imports) is brought to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from people.text import fold, tidy
from quizbank.enums import Audience, Difficulty
from quizbank.errors import BadQuestion
from quizbank.kinds import KINDS, get_kind

LONGEST_STEM = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything a version will hold. ``content`` and ``key`` have the kind's shapes."""

    kind: str
    stem: str
    content: dict[str, Any]
    key: dict[str, Any]
    difficulty: str
    audience: tuple[str, ...] = (Audience.BASIC,)
    explanation: str = ""
    citation: str = ""
    citation_url: str = ""
    facts: tuple[str, ...] = ()
    language: str = "vi"
    topic: str = ""
    code: str = ""
    tags: tuple[str, ...] = field(default=())

    def problems(self) -> list[str]:
        """Return Vietnamese sentences about the form; empty when the draft may be stored."""
        faults: list[str] = []
        if self.kind not in KINDS:
            return [_("Không có loại câu hỏi này.")]
        if not tidy(self.stem):
            faults.append(_("Câu hỏi còn trống."))
        elif len(self.stem) > LONGEST_STEM:
            faults.append(_("Câu hỏi dài quá %(most)d ký tự.") % {"most": LONGEST_STEM})
        if self.difficulty not in Difficulty.values:
            faults.append(_("Chưa chọn độ khó."))
        if not self.audience or not set(self.audience) <= set(Audience.values):
            faults.append(_("Chưa chọn đối tượng."))
        return faults + get_kind(self.kind).problems(self.content, self.key)

    def checked(self) -> Draft:
        """Return self.

        Raises:
            BadQuestion: with every problem found.
        """
        faults = self.problems()
        if faults:
            raise BadQuestion(faults)
        return self

    def digest(self) -> str:
        """SHA-256 over everything that is frozen in a version; equal digests are equal questions."""
        frozen = [
            self.kind, self.stem, self.content, self.key, self.explanation, self.citation, self.citation_url,
            sorted(self.facts), sorted(self.audience), self.difficulty, self.language,
        ]  # fmt: skip
        text = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def folded_stem(self) -> str:
        """The accent-free stem by which duplicates are found."""
        return fold(self.stem)
