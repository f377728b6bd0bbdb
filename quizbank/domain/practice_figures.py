"""Practice as a source of figures: counted quarter by quarter, as a whole, so that twice, late or after a lost message is
the same."""

from __future__ import annotations

from datetime import datetime

from quizbank.domain.statistics import store_figures
from quizbank.item_analysis import analyse
from quizbank.queries.practice_responses import Quarter, practice_responses, quarters_to_count

LABEL = "Luyện tập"


def count_quarter(*, quarter: Quarter, now: datetime) -> int:
    """Count the first answers of one quarter; how many versions were answered."""
    return store_figures(
        source=quarter.source,
        label=LABEL,
        used_at=quarter.start,
        figures={version: analyse(cells) for version, cells in practice_responses(quarter)},
        now=now,
    )


def count_due_practice(*, now: datetime) -> int:
    """Count what was practised since the last time; how many quarters."""
    due = quarters_to_count()
    for quarter in due:
        count_quarter(quarter=quarter, now=now)
    return len(due)
