"""Who stands on the provisional board: kept in the transaction that grades, mirrored to Redis after the commit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from contest import boards
from contest.board_policy import board_closes_at
from contest.enums import EntryStatus
from contest.histogram import points_bucket, span_bucket
from contest.models import Attempt, BoardPlace, Entry, Round
from contest.periods import week_key
from contest.queries.grading import RoundGrading
from contest.ranking import board_tiebreak, composite_score, counting_attempt
from contest.result_signals import board_changed
from contest.rules import RuleSet
from contest.rules.enums import CountingPolicy, RankKey
from contest.signals import tell_after_commit

# The first half of the advisory lock's number: "board" in a range nobody else uses.
BOARD_LOCK = 0x7453_0001


@dataclass(slots=True, kw_only=True)
class Paper:
    """A graded attempt as choosing and ranking read it (see contest.ranking). ``prediction_distance`` is filled in
    when the truth is known."""

    pk: int
    public_id: str
    entry_id: int
    points_milli: int
    correct_count: int
    duration_ms: int
    submitted_at: datetime
    perfect: bool
    registered_at: datetime
    unit_id: int
    group: str
    week: str = ""
    attempts_used: int = 1
    prediction: int | None = None
    prediction_distance: int | None = None


@dataclass(slots=True)
class Change:
    """What placing people changes: their rows, and the sums of histogram and units."""

    buckets: Counter[tuple[str, int]] = field(default_factory=Counter)
    units: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    scores: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def count(self, place: BoardPlace, sign: int) -> None:
        for board in boards_of(place.group):
            self.buckets[board, points_bucket(place.score)] += sign
            self.buckets[board, span_bucket(place.score)] += sign
        sums = self.units[place.unit_id]
        sums[0] += sign
        sums[1] += sign * place.points_milli
        sums[2] += sign * place.perfect


def boards_of(group: str) -> tuple[str, ...]:
    """Return the boards a member of ``group`` stands on: everybody's, and the group's own."""
    return ("", group) if group else ("",)


def board_score(paper: Paper, rules: RuleSet, opens_at: datetime) -> int:
    """Return the composite score by the first two comparable keys of the rule set's chain."""
    keys = rules.ranking.keys
    counts = RankKey.POINTS not in keys or (
        RankKey.CORRECT_COUNT in keys and keys.index(RankKey.CORRECT_COUNT) < keys.index(RankKey.POINTS)
    )
    # 22 bits: more than 4,000 points cannot be, the rule set refuses them.
    main = paper.correct_count * 1000 if counts else paper.points_milli
    return composite_score(main, board_tiebreak(paper, rules.chain, opens_at=opens_at))


def hold_board(round_id: int) -> None:
    """Let no two transactions count the same people at once (PostgreSQL; SQLite has one writer anyway).

    An advisory lock, because locking the round's row would make submitting wait.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [BOARD_LOCK, round_id & 0x7FFFFFFF])


def place_attempts(*, grading: RoundGrading, attempt_ids: Sequence[int]) -> None:
    """Put the people of freshly graded attempts on the board. Inside the caller's transaction."""
    hold_board(grading.round.pk)
    papers = counting_papers(grading, attempt_ids)
    if not papers:
        return
    change = Change()
    round_id = grading.round.pk
    old = {place.entry_id: place for place in BoardPlace.objects.filter(round_id=round_id, entry_id__in=list(papers))}
    places = []
    for entry_id, paper in papers.items():
        place = BoardPlace(
            round_id=round_id,
            entry_id=entry_id,
            attempt_id=paper.pk,
            unit_id=paper.unit_id,
            group=paper.group,
            score=board_score(paper, grading.rules, grading.round.opens_at),
            points_milli=paper.points_milli,
            perfect=paper.perfect,
        )
        before = old.get(entry_id)
        if before is not None:
            if (before.attempt_id, before.score, before.unit_id, before.group, before.points_milli) == (
                place.attempt_id, place.score, place.unit_id, place.group, place.points_milli
            ):  # fmt: skip
                continue
            change.count(before, -1)
        change.count(place, 1)
        places.append(place)
        for board in boards_of(place.group):
            change.scores[board][entry_id] = place.score
    BoardPlace.objects.bulk_create(
        places,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["round", "entry"],
        update_fields=["attempt", "unit", "group", "score", "points_milli", "perfect"],
    )
    _add_up(round_id, change)
    transaction.on_commit(partial(boards.put, grading.round.public_id, change.scores))
    tell_after_commit(board_changed, Round, round_id=round_id)


def take_from_boards(*, entry: Entry, round_ids: Iterable[int]) -> None:
    """Remove a barred or unranked person from the provisional boards. Inside the caller's transaction."""
    for place in BoardPlace.objects.filter(entry=entry, round_id__in=list(round_ids)).select_related("round"):
        hold_board(place.round_id)
        change = Change()
        change.count(place, -1)
        place.delete()
        _add_up(place.round_id, change)
        transaction.on_commit(partial(boards.take_away, place.round.public_id, boards_of(place.group), place.entry_id))
        tell_after_commit(board_changed, Round, round_id=place.round_id)


def counting_papers(grading: RoundGrading, attempt_ids: Sequence[int]) -> dict[int, Paper]:
    """Return {entry: the paper that counts} for the ranked people behind ``attempt_ids``."""
    rules = grading.rules
    stop = board_closes_at(grading.round.closes_at, rules)
    attempts = Attempt.objects.filter(
        entry__status=EntryStatus.RANKED, graded_at__isnull=False, submitted_at__lt=stop, round_id=grading.round.pk
    ).order_by("entry_id")
    if rules.counting is CountingPolicy.ONLY:
        attempts = attempts.filter(pk__in=list(attempt_ids))
    else:
        attempts = attempts.filter(entry__in=Attempt.objects.filter(pk__in=list(attempt_ids)).values("entry_id"))
    chosen: dict[int, Paper] = {}
    for papers in by_person(attempts, rules):
        best = counting_attempt(papers, rules.counting)
        assert best is not None
        chosen[best.entry_id] = best
    return chosen


def by_person(attempts: QuerySet[Attempt], rules: RuleSet) -> Iterable[list[Paper]]:
    """Read graded attempts ordered by entry, one list a person, without papers the rules call invalid.

    A paper with gaps is invalid where the rules ask for every answer (contest.rules.text says so).
    """
    for _entry, papers in groupby(read_papers(attempts), key=lambda row: row[0].entry_id):
        valid = [paper for paper, complete in papers if complete or not rules.paper.require_all_answered]
        if valid:
            yield valid


def read_papers(attempts: QuerySet[Attempt]) -> Iterable[tuple[Paper, bool]]:
    """Read (paper, every question answered) in slices, in the order of the query; memory stays flat."""
    rows = attempts.values_list(
        "pk", "public_id", "entry_id", "points_milli", "correct", "duration_ms", "submitted_at", "dealt", "answered",
        "prediction", "entry__registered_at", "entry__unit_id", "entry__group",
    ).iterator(chunk_size=2_000)  # fmt: skip
    for pk, public_id, entry_id, points, correct, duration, at, dealt, answered, guess, entered, unit, group in rows:
        # Closed and graded papers have all of these; the model allows None for open ones.
        assert points is not None
        assert correct is not None
        assert duration is not None
        assert at is not None
        questions = dealt.count(",") + 1 if dealt else 0
        paper = Paper(
            pk=pk,
            public_id=public_id,
            entry_id=entry_id,
            points_milli=points,
            correct_count=correct,
            duration_ms=duration,
            submitted_at=at,
            perfect=correct == questions > 0,
            registered_at=entered,
            unit_id=unit,
            group=group,
            week=week_key(at),
            prediction=guess,
        )
        yield paper, answered >= questions


def _add_up(round_id: int, change: Change) -> None:
    """Add the differences to histogram and units, in one order everywhere so that no two writers lock crosswise."""
    _bump(
        "contest_boardbucket (round_id, board, bucket, people)",
        "round_id, board, bucket",
        ("people",),
        [(round_id, board, bucket, n) for (board, bucket), n in sorted(change.buckets.items()) if n],
    )
    _bump(
        "contest_boardunit (round_id, unit_id, people, points_milli, perfect)",
        "round_id, unit_id",
        ("people", "points_milli", "perfect"),
        [(round_id, unit_id, *sums) for unit_id, sums in sorted(change.units.items()) if any(sums)],
    )


def _bump(table: str, key: str, counters: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add to the counters of many rows, which are made where they are not there. Both databases."""
    name = table.split(" ", 1)[0]
    adding = ", ".join(f"{counter} = {name}.{counter} + excluded.{counter}" for counter in counters)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 1_000):
            chunk = rows[start : start + 1_000]
            line = f"({', '.join(['%s'] * len(chunk[0]))})"
            cursor.execute(
                f"INSERT INTO {table} VALUES {', '.join([line] * len(chunk))}"  # noqa: S608  names of ours only
                f" ON CONFLICT ({key}) DO UPDATE SET {adding}",
                [value for row in chunk for value in row],
            )
