"""Choosing questions of the bank for an event: search and filters, and "Làm giúp tôi"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizbank.forms.fields import QuestionFilter, choices_of, topic_choices


class BankFilter(QuestionFilter):
    """Search and filters of the bank beside the running order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = _("Tìm trong ngân hàng")
        self.fields["mine"].label = _("Chỉ câu tôi đã soạn")

    def wanted(self) -> dict[str, Any]:
        """The filters as the query takes them; what cannot be read is no filter."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class MakeOneForm(forms.Form):
    """ "Làm giúp tôi": topics and a length, the rest is found."""

    topics = forms.MultipleChoiceField(
        label=_("Về những chủ đề nào"),
        help_text=_("Không chọn: mọi chủ đề."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.TypedChoiceField(
        label=_("Dài khoảng bao lâu"),
        coerce=int,
        initial=15,
        choices=[
            (10, _("10 phút")),
            (15, _("15 phút")),
            (20, _("20 phút")),
            (30, _("30 phút")),
            (45, _("45 phút")),
            (60, _("60 phút")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "topics", topic_choices())
