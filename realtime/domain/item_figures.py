"""After a live event has ended, its figures go to the questions it used. Counted anew as a whole: twice is once."""

from __future__ import annotations

from datetime import datetime

from quizbank.domain.statistics import store_figures
from quizbank.item_analysis import analyse
from realtime.enums import Phase
from realtime.models import Event
from realtime.queries.item_responses import SOURCE, events_to_count, live_responses

MOST_EVENTS = 5
"""Events counted in one go; the next one is minutes away."""


def count_event(*, event_id: int, now: datetime) -> int:
    """Count one event if it has ended; how many questions. A running event or a rehearsal is never counted."""
    event = Event.objects.filter(pk=event_id, ended_at__isnull=False, rehearsal=False, phase=Phase.ENDED).first()
    if event is None or event.ended_at is None:
        return 0
    return store_figures(
        source=f"{SOURCE}{event.pk}",
        label=event.title,
        used_at=event.ended_at,
        # A question asked twice in one event keeps its last asking.
        figures={one.version_id: analyse(one.cells, median_ms=one.median_ms) for one in live_responses(event)},
        now=now,
    )


def count_due_events(*, now: datetime) -> int:
    """Count what has ended since the last time; how many events."""
    due = events_to_count(MOST_EVENTS)
    for event_id in due:
        count_event(event_id=event_id, now=now)
    return len(due)
