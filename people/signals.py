"""What people announce, always after the commit. Receivers hint at work; the database stays the truth.

resident_erased   resident_id: the person asked to be forgotten; whoever copied the name forgets it too
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.dispatch import Signal

from people.models import Resident

resident_erased = Signal()


def tell_erased(resident: Resident) -> None:
    """Announce it once the transaction is committed; a receiver's failure never reaches the person."""
    transaction.on_commit(partial(resident_erased.send_robust, Resident, resident_id=resident.pk), robust=True)
