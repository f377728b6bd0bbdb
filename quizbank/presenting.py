"""Questions as their authors and reviewers read them. Only for pages of those who may see the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quizbank.asking import OfKind
from quizbank.drafts import Draft
from quizbank.enums import Audience, Difficulty, KindCode
from quizbank.kinds import KINDS, Shown, get_kind
from quizbank.markup_html import StemPicture, picture_of, stem_html
from quizbank.models import QuestionVersion
from quizbank.translated import Words

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One thing to choose, order or match; ``right`` only where the key is shown."""

    index: int
    text: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Preview(OfKind):
    """A question as a phone shows it."""

    kind: str
    stem: str
    html: SafeString
    picture: StemPicture | None
    options: tuple[PreviewLine, ...]
    targets: tuple[PreviewLine, ...]
    unit: str


def preview(*, kind: str, words: Words, extra: dict[str, Any], key: dict[str, Any] | None = None) -> Preview:
    """Return a question as on the phone. With ``key`` the right options are marked. What is half written is shown as
    far as it goes: nothing here refuses."""
    try:
        shown = KINDS[kind].present(words.content, seed=0, shuffle=False)
    except (KeyError, IndexError, TypeError, ValueError):
        shown = Shown()
    right = right_labels(kind, key) if key is not None else frozenset()
    return Preview(
        kind=kind,
        stem=words.stem,
        html=stem_html(words.stem, extra),
        picture=picture_of(extra),
        options=tuple(PreviewLine(place, one.text, one.letter in right) for place, one in enumerate(shown.options)),
        targets=tuple(PreviewLine(place, one.text) for place, one in enumerate(shown.targets)),
        unit=shown.unit,
    )


def right_labels(kind: str, key: dict[str, Any]) -> frozenset[str]:
    """Letters of the right options of a question one chooses from."""
    right = key.get("right")
    match kind:
        case KindCode.SINGLE:
            return frozenset({str(right)})
        case KindCode.MULTIPLE:
            return frozenset(right or ())
        case KindCode.BOOLEAN:
            return frozenset({"A" if right else "B"})
        case _:
            return frozenset()


def answer_of(version: QuestionVersion) -> str:
    """The right answer in words."""
    return get_kind(version.kind).tell_key(version.content, version.key)


def fields_of(one: QuestionVersion | Draft) -> list[tuple[str, str]]:
    """Everything a wording says as (label, text): what two wordings are compared by."""
    fields = [
        (_("Loại câu"), str(KindCode(one.kind).label)),
        (_("Câu hỏi"), one.stem),
        *_content_fields(one.content, ""),
        (_("Đáp án"), _told(one)),
        (_("Giải thích"), one.explanation),
        (_("Căn cứ"), one.citation),
        (_("Liên kết căn cứ"), one.citation_url),
        (_("Dữ kiện"), ", ".join(one.facts)),
        (_("Độ khó"), str(Difficulty(one.difficulty).label) if one.difficulty in Difficulty.values else ""),
        (_("Đối tượng"), ", ".join(audience_names(one.audience))),
        (_("Hình"), str((one.extra.get("picture") or {}).get("sha256", ""))[:12]),
        (_("Mô tả hình"), str((one.extra.get("picture") or {}).get("alt", ""))),
    ]
    for language, words in one.translations.items():
        name = LANGUAGES.get(language, language)
        fields += [
            (f"{name}: {_('Câu hỏi')}", str(words.get("stem", ""))),
            *_content_fields(words.get("content", {}), f"{name}: "),
            (f"{name}: {_('Giải thích')}", str(words.get("explanation", ""))),
        ]
    return [(label, text) for label, text in fields if text]


def _content_fields(content: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    names = {"options": _("Phương án"), "items": _("Mục"), "lefts": _("Vế trái"), "rights": _("Vế phải")}
    for field, name in names.items():
        lines += [
            (f"{prefix}{name} {letter}", str(text))
            for letter, text in zip("ABCDEFGH", content.get(field, ()), strict=False)
        ]
    if content.get("unit"):
        lines.append((f"{prefix}{_('Đơn vị tính')}", str(content["unit"])))
    return lines


def _told(one: QuestionVersion | Draft) -> str:
    try:
        return get_kind(one.kind).tell_key(one.content, one.key)
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):
        return ""  # half written: the other fields are compared all the same


def audience_names(audience: list[str] | tuple[str, ...]) -> list[str]:
    """The readers a question is for, in words."""
    return [str(Audience(one).label) for one in audience if one in Audience.values]
