"""Small forms of decisions: a reason, a new end, a person to leave out, a mended key."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contest.enums import CertificateKind, EntryStatus
from contest.forms.round import MomentInput
from quizbank.enums import KindCode
from quizbank.errors import BadResponse
from quizbank.kinds import get_kind
from quizbank.kinds.base import LETTERS
from quizbank.kinds.written import parse_number, plain
from quizbank.models import QuestionVersion

NO_REASON = {"required": _("Mời bạn ghi lý do.")}


def _reason(hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("Lý do"),
        help_text=hint or _("Lý do được ghi vào nhật ký, không sửa được về sau."),
        max_length=300,
        error_messages=NO_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why a round is called off, ended early, or computed again."""

    reason = _reason()


class ExtendForm(forms.Form):
    """A later end, and why."""

    closes_at = forms.DateTimeField(
        label=_("Giờ đóng mới"),
        widget=MomentInput(),
        error_messages={"required": _("Mời bạn chọn giờ đóng."), "invalid": _("Giờ đóng chưa đúng dạng.")},
    )
    reason = _reason()


class ExcludeForm(forms.Form):
    """Who is left out, or taken back, and why."""

    entry = forms.CharField(max_length=22, widget=forms.HiddenInput)
    mode = forms.ChoiceField(label=_("Quyết định"), choices=EntryStatus.choices, initial=EntryStatus.UNRANKED)
    reason = _reason(_("Người dự thi đọc được lý do này."))

    def status(self) -> EntryStatus:
        return EntryStatus(self.cleaned_data["mode"])


class CertificateForm(forms.Form):
    """Which certificates are made."""

    kind = forms.ChoiceField(
        label=_("Loại giấy"),
        choices=[(one.value, one.label) for one in (CertificateKind.PARTICIPANT, CertificateKind.WINNER)],
        initial=CertificateKind.PARTICIPANT,
    )

    def certificate_kind(self) -> CertificateKind:
        return CertificateKind(self.cleaned_data["kind"])


class KeyForm(forms.Form):
    """A mended key in the words of the question's kind, or the question made void.

    ``key()`` gives the kind's own shape; whether it fits the question is judged by the kind in the domain.
    """

    decision = forms.ChoiceField(
        label=_("Quyết định"),
        choices=[("change", _("Sửa đáp án")), ("void", _("Hủy câu: ai gặp câu này cũng được tính đúng"))],
        widget=forms.RadioSelect,
        initial="change",
    )
    reason = _reason(_("Lý do được công bố cùng kết quả mới."))

    def __init__(self, *args: Any, version: QuestionVersion, current: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.current = current
        for name, field in self._answer_fields():
            field.required = self.data.get("decision") != "void"
            self.fields[name] = field
        self.order_fields(["decision", *(name for name in self.fields if name.startswith("answer")), "reason"])

    def _answer_fields(self) -> list[tuple[str, forms.Field]]:
        content, key = self.version.content, self.current
        label = _("Đáp án đúng")
        match self.version.kind:
            case KindCode.SINGLE:
                options = _lettered(content["options"])
                return [
                    (
                        "answer",
                        forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect, initial=key["right"]),
                    )
                ]
            case KindCode.MULTIPLE:
                boxes = forms.MultipleChoiceField(
                    label=label,
                    choices=_lettered(content["options"]),
                    widget=forms.CheckboxSelectMultiple,
                    initial=key["right"],
                )
                return [("answer", boxes)]
            case KindCode.BOOLEAN:
                truth = [("T", _("Đúng")), ("F", _("Sai"))]
                initial = "T" if key["right"] else "F"
                return [
                    ("answer", forms.ChoiceField(label=label, choices=truth, widget=forms.RadioSelect, initial=initial))
                ]
            case KindCode.NUMERIC:
                tolerance = str(key.get("tolerance", "0")).replace(".", ",")
                return [
                    (
                        "answer",
                        forms.CharField(label=label, max_length=30, initial=str(key["value"]).replace(".", ",")),
                    ),
                    ("answer_tolerance", forms.CharField(label=_("Sai số cho phép"), max_length=30, initial=tolerance)),
                ]
            case KindCode.SHORT:
                hint = _("Mỗi dòng một cách trả lời được chấp nhận.")
                area = forms.Textarea(attrs={"rows": 4})
                initial = "\n".join(key["accept"])
                return [
                    (
                        "answer",
                        forms.CharField(label=label, help_text=hint, widget=area, max_length=2000, initial=initial),
                    )
                ]
            case KindCode.ORDERING:
                items = _lettered(content["items"])
                return [
                    (
                        f"answer_{place}",
                        forms.ChoiceField(
                            label=_("Thứ tự %(n)d") % {"n": place + 1}, choices=items, initial=key["order"][place]
                        ),
                    )
                    for place in range(len(items))
                ]
            case _:
                rights = _lettered(content["rights"])
                return [
                    (
                        f"answer_{place}",
                        forms.ChoiceField(label=left, choices=rights, initial=key["pairs"][LETTERS[place]]),
                    )
                    for place, left in enumerate(content["lefts"])
                ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") != "change" or self.errors:
            return cleaned
        try:
            problems = get_kind(self.version.kind).problems(self.version.content, self.key())
        except BadResponse as error:
            problems = [str(error)]
        if problems:
            self.add_error(next(name for name in self.fields if name.startswith("answer")), problems[0])
        elif self.same_as_now():
            self.add_error("reason", _("Đáp án này đang được dùng, không có gì để sửa."))
        return cleaned

    def same_as_now(self) -> bool:
        return json.dumps(self.key(), sort_keys=True) == json.dumps(self.current, sort_keys=True)

    def key(self) -> dict[str, Any]:
        """The key as the kind stores it; what is not asked stays as it is. Raises BadResponse."""
        data, key = self.cleaned_data, dict(self.current)
        places = [name for name in self.fields if re_place(name)]
        match self.version.kind:
            case KindCode.SINGLE:
                return key | {"right": data["answer"]}
            case KindCode.MULTIPLE:
                return key | {"right": sorted(data["answer"])}
            case KindCode.BOOLEAN:
                return key | {"right": data["answer"] == "T"}
            case KindCode.NUMERIC:
                tolerance = plain(parse_number(data["answer_tolerance"] or "0"))
                return key | {"value": plain(parse_number(data["answer"])), "tolerance": tolerance}
            case KindCode.SHORT:
                return key | {"accept": [line.strip() for line in data["answer"].splitlines() if line.strip()]}
            case KindCode.ORDERING:
                return key | {"order": [data[name] for name in places]}
            case _:
                return key | {"pairs": {LETTERS[place]: data[name] for place, name in enumerate(places)}}


def re_place(name: str) -> bool:
    """Whether a field holds one place of an order or a pairing."""
    return name.startswith("answer_") and name.removeprefix("answer_").isdecimal()


def _lettered(texts: list[str]) -> list[tuple[str, str]]:
    return [(LETTERS[place], f"{LETTERS[place]}. {text}") for place, text in enumerate(texts)]
