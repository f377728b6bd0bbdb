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
_DIFFICULTIES, _AUDIENCES = frozenset(Difficulty.values), frozenset(Audience.values)


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
    extra: dict[str, Any] = field(default_factory=dict)
    """What no kind needs but nobody may lose; each entry optional. ``seconds`` (time a live tool gave), ``feedback``
    ({option label or place in ``accept``: sentence}), ``picture`` ({"sha256", "alt"}), ``markdown`` (true: the stem
    is Markdown), ``source`` (what only the format it came from understands, by that format's code)."""
    translations: dict[str, dict[str, Any]] = field(default_factory=dict)
    """{"en": {"stem", "content", "explanation", "citation"}}; content in the same shape and order, so one key fits."""

    def problems(self) -> list[str]:
        """Return Vietnamese sentences about the form; empty when the draft may be stored."""
        faults: list[str] = []
        if self.kind not in KINDS:
            return [_("Không có loại câu hỏi này.")]
        if not tidy(self.stem):
            faults.append(_("Câu hỏi còn trống."))
        elif len(self.stem) > LONGEST_STEM:
            faults.append(_("Câu hỏi dài quá %(most)d ký tự.") % {"most": LONGEST_STEM})
        if self.difficulty not in _DIFFICULTIES:
            faults.append(_("Chưa chọn độ khó."))
        if not self.audience or not _AUDIENCES.issuperset(self.audience):
            faults.append(_("Chưa chọn đối tượng."))
        faults += get_kind(self.kind).problems(self.content, self.key)
        for language, words in self.translations.items():
            faults += [f"{language}: {fault}" for fault in self._translation_problems(words)]
        return faults

    def _translation_problems(self, words: dict[str, Any]) -> list[str]:
        """A translation is whole or absent: same kind, same number of options, no empty text."""
        if not tidy(str(words.get("stem", ""))):
            return [_("Bản dịch thiếu câu hỏi.")]
        content = words.get("content", {})
        if {name: _size(value) for name, value in content.items()} != {
            name: _size(value) for name, value in self.content.items()
        }:
            return [_("Bản dịch phải có đủ các phương án, theo cùng thứ tự.")]
        return get_kind(self.kind).problems(content, self.key)

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
        if self.extra or self.translations:  # appended only when present: digests of older versions stay as they are
            frozen += [self.extra, self.translations]
        text = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def folded_stem(self) -> str:
        """The accent-free stem by which duplicates are found."""
        return fold(self.stem)


def _size(value: object) -> int:
    """Of a list its length; of a text (the unit of a number) nothing that must agree."""
    return len(value) if isinstance(value, list) else 0
