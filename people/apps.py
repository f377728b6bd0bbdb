"""Django's entry for the people app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Con người và đơn vị."""

    name = "people"
    verbose_name = "Con người và đơn vị"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins."""
        import people.receivers  # noqa: F401, PLC0415  models are loaded only now
