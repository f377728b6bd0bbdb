"""Names of residents who asked to be forgotten: results stay, under no name, as the page that erases promises.

Rankings and seals never contained a name, so a published result is counted again as before. A certificate that was issued
keeps the name it was issued to (decision 038).
"""

from __future__ import annotations

from django.db.models import Q

from contest.models import Entry
from people.models import Resident
from people.names import ERASED_NAME


def forget_entrant(*, resident_id: int) -> int:
    """Erase the name somebody took part under; in how many contests. Repeating it changes nothing."""
    return _forget(Q(resident_id=resident_id))


def forget_erased() -> int:
    """The same for everybody who was erased, should the word of it have been lost. Safe to repeat."""
    return _forget(Q(resident__in=Resident.objects.filter(erased_at__isnull=False).values("pk")))


def _forget(whose: Q) -> int:
    return Entry.objects.filter(whose).exclude(full_name=ERASED_NAME).update(full_name=ERASED_NAME)
