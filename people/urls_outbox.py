"""The development outbox, mounted only where settings.SHOW_OUTBOX is on."""

from __future__ import annotations

from django.urls import path

from people.views import outbox

app_name = "outbox"
urlpatterns = [path("", outbox.messages, name="list")]
