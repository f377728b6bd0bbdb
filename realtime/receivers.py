"""What contests announce after commit becomes a hint to the rooms that show them."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from contest.models import Round
from contest.result_signals import board_changed, result_completed, result_published
from realtime.publish import announce_board


@receiver((board_changed, result_completed, result_published), dispatch_uid="realtime.board")
def tell_board(*, round_id: int, **_: Any) -> None:
    """One query, one counter, at most one hint."""
    contest_id = Round.objects.filter(pk=round_id).values_list("contest_id", flat=True).first()
    if contest_id is not None:
        announce_board(contest_id=contest_id)
