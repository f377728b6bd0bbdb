"""Messages to people: the SMS port, its daily budget, and the outbox that stands in for both SMS and e-mail.

A real sender is one small class with ``send``, named by the setting SMS_SENDER.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from people.errors import AppError
from people.models import OutboxMessage, SmsDay
from people.phones import is_mobile, mask_phone

log = logging.getLogger(__name__)


class SmsRefused(AppError):
    """The number is not one we send to."""

    code = "sms_refused"
    message = _("Số này chưa đúng là số di động Việt Nam. Mời bạn kiểm tra lại hoặc dùng thư điện tử.")
    status = 400


class SmsBudgetSpent(AppError):
    """Today's budget of messages is spent; e-mail still works."""

    code = "sms_budget"
    message = _("Hôm nay hệ thống đã gửi hết số tin nhắn. Mời bạn dùng thư điện tử hoặc quay lại vào ngày mai.")
    status = 503


class SmsFailed(AppError):
    """The gateway did not take the message."""

    code = "sms_failed"
    message = _("Chưa gửi được tin nhắn. Mời bạn thử lại sau ít phút hoặc dùng thư điện tử.")
    status = 503


class SmsSender(Protocol):
    """The port. ``phone`` is E.164, ``text`` is plain Vietnamese; raise anything on failure."""

    def send(self, *, phone: str, text: str) -> None: ...


class OutboxSms:
    """Keeps messages in the outbox instead of sending them: the embedded default."""

    def send(self, *, phone: str, text: str) -> None:
        OutboxMessage.objects.create(channel="sms", recipient=phone, body=text)


class OutboxEmail(BaseEmailBackend):
    """Django e-mail backend that keeps messages in the outbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        kept = [
            OutboxMessage(
                channel="email", recipient=address.lower()[:254], subject=str(mail.subject)[:200], body=str(mail.body)
            )
            for mail in email_messages
            for address in mail.recipients()
        ]
        OutboxMessage.objects.bulk_create(kept)
        return len(email_messages)


def get_sender() -> SmsSender:
    """The configured sender (settings.SMS_SENDER, a dotted path)."""
    sender: Any = import_string(settings.SMS_SENDER)()
    return cast(SmsSender, sender)


def send_sms(*, phone: str, text: str, now: datetime) -> None:
    """Send ``text`` to a Vietnamese mobile number within today's budget.

    The budget is taken before sending by one conditional UPDATE, so that no number of simultaneous requests can
    overspend it (SMS pumping, failures C3). Raises SmsRefused, SmsBudgetSpent, SmsFailed.
    """
    if not is_mobile(phone):
        raise SmsRefused
    day = timezone.localtime(now).date()
    if not _take_from_budget(day):
        SmsDay.objects.bulk_create([SmsDay(day=day)], ignore_conflicts=True)
        if not _take_from_budget(day):
            log.error("sms budget of %s messages is spent for %s", settings.SMS_DAILY_BUDGET, day)
            raise SmsBudgetSpent
    try:
        get_sender().send(phone=phone, text=text)
    except Exception as error:  # whatever a gateway's library raises, the person gets one sentence
        log.exception("sms gateway failed for %s", mask_phone(phone))
        raise SmsFailed from error
    log.info("sms sent to %s", mask_phone(phone))


def _take_from_budget(day: Any) -> bool:
    limit = settings.SMS_DAILY_BUDGET
    return SmsDay.objects.filter(day=day, sent__lt=limit).update(sent=F("sent") + 1) == 1
