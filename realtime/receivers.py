"""What contests announce after commit becomes a hint to the rooms that show them; whom people forgets, events forget."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from contest.models import Round
from contest.result_signals import board_changed, result_completed, result_published
from people.signals import resident_erased
from quizbank.signals import Use, uses_asked
from realtime.conductor import conducting
from realtime.domain.forgetting import forget_resident
from realtime.live_signals import event_changed, event_judged
from realtime.models import Event, EventQuestion
from realtime.publish import announce_board, announce_event
from realtime.wake import FIGURES, wake


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


@receiver(event_judged, dispatch_uid="realtime.figures")
def count_figures(**_: Any) -> None:
    """An event is over, or was judged anew after its end: its questions get their figures."""
    wake(FIGURES)


@receiver(uses_asked, dispatch_uid="realtime.uses")
def tell_uses(*, question_id: int, **_: Any) -> list[Use]:
    """The events that are over and asked the question. One query."""
    asked = EventQuestion.objects.filter(version__question_id=question_id, event__ended_at__isnull=False)
    rows = asked.values_list("event__title", "version__number", "event__ended_at")
    return [Use(label=title, version=number, at=at) for title, number, at in rows if at is not None]
