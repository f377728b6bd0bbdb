"""Signing in through an identity provider: whom it opens, whom it links, whom it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from people.models import User
from tests.factories import make_participant, make_user

pytestmark = pytest.mark.django_db
PHONE = {"phone_number": "+84912345678", "phone_number_verified": True}
EMAIL = {"email": "lan@example.vn", "email_verified": True}


@pytest.fixture(autouse=True)
def _provider(settings):
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [{"provider_id": "sso", "name": "VNeID", "client_id": "c", "secret": "s",
                      "settings": {"server_url": "https://sso.example.vn"}}]
        }
    }  # fmt: skip


def come(**claims: Any) -> tuple[Any, Any]:
    """Arrive from the provider with these claims; return the response and the session."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    request._messages = FallbackStorage(request)
    with context.request_context(request):
        provider = get_adapter().get_provider(request, "sso")
        userinfo = {"sub": "079085000123", "name": "Nguyễn Thị Lan"} | claims
        login = provider.sociallogin_from_response(
            request, {"userinfo": userinfo, "id_token": {"sub": userinfo["sub"]}}
        )
        return complete_social_login(request, login), request.session


def signed_in(session: Any) -> int | None:
    pk = session.get("_auth_user_id")
    return int(pk) if pk else None


def test_a_new_citizen_gets_an_account_with_phone_and_name():
    response, session = come(**PHONE, **EMAIL)
    user = User.objects.get()
    assert signed_in(session) == user.pk
    assert (user.full_name, user.phone, user.phone_verified) == ("Nguyễn Thị Lan", "+84912345678", True)
    assert EmailAddress.objects.values_list("email", "verified").get() == ("lan@example.vn", True)
    assert not user.has_usable_password()
    assert response.status_code == 302


def test_the_second_time_is_the_same_account():
    come(**PHONE)
    _, session = come(**PHONE)
    assert signed_in(session) == User.objects.get().pk


def test_a_resident_is_linked_by_a_phone_both_have_verified():
    resident = make_participant(user=make_user(phone="+84912345678"))
    _, session = come(**PHONE)
    assert signed_in(session) == resident.user_id
    assert SocialAccount.objects.get().user_id == resident.user_id


def test_a_resident_is_linked_by_an_e_mail_both_have_verified():
    resident = make_participant(user=make_user(email="lan@example.vn"))
    EmailAddress.objects.create(user=resident.user, email="lan@example.vn", verified=True, primary=True)
    _, session = come(**EMAIL)
    assert signed_in(session) == resident.user_id


@pytest.mark.parametrize(
    "claims",
    [
        {"phone_number": "+84912345678", "phone_number_verified": False},
        {"phone_number": "+84912345678"},
        {"email": "lan@example.vn", "email_verified": False},
        {"email": "lan@example.vn", "email_verified": "true"},
    ],
)
def test_what_the_provider_has_not_verified_links_nobody(claims):
    resident = make_participant(user=make_user(phone="+84912345678", email="lan@example.vn"))
    EmailAddress.objects.create(user=resident.user, email="lan@example.vn", verified=True, primary=True)
    _, session = come(**claims)
    assert signed_in(session) not in {None, resident.user_id}
    stranger = User.objects.exclude(pk=resident.user_id).get()
    assert (stranger.phone, stranger.email) == (None, "")
    assert EmailAddress.objects.filter(user=stranger).count() == 0


def test_what_we_have_not_verified_links_nobody():
    owner = make_user(phone="+84912345678", phone_verified=False)
    _, session = come(**PHONE)
    assert signed_in(session) not in {None, owner.pk}


def test_an_account_with_a_password_is_not_taken_over():
    owner = make_user(phone="+84912345678", password="mot-mat-khau-dai", is_staff=True)
    response, session = come(**PHONE)
    assert (response.url, signed_in(session)) == (reverse("account_login"), None)
    assert SocialAccount.objects.filter(user=owner).count() == 0


def test_a_foreign_phone_is_not_kept():
    come(phone_number="+12025550100", phone_number_verified=True)
    assert User.objects.get().phone is None
