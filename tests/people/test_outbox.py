"""The development outbox: each browser sees what it asked for, the machine itself sees all, production sees none."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from people.models import OutboxMessage
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LAN = {"REMOTE_ADDR": "192.168.1.20", "headers": {"host": "192.168.1.2:8000"}}
AT_THE_MACHINE = {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "localhost:8000"}}


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SHOW_OUTBOX = True
    cache.clear()


@pytest.fixture
def others_message():
    OutboxMessage.objects.create(channel="sms", recipient="+84987654321", body="Thi Số: mã 777777, dùng trong 10 phút.")


def page(client, **where):
    return client.get(reverse("outbox:list"), **where).content.decode()


def test_a_browser_sees_the_code_it_asked_for(client, others_message):
    client.post(reverse("people:signup"), {"address": "0912 345 678"}, **LAN)
    shown = page(client, **LAN)
    assert "0912 345 678" in shown
    assert "777777" not in shown


def test_a_stranger_on_the_same_network_sees_nothing(client, others_message):
    assert "777777" not in page(client, **LAN)


def test_who_sits_at_the_machine_sees_all(client, others_message):
    assert "777777" in page(client, **AT_THE_MACHINE)


@pytest.mark.parametrize(
    "where",
    [
        {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "thi.example.vn"}},
        {"REMOTE_ADDR": "192.168.1.20", "headers": {"host": "localhost:8000"}},
        {"REMOTE_ADDR": "", "headers": {"host": "localhost"}},
        *(
            {"REMOTE_ADDR": "127.0.0.1", "headers": {"host": "localhost", name: "1.2.3.4"}}
            for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip")
        ),
    ],
)
def test_a_tunnel_or_a_forged_name_is_not_the_machine(client, others_message, where):
    assert "777777" not in page(client, **where)


def test_a_superuser_sees_all_from_anywhere(client, others_message):
    client.force_login(make_user(is_superuser=True))
    assert "777777" in page(client, **LAN)


def test_signing_in_keeps_what_the_browser_asked_for(client):
    client.post(reverse("people:signup"), {"address": "0912 345 678"}, **LAN)
    client.force_login(make_user(phone="+84912345678"))
    assert "0912 345 678" in page(client, **LAN)


def test_the_refreshed_part_is_only_the_rows(client, others_message):
    rows = client.get(
        reverse("outbox:list"), REMOTE_ADDR="127.0.0.1", headers={"host": "localhost", "HX-Request": "true"}
    )
    assert "777777" in rows.content.decode()
    assert "<html" not in rows.content.decode()


def test_it_is_never_stored_and_can_be_switched_off(client, settings):
    assert "no-store" in client.get(reverse("outbox:list")).headers["Cache-Control"]
    settings.SHOW_OUTBOX = False
    assert client.get(reverse("outbox:list")).status_code == 404
