"""Giving the right to steer: to an account of the house, or to whoever holds a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from people.models import User
from realtime.enums import GrantRole

# Where the link of each role leads.
PAGES: Mapping[GrantRole, str] = {
    GrantRole.COHOST: "realtime:live_remote",
    GrantRole.MARSHAL: "realtime:live_marshal",
    GrantRole.WALL: "realtime:wall",
}


class LinkForm(forms.Form):
    """A link for a device; its key is told once."""

    role = forms.ChoiceField(
        label=_("Đường dẫn cho"),
        choices=[
            (GrantRole.COHOST, _("Điện thoại điều khiển từ xa")),
            (GrantRole.WALL, _("Máy tính nối màn hình lớn")),
            (GrantRole.MARSHAL, _("Trọng tài sàn")),
        ],
        initial=GrantRole.COHOST,
    )
    label = forms.CharField(
        label=_("Ai giữ"),
        help_text=_("Để nhận ra trong nhật ký. Ví dụ: điện thoại anh Nam."),
        max_length=60,
        required=False,
    )

    def label_or_role(self) -> str:
        """What the log calls this link."""
        role = GrantRole(self.cleaned_data["role"])
        return str(self.cleaned_data["label"].strip() or now_("Đường dẫn %(role)s") % {"role": str(role.label).lower()})


class PersonForm(forms.Form):
    """An account that hosts or organizes near this event."""

    user = forms.ChoiceField(label=_("Người"))
    role = forms.ChoiceField(
        label=_("Quyền"),
        choices=[(GrantRole.COHOST, GrantRole.COHOST.label), (GrantRole.MARSHAL, GrantRole.MARSHAL.label)],
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.public_id: user for user in people}
        field = self.fields["user"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(user.public_id, str(user)) for user in people]

    def chosen(self) -> User:
        return self.people[self.cleaned_data["user"]]
