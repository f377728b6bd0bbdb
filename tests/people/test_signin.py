"""One field, six digits, in: for the new and the known, by phone and by e-mail."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse

from people.addresses import Address
from people.domain.accounts import come_in
from people.enums import Role
from people.models import OneTimeCode, OutboxMessage, User
from tests.factories import make_participant, make_role, make_user
from tests.people.racing import at_once

pytestmark = pytest.mark.django_db
PHONE, MAIL = "0912 345 678", "Lan@Example.vn"
STORED = {PHONE: "+84912345678", MAIL: "lan@example.vn"}


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_BACKEND = "people.messaging.OutboxEmail"
    cache.clear()


def ask(client, typed=PHONE, target=""):
    return client.post(reverse("people:signup"), {"address": typed, "next": target})


def last_code():
    message = OutboxMessage.objects.first()
    return re.search(r"\b\d{6}\b", message.body)[0]


def answer(client, digits=None):
    return client.post(reverse("people:code"), {"code": digits or last_code()})


def come(client, typed=PHONE, target=""):
    ask(client, typed, target)
    return answer(client)


def wrong():
    return f"{(int(last_code()) + 1) % 10**6:06d}"


@pytest.mark.parametrize("typed", [PHONE, MAIL])
def test_somebody_new_gets_an_account_and_goes_to_the_profile(client, typed):
    response = ask(client, typed)
    assert (response.status_code, response.url) == (302, reverse("people:code"))
    assert User.objects.count() == 0, "no account before the address is proven"
    response = answer(client)
    assert (response.status_code, response.url) == (302, reverse("people:profile"))
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert STORED[typed] in (user.phone, user.email)
    assert user.phone_verified is (typed == PHONE)
    assert not user.has_usable_password()


@pytest.mark.parametrize("typed", [PHONE, MAIL])
def test_somebody_known_comes_in_to_the_same_account(client, typed):
    come(client, typed)
    make_participant(user=User.objects.get())
    client.logout()
    response = come(client, typed)
    assert response.url == reverse("people:me")
    assert User.objects.count() == 1


def test_the_way_back_survives_the_whole_way(client):
    assert come(client, target="/c/tuan-1/").url == f"{reverse('people:profile')}?next=%2Fc%2Ftuan-1%2F"
    make_participant(user=User.objects.get())
    client.logout()
    assert come(client, target="/c/tuan-1/").url == "/c/tuan-1/"


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil",
        "\thttps://evil",
    ],
)
def test_the_way_back_never_leads_away(client, evil):
    user = make_participant(user=make_user(phone=STORED[PHONE])).user
    assert come(client, target=evil).url == reverse("people:me")
    for page in ("people:signup", "people:profile"):
        response = client.get(reverse(page), {"next": evil})
        assert "evil" not in (response.url if response.status_code == 302 else response.context["next"])
    assert client.session["_auth_user_id"] == str(user.pk)


def test_who_only_works_here_is_not_asked_for_a_profile(client):
    helper = make_user(phone=STORED[PHONE])
    make_role(helper, Role.HELPER)
    assert come(client).url == reverse("people:me")


@pytest.mark.parametrize("typed", ["", "abc", "0912", "+1 202 555 0100", "a@b", "x" * 300])
def test_what_is_no_address_gets_a_sentence(client, typed):
    response = ask(client, typed)
    assert response.status_code == 400
    assert "field-error" in response.content.decode()
    assert OutboxMessage.objects.count() == OneTimeCode.objects.count() == 0


# --- the code -----------------------------------------------------------------------------------------------------


def test_a_wrong_code_says_how_many_tries_are_left(client):
    ask(client)
    response = answer(client, wrong())
    assert response.status_code == 400
    assert "Mã chưa đúng. Bạn còn 4 lần thử." in response.content.decode()
    assert answer(client).status_code == 302


def test_after_five_wrong_codes_a_new_one_is_needed(client):
    ask(client)
    for _ in range(5):
        response = answer(client, wrong())
    assert "Lấy mã mới" in response.content.decode()
    assert answer(client).status_code == 400
    client.post(reverse("people:resend"))
    assert answer(client).status_code == 302


def test_a_slip_of_the_finger_costs_no_try(client):
    ask(client)
    for slip in ("", "12345", "1234567", "abcdef"):
        assert answer(client, slip or " ").status_code == 400
    assert OneTimeCode.objects.get().tries_left == 5
    digits = last_code()
    assert answer(client, f" {digits[:3]} {digits[3:]} ").status_code == 302


def test_a_code_belongs_to_the_browser_that_asked(client):
    ask(client)
    mine = last_code()
    other = type(client)()
    assert answer(other).url == reverse("people:signup")
    stranger_code = mine
    while stranger_code == mine:  # one in a million
        ask(other, "0987654321")
        stranger_code = last_code()

    assert answer(client, stranger_code).status_code == 400
    assert answer(client, mine).status_code == 302


def test_a_used_code_opens_nothing_again(client):
    ask(client)
    digits = last_code()
    answer(client)
    client.logout()
    assert answer(client, digits).url == reverse("people:signup")


def test_asking_too_often_is_refused_kindly(client):
    for _ in range(3):
        assert ask(client).status_code == 302
    response = ask(client)
    assert response.status_code == 429
    assert "chờ một phút" in response.content.decode()
    assert client.post(reverse("people:resend")).status_code == 429


def test_a_spent_budget_leaves_e_mail(client, settings):
    settings.SMS_DAILY_BUDGET = 0
    response = ask(client)
    assert response.status_code == 503
    assert "thư điện tử" in response.content.decode()
    assert ask(client, MAIL).status_code == 302


def test_known_and_unknown_cannot_be_told_apart(client):
    make_participant(user=make_user(phone=STORED[PHONE]))
    seen = []
    for typed in (PHONE, "0912 345 679"):
        response = ask(client, typed)
        page = client.get(response.url).content.decode().replace(typed, "…")
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        seen.append((response.status_code, response.url, len(response.content), page))
    assert seen[0] == seen[1]
    bodies = [re.sub(r"\d{6}", "", body) for body in OutboxMessage.objects.values_list("body", flat=True)]
    assert bodies[0] == bodies[1]


# --- accounts with a password -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_superuser": True}, {"password": "mot-mat-khau-dai"}])
def test_an_account_with_a_password_never_opens_by_code(client, fields, monkeypatch):
    make_user(phone=STORED[PHONE], **fields)
    monkeypatch.setattr("secrets.randbelow", lambda limit: 42)
    assert ask(client).status_code == 302
    assert OutboxMessage.objects.get().body.endswith(reverse("account_login"))
    response = answer(client, "000042")
    assert response.status_code == 400
    assert "_auth_user_id" not in client.session


def test_staff_sign_in_with_a_password(client):
    make_user(username="btc", email="btc@example.vn", password="mot-mat-khau-dai", is_staff=True)
    page = client.get(reverse("account_login")).content.decode()
    assert "Tên đăng nhập hoặc thư điện tử" in page
    for login in ("btc", "btc@example.vn"):
        response = client.post(reverse("account_login"), {"login": login, "password": "mot-mat-khau-dai"})
        assert (response.status_code, response.url) == (302, reverse("people:me"))
        client.logout()


def test_a_wrong_password_says_the_same_for_known_and_unknown(client):
    make_user(username="btc", password="mot-mat-khau-dai", is_staff=True)
    pages = []
    for login in ("btc", "ai"):
        response = client.post(reverse("account_login"), {"login": login, "password": "sai-mat-khau-roi"})
        assert response.status_code == 200
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
        pages.append(page.replace(f'value="{login}"', ""))
    assert pages[0] == pages[1]


def test_passwords_are_not_guessed_for_long(client, valkey):
    make_user(username="btc", password="mot-mat-khau-dai", is_staff=True)
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "btc", "password": "sai-mat-khau-roi"})
    response = client.post(reverse("account_login"), {"login": "btc", "password": "mot-mat-khau-dai"})
    assert "_auth_user_id" not in client.session
    assert response.status_code in {200, 429}


def test_a_closed_account_stays_closed(client):
    make_user(phone=STORED[PHONE], is_active=False)
    response = come(client)
    assert response.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


# --- the rest of the house ----------------------------------------------------------------------------------------


def test_allauths_own_sign_up_leads_here(client):
    response = client.get("/tai-khoan/signup/?next=/c/x/")
    assert response.url == f"{reverse('people:signup')}?next=%2Fc%2Fx%2F"
    assert client.post("/tai-khoan/signup/", {"username": "x", "password1": "mot-mat-khau-dai"}).status_code == 302
    assert User.objects.count() == 0


def test_signed_in_people_are_sent_on(client):
    client.force_login(make_user())
    assert client.get(reverse("people:signup"), {"next": "/c/x/"}).url == "/c/x/"


def test_a_second_contact_is_proven_before_it_counts(client):
    user = make_user(phone=STORED[PHONE])
    client.force_login(user)
    client.post(reverse("people:contact"), {"address": MAIL})
    user.refresh_from_db()
    assert user.email == ""
    assert answer(client).url == reverse("people:contact")
    user.refresh_from_db()
    assert user.email == STORED[MAIL]
    assert EmailAddress.objects.values_list("user", "email", "verified", "primary").get() == (
        user.pk, STORED[MAIL], True, True,
    )  # fmt: skip


def test_a_contact_of_somebody_else_is_refused_only_after_the_proof(client):
    make_user(phone="+84987654321")
    client.force_login(make_user(phone=STORED[PHONE]))
    response = client.post(reverse("people:contact"), {"address": "0987654321"})
    assert response.url == reverse("people:code")
    response = answer(client)
    assert response.status_code == 409
    assert "tài khoản khác" in response.content.decode()


def test_adding_a_contact_does_not_sign_anybody_in(client):
    user = make_user(phone=STORED[PHONE])
    client.force_login(user)
    client.post(reverse("people:contact"), {"address": MAIL})
    session = client.session
    pending = session["people_code"]
    client.logout()
    session = client.session
    session["people_code"] = pending
    session.save()
    assert answer(client).status_code == 400
    assert "_auth_user_id" not in client.session


def test_the_session_id_changes_on_the_way_in(client):
    ask(client)
    before = client.session.session_key
    answer(client)
    assert client.session.session_key != before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("typed", [PHONE, MAIL])
def test_coming_in_at_the_same_moment_makes_one_account(typed):
    address = Address("phone" if typed == PHONE else "email", STORED[typed])
    outcomes = at_once(4, lambda index: come_in(address=address))
    assert len({user.pk for user, _ in outcomes}) == 1
    assert [made for _, made in outcomes].count(True) == 1
    assert User.objects.count() == 1
