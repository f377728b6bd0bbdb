"""Until when a provisional board takes people in, by the rules. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from contest.rules import RuleSet
from contest.rules.enums import BoardPolicy

# Papers begun before the end are closed within minutes; a day is never too short.
AFTER_CLOSE = timedelta(days=1)


def board_closes_at(closes_at: datetime, rules: RuleSet) -> datetime:
    """Return from when on papers no longer enter the provisional board: its frozen minutes, or after the end."""
    if rules.reveal.board is BoardPolicy.FROZEN:
        return closes_at - timedelta(minutes=rules.reveal.board_frozen_minutes)
    return closes_at + AFTER_CLOSE


def frozen_from(closes_at: datetime, rules: RuleSet, now: datetime) -> datetime | None:
    """Return since when the board stands still by the rules, None when it moves."""
    if rules.reveal.board is not BoardPolicy.FROZEN:
        return None
    since = board_closes_at(closes_at, rules)
    return since if now >= since else None
