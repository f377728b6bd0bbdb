"""Names, one a line: of teams, and of players without a phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.text import tidy

MOST_LINES = 300


class LinesField(forms.CharField):
    """A text area whose value is its lines, tidied, without empty ones."""

    widget = forms.Textarea(attrs={"rows": 5, "autocomplete": "off"})

    def clean(self, value: Any) -> list[str]:
        """Return the lines. Raises ValidationError for none or too many."""
        text = super().clean(value)
        lines = [line for raw in str(text).splitlines() if (line := tidy(raw))]
        if not lines:
            raise forms.ValidationError(self.error_messages["required"])
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("Mỗi lần nhiều nhất %(n)d dòng."), params={"n": MOST_LINES})
        return lines


class _LinesForm(forms.Form):
    def names(self) -> list[str]:
        """The names that were typed."""
        return list(self.cleaned_data["lines"])


class TeamsForm(_LinesForm):
    """Teams to make."""

    lines = LinesField(
        label=_("Tên các đội"),
        help_text=_("Mỗi dòng một đội. Mỗi đội nhận một mã ngắn để thành viên gõ khi vào."),
        max_length=20_000,
        error_messages={"required": _("Mời bạn ghi tên ít nhất một đội.")},
    )


class BoardsForm(_LinesForm):
    """Players who raise boards."""

    lines = LinesField(
        label=_("Tên người giơ bảng"),
        help_text=_("Mỗi dòng một người. Họ nhận số báo danh theo thứ tự này."),
        max_length=20_000,
        error_messages={"required": _("Mời bạn ghi tên ít nhất một người.")},
    )
