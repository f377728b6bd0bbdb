"""Celery's edge of live events: what is past its time. A lost or doubled message changes nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from realtime.domain.forgetting import forget_erased, forget_guests
from realtime.domain.item_figures import count_due_events
from realtime.domain.rehearsal import delete_old_rehearsals
from realtime.wake import FIGURES, TIDY


@shared_task(name=TIDY)
def tidy() -> None:
    """Delete rehearsals of days before, erase the names of guests 90 days after an event and of who was erased (hourly)."""
    now = timezone.now()
    delete_old_rehearsals(now=now)
    forget_guests(now=now)
    forget_erased()


@shared_task(name=FIGURES)
def figures() -> None:
    """Give the questions of ended events their figures (after the end, after a later judgement, and every few minutes)."""
    count_due_events(now=timezone.now())
