"""Questions that a live event needs to be unknown: its lobby is open, and it is not over."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from realtime.enums import Phase
from realtime.models import EventQuestion

NOT_RUNNING = (Phase.DRAFT, Phase.ENDED, Phase.ABORTED)


def questions_in_play() -> QuerySet[EventQuestion, Any]:
    """Return the ids of questions (whatever the version) of events between their lobby and their end. A draft holds
    nothing back: it may lie there for ever."""
    return EventQuestion.objects.exclude(event__phase__in=NOT_RUNNING).order_by().values("version__question_id")
