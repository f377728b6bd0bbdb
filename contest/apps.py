"""Django's entry for the contest app."""

from __future__ import annotations

from django.apps import AppConfig


class ContestConfig(AppConfig):
    """Cuộc thi."""

    name = "contest"
    verbose_name = "Cuộc thi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what follows from the signals."""
        from contest import receivers  # noqa: F401, PLC0415  needs the models
