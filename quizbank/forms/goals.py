"""Goals of units and the switches: translate in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Unit
from people.queries.roles import ROOT_PATH
from people.queries.units import search_units


class ProgressForm(forms.Form):
    """What a person wants to see."""

    shown = forms.BooleanField(
        label=_("Hiện điểm, cấp, huy hiệu và chuỗi ngày học"),
        help_text=_("Tắt đi thì không cộng điểm, không vào bảng tuần và không tính vào mục tiêu của đơn vị."),
        required=False,
    )
    league = forms.BooleanField(
        label=_("Tham gia bảng tuần"),
        help_text=_("Nhóm tối đa 30 người học ngang sức. Tên bạn được che bớt với người khác."),
        required=False,
    )


class PlaceForm(forms.Form):
    """A unit in somebody's care: one of the ``roots`` of it, or a unit below found by name."""

    root = forms.ChoiceField(label=_("Đơn vị"))
    below = forms.CharField(
        label=_("Đơn vị bên dưới"),
        help_text=_("Để trống nếu là cả đơn vị trên. Gõ không dấu cũng được, ví dụ: my tho."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, roots: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roots = {unit.code: unit for unit in roots}
        self.fields["root"].choices = [(unit.code, unit.name) for unit in roots]  # type: ignore[attr-defined]
        if len(roots) == 1:
            self.fields["root"].initial = roots[0].code

    def clean(self) -> dict[str, Any]:
        """Set ``unit``."""
        cleaned = super().clean() or {}
        root = self.roots.get(cleaned.get("root", ""))
        if root is None:
            return cleaned
        cleaned["unit"] = root
        if text := cleaned.get("below"):
            found = search_units(text, within=None if root.path == ROOT_PATH else root, limit=6)
            best = [unit for unit in found if unit.folded == found[0].folded]
            if not found:
                self.add_error("below", _("Chưa thấy đơn vị nào tên như vậy. Thử gõ không dấu, ví dụ: my tho."))
            elif len(found) > 1 and len(best) > 1:
                self.add_error("below", _("Có nhiều đơn vị cùng tên. Hãy viết thêm tên tỉnh sau dấu phẩy."))
            else:
                cleaned["unit"] = found[0]
        return cleaned


class GoalForm(PlaceForm):
    """What a unit wants to learn together, and until when."""

    title = forms.CharField(label=_("Tên mục tiêu"), max_length=120, help_text=_("Ví dụ: Xã ta học 1.000 thẻ"))
    target = forms.IntegerField(
        label=_("Số thẻ cần nhớ"),
        min_value=1,
        help_text=_("Mỗi người nhớ được một thẻ lần đầu thì cộng một."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        localize=False,
    )
    starts_on = forms.DateField(label=_("Từ ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Đến hết ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("title", "target", "starts_on", "ends_on", "root", "below")
