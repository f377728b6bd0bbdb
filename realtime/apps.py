"""Django's entry for the realtime app."""

from __future__ import annotations

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Trực tiếp."""

    name = "realtime"
    verbose_name = "Trực tiếp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what contests announce."""
        import realtime.receivers  # noqa: F401, PLC0415  models are loaded only now
