"""Reads of the organizer's console: own contests, one contest with its rounds, how a round goes. Fail-closed: what a
person has no role for does not exist for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncMinute

from contest.enums import AttemptState, EntryStatus, JobKind, JobState, Phase
from contest.errors import NotFound
from contest.models import Attempt, Certificate, Contest, Entry, Job, PoolItem, ResultSet, Round
from contest.queries.jobs import JobProgress, progress_of
from contest.queries.phases import phase_of
from people.enums import Role
from people.models import AuditEntry, User
from people.queries.roles import can, scope_contests, scope_paths, subtree

READERS = (Role.ORGANIZER, Role.AUDITOR)
LAST_MINUTES = 15
SHOWN_JOBS = (JobKind.CLOSE, JobKind.REGRADE, JobKind.CERTIFICATES)
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class RoundState:
    """A round with what the console must know to say what comes next. ``latest`` and ``published`` are numbers of
    results, 0 for none; ``jobs`` are those that are not finished."""

    round: Round
    phase: Phase
    attempts: int
    latest: int
    published: int
    certificates: bool
    jobs: tuple[JobProgress, ...] = ()

    @property
    def working(self) -> bool:
        """Whether a result is being computed."""
        return any(job.kind != JobKind.CERTIFICATES for job in self.jobs)

    @property
    def unpublished(self) -> bool:
        """Whether a computed result waits for a person."""
        return self.latest > self.published


@dataclass(frozen=True, slots=True)
class ContestState:
    """A contest of the list or of its own page, with its rounds in order."""

    contest: Contest
    rounds: tuple[RoundState, ...]
    entrants: int


def organized_contests(user: User | AnonymousUser, now: datetime) -> list[ContestState]:
    """Contests the person organizes or audits, newest first. Five queries, whatever the number."""
    scope = subtree(scope_paths(user, READERS), "unit__path") | Q(public_id__in=scope_contests(user, READERS))
    contests = list(_contests().filter(scope).order_by("-pk")[:MOST_LISTED])
    return _states(contests, now)


def organized_contest(user: User | AnonymousUser, slug: str) -> Contest:
    """A contest the person may see in the console.

    Raises:
        NotFound: when there is none, or it is none of theirs (nothing tells one from the other).
    """
    contest = Contest.objects.filter(slug=slug).select_related("unit").first()
    if contest is None or not can(user, READERS, unit=contest.unit, contest_ref=contest.public_id):
        raise NotFound
    return contest


def may_organize(user: User | AnonymousUser, contest: Contest) -> bool:
    """Whether the person may change the contest; auditors only read."""
    return can(user, Role.ORGANIZER, unit=contest.unit, contest_ref=contest.public_id)


def contest_state(contest: Contest, now: datetime) -> ContestState:
    """One contest with its rounds. Three queries."""
    return _states([_contests().get(pk=contest.pk)], now)[0]


def round_of(contest: Contest, number: int) -> Round:
    """A round with its contest and rules. Raises NotFound."""
    round_ = contest.rounds.filter(number=number).select_related("contest__unit", "rule_set").first()
    if round_ is None:
        raise NotFound
    return round_


def _contests() -> QuerySet[Contest]:
    return (
        Contest.objects.select_related("unit")
        .annotate(entrants=_count(Entry.objects.filter(contest=OuterRef("pk")), "contest"))
        .prefetch_related(Prefetch("rounds", _rounds()))
    )


def _rounds() -> QuerySet[Round]:
    results = ResultSet.objects.filter(round=OuterRef("pk")).order_by("-number").values("number")
    return (
        Round.objects.select_related("contest", "rule_set")
        .annotate(
            attempt_count=_count(Attempt.objects.filter(round=OuterRef("pk")), "round"),
            latest_result=Coalesce(Subquery(results.filter(completed_at__isnull=False)[:1]), Value(0)),
            published_result=Coalesce(Subquery(results.filter(published_at__isnull=False)[:1]), Value(0)),
            has_certificates=Exists(Certificate.objects.filter(round=OuterRef("pk"), revoked_at__isnull=True)),
        )
        .order_by("number")
    )


def _count(rows: QuerySet[Entry] | QuerySet[Attempt], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0))


def _states(contests: Sequence[Contest], now: datetime) -> list[ContestState]:
    jobs: dict[int, list[JobProgress]] = defaultdict(list)
    for job in Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING), kind__in=SHOWN_JOBS).order_by("pk"):
        jobs[job.payload.get("round", 0)].append(progress_of(job, now=now))
    return [
        ContestState(
            contest=contest,
            rounds=tuple(_round_state(round_, jobs[round_.pk], now) for round_ in contest.rounds.all()),
            entrants=contest.__dict__["entrants"],
        )
        for contest in contests
    ]


def _round_state(round_: Round, jobs: Sequence[JobProgress], now: datetime) -> RoundState:
    facts = round_.__dict__
    return RoundState(
        round=round_,
        phase=phase_of(round_, now),
        attempts=facts["attempt_count"],
        latest=facts["latest_result"],
        published=facts["published_result"],
        certificates=facts["has_certificates"],
        jobs=tuple(jobs),
    )


@dataclass(frozen=True, slots=True)
class RoundNumbers:
    """How a round goes at one moment. ``entrants`` are people of the contest, ``people`` those with a paper in this
    round; ``minutes`` are papers handed in by the minute, oldest first."""

    entrants: int
    attempts: int
    people: int
    open: int
    finished: int
    ungraded: int
    minutes: tuple[tuple[datetime, int], ...] = ()


def round_numbers(round_: Round, now: datetime) -> RoundNumbers:
    """Count what happens in a round. Three queries."""
    closed = ~Q(state=AttemptState.OPEN)
    counted = Attempt.objects.filter(round=round_).aggregate(
        attempts=Count("pk"),
        people=Count("entry", distinct=True),
        open=Count("pk", filter=Q(state=AttemptState.OPEN)),
        finished=Count("pk", filter=closed),
        ungraded=Count("pk", filter=closed & Q(graded_at__isnull=True)),
    )
    return RoundNumbers(
        entrants=Entry.objects.filter(contest_id=round_.contest_id).count(), minutes=_minutes(round_, now), **counted
    )


def _minutes(round_: Round, now: datetime) -> tuple[tuple[datetime, int], ...]:
    end = min(now, round_.closes_at + timedelta(minutes=1)).replace(second=0, microsecond=0)
    first = end - timedelta(minutes=LAST_MINUTES - 1)
    rows = (
        Attempt.objects.filter(round=round_, submitted_at__gte=first, submitted_at__lt=end + timedelta(minutes=1))
        .annotate(minute=TruncMinute("submitted_at"))
        .order_by()
        .values_list("minute")
        .annotate(number=Count("pk"))
    )
    known = dict(rows)
    every = [first + timedelta(minutes=step) for step in range(LAST_MINUTES)]
    return tuple((minute, known.get(minute, 0)) for minute in every)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit in a round: people entered, people who finished a paper, and the ratio to its head count (per cent,
    None where no head count is known)."""

    name: str
    entered: int
    finished: int
    head_count: int | None

    @property
    def percent(self) -> float | None:
        return None if not self.head_count else round(100 * self.finished / self.head_count, 1)


def unit_lines(round_: Round) -> QuerySet[Any, Any]:
    """Participation by unit, most finished first; slice it, then ``as_lines``. One query a slice."""
    finished = Attempt.objects.filter(entry=OuterRef("pk"), round=round_).exclude(state=AttemptState.OPEN)
    return (
        Entry.objects.filter(contest_id=round_.contest_id)
        .annotate(done=Exists(finished))
        .order_by()
        .values("unit_id", "unit__name", "unit__head_count")
        .annotate(entered=Count("pk"), finished=Count("pk", filter=Q(done=True)))
        .order_by("-finished", "-entered", "unit__name", "unit_id")
    )


def as_lines(rows: Sequence[dict[str, Any]]) -> list[UnitLine]:
    """Rows of ``unit_lines`` as values."""
    return [UnitLine(row["unit__name"], row["entered"], row["finished"], row["unit__head_count"]) for row in rows]


def pool_items(round_: Round) -> list[PoolItem]:
    """The frozen questions of a round in order. One query."""
    return list(round_.pool.select_related("version__question__topic").order_by("position"))


def pool_item(round_: Round, position: int) -> PoolItem:
    """One frozen question. Raises NotFound."""
    item = round_.pool.filter(position=position).select_related("version__question__topic", "round").first()
    if item is None:
        raise NotFound
    item.round = round_
    return item


def excluded_entries(contest: Contest, limit: int = 200) -> list[Entry]:
    """People who are left out of the ranking, with the reason. One query."""
    out = Entry.objects.filter(contest=contest).exclude(status=EntryStatus.RANKED)
    return list(out.select_related("unit").order_by("full_name", "pk")[:limit])


def decisions(contest: Contest, rounds: Sequence[Round], limit: int = 20) -> list[AuditEntry]:
    """What was decided about a contest and its rounds, newest first. One query."""
    subjects = [f"contest:{contest.public_id}", *(f"round:{round_.public_id}" for round_ in rounds)]
    return list(AuditEntry.objects.filter(subject__in=subjects).select_related("actor").order_by("-number")[:limit])
