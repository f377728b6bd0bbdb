"""The two group-committing writers of live events, one of each a process: seats and answers."""

from __future__ import annotations

from collections.abc import Sequence

from contest.arrivals import now_utc
from contest.writer import GroupWriter
from realtime.domain.answering import AnswerCode, LiveArrival, save_live_answers
from realtime.domain.joining import Denied, Joining, Seat, join_players


def _join(items: Sequence[Joining]) -> list[Seat | Denied]:
    return join_players(items, now=now_utc())


class Writers:
    """Made when first needed, closed when the server ends; after that they are made anew (tests)."""

    def __init__(self) -> None:
        self._seats: GroupWriter[Joining, Seat | Denied] | None = None
        self._answers: GroupWriter[LiveArrival, AnswerCode] | None = None

    @property
    def seats(self) -> GroupWriter[Joining, Seat | Denied]:
        """Takes people in."""
        if self._seats is None:
            self._seats = GroupWriter(_join, name="live-seats")
        return self._seats

    @property
    def answers(self) -> GroupWriter[LiveArrival, AnswerCode]:
        """Takes answers."""
        if self._answers is None:
            self._answers = GroupWriter(save_live_answers, name="live-answers")
        return self._answers

    def close(self) -> None:
        """Write what waits and end the threads. Safe to call twice."""
        for writer in (self._seats, self._answers):
            if writer is not None:
                writer.close()
        self._seats = self._answers = None


writers = Writers()
