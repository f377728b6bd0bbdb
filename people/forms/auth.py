"""The few allauth forms we change."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.socialaccount.forms import SignupForm as SocialSignupForm
from django.utils.translation import gettext_lazy as _

from people.models import User


class StaffLoginForm(LoginForm):
    """User name or e-mail, and password, with Vietnamese labels and no placeholder in their stead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Tên đăng nhập hoặc thư điện tử")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        password.label = _("Mật khẩu")
        password.help_text = ""
        password.widget.attrs = {"autocomplete": "current-password"}


class StaffResetForm(ResetPasswordForm):
    """Sends a link only to accounts that have a password: a resident's way in stays the code."""

    users: list[User]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password()]
        return email


class ThirdPartySignupForm(SocialSignupForm):
    """Shown only where the provider's data clash with an account: nothing to fill in, one button to go on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("username", "email"):
            self.fields.pop(name, None)


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that opens by itself, unless the person unticks that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên khóa")
        self.fields["name"].help_text = _("Ví dụ: Điện thoại của tôi")
        if "passwordless" in self.fields:
            self.fields["passwordless"].initial = True


class EditPasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên khóa")
