"""Questions that a round needs to be unknown: frozen into its pool, and the round not over."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from contest.models import PoolItem


def questions_in_play() -> QuerySet[PoolItem, Any]:
    """Return the ids of questions (whatever the version) in pools of rounds that are neither closed nor cancelled."""
    return (
        PoolItem.objects.filter(
            round__frozen_at__isnull=False,
            round__closed_at__isnull=True,
            round__cancelled_at__isnull=True,
            round__contest__cancelled_at__isnull=True,
        )
        .order_by()
        .values("version__question_id")
    )
