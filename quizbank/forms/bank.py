"""Filters of the list, names and readers of sealed sets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import User
from quizbank.enums import Audience, Difficulty, KindCode, QuestionState
from quizbank.queries.questions import topics


class BankFilter(forms.Form):
    """Search and filters; everything optional, what cannot be read is no filter."""

    q = forms.CharField(label=_("Tìm câu hỏi"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Chủ đề"), required=False)
    difficulty = forms.ChoiceField(
        label=_("Độ khó"), choices=[("", _("Mọi độ khó")), *Difficulty.choices], required=False
    )
    audience = forms.ChoiceField(
        label=_("Đối tượng"), choices=[("", _("Mọi đối tượng")), *Audience.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Loại câu"), choices=[("", _("Mọi loại")), *KindCode.choices], required=False)
    language = forms.ChoiceField(
        label=_("Ngôn ngữ"),
        choices=[("", _("Mọi ngôn ngữ")), ("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))],
        required=False,
    )
    tag = forms.CharField(label=_("Nhãn"), max_length=40, required=False)
    sealed = forms.ChoiceField(
        label=_("Niêm phong"),
        choices=[("", _("Có hay không")), ("yes", _("Đã vào bộ niêm phong")), ("no", _("Không niêm phong"))],
        required=False,
    )
    mine = forms.BooleanField(label=_("Chỉ câu của tôi"), required=False)
    state = forms.ChoiceField(choices=[("", ""), *QuestionState.choices], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)
        topic.choices = [("", _("Mọi chủ đề")), *((one.slug, one.name) for one in topics())]

    def wanted(self) -> dict[str, Any]:
        """The filters as the query takes them."""
        self.is_valid()
        empty: dict[str, Any] = {name: False if name == "mine" else "" for name in self.fields}
        return empty | {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether a filter of the folded part is set."""
        return any(value for name, value in self.wanted().items() if name not in ("q", "state"))


class SealedSetForm(forms.Form):
    """A set's name and those who may read it besides its owner."""

    name = forms.CharField(
        label=_("Tên bộ đề"), max_length=120, error_messages={"required": _("Mời bạn đặt tên cho bộ đề.")}
    )
    readers = forms.TypedMultipleChoiceField(
        label=_("Người được đọc"),
        help_text=_("Ngoài bạn ra. Ai không có tên ở đây đều không đọc được, kể cả quản trị hệ thống."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: list[User], named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = self.fields["readers"]
        assert isinstance(readers, forms.ChoiceField)
        readers.choices = [(one.pk, str(one)) for one in people]
        self.people = {one.pk: one for one in people}
        if named:
            del self.fields["name"]

    def chosen(self) -> list[User]:
        """The people ticked."""
        return [self.people[pk] for pk in self.cleaned_data["readers"] if pk in self.people]
