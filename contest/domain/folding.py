"""From the log of answers to the sheet: what an attempt is judged by once it is closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from contest.arrivals import to_ms
from contest.models import AnswerEvent, Attempt
from contest.queries.papers import paper_of
from contest.sheet import Sheet, fold


def last_answers(attempt_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Return {attempt: {position shown: canonical response}}; the highest sequence number wins. One query."""
    last: dict[int, dict[int, str]] = defaultdict(dict)
    events = AnswerEvent.objects.filter(attempt_id__in=list(attempt_ids)).order_by("attempt_id", "position", "seq")
    for attempt, position, response in events.values_list("attempt_id", "position", "response"):
        last[attempt][position] = response
    return last


def fold_attempt(attempt: Attempt, responses: dict[int, str]) -> Sheet:
    """Return the sheet of an attempt from its last answers."""
    facts = paper_of(attempt)
    return fold(facts.pool.items, facts.dealt, responses)


def put_sheet(attempt: Attempt, sheet: Sheet) -> None:
    """Write a sheet into the (unsaved) fields of an attempt."""
    attempt.sheet, attempt.extras, attempt.answered = sheet.text, sheet.extras, sheet.answered


def finish(attempt: Attempt, at: datetime) -> None:
    """Set the (unsaved) finish and duration: never past the deadline, which the grace does not move."""
    attempt.submitted_at = min(at, attempt.deadline)
    attempt.duration_ms = max(0, to_ms(attempt.submitted_at) - to_ms(attempt.started_at))
