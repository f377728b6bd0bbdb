"""What a format has no place for travels in a comment beside the question, so that nothing is lost on the way. Pure.

The comment is one line: ``thiso {JSON}``. Other software ignores it. What the format itself says always wins over the
comment, because people edit exported files; a translation is taken back only when the question it belongs to is still
the one that was written (``of``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Audience, Difficulty
from quizbank.formats.source import sound
from quizbank.formats.texts import code_in, lines, one_line

MARK = "thiso "
_LONGEST = 100_000
_UNSAFE = re.compile("[\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]")
# Fields of a key that say how points are given; the value is what their absence means.
_SIDES: dict[str, dict[str, Any]] = {
    "multiple": {"scheme": "exact"},
    "short": {"accents": False, "case": False},
    "ordering": {"scheme": "exact"},
    "matching": {"scheme": "partial"},
}
_TEXTS = {"citation": 2000, "citation_url": 500, "explanation": 8000, "unit": 60, "stem": 4000, "topic": 40}
_SECONDS = range(1, 3601)


@dataclass(frozen=True, slots=True)
class Carried:
    """The comment of one question, every entry checked; ``data`` holds only what is sound."""

    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def places(self) -> list[int] | None:
        """The stored order of items or rights, see quizbank.formats.answers."""
        places: list[int] | None = self.data.get("places")
        return places

    def text(self, name: str) -> str:
        """Return one of the carried texts, "" when there is none."""
        return str(self.data.get(name, ""))


def pack(draft: Draft, *, fmt: str, **more: object) -> str:
    """Return the comment of ``draft`` for the format ``fmt``; ``more`` is what this format cannot say of it."""
    data: dict[str, Any] = {
        "of": core(draft),
        "difficulty": draft.difficulty,
        "audience": list(draft.audience),
        "language": draft.language,
        "key": {name: draft.key[name] for name in _SIDES.get(draft.kind, {}) if name in draft.key},
        "facts": list(draft.facts),
        "citation": draft.citation,
        "citation_url": draft.citation_url,
        "translations": draft.translations,
        "seconds": draft.extra.get("seconds"),
        "topic": draft.topic if draft.topic not in TOPICS else "",
        "source": {name: kept for name, kept in draft.extra.get("source", {}).items() if name != fmt},
        **more,
    }
    kept = {name: value for name, value in data.items() if value not in (None, "", [], {}) or name in ("key", *more)}
    words = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).replace("--", "-\\u002d")
    return MARK + _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", words)


def places_of(draft: Draft, written: list[str], field_name: str) -> list[int]:
    """Return for each stored item of ``field_name`` its place in the order in which the file has them."""
    return [written.index(text) for text in draft.content[field_name]]


def core(draft: Draft) -> str:
    """Return the fingerprint of what a translation must fit."""
    words = json.dumps([draft.kind, draft.stem, draft.content, draft.key], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def load(comment: str) -> Carried:
    """Return what a comment carries; one that is not ours, or broken, carries nothing."""
    comment = comment.strip()
    if not comment.startswith(MARK) or len(comment) > _LONGEST:
        return Carried()
    try:
        raw = json.loads(comment[len(MARK) :])
    except (ValueError, RecursionError):
        return Carried()
    if not isinstance(raw, dict):
        return Carried()
    return Carried({name: raw[name] for name in raw if _CHECKS.get(name, _never)(raw[name])})


def restore(draft: Draft, carried: Carried, *, said: frozenset[str] = frozenset()) -> tuple[Draft, list[str]]:
    """Return the draft with what was carried, and warnings. ``said`` names the sides of the key the file itself says."""
    data = carried.data
    if not data:
        return draft, []
    words = {name: data[name] for name in ("difficulty", "language", "citation", "citation_url") if name in data}
    draft = replace(
        draft,
        **words,
        audience=tuple(data.get("audience", draft.audience)),
        facts=tuple(data.get("facts", draft.facts)),
        key=_with_sides(draft, data.get("key"), said),
        extra=_with_extra(draft.extra, data),
    )
    translations = data.get("translations", {})
    if translations and data.get("of") == core(draft):
        return replace(draft, translations=translations), []
    if translations:
        return draft, [_("Câu đã được sửa sau khi xuất, nên bản dịch kèm theo không được giữ.")]
    return draft, []


def _with_sides(draft: Draft, sides: dict[str, Any] | None, said: frozenset[str]) -> dict[str, Any]:
    """Return the key with the carried sides as they were written down, unless the file now says something else."""
    key = dict(draft.key)
    if sides is None:
        return key
    for name, absent in _SIDES.get(draft.kind, {}).items():
        now, then = key.get(name, absent), sides.get(name, absent)
        if name in said and now != then:
            continue
        if draft.kind == "multiple" and (key.get("scheme") == "weights") != (then == "weights"):
            continue
        key.pop(name, None)
        if name in sides:
            key[name] = then
    return key


def _with_extra(extra: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    extra = dict(extra)
    if "seconds" in data:
        extra["seconds"] = data["seconds"]
    if "feedback" in data:
        extra["feedback"] = data["feedback"]
    source = data.get("source", {}) | extra.get("source", {})
    if source:
        extra["source"] = source
    return extra


def _never(value: object) -> bool:
    return False


def _words(value: object) -> bool:
    return (
        isinstance(value, list) and len(value) <= 50 and all(isinstance(one, str) and len(one) < 100 for one in value)
    )


def _text(limit: int) -> Any:
    return lambda value: isinstance(value, str) and len(value) <= limit and lines(value) == value


def _places(value: object) -> bool:
    return isinstance(value, list) and len(value) <= 8 and all(type(one) is int and 0 <= one < 8 for one in value)


def _sides(value: object) -> bool:
    return isinstance(value, dict) and all(
        (name == "scheme" and one in ("exact", "partial", "weights"))
        or (name in ("accents", "case") and isinstance(one, bool))
        for name, one in value.items()
    )


def _feedback(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) and len(text) < 4000 for text in value.values())


def _translations(value: object) -> bool:
    return isinstance(value, dict) and all(
        language == "en" and isinstance(words, dict) and all(map(_side, words.items()))
        for language, words in value.items()
    )


def _side(entry: tuple[str, object]) -> bool:
    """One entry of a translation: texts, and a content of texts and lists of texts."""
    name, value = entry
    if name != "content":
        return name in ("stem", "explanation", "citation") and isinstance(value, str)
    return isinstance(value, dict) and all(
        isinstance(one, str) or (isinstance(one, list) and all(isinstance(text, str) for text in one))
        for one in value.values()
    )


_CHECKS: dict[str, Any] = {
    **{name: _text(limit) for name, limit in _TEXTS.items()},
    "stem": lambda value: isinstance(value, str) and len(value) <= _TEXTS["stem"],
    "of": lambda value: isinstance(value, str),
    "code": lambda value: value == "" or (isinstance(value, str) and code_in(value) == value),
    "citation_url": lambda value: isinstance(value, str) and re.fullmatch(r"https?://\S{1,490}", value),
    "difficulty": lambda value: isinstance(value, str) and value in Difficulty.values,
    "language": lambda value: value in ("vi", "en"),
    "audience": lambda value: _words(value) and bool(value) and set(value) <= set(Audience.values),
    "facts": _words,
    "tags": lambda value: _words(value) and all(one_line(one) == one for one in value),
    "key": _sides,
    "seconds": lambda value: type(value) is int and value in _SECONDS,
    "places": _places,
    "feedback": _feedback,
    "source": sound,
    "translations": _translations,
}
