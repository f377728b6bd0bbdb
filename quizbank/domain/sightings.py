"""Who had a question with its key before their eyes: written down where it happens, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from people.models import User
from quizbank.enums import Sight
from quizbank.models import QuestionVersion, Sighting

SAME_SIGHT = timedelta(hours=1)
"""Opening the same version again within this time is the same sight."""


def note_sight(*, version: QuestionVersion, reader: User, what: Sight, now: datetime, note: str = "") -> bool:
    """Write a sight down; looking again within the hour is not a second one. Returns whether it was written."""
    return bool(note_sights(versions=[version.pk], reader=reader, what=what, now=now, note=note))


def note_sights(*, versions: Iterable[int], reader: User, what: Sight, now: datetime, note: str = "") -> int:
    """The same for many versions (ids): two statements, whatever their number. Returns how many were written."""
    wanted = list(dict.fromkeys(versions))
    seen: set[int] = set()
    if what in (Sight.OPENED, Sight.DEALT):
        recent = Sighting.objects.filter(reader=reader, what=what, at__gt=now - SAME_SIGHT, version_id__in=wanted)
        seen = set(recent.order_by().values_list("version_id", flat=True))
    fresh = [
        Sighting(version_id=pk, reader=reader, what=what, note=note[:200], at=now) for pk in wanted if pk not in seen
    ]
    Sighting.objects.bulk_create(fresh)
    return len(fresh)
