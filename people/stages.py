"""The second factor at sign-in: for whom it is one."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondFactor(AuthenticateStage):
    """allauth's stage, except that a passkey beside a one-time code is another way in, not a second lock.

    A resident who adds a passkey and loses the phone that holds it must still come in by code. Who has set up an
    authenticator app, or signs in with a password, is asked for the second factor.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        if not super()._should_handle(request):
            return False
        records = get_authentication_records(request, self.login.user)
        by_code = bool(records) and records[-1]["method"] == "code"
        has_app = Authenticator.objects.filter(user=self.login.user, type=Authenticator.Type.TOTP).exists()
        return has_app or not by_code
