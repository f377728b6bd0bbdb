"""The editor's form: all seven kinds, words in two languages side by side, one picture."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from people.text import tidy
from quizbank.domain.pictures import LONGEST_ALT, picture_entry
from quizbank.drafts import LONGEST_STEM, Draft
from quizbank.enums import Audience, Difficulty, KindCode
from quizbank.forms.editor_initial import editor_initial
from quizbank.forms.fields import AnswerForm, accept_field, area, choices_of, explanation_field
from quizbank.kinds import get_kind
from quizbank.kinds.arranged import MOST_ITEMS
from quizbank.kinds.base import MOST_OPTIONS
from quizbank.models import Picture, QuestionVersion
from quizbank.shaping import Base, Typed, shape, tidy_lines, translated_content

MOST_TAGS, LONGEST_TAG = 12, 40
SCHEMES = [
    ("exact", _("Không có điểm")),
    ("partial", _("Được điểm theo phần đúng")),
    ("weights", _("Theo trọng số có sẵn")),
]
PLACES = {
    KindCode.BOOLEAN: "right_bool",
    KindCode.NUMERIC: "value",
    KindCode.SHORT: "accept",
    KindCode.ORDERING: "item_0",
    KindCode.MATCHING: "left_0",
}
"""Where a fault of content or key is shown."""

HINTED = ("stem", "option_0", "picture_alt", "explanation", "citation", "facts")
"""Fields quizbank.wording has remarks on, in the order of the page."""


class HintedField(forms.BoundField):
    """A field whose remarks (quizbank.wording) stand below it and are read out with it."""

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if self.name not in HINTED:
            return described
        return f"{described} goi-y-{self.name}" if described else f"goi-y-{self.name}"


class EditorForm(AnswerForm):
    """``base`` is the version (id) the edit starts from, 0 for a new question."""

    bound_field_class = HintedField

    kind = forms.ChoiceField(label=_("Loại câu"), choices=KindCode.choices, initial=KindCode.SINGLE)
    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=[("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))])
    markdown = forms.BooleanField(
        label=_("Có định dạng"),
        help_text=_("**chữ đậm**, *chữ nghiêng*, danh sách mỗi dòng bắt đầu bằng dấu gạch ngang."),
        required=False,
    )
    accept = accept_field(_("Mỗi dòng một cách."), longest=2000)
    accents = forms.BooleanField(label=_("Phải gõ đúng dấu"), required=False)
    case = forms.BooleanField(label=_("Phải gõ đúng chữ hoa"), required=False)
    scheme = forms.ChoiceField(
        label=_("Khi chỉ đúng một phần"),
        choices=SCHEMES,
        required=False,
    )
    picture_sha = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    picture_alt = forms.CharField(
        label=_("Mô tả hình"),
        help_text=_("Cho người không nhìn thấy hình. Đừng viết đáp án vào đây."),
        max_length=LONGEST_ALT,
        required=False,
    )
    picture_off = forms.BooleanField(label=_("Bỏ hình này"), required=False)
    explanation = explanation_field(longest=2000, rows=3)
    citation_url = forms.URLField(
        label=_("Liên kết căn cứ"),
        help_text=_("Địa chỉ trang có văn bản ấy."),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    facts = forms.CharField(
        label=_("Mã dữ kiện"), help_text=_("Cách nhau bằng dấu phẩy."), max_length=300, required=False
    )
    difficulty = forms.ChoiceField(label=_("Độ khó"), choices=Difficulty.choices, initial=Difficulty.MEDIUM)
    audience = forms.MultipleChoiceField(
        label=_("Đối tượng"),
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Audience.BASIC],
        error_messages={"required": _("Chưa chọn đối tượng.")},
    )
    tags = forms.CharField(label=_("Nhãn"), help_text=_("Cách nhau bằng dấu phẩy."), max_length=500, required=False)
    tr_stem = forms.CharField(label=_("Câu hỏi"), max_length=LONGEST_STEM, required=False, widget=area(3))
    tr_unit = forms.CharField(label=_("Đơn vị tính"), max_length=30, required=False)
    tr_explanation = forms.CharField(label=_("Giải thích"), max_length=2000, required=False, widget=area(3))
    tr_citation = forms.CharField(label=_("Căn cứ"), max_length=400, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, version: QuestionVersion | None = None, **kwargs: Any) -> None:
        if version is not None and "initial" not in kwargs:
            kwargs["initial"] = editor_initial(version)
        super().__init__(*args, **kwargs)
        self.version = version
        if version is None or "weights" not in version.key:
            choices_of(self, "scheme", SCHEMES[:2])
        self.add_options(MOST_OPTIONS, longest=300)
        for place in range(MOST_OPTIONS):
            self.add_text(f"tr_option_{place}", self.fields[f"option_{place}"].label, 300)
        for place in range(MOST_ITEMS):
            for name, label in (
                ("item", _("Mục %(n)d")),
                ("left", _("Vế trái %(n)d")),
                ("right_side", _("Vế phải %(n)d")),
            ):
                self.add_text(f"{name}_{place}", label % {"n": place + 1}, 300)
                self.add_text(f"tr_{name}_{place}", label % {"n": place + 1}, 300)
        self.draft: Draft | None = None

    # ---------------------------------------------------------------- rows for the template
    def option_rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """(place, text, is right, translation) of each option."""
        return [(n, self[f"option_{n}"], self[f"right_{n}"], self[f"tr_option_{n}"]) for n in range(MOST_OPTIONS)]

    def item_rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        return [(n, self[f"item_{n}"], self[f"tr_item_{n}"]) for n in range(MOST_ITEMS)]

    def pair_rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [
            (n, self[f"left_{n}"], self[f"right_side_{n}"], self[f"tr_left_{n}"], self[f"tr_right_side_{n}"])
            for n in range(MOST_ITEMS)
        ]

    # ---------------------------------------------------------------- reading
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        draft = self._draft(cleaned)
        self.draft = draft
        if "kind" not in cleaned:
            return cleaned
        faults = get_kind(draft.kind).problems(draft.content, draft.key)
        if draft.kind == KindCode.SINGLE and sum(right for _text, right in self._typed(cleaned).options) > 1:
            faults = [str(_("Loại câu này chỉ có một đáp án đúng. Hãy đánh dấu một phương án."))]
        for fault in faults:
            self.add_error(PLACES.get(KindCode(draft.kind), "option_0"), fault)
        if not faults and draft.translations:
            told = [
                fault.partition(": ")[2] for fault in draft.problems() if fault.partition(": ")[0] in draft.translations
            ]
            for fault in told:
                self.add_error("tr_stem", fault)
        return cleaned

    def _draft(self, data: dict[str, Any]) -> Draft:
        """What was typed, as far as it goes: half-written questions are previewed and remarked upon too."""
        kind = data.get("kind") or KindCode.SINGLE
        before = self.version
        typed = self._typed(data)
        content, key = shape(kind, typed, Base(before.kind, before.content, before.key) if before else None)
        return Draft(
            kind=kind,
            stem=tidy_lines(data.get("stem", "")),
            content=content,
            key=key,
            difficulty=data.get("difficulty", ""),
            audience=_in_order(data.get("audience", ()), before.audience if before else []),
            explanation=tidy_lines(data.get("explanation", "")),
            citation=tidy(data.get("citation", "")),
            citation_url=data.get("citation_url", ""),
            facts=_listed(data.get("facts", "")),
            language=data.get("language") or "vi",
            topic=data.get("topic", ""),
            tags=tuple(tag[:LONGEST_TAG] for tag in _listed(data.get("tags", "")))[:MOST_TAGS],
            extra=self._extra(data),
            translations=self._translations(data, kind, content, typed),
        )

    def _typed(self, data: dict[str, Any], prefix: str = "") -> Typed:
        def text(name: str) -> str:
            return tidy(data.get(prefix + name, ""))

        kept = [n for n in range(MOST_OPTIONS) if tidy(data.get(f"option_{n}", ""))]
        items = [n for n in range(MOST_ITEMS) if tidy(data.get(f"item_{n}", ""))]
        pairs = [
            n for n in range(MOST_ITEMS) if tidy(data.get(f"left_{n}", "")) or tidy(data.get(f"right_side_{n}", ""))
        ]
        return Typed(
            options=tuple((text(f"option_{n}"), bool(data.get(f"right_{n}"))) for n in kept),
            right_bool=data.get("right_bool") != "F",
            value=text("value"),
            tolerance=text("tolerance"),
            unit=text("unit"),
            accept=tuple(tidy(line) for line in data.get("accept", "").splitlines() if tidy(line)),
            accents=bool(data.get("accents")),
            case=bool(data.get("case")),
            items=tuple(text(f"item_{n}") for n in items),
            pairs=tuple((text(f"left_{n}"), text(f"right_side_{n}")) for n in pairs),
            scheme=data.get("scheme", ""),
        )

    def _extra(self, data: dict[str, Any]) -> dict[str, Any]:
        extra = dict(self.version.extra) if self.version else {}
        extra.pop("markdown", None)
        if data.get("markdown"):
            extra["markdown"] = True
        before = extra.pop("picture", None) or {}
        sha, alt = data.get("picture_sha", ""), tidy(data.get("picture_alt", ""))
        if sha and not data.get("picture_off"):
            if sha == before.get("sha256"):
                extra["picture"] = before if before.get("alt", "") == alt else before | {"alt": alt}
            elif picture := Picture.objects.defer("data").filter(sha256=sha).first():
                extra["picture"] = picture_entry(picture, alt)
        return extra

    def _translations(
        self, data: dict[str, Any], kind: str, content: dict[str, Any], typed: Typed
    ) -> dict[str, dict[str, Any]]:
        """The other language's words, absent when nothing was typed; languages the editor does not show stay."""
        other = "en" if (data.get("language") or "vi") == "vi" else "vi"
        kept = dict(self.version.translations) if self.version else {}
        before = kept.pop(other, {})
        if not any(tidy(str(text)) for name, text in data.items() if name.startswith("tr_")):
            return kept
        words: dict[str, Any] = {
            "stem": tidy_lines(data.get("tr_stem", "")),
            "content": translated_content(kind, content, self._typed(data, "tr_"), typed),
        }
        for name in ("explanation", "citation"):
            said = tidy_lines(data.get(f"tr_{name}", ""))
            if said or name in before or not before:
                words[name] = said
        return kept | {other: words}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tidy(one) for one in text.replace(";", ",").split(",") if tidy(one)))


def _in_order(chosen: Any, before: list[str]) -> tuple[str, ...]:
    """As they were stored where they are the same: another order of the same readers is no other wording."""
    return tuple(before) if set(before) == set(chosen) else tuple(chosen)
