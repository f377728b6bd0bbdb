"""Django's entry for the quizbank app."""

from __future__ import annotations

from django.apps import AppConfig


class QuizbankConfig(AppConfig):
    """Ngân hàng câu hỏi."""

    name = "quizbank"
    verbose_name = "Ngân hàng câu hỏi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what people announce."""
        import quizbank.receivers  # noqa: F401, PLC0415  models are loaded only now
