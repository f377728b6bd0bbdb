"""Messages: only to Vietnamese mobiles, within the day's budget, through whatever sender is configured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import send_mail

from people.messaging import OutboxSms, SmsBudgetSpent, SmsFailed, SmsRefused, get_sender, send_sms
from people.models import OutboxMessage, SmsDay
from tests.factories import NOW
from tests.people.racing import at_once

PHONE = "+84912345678"


class Gateway:
    """A sender that counts."""

    sent: list[tuple[str, str]] = []

    def send(self, *, phone, text):
        self.sent.append((phone, text))


class BrokenGateway:
    """A sender whose line is down."""

    def send(self, *, phone, text):
        raise ConnectionError("no line")


@pytest.fixture
def gateway(settings):
    settings.SMS_SENDER = f"{__name__}.Gateway"
    Gateway.sent = []
    return Gateway


@pytest.mark.django_db
def test_the_default_keeps_messages_in_the_outbox():
    assert isinstance(get_sender(), OutboxSms)
    send_sms(phone=PHONE, text="Mã 123456", now=NOW)
    assert OutboxMessage.objects.values_list("channel", "recipient", "body").get() == ("sms", PHONE, "Mã 123456")


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["+12025550100", "+842838123456", "0912345678", "+84912", "", "+8819123456789"])
def test_other_numbers_cost_nothing(gateway, phone):
    with pytest.raises(SmsRefused):
        send_sms(phone=phone, text="x", now=NOW)
    assert (gateway.sent, SmsDay.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_the_budget_ends_a_day_and_only_that_day(gateway, settings):
    settings.SMS_DAILY_BUDGET = 2
    for _ in range(2):
        send_sms(phone=PHONE, text="x", now=NOW)
    with pytest.raises(SmsBudgetSpent) as refusal:
        send_sms(phone=PHONE, text="x", now=NOW)
    assert refusal.value.status == 503
    send_sms(phone=PHONE, text="x", now=NOW + timedelta(days=1))
    assert len(gateway.sent) == 3


@pytest.mark.django_db
def test_a_budget_of_nothing_sends_nothing(gateway, settings):
    settings.SMS_DAILY_BUDGET = 0
    with pytest.raises(SmsBudgetSpent):
        send_sms(phone=PHONE, text="x", now=NOW)
    assert gateway.sent == []


@pytest.mark.django_db
def test_a_broken_gateway_is_told_to_the_person_not_hidden(settings):
    settings.SMS_SENDER = f"{__name__}.BrokenGateway"
    with pytest.raises(SmsFailed) as refusal:
        send_sms(phone=PHONE, text="x", now=NOW)
    assert refusal.value.status == 503


@pytest.mark.django_db(transaction=True)
def test_a_flood_at_the_same_moment_keeps_the_budget(gateway, settings):
    settings.SMS_DAILY_BUDGET = 3
    outcomes = at_once(8, lambda index: send_sms(phone=PHONE, text="x", now=NOW))
    assert sum(outcome is None for outcome in outcomes) == len(gateway.sent) == 3
    assert {type(outcome) for outcome in outcomes if outcome is not None} == {SmsBudgetSpent}


@pytest.mark.django_db
def test_mail_goes_to_the_outbox_too(settings):
    settings.EMAIL_BACKEND = "people.messaging.OutboxEmail"
    send_mail("Chủ đề", "Thân thư", None, ["Lan@Example.vn", "an@example.vn"])
    assert set(OutboxMessage.objects.values_list("channel", "recipient", "subject", "body")) == {
        ("email", "lan@example.vn", "Chủ đề", "Thân thư"),
        ("email", "an@example.vn", "Chủ đề", "Thân thư"),
    }
