"""After a round is closed, or closed again on a mended key, its figures go to the questions it used.

Counted anew as a whole from the papers: twice, late or at once with itself gives the same rows.
"""

from __future__ import annotations

from datetime import datetime

from contest.models import Round
from contest.queries.item_responses import SOURCE, item_responses, rounds_to_count
from quizbank.domain.statistics import store_figures
from quizbank.item_analysis import analyse

MOST_ROUNDS = 5
"""Rounds counted in one go; the next one is minutes away."""


def count_round(*, round_id: int, now: datetime) -> int:
    """Count one round if it is closed; how many questions. A running or cancelled round is never counted."""
    round_ = (
        Round.objects.filter(pk=round_id, closed_at__isnull=False, cancelled_at__isnull=True)
        .select_related("contest")
        .first()
    )
    if round_ is None:
        return 0
    figures = {
        one.version_id: analyse(one.cells, median_ms=one.median_ms) for one in item_responses(round_id) if one.cells
    }
    return store_figures(
        source=f"{SOURCE}{round_id}",
        label=f"{round_.contest.title} · {round_.title}",
        used_at=round_.closes_at,
        figures=figures,
        now=now,
    )


def count_due_rounds(*, now: datetime) -> int:
    """Count what a lost message has left; how many rounds."""
    due = rounds_to_count(MOST_ROUNDS)
    for round_id in due:
        count_round(round_id=round_id, now=now)
    return len(due)
