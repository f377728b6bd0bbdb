"""Which days count for a streak: days on which a few different things were known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from quizbank.queries.acts import acts_of
from quizbank.rewards import ACTS_OF_A_DAY


def days_earned(*, person_id: int, days: Collection[date]) -> list[date]:
    """Return which of ``days`` count, in order."""
    return sorted(day for day, acts in acts_of(person_id, days).items() if acts >= ACTS_OF_A_DAY)
