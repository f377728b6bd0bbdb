"""Django's entry for the realtime app."""

from __future__ import annotations

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Trực tiếp."""

    name = "realtime"
    verbose_name = "Trực tiếp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what contests announce; keep questions of running events out of practice."""
        import realtime.receivers  # noqa: F401, PLC0415  models are loaded only now
        from quizbank.withholding import withhold  # noqa: PLC0415  the same
        from realtime.queries.in_play import questions_in_play  # noqa: PLC0415  the same

        withhold("realtime", questions_in_play)
