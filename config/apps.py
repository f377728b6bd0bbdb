"""Django's entry for the config app."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Thi Số."""

    name = "config"
    verbose_name = "Thi Số"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make our Celery application the current one in every process, so that pages can hint at work; know our checks."""
        from config import celery, checks  # noqa: F401, PLC0415  both need the settings
