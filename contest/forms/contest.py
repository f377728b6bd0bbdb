"""A new contest, and what people read about one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from contest.domain.contests import ContestFacts
from contest.forms.scope import UnitScope
from contest.rules.templates import TEMPLATES
from people.forms.profile import AskedText
from people.ids import PUBLIC_ID_LENGTH
from people.models import Unit

KEY_PATTERN = rf"^[A-Za-z0-9_-]{{{PUBLIC_ID_LENGTH}}}$"


class ContestForm(forms.Form):
    """``scope`` is where the person organizes; a contest belongs to one unit of it."""

    title = forms.CharField(
        label=_("Tên cuộc thi"),
        max_length=200,
        error_messages={"required": _("Mời bạn đặt tên cho cuộc thi.")},
    )
    organizer = forms.CharField(
        label=_("Đơn vị tổ chức"),
        help_text=_("In trên trang cuộc thi và giấy chứng nhận. Ví dụ: Sở Khoa học và Công nghệ tỉnh Đồng Tháp."),
        max_length=200,
        error_messages={"required": _("Mời bạn ghi tên đơn vị tổ chức.")},
    )
    summary = forms.CharField(
        label=_("Giới thiệu ngắn"), help_text=_("Một hai câu hiện ở trang đầu."), max_length=300, required=False
    )
    description = forms.CharField(
        label=_("Giới thiệu"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    unit_text = AskedText(
        label=_("Phạm vi"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    unit = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scope: UnitScope, kept: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.kept = kept  # the unit an existing contest has, which its organizer may keep though it is not in scope

    @cached_property
    def chosen_unit(self) -> Unit | None:
        """The unit picked so far; the only one where there is no choice."""
        code = str(self["unit"].value() or "")
        if self.kept is not None and code == self.kept.code:
            return self.kept
        if not code and not self.is_bound and len(self.scope.roots) == 1:
            return self.scope.roots[0]
        return self.scope.get(code)

    @cached_property
    def found_units(self) -> list[Unit]:
        """Units to choose from."""
        return self.scope.find(str(self["unit_text"].value() or ""))

    @property
    def found_asked(self) -> bool:
        """Whether something was searched, so that finding nothing deserves a sentence."""
        return bool(self["unit_text"].value())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.chosen_unit is None:
            self.add_error("unit_text", _("Mời bạn chọn đơn vị trong danh sách."))
        return cleaned

    def facts(self) -> ContestFacts:
        """The cleaned entries as the domain takes them."""
        data = self.cleaned_data
        assert self.chosen_unit is not None
        return ContestFacts(
            title=data["title"],
            organizer=data["organizer"],
            unit=self.chosen_unit,
            summary=data["summary"],
            description=data["description"],
        )


class EditContestForm(ContestForm):
    """Besides what people read: whether invitations are counted, and whether learning for it earns anything."""

    invites_on = forms.BooleanField(
        label=_("Có link mời và bảng lan tỏa"),
        help_text=_("Người dự thi và đơn vị lấy link mời riêng; bảng đếm những người được mời đã làm xong bài."),
        required=False,
    )

    rewards_on = forms.BooleanField(
        label=_("Có điểm thưởng, huy hiệu, bảng tuần trong cuộc thi này"),
        help_text=_(
            "Tắt thì thi thử các vòng ở đây không thêm điểm thưởng, ngày học hay huy hiệu nào, và trang thành tích không gợi ý"
            " các vòng này. Việc học ở nơi khác giữ nguyên. Điểm thi và xếp hạng không bao giờ phụ thuộc mục này."
        ),
        required=False,
    )

    def facts(self) -> ContestFacts:
        """The cleaned entries as the domain takes them."""
        data = self.cleaned_data
        return replace(super().facts(), invites_on=data["invites_on"], rewards_on=data["rewards_on"])


class NewContestForm(ContestForm):
    """Besides the facts: the template of the rules, and a key that makes a second press harmless."""

    key = forms.RegexField(KEY_PATTERN, widget=forms.HiddenInput)
    template = forms.ChoiceField(
        label=_("Mẫu thể lệ"), error_messages={"required": _("Mời bạn chọn một mẫu thể lệ để bắt đầu.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template = self.fields["template"]
        assert isinstance(template, forms.ChoiceField)
        template.choices = [(one.code, one.title) for one in templates()]


def templates() -> Sequence[Any]:
    """The rule templates in their order."""
    return tuple(TEMPLATES.values())
