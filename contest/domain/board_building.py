"""Putting a round's provisional board into Redis from the database: at the start, and after Redis was lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from contest import boards
from contest.domain.jobs import enqueue
from contest.domain.places import boards_of
from contest.enums import JobKind
from contest.models import BoardPlace, Job, Round
from contest.queries import board_sql
from contest.result_signals import board_changed

SLICE = 5_000


def rebuild_board(*, round_id: int, beat: Callable[[], object] = int) -> int:
    """Fill a new generation from the database and let it take the live one's place; how many people it holds.

    Raises boards.Away while Redis does not answer. Memory stays flat.
    """
    ref = Round.objects.values_list("public_id", flat=True).get(pk=round_id)
    generation = boards.begin(ref)
    last = total = 0
    names = {""}
    while True:
        rows = list(
            BoardPlace.objects.filter(round_id=round_id, pk__gt=last)
            .order_by("pk")
            .values_list("pk", "entry_id", "group", "score")[:SLICE]
        )
        if not rows:
            break
        beat()
        last, total = rows[-1][0], total + len(rows)
        scores: dict[str, dict[int, int]] = defaultdict(dict)
        for _pk, entry_id, group, score in rows:
            for board in boards_of(group):
                scores[board][entry_id] = score
        for board, people in scores.items():
            boards.fill(ref, generation, board, people)
        names |= scores.keys()
    boards.switch(ref, generation, names)
    board_changed.send_robust(Round, round_id=round_id)
    return total


def request_board(*, contest_round: Round, now: datetime) -> Job:
    """Have the board rebuilt in the background."""
    return enqueue(
        kind=JobKind.BOARD, key=f"board:{contest_round.pk}", payload={"round": contest_round.pk}, total=1, now=now
    )


def board_is_missing(contest_round: Round) -> bool:
    """Whether Redis answers and does not hold the board as the database knows it."""
    if not boards.is_there():
        return False
    held = boards.size(contest_round.public_id)
    # The histogram's sum: a few dozen rows instead of everybody's.
    known = board_sql.total(contest_round.pk, "")
    return held != known and not (held is None and known == 0)
