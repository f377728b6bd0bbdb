"""What contests announce after commit becomes a hint to the rooms that show them; whom people forgets, events forget."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from contest.models import Round
from contest.result_signals import board_changed, result_completed, result_published
from people.signals import resident_erased
from realtime.conductor import conducting
from realtime.domain.forgetting import forget_resident
from realtime.live_signals import event_changed
from realtime.models import Event
from realtime.publish import announce_board, announce_event


@receiver((board_changed, result_completed, result_published), dispatch_uid="realtime.board")
def tell_board(*, round_id: int, **_: Any) -> None:
    """One query, one counter, at most one hint."""
    contest_id = Round.objects.filter(pk=round_id).values_list("contest_id", flat=True).first()
    if contest_id is not None:
        announce_board(contest_id=contest_id)


@receiver(resident_erased, dispatch_uid="realtime.erased")
def forget_player(*, resident_id: int, **_: Any) -> None:
    """Names somebody played under go too; the hourly task finds what this missed."""
    forget_resident(resident_id=resident_id)


@receiver(event_changed, dispatch_uid="realtime.event")
def tell_event(*, event_id: int, seq: int, **_: Any) -> None:
    """A change made by a page, a task or a command; what a conductor did, it tells itself, with one hop less."""
    if not conducting.get():
        epoch = Event.objects.filter(pk=event_id).values_list("epoch", flat=True).first()
        if epoch is not None:
            announce_event(event_id=event_id, epoch=epoch, seq=seq)
