"""The two small forms of signing in: where to reach you, and the code you got."""

from __future__ import annotations

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from people.addresses import MAX_LENGTH, Address, parse_address
from people.domain.codes import DIGITS


class AddressForm(forms.Form):
    """One field for a Vietnamese mobile number or an e-mail address."""

    address = forms.CharField(
        label=_("Số điện thoại hoặc thư điện tử"),
        max_length=MAX_LENGTH,
        error_messages={"required": _("Mời bạn nhập số điện thoại hoặc thư điện tử.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "enterkeyhint": "next",
            }
        ),
    )

    def clean_address(self) -> Address:
        address = parse_address(self.cleaned_data["address"])
        if address is None:
            raise forms.ValidationError(
                _("Chưa đúng số di động Việt Nam hoặc thư điện tử. Ví dụ: 0912 345 678 hoặc lan@gmail.com."),
                code="address",
            )
        return address


class CodeForm(forms.Form):
    """Six digits, however they were typed or pasted ("123 456", full-width digits)."""

    code = forms.CharField(
        label=_("Mã gồm 6 chữ số"),
        max_length=20,
        error_messages={"required": _("Mời bạn nhập mã gồm 6 chữ số.")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "enterkeyhint": "done",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        digits = "".join(str(unicodedata.digit(char)) for char in self.cleaned_data["code"] if char.isdecimal())
        if len(digits) != DIGITS:
            raise forms.ValidationError(_("Mã gồm đúng 6 chữ số."), code="code_shape")
        return digits
