"""What forms about questions share: the fields an answer is typed into, and what a list is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizbank.drafts import LONGEST_STEM
from quizbank.enums import Difficulty, KindCode
from quizbank.kinds.base import LETTERS
from quizbank.queries.questions import topics


def area(rows: int) -> forms.Textarea:
    """Several lines."""
    return forms.Textarea(attrs={"rows": rows})


def topic_choices(first: Any = None) -> list[tuple[str, Any]]:
    """Every topic by its slug; ``first`` names the empty choice where there is one."""
    return [*([] if first is None else [("", first)]), *((one.slug, one.name) for one in topics())]


def choices_of(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Give a field of choices what only the request knows."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def accept_field(help_text: Any, *, longest: int) -> forms.CharField:
    """Answers in words, one a line."""
    return forms.CharField(
        label=_("Các cách viết được chấp nhận"),
        help_text=help_text,
        required=False,
        max_length=longest,
        widget=area(3),
    )


def explanation_field(*, longest: int, rows: int) -> forms.CharField:
    """Why the answer is right."""
    return forms.CharField(label=_("Giải thích"), required=False, max_length=longest, widget=area(rows))


class AnswerForm(forms.Form):
    """A question's words and the answers every editor has: options, right or wrong, a number."""

    stem = forms.CharField(
        label=_("Câu hỏi"),
        max_length=LONGEST_STEM,
        widget=area(3),
        error_messages={"required": _("Mời bạn gõ câu hỏi.")},
    )
    right_bool = forms.ChoiceField(
        label=_("Đáp án"), choices=[("T", _("Đúng")), ("F", _("Sai"))], required=False, initial="T"
    )
    value = forms.CharField(label=_("Đáp án là số"), max_length=20, required=False)
    tolerance = forms.CharField(
        label=_("Cho phép lệch"), help_text=_("Để trống: phải đúng hẳn."), max_length=20, required=False
    )
    unit = forms.CharField(label=_("Đơn vị tính"), max_length=30, required=False)
    citation = forms.CharField(label=_("Căn cứ"), max_length=400, required=False)
    topic = forms.ChoiceField(label=_("Chủ đề"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "topic", topic_choices())

    def add_text(self, name: str, label: Any, longest: int) -> None:
        """One line of text that may stay empty."""
        self.fields[name] = forms.CharField(label=label, max_length=longest, required=False)

    def add_options(self, number: int, *, longest: int) -> None:
        """``option_0``, ``right_0`` …: an option's words and whether it is right."""
        for place, letter in enumerate(LETTERS[:number]):
            self.add_text(f"option_{place}", _("Phương án %(letter)s") % {"letter": letter}, longest)
            self.fields[f"right_{place}"] = forms.BooleanField(
                label=_("%(letter)s là đáp án đúng") % {"letter": letter}, required=False
            )


class QuestionFilter(forms.Form):
    """What every list of questions is narrowed by; everything optional, what cannot be read is no filter."""

    q = forms.CharField(label=_("Tìm câu hỏi"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Chủ đề"), required=False)
    difficulty = forms.ChoiceField(
        label=_("Độ khó"), choices=[("", _("Mọi độ khó")), *Difficulty.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Loại câu"), choices=[("", _("Mọi loại")), *KindCode.choices], required=False)
    mine = forms.BooleanField(label=_("Chỉ câu của tôi"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "topic", topic_choices(_("Mọi chủ đề")))
