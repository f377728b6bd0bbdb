"""Celery's edge of the bank: each task translates its message into one domain call. A lost or doubled message changes
nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from quizbank.domain.forgetting import forget_erased
from quizbank.domain.import_reading import read_import, sweep_imports
from quizbank.domain.import_storing import store_import
from quizbank.domain.importing import forget_imports
from quizbank.domain.leagues import draw_week
from quizbank.domain.practice_figures import count_due_practice
from quizbank.wake import FIGURES, READ_IMPORT, STORE_IMPORT, TICK, TIDY


@shared_task(name=TICK)
def tick() -> None:
    """Find files a lost message or a killed worker has left (every few seconds, by beat)."""
    sweep_imports(now=timezone.now())


@shared_task(name=TIDY)
def tidy() -> None:
    """Forget what was brought in long ago and whoever was erased, and prepare the week's league (hourly)."""
    forget_imports(now=timezone.now())
    forget_erased()
    draw_week(now=timezone.now())


@shared_task(name=READ_IMPORT)
def read(public_id: str) -> None:
    """Read a received file."""
    read_import(public_id=public_id, now=timezone.now())


@shared_task(name=STORE_IMPORT)
def store(public_id: str) -> None:
    """Store the chosen questions of a file."""
    store_import(public_id=public_id, now=timezone.now())


@shared_task(name=FIGURES)
def figures() -> None:
    """Give questions the figures of what was practised (every quarter of an hour, by beat)."""
    count_due_practice(now=timezone.now())
