"""What people answered in a closed round, question by question, as the cells item analysis works with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Exists, Max, OuterRef, QuerySet

from contest.dealing import read_dealt
from contest.enums import AttemptState, EntryStatus
from contest.grading import Column, Question
from contest.models import AnswerEvent, Attempt, Round
from contest.queries.grading import grading_of
from contest.scoring import FULL_GRADE
from contest.sheet import BLANK, EXTRA, NOT_DEALT
from quizbank.item_analysis import Cell
from quizbank.models import VersionStatistic

SOURCE = "round:"
MOST_WRITTEN = 2_000
"""Different written answers counted of one question; a crowd that types nonsense must not fill the memory."""
OTHER = "\u2026"
TIMED_ATTEMPTS = 2_000
LONGEST_GAP_S = 600.0
CHUNK = 2_000

Tally = Counter[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class ItemResponses:
    """One question of a round: its version, who answered what, the middle time to an answer where it is known."""

    version_id: int
    cells: list[Cell]
    median_ms: int | None


def rounds_to_count(limit: int) -> list[int]:
    """Closed rounds whose newest result has not been counted yet, oldest first. Two queries."""
    papers = Attempt.objects.filter(round=OuterRef("pk"), graded_at__isnull=False, entry__status=EntryStatus.RANKED)
    closed = Round.objects.filter(Exists(papers), closed_at__isnull=False, cancelled_at__isnull=True).annotate(
        result_at=Max("result_sets__completed_at")
    )
    counted = _counted()
    due = [
        pk
        for pk, result_at in closed.order_by("closed_at").values_list("pk", "result_at")
        if result_at is not None
        and counted.get(f"{SOURCE}{pk}", datetime.min.replace(tzinfo=result_at.tzinfo)) < result_at
    ]
    return due[:limit]


def _counted() -> dict[str, datetime]:
    rows = VersionStatistic.objects.filter(source__startswith=SOURCE).order_by().values("source")
    return {row["source"]: row["at"] for row in rows.annotate(at=Max("counted_at"))}


def item_responses(round_id: int) -> list[ItemResponses]:
    """Count the first graded paper of everybody who is ranked: later papers of the same person know the questions.

    One pass over the papers; what is kept is a table of (response, points, reachable points) for each question.
    """
    columns = grading_of(round_id).columns
    points = [table.question.points_milli for table in columns]
    tallies: list[Tally] = [Counter() for _ in columns]
    papers = first_papers(round_id).values_list("sheet", "extras", "points_milli")
    for sheet, extras, earned in papers.iterator(chunk_size=CHUNK):
        dealt = [place for place, char in enumerate(sheet[: len(columns)]) if char != NOT_DEALT]
        reachable = sum(points[place] for place in dealt)
        for place in dealt:
            said = _said(columns[place].question, sheet[place], extras.get(str(place), ""))
            tally = tallies[place]
            if sheet[place] == EXTRA and len(tally) >= MOST_WRITTEN and (said, earned, reachable) not in tally:
                said = OTHER
            tally[said, earned or 0, reachable] += 1
    times = _median_times(round_id)
    versions = dict(Round.objects.get(pk=round_id).pool.values_list("position", "version_id"))
    return [
        ItemResponses(versions[place], [*_cells(table, tally)], times.get(place))
        for place, (table, tally) in enumerate(zip(columns, tallies, strict=True))
        if tally
    ]


def first_papers(round_id: int) -> QuerySet[Attempt]:
    """The first graded paper of each ranked person."""
    graded = Attempt.objects.filter(round_id=round_id, graded_at__isnull=False).exclude(state=AttemptState.OPEN)
    earlier = graded.filter(entry=OuterRef("entry"), pk__lt=OuterRef("pk"))
    return graded.filter(~Exists(earlier), entry__status=EntryStatus.RANKED).order_by("pk")


def _said(question: Question, char: str, extra: str) -> str:
    """Return the canonical response behind a sheet's character; what means nothing to the question is blank."""
    if char == BLANK:
        return ""
    if char == EXTRA:
        return extra
    try:
        return question.kind.from_char(question.content, char)
    except (ValueError, IndexError, KeyError, StopIteration):
        return ""


def _cells(table: Column, tally: Tally) -> Iterator[Cell]:
    question = table.question
    grades: dict[str, int] = {}
    for (said, earned, reachable), count in sorted(tally.items()):
        if said not in grades:
            grades[said] = 0 if said == OTHER else question.kind.grade(question.content, question.key, said)
        grade = grades[said]
        # What scoring gave for this question, to take it out of the score: a void one was right for everybody.
        own = question.points_milli if question.voided else table.of_extra(said).points_milli if said else 0
        others = reachable - question.points_milli
        yield Cell(
            choice=said,
            credit=grade,
            count=count,
            total=round(FULL_GRADE * earned / reachable) if reachable else None,
            rest=round(FULL_GRADE * max(0, earned - own) / others) if others > 0 else None,
        )


def _median_times(round_id: int) -> dict[int, int]:
    """{pool position: middle ms from the answer before (or the start) to the first answer}, as far as the log is kept.

    Of the first papers only: a middle value needs no more. Answers that came in together say nothing.
    """
    papers = {
        pk: (started, read_dealt(dealt))
        for pk, started, dealt in first_papers(round_id).values_list("pk", "started_at", "dealt")[:TIMED_ATTEMPTS]
    }
    gaps: defaultdict[int, list[float]] = defaultdict(list)
    last: dict[int, datetime] = {}
    met: set[tuple[int, int]] = set()
    for first in range(0, len(papers), 500):
        some = list(papers)[first : first + 500]
        events = AnswerEvent.objects.filter(attempt_id__in=some).order_by("attempt_id", "received_at", "seq")
        for attempt, shown, at in events.values_list("attempt_id", "position", "received_at"):
            started, dealt = papers[attempt]
            gap = (at - last.get(attempt, started)).total_seconds()
            last[attempt] = at
            if (attempt, shown) not in met and shown < len(dealt) and 0 < gap <= LONGEST_GAP_S:
                gaps[dealt[shown]].append(gap)
            met.add((attempt, shown))
    return {position: round(1000 * median(some)) for position, some in gaps.items()}
