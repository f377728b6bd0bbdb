"""How the questions of a file are shown before they are stored, however broken they are. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quizbank.diff import FieldDiff, version_diff
from quizbank.draft_json import draft_from_json
from quizbank.drafts import Draft
from quizbank.enums import Difficulty, KindCode
from quizbank.kinds import get_kind
from quizbank.kinds.base import LETTERS


@dataclass(frozen=True, slots=True)
class Line:
    """One option; ``right`` marks the key."""

    letter: str
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class ShownTwin:
    """A question that says the same: of the bank (``public_id``) or of this file (``place``)."""

    words: str
    code: str
    public_id: str
    place: str
    other_answer: bool


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A question of a file as its author looks it over."""

    draft: Draft
    kind: str
    difficulty: str
    topic: str
    lines: tuple[Line, ...]
    answer: str
    picture: str


def shown_draft(data: dict[str, Any], topic_names: Mapping[str, str]) -> ShownDraft:
    """Unpack a question for the screen."""
    draft = draft_from_json(data)
    answer = ""
    with suppress(KeyError, ValueError, IndexError, TypeError, ArithmeticError):  # its problems say why
        answer = get_kind(draft.kind).tell_key(draft.content, draft.key)
    return ShownDraft(
        draft=draft,
        kind=str(KindCode(draft.kind).label) if draft.kind in KindCode.values else draft.kind,
        difficulty=str(Difficulty(draft.difficulty).label) if draft.difficulty in Difficulty.values else "",
        topic=topic_names.get(draft.topic, ""),
        lines=_lines(draft),
        answer=answer,
        picture=str(draft.extra.get("picture", {}).get("sha256", "")),
    )


@dataclass(frozen=True, slots=True)
class ShownChange:
    """The question of the bank a row comes back to; ``changes`` what the row would change, or ``words`` about what
    they do not show. ``reworded``: it becomes another version."""

    code: str
    public_id: str
    reworded: bool
    changes: tuple[FieldDiff, ...]
    words: str


def shown_change(
    draft: Draft, present: Draft, *, public_id: str, fields: Callable[[Draft], list[tuple[str, str]]],
    topic_names: Mapping[str, str],
) -> ShownChange:  # fmt: skip
    """Say what a row changes; ``fields`` is what a wording says as (label, text)."""

    def everything(one: Draft) -> list[tuple[str, str]]:
        topic, tags = topic_names.get(one.topic, one.topic), ", ".join(one.tags)
        return [*fields(one), (_("Chủ đề"), topic), (_("Nhãn"), tags)]

    changes = version_diff(everything(present), everything(draft))
    words = "" if changes else _("Khác ở cách chấm điểm hoặc ở phần không hiện thành chữ.")
    return ShownChange(present.code, public_id, draft.digest() != present.digest(), changes, words)


def _lines(draft: Draft) -> tuple[Line, ...]:
    options = draft.content.get("options", [])
    right = draft.key.get("right", "")
    chosen = set(right) if isinstance(right, list) else {right} if isinstance(right, str) else set()
    return tuple(Line(letter, str(text), letter in chosen) for letter, text in zip(LETTERS, options, strict=False))


def shown_twins(twins: list[dict[str, Any]], places: dict[int, str]) -> list[ShownTwin]:
    """Say what a question resembles; ``places`` names the questions of the file by position."""
    return [
        ShownTwin(
            words=_words(twin["level"], twin["percent"]),
            code=twin.get("code", ""),
            public_id=twin.get("public_id", ""),
            place=places.get(twin["position"], "") if "position" in twin else "",
            other_answer=twin["level"] != "near" and not twin["same_answer"],
        )
        for twin in twins
    ]


def _words(level: str, percent: int) -> str:
    if level == "exact":
        return _("Trùng từng chữ với")
    if level == "folded":
        return _("Trùng (chỉ khác dấu hoặc cách viết) với")
    return _("Gần giống (%(percent)d%%) với") % {"percent": percent}
