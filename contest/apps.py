"""Django's entry for the contest app."""

from __future__ import annotations

from django.apps import AppConfig


class ContestConfig(AppConfig):
    """Cuộc thi."""

    name = "contest"
    verbose_name = "Cuộc thi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what follows from the signals; keep questions of running rounds out of practice, and say
        which round learning leads to."""
        from contest import receivers  # noqa: F401, PLC0415  needs the models
        from contest.queries.in_play import questions_in_play  # noqa: PLC0415  the same
        from contest.queries.next_round import next_round_for  # noqa: PLC0415  the same
        from quizbank.rounds_ahead import announce_rounds  # noqa: PLC0415  the same
        from quizbank.withholding import withhold  # noqa: PLC0415  the same

        withhold("contest", questions_in_play)
        announce_rounds("contest", next_round_for)
