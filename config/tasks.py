"""Care of the machine, every few minutes."""

from __future__ import annotations

from celery import shared_task

from config import vitals


@shared_task(name="config.care")
def care() -> None:
    """Shrink SQLite's log; say in the log when it, the disk or the clocks need a person."""
    vitals.shrink_wal()
    vitals.short_of_space()
    vitals.clocks_agree()
