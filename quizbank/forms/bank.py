"""Filters of the list, names and readers of sealed sets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import User
from quizbank.enums import Audience, QuestionState
from quizbank.forms.fields import QuestionFilter, choices_of


class BankFilter(QuestionFilter):
    """Search and filters of the bank's list."""

    audience = forms.ChoiceField(
        label=_("Đối tượng"), choices=[("", _("Mọi đối tượng")), *Audience.choices], required=False
    )
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
    state = forms.ChoiceField(choices=[("", ""), *QuestionState.choices], required=False, widget=forms.HiddenInput)

    def wanted(self) -> dict[str, Any]:
        """The filters as the query takes them."""
        self.is_valid()
        empty: dict[str, Any] = {name: False if name == "mine" else "" for name in self.fields}
        return empty | {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def asked(self) -> bool:
        """Whether anything but the state is asked for."""
        return any(value for name, value in self.wanted().items() if name != "state")

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
        choices_of(self, "readers", [(one.pk, str(one)) for one in people])
        self.people = {one.pk: one for one in people}
        if named:
            del self.fields["name"]

    def chosen(self) -> list[User]:
        """The people ticked."""
        return [self.people[pk] for pk in self.cleaned_data["readers"] if pk in self.people]
