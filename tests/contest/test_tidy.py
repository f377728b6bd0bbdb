"""What the hourly task deletes, and what it must leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.celery import app
from contest.tasks import tidy
from people.models import OutboxMessage

pytestmark = pytest.mark.django_db


def test_old_messages_and_ended_sessions_go_and_fresh_ones_stay() -> None:
    now = timezone.now()
    old = OutboxMessage.objects.create(channel="sms", recipient="+84912345678", body="mã cũ")
    OutboxMessage.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=2))
    fresh = OutboxMessage.objects.create(channel="sms", recipient="+84912345678", body="mã mới")
    for expiry in (-5, 3600):
        session = SessionStore()
        session.set_expiry(expiry)
        session.save()
    tidy()
    assert list(OutboxMessage.objects.all()) == [fresh]
    assert Session.objects.count() == 1


def test_beat_calls_it_every_hour() -> None:
    assert app.conf.beat_schedule["tidy"] == {
        "task": "contest.tidy",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    }
