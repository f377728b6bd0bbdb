"""What the editor shows of a stored wording: its fields, filled."""

from __future__ import annotations

from typing import Any

from quizbank.models import QuestionVersion
from quizbank.shaping import Typed, typed_of, typed_of_translation


def editor_initial(version: QuestionVersion) -> dict[str, Any]:
    """What the editor shows of a stored wording."""
    typed = typed_of(version.kind, version.content, version.key)
    other = "en" if version.language == "vi" else "vi"
    words = version.translations.get(other, {})
    picture = version.extra.get("picture") or {}
    initial: dict[str, Any] = {
        name: getattr(version, name)
        for name in ("kind", "language", "stem", "explanation", "citation", "citation_url", "difficulty", "audience")
    } | {
        "base": version.pk,
        "markdown": bool(version.extra.get("markdown")),
        "facts": ", ".join(version.facts),
        "tags": ", ".join(version.question.tags),
        "topic": version.question.topic.slug,
        "picture_sha": picture.get("sha256", ""),
        "picture_alt": picture.get("alt", ""),
        "right_bool": "T" if typed.right_bool else "F",
        "accept": "\n".join(typed.accept),
        "tr_stem": words.get("stem", ""),
        "tr_explanation": words.get("explanation", ""),
        "tr_citation": words.get("citation", ""),
    }
    initial |= {name: getattr(typed, name) for name in ("value", "tolerance", "unit", "accents", "case", "scheme")}
    translated = typed_of_translation(version.kind, version.content, version.key, words) if words else Typed()
    for prefix, rows in (("", typed), ("tr_", translated)):
        initial |= {f"{prefix}option_{n}": text for n, (text, _right) in enumerate(rows.options)}
        initial |= {f"{prefix}item_{n}": text for n, text in enumerate(rows.items)}
        initial |= {f"{prefix}left_{n}": left for n, (left, _right) in enumerate(rows.pairs)}
        initial |= {f"{prefix}right_side_{n}": right for n, (_left, right) in enumerate(rows.pairs)}
    initial |= {f"right_{n}": right for n, (_text, right) in enumerate(typed.options)}
    return initial | {"tr_unit": translated.unit}
