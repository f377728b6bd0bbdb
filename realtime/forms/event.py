"""A new event: its name, its mode, the unit it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from contest.forms.scope import UnitScope
from contest.models import Contest
from people.forms.profile import AskedText
from people.models import Unit
from realtime.domain.events import LONGEST_TITLE
from realtime.enums import Mode


class TitleForm(forms.Form):
    """What an event is called."""

    title = forms.CharField(
        label=_("Tên sự kiện"),
        help_text=_("Hiện trên màn hình lớn và điện thoại. Ví dụ: Rung chuông vàng chuyển đổi số xã Tân Long."),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Mời bạn đặt tên cho sự kiện.")},
    )


class NewEventForm(TitleForm):
    """``scope`` is where the person may hold events, ``contests`` those an event may belong to."""

    mode = forms.ChoiceField(label=_("Hình thức"), choices=Mode.choices, initial=Mode.RACE)
    unit_text = AskedText(
        label=_("Đơn vị tổ chức"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    unit = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    contest = forms.ChoiceField(
        label=_("Thuộc cuộc thi"), help_text=_("Chỉ khi sự kiện là một phần của cuộc thi."), required=False
    )

    def __init__(self, *args: Any, scope: UnitScope, contests: Sequence[Contest] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.contests = {contest.public_id: contest for contest in contests}
        field = self.fields["contest"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Không thuộc cuộc thi nào")), *((c.public_id, c.title) for c in contests)]
        if not contests:
            del self.fields["contest"]

    @cached_property
    def chosen_unit(self) -> Unit | None:
        """The unit picked so far; the only one where there is no choice."""
        code = str(self["unit"].value() or "")
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

    def chosen_contest(self) -> Contest | None:
        return self.contests.get(self.cleaned_data.get("contest", ""))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.chosen_unit is None:
            self.add_error("unit_text", _("Mời bạn chọn đơn vị trong danh sách."))
        return cleaned
