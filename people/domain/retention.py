"""What is thrown away by itself, and when (failures I9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from people.domain.codes import purge_codes
from people.models import OutboxMessage, SmsDay

OUTBOX_KEPT = timedelta(days=1)
SMS_DAYS_KEPT = timedelta(days=400)  # a year's bill can still be checked


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows went."""

    codes: int
    messages: int
    sms_days: int


def purge_people(*, now: datetime) -> Purged:
    """Delete one-time codes after two days, outbox messages after one, SMS counters after 400. Safe to repeat."""
    return Purged(
        codes=purge_codes(now=now),
        messages=OutboxMessage.objects.filter(created_at__lt=now - OUTBOX_KEPT).delete()[0],
        sms_days=SmsDay.objects.filter(day__lt=(now - SMS_DAYS_KEPT).date()).delete()[0],
    )
