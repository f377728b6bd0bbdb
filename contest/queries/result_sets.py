"""Results as stored: immutable, numbered, published by a person."""

from __future__ import annotations

from contest.models import ResultSet, Standing


def latest_result(*, round_id: int) -> ResultSet | None:
    """Return the newest completed result of a round, published or not."""
    return ResultSet.objects.filter(round_id=round_id, completed_at__isnull=False).order_by("-number").first()


def published_result(*, round_id: int) -> ResultSet | None:
    """Return the result the public sees: the newest published one."""
    return ResultSet.objects.filter(round_id=round_id, published_at__isnull=False).order_by("-number").first()


def own_standing(*, result_set_id: int, entry_id: int, board: str = "") -> Standing | None:
    """Return one person's place in a result, None when they have none (no paper, or not ranked)."""
    return Standing.objects.filter(result_set_id=result_set_id, board=board, entry_id=entry_id).first()
