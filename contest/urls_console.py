"""Pages of the organizer's console, mounted at /quan-ly/."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
