"""What allauth asks us: who may sign up where, how phones are kept, whom a third-party sign-in belongs to."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from people.addresses import Address, parse_address
from people.domain.accounts import account_of, must_use_password
from people.ids import new_public_id
from people.models import User
from people.text import tidy


class AccountAdapter(DefaultAccountAdapter):
    """Accounts begin on our one-field page; allauth's own sign-up form stays shut."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "people.stages.SecondFactor"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        user.username = user.username or new_public_id()

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Leave out allauth's chatter about signing in and out: the page that follows says it."""
        template = kwargs.get("message_template") or (args[0] if args else "")
        if template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        # A unix socket has no address; limits then count all such callers as one.
        return "local" if not request.META.get("REMOTE_ADDR") else super().get_client_ip(request)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Sign-in through an identity provider (OpenID Connect: a province's SSO, VNeID where it is offered)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Take the full name in Vietnamese order and a phone the provider has verified."""
        user: User = super().populate_user(request, sociallogin, data)
        claims = _claims(sociallogin)
        user.full_name = tidy(str(claims.get("name") or data.get("name") or ""))[:100]
        user.username = new_public_id()
        phone = _verified_phone(claims)
        if phone is not None and account_of(address=phone) is None:
            user.phone, user.phone_verified = phone.value, True
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link to an existing account only where both sides have verified the same phone or e-mail.

        An account with a password is never taken over silently: its owner signs in and links it by hand.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        claims = _claims(sociallogin)
        found = [_verified_phone(claims), _verified_email(claims)]
        for address in filter(None, found):
            owner = account_of(address=address)
            if owner is None or not _proven(owner, address):
                continue
            if must_use_password(owner):
                messages.info(request, _("Tài khoản của bạn đăng nhập bằng mật khẩu. Đăng nhập rồi hãy liên kết."))
                raise ImmediateHttpResponse(HttpResponseRedirect(resolve_url(settings.LOGIN_URL)))
            sociallogin.connect(request, owner)
            return
        _leave_out_taken_emails(sociallogin)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Save; where somebody took the phone in the meantime, save without it. The form asks nothing, so it is not read."""
        try:
            with transaction.atomic():
                user: User = super().save_user(request, sociallogin)
        except IntegrityError:
            sociallogin.user.phone, sociallogin.user.phone_verified = None, False
            user = super().save_user(request, sociallogin)
        return user


def _claims(sociallogin: Any) -> dict[str, Any]:
    extra = sociallogin.account.extra_data or {}
    claims: dict[str, Any] = {**(extra.get("id_token") or {}), **(extra.get("userinfo") or {})}
    return claims or extra


def _verified_phone(claims: dict[str, Any]) -> Address | None:
    address = parse_address(str(claims.get("phone_number") or "")) if claims.get("phone_number_verified") else None
    return address if address is not None and address.kind == "phone" else None


def _verified_email(claims: dict[str, Any]) -> Address | None:
    address = parse_address(str(claims.get("email") or "")) if claims.get("email_verified") is True else None
    return address if address is not None and address.kind == "email" else None


def _leave_out_taken_emails(sociallogin: Any) -> None:
    """An unproven e-mail that belongs to somebody else must neither block the sign-up nor reach the new account."""

    def free(email: str) -> bool:
        address = parse_address(email)
        return address is not None and account_of(address=address) is None

    sociallogin.email_addresses = [entry for entry in sociallogin.email_addresses if free(entry.email)]
    if sociallogin.user.email and not free(sociallogin.user.email):
        sociallogin.user.email = ""


def _proven(owner: User, address: Address) -> bool:
    if address.kind == "phone":
        return owner.phone_verified
    return bool(EmailAddress.objects.filter(user=owner, email=address.value, verified=True).exists())
