"""The pages we take from allauth: in our frame, in Vietnamese, and without the ways in that we shut."""

from __future__ import annotations

import gettext
import re
from html import unescape
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from people.models import OutboxMessage
from tests.factories import make_participant, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai"
OUTSIDE = ["account_login", "account_reset_password", "account_reset_password_done", "account_inactive",
           "socialaccount_login_cancelled", "socialaccount_login_error",
           "account_reset_password_from_key_done"]  # fmt: skip
INSIDE = ["account_logout", "account_change_password", "account_reauthenticate", "mfa_index", "mfa_list_webauthn",
          "mfa_add_webauthn", "mfa_activate_totp", "socialaccount_connections"]  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def allauth_words() -> set[str]:
    """Every English sentence allauth may show, as its catalogue lists them."""
    path = Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.mo"
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    words = {key if isinstance(key, str) else key[0] for key in catalogue}
    return {word for word in words if len(word) > 3 and "%" not in word} - {"Email", "WebAuthn", "Menu:"}


def visible(html: str) -> set[str]:
    body = re.sub(r"(?s)<(script|style|svg|noscript)\b.*?</\1>", " ", html.split("<main", 1)[1])
    texts = re.split(r"<[^>]+>", body)
    labels = re.findall(r'(?:placeholder|aria-label|title|alt)="([^"]+)"', body)
    return {unescape(text).strip() for text in [*texts, *labels]} - {""}


@pytest.mark.parametrize("name", OUTSIDE)
def test_pages_outside_speak_vietnamese(client, name):
    page = client.get(reverse(name)).content.decode()
    assert "site-header" in page
    assert visible(page) & allauth_words() == set()


@pytest.mark.parametrize("name", INSIDE)
def test_pages_inside_speak_vietnamese(client, name):
    make_user(username="btc", password=PASSWORD, is_staff=True)
    client.post(reverse("account_login"), {"login": "btc", "password": PASSWORD})
    url = reverse(name)
    response = client.get(url)
    if response.status_code == 302:  # asks again who it is
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        response = client.get(url)
    page = response.content.decode()
    assert response.status_code == 200
    assert "site-header" in page
    assert visible(page) & allauth_words() == set()


def test_wrong_entries_get_vietnamese_sentences(client):
    make_user(username="btc", password=PASSWORD)
    page = client.post(reverse("account_login"), {"login": "btc", "password": "sai"}).content.decode()
    assert visible(page) & allauth_words() == set()
    client.post(reverse("account_login"), {"login": "btc", "password": PASSWORD})
    page = client.post(
        reverse("account_change_password"), {"oldpassword": "sai", "password1": "ngan", "password2": "khac"}
    ).content.decode()
    assert visible(page) & allauth_words() == set()


def test_a_changed_password_works(client):
    make_user(username="btc", password=PASSWORD)
    client.post(reverse("account_login"), {"login": "btc", "password": PASSWORD})
    new = "mat-khau-moi-hon"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    client.post(reverse("account_logout"))
    assert client.post(reverse("account_login"), {"login": "btc", "password": new}).status_code == 302


def test_signing_out_needs_a_post(client):
    client.force_login(make_user())
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_reset_link_goes_only_to_accounts_with_a_password(client):
    resident = make_participant(user=make_user(email="lan@example.vn"))
    EmailAddress.objects.create(user=resident.user, email="lan@example.vn", verified=True, primary=True)
    make_user(username="btc", email="btc@example.vn", password=PASSWORD)
    for email in ("lan@example.vn", "btc@example.vn", "ai@example.vn"):
        response = client.post(reverse("account_reset_password"), {"email": email})
        assert (response.status_code, response.url) == (302, reverse("account_reset_password_done"))
    assert [message.to for message in mail.outbox] == [["btc@example.vn"]]
    link = re.search(r"https?://\S+", mail.outbox[0].body)[0]
    response = client.get(link, follow=True)
    new = "mat-khau-moi-hon"
    client.post(response.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert client.post(reverse("account_login"), {"login": "btc", "password": new}).status_code == 302


@pytest.mark.parametrize("path", ["/tai-khoan/email/", "/tai-khoan/confirm-email/"])
def test_allauths_e_mail_pages_lead_to_ours(client, path):
    client.force_login(make_user())
    assert client.get(path).url == reverse("people:contact")
    assert client.post(path, {"email": "x@example.vn", "action_add": ""}).url == reverse("people:contact")
    assert EmailAddress.objects.count() == 0


@pytest.mark.parametrize("path", ["/tai-khoan/login/code/", "/tai-khoan/phone/verify/", "/tai-khoan/phone/change/"])
def test_allauths_code_pages_are_not_there(client, path):
    assert client.get(path).status_code == 404


def test_the_second_factor_is_asked_of_passwords(client):
    staff = make_user(username="btc", password=PASSWORD, is_staff=True)
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": "x"})
    response = client.post(reverse("account_login"), {"login": "btc", "password": PASSWORD})
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    page = client.get(response.url).content.decode()
    assert visible(page) & allauth_words() == set()


@pytest.mark.parametrize(("kind", "asked"), [("webauthn", False), ("totp", True)])
def test_a_passkey_beside_a_code_is_another_way_in_not_a_second_lock(client, kind, asked):
    resident = make_participant(user=make_user(phone="+84912345678"))
    Authenticator.objects.create(user=resident.user, type=kind, data={"secret": "x", "credential": {}})
    client.post(reverse("people:signup"), {"address": "0912345678"})
    digits = re.search(r"\d{6}", OutboxMessage.objects.first().body)[0]
    response = client.post(reverse("people:code"), {"code": digits})
    assert ("_auth_user_id" not in client.session) is asked
    assert (response.url == reverse("mfa_authenticate")) is asked


@override_settings(
    SOCIALACCOUNT_PROVIDERS={
        "openid_connect": {
            "APPS": [{"provider_id": "sso", "name": "VNeID", "client_id": "c", "secret": "s",
                      "settings": {"server_url": "https://sso.example.vn"}}]
        }
    }
)  # fmt: skip
def test_an_identity_provider_is_offered_where_one_is_set(client):
    for name in ("people:signup", "account_login"):
        page = client.get(reverse(name), {"next": "/c/x/"}).content.decode()
        assert "Đăng nhập bằng VNeID" in page
        assert "/tai-khoan/oidc/sso/login/" in page
