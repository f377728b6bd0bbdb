"""From graded attempts to a result: who counts, the truth of the prediction, ranks, units, the seal.

Every step reads the database and writes rows of one unfinished result set; done again it writes the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from contest.collective import UnitCounts, rank_units
from contest.dealing import Cell
from contest.domain.places import Paper, by_person
from contest.enums import AttemptState, EntryStatus
from contest.models import Attempt, Entry, PoolItem, ResultSet, Round, Standing, UnitStanding
from contest.prediction import Population, distance, truth
from contest.prizes import prize_for
from contest.queries.grading import RoundGrading
from contest.queries.unit_boards import compared_by
from contest.rank_keys import epoch_ms
from contest.ranking import Ranked, counting_attempts, rank
from contest.rules import RuleSet
from contest.rules.enums import CountingPolicy
from contest.seal import Sealer, Value, leaf
from people.models import Unit

SLICE = 2_000

Beat = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Counted:
    """The frozen population of a result and what its prediction is measured against."""

    papers: list[Paper]
    counts: dict[str, int]
    truth: int | None
    full_points_milli: int


def count_population(grading: RoundGrading) -> Counted:
    """Choose everybody's counting paper and count the population after exclusions."""
    rules = grading.rules
    papers = [
        chosen
        for listed in by_person(_graded(grading.round), rules)
        if (chosen := counting_paper(listed, rules.counting)) is not None
    ]
    population = Population(
        participants=len(papers),
        participants_total=_participants_so_far(grading.round),
        all_correct=sum(paper.perfect for paper in papers),
    )
    value = truth(rules.prediction, population)
    for paper in papers:
        paper.prediction_distance = distance(paper.prediction, value)
    statuses = Counter(
        Entry.objects.filter(attempts__round=grading.round)
        .exclude(status=EntryStatus.RANKED)
        .distinct()
        .values_list("status", flat=True)
    )
    closed = Attempt.objects.filter(round=grading.round)
    return Counted(
        papers=papers,
        counts={
            "participants": population.participants,
            "participants_total": population.participants_total,
            "all_correct": population.all_correct,
            "attempts": closed.exclude(state=AttemptState.OPEN).count(),
            # Papers that could not be closed are left for a person to see; they hold up nobody (failures B9).
            "unfolded": closed.filter(state=AttemptState.OPEN).count(),
            "unranked": statuses[EntryStatus.UNRANKED],
            "barred": statuses[EntryStatus.BARRED],
        },
        truth=value,
        full_points_milli=full_points(grading.round),
    )


def counting_paper(papers: Sequence[Paper], policy: CountingPolicy) -> Paper | None:
    """Return the paper that stands for one person: the one that counts, or the sum of the best of each week."""
    chosen = counting_attempts(papers, policy)
    if not chosen:
        return None
    last = chosen[-1]
    last.attempts_used = len(papers)
    if len(chosen) > 1:
        last.points_milli = sum(paper.points_milli for paper in chosen)
        last.correct_count = sum(paper.correct_count for paper in chosen)
        last.duration_ms = sum(paper.duration_ms for paper in chosen)
        last.perfect = all(paper.perfect for paper in chosen)
    return last


def full_points(contest_round: Round) -> int:
    """Return what a perfect paper of the round earns, in thousandths (the most of all groups)."""
    best: dict[int, int] = {}
    for cell, points in PoolItem.objects.filter(round=contest_round).values_list("cell", "points_milli"):
        best[cell] = max(points, best.get(cell, 0))
    lines = [Cell.from_json(line) for line in contest_round.blueprint]
    groups = {line.group for line in lines} | {""}
    return max(
        sum(line.count * best.get(index, 0) for index, line in enumerate(lines) if line.group in ("", group))
        for group in groups
    )


def boards_ranked(rules: RuleSet) -> list[str]:
    """Return the boards of a result: everybody's, and each group's that is ranked by itself."""
    return ["", *(group.code for group in rules.groups if group.own_ranking)]


def write_standings(result: ResultSet, counted: Counted, rules: RuleSet, *, beat: Beat) -> dict[int, int]:
    """Rank and store every board; return {unit: how many of its people won a prize}."""
    winners: dict[int, int] = Counter()
    won: set[int] = set()
    for board in boards_ranked(rules):
        papers = [paper for paper in counted.papers if board in ("", paper.group)]
        ranked = rank(papers, rules.chain, full_points_milli=counted.full_points_milli)
        for start in range(0, len(ranked), SLICE):
            with transaction.atomic():
                # Also the fence: a worker whose job was taken over stops here, before it writes.
                beat()
                Standing.objects.bulk_create(
                    _standing(result, board, start + index, one)
                    for index, one in enumerate(ranked[start : start + SLICE], start=1)
                )
        for one in ranked:
            if one.row.entry_id not in won and prize_for(rules.prizes, board=board, rank=one.rank):
                won.add(one.row.entry_id)
                winners[one.row.unit_id] += 1
    return winners


def _standing(result: ResultSet, board: str, position: int, one: Ranked[Paper]) -> Standing:
    paper = one.row
    return Standing(
        result_set=result,
        board=board,
        position=position,
        rank=one.rank,
        tied=one.tied,
        entry_id=paper.entry_id,
        attempt_id=paper.pk,
        points_milli=paper.points_milli,
        correct=paper.correct_count,
        duration_ms=paper.duration_ms,
        distance=paper.prediction_distance,
        submitted_at=paper.submitted_at,
        attempts_used=paper.attempts_used,
    )


def write_unit_standings(
    result: ResultSet, counted: Counted, rules: RuleSet, winners: dict[int, int], *, beat: Beat
) -> None:
    """Compare the units by the rule set's metric (by head count where it names none)."""
    collective = compared_by(rules)
    sums: dict[int, list[int]] = {}
    for paper in counted.papers:
        one = sums.setdefault(paper.unit_id, [0, 0, 0])
        one[0] += 1
        one[1] += paper.points_milli
        one[2] += paper.perfect
    sizes = dict(Unit.objects.filter(pk__in=list(sums)).values_list("pk", "head_count"))
    units = [
        UnitCounts(
            public_id=str(unit_id),
            size=sizes.get(unit_id),
            participants=people,
            papers=people,
            points_milli=points,
            full_points_milli=counted.full_points_milli,
            perfect=perfect,
            winners=winners.get(unit_id, 0),
        )
        for unit_id, (people, points, perfect) in sums.items()
    ]
    rows: list[UnitStanding] = []
    # What is stored is Vietnamese, in whatever language the organizer's page is.
    with translation.override("vi"):
        blocs = rank_units(units, collective)
    for bloc, ranked in blocs.items():
        rows.extend(
            UnitStanding(
                result_set=result,
                metric=collective.metric.value,
                position=len(rows) + index,
                # 0: listed, but a condition is missed, so without a rank.
                rank=one.rank or 0,
                tied=one.tied,
                unit_id=int(one.unit.public_id),
                value=one.value,
                people=one.unit.participants,
                detail={
                    "bloc": bloc,
                    "points_milli": one.unit.points_milli,
                    "perfect": one.unit.perfect,
                    "winners": one.unit.winners,
                    "missing": list(one.missing),
                    "unsized": one.unsized,
                },
            )
            for index, one in enumerate(ranked, start=1)
        )
    with transaction.atomic():
        beat()
        UnitStanding.objects.bulk_create(rows, batch_size=SLICE)


def header_row(result: ResultSet, *, rules_digest: str) -> dict[str, Value]:
    """Return the first sealed row: what the result is about and what it was measured against."""
    facts: dict[str, Value] = {
        "round": result.round.public_id,
        "result": result.number,
        "rules": rules_digest,
        "truth": result.truth,
        "full_points_milli": result.full_points_milli,
    }
    return facts | {f"count_{name}": number for name, number in result.counts.items() if name in COUNTED}


# Which counts are sealed (and published): the population the truth rests on.
COUNTED = ("participants", "participants_total", "all_correct")


def sealed_row(standing: Standing, entry_public_id: str) -> dict[str, Value]:
    """Return a place as it is sealed. No name: erasing a person must not break the seal."""
    return {
        "board": standing.board,
        "position": standing.position,
        "rank": standing.rank,
        "tied": standing.tied,
        "entry": entry_public_id,
        "points_milli": standing.points_milli,
        "correct": standing.correct,
        "duration_ms": standing.duration_ms,
        "distance": standing.distance,
        "submitted_ms": epoch_ms(standing.submitted_at),
        "attempts_used": standing.attempts_used,
        "salt": standing.salt,
    }


def seal_of(result: ResultSet, *, beat: Beat = int) -> str:
    """Compute the seal of a stored result: hexadecimal Merkle root over header and places. Memory stays flat."""
    sealer = Sealer()
    sealer.add(leaf(header_row(result, rules_digest=result.round.rule_set.digest)))
    standings = Standing.objects.filter(result_set=result).select_related("entry").order_by("board", "position")
    standings = standings.defer("entry__full_name", "entry__status_reason")
    for number, standing in enumerate(standings.iterator(chunk_size=SLICE), start=1):
        sealer.add(leaf(sealed_row(standing, standing.entry.public_id)))
        if number % (10 * SLICE) == 0:
            beat()
    return sealer.root().hex()


def _graded(contest_round: Round) -> QuerySet[Attempt]:
    return Attempt.objects.filter(
        round=contest_round, graded_at__isnull=False, entry__status=EntryStatus.RANKED
    ).order_by("entry_id", "pk")


def _participants_so_far(contest_round: Round) -> int:
    total = Attempt.objects.filter(
        round__contest_id=contest_round.contest_id,
        round__number__lte=contest_round.number,
        entry__status=EntryStatus.RANKED,
    ).exclude(state=AttemptState.OPEN)
    return total.values("entry_id").distinct().count()
