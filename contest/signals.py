"""What contests announce, always after the commit. Receivers hint at work; the database stays the truth.

attempt_started    attempt_id, round_id, entry_id
attempt_submitted  attempt_id, round_id, entry_id
attempts_expired   attempt_ids (list), round_ids (set): closed by time
attempt_moved      attempt_id, lease: another device took over
round_frozen       round_id
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

attempt_started = Signal()
attempt_submitted = Signal()
attempts_expired = Signal()
attempt_moved = Signal()
round_frozen = Signal()


def tell_after_commit(signal: Signal, sender: type, **facts: Any) -> None:
    """Send ``signal`` once the transaction is committed; a receiver's failure never reaches the person."""
    transaction.on_commit(partial(signal.send_robust, sender, **facts), robust=True)
