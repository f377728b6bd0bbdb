"""Reads behind the pages of residents: contests by state, one round, one's own attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from contest.enums import AttemptState, Phase
from contest.errors import NotFound
from contest.models import Attempt, Certificate, Contest, Round
from contest.queries.phases import phase_of

# What a home page shows at most of each state; older contests stay reachable by their address.
MOST_LISTED = 60
RUNNING = frozenset({Phase.OPEN})
COMING = frozenset({Phase.SCHEDULED})


@dataclass(frozen=True, slots=True)
class ListedContest:
    """A contest as a card shows it: with the round that matters now, if there is one, and its phase."""

    contest: Contest
    round: Round | None
    phase: Phase


@dataclass(frozen=True, slots=True)
class Listing:
    """The home page: open contests by their end, coming ones by their start, past ones newest first."""

    running: tuple[ListedContest, ...]
    coming: tuple[ListedContest, ...]
    past: tuple[ListedContest, ...]


@dataclass(frozen=True, slots=True)
class ContestRounds:
    """A contest with its rounds in order and the one a visitor is most likely here for."""

    contest: Contest
    rounds: tuple[Round, ...]
    current: Round | None
    phase: Phase


def listed_contests(now: datetime) -> Listing:
    """Return every listed contest under what it is now. Two queries."""
    contests = (
        Contest.objects.filter(listed_at__lte=now, cancelled_at__isnull=True)
        .prefetch_related(_rounds())
        .order_by("-listed_at", "-pk")[: 3 * MOST_LISTED]
    )
    cards = [_card(contest, now) for contest in contests]
    running = sorted((c for c in cards if c.phase in RUNNING), key=lambda c: c.round.closes_at if c.round else now)
    coming = sorted((c for c in cards if c.phase in COMING), key=lambda c: c.round.opens_at if c.round else now)
    soon = [c for c in cards if c.phase is Phase.DRAFT]  # announced, no date yet
    past = [c for c in cards if c.phase not in RUNNING | COMING | {Phase.DRAFT}]
    return Listing(tuple(running[:MOST_LISTED]), tuple([*coming, *soon][:MOST_LISTED]), tuple(past[:MOST_LISTED]))


def _card(contest: Contest, now: datetime) -> ListedContest:
    current = current_round(contest.rounds.all(), now)
    return ListedContest(contest, current, _phase(contest, current, now))


def _phase(contest: Contest, current: Round | None, now: datetime) -> Phase:
    if current is not None:
        return phase_of(current, now)
    # Nothing open, coming or done: no date yet, or everything called off.
    called_off = contest.cancelled_at or any(round_.cancelled_at for round_ in contest.rounds.all())
    return Phase.CANCELLED if called_off else Phase.DRAFT


def _rounds() -> Prefetch[str]:
    rounds = Round.objects.select_related("contest", "rule_set").order_by("number")
    return Prefetch("rounds", rounds)


def contest_rounds(slug: str, now: datetime) -> ContestRounds:
    """Return a listed contest with its rounds. Two queries.

    Raises:
        NotFound: when there is none, or it is not public yet.
    """
    contest = (
        Contest.objects.filter(slug=slug, listed_at__lte=now).select_related("unit").prefetch_related(_rounds()).first()
    )
    if contest is None:
        raise NotFound
    rounds = tuple(contest.rounds.all())
    current = current_round(rounds, now)
    return ContestRounds(contest, rounds, current, _phase(contest, current, now))


def current_round(rounds: Sequence[Round] | QuerySet[Round], now: datetime) -> Round | None:
    """The round that matters at ``now``: the open one that ends first, else the next to open, else the last one."""
    known = [(phase_of(round_, now), round_) for round_ in rounds]
    if running := [round_ for phase, round_ in known if phase is Phase.OPEN]:
        return min(running, key=lambda round_: (round_.closes_at, round_.number))
    if coming := [round_ for phase, round_ in known if phase is Phase.SCHEDULED]:
        return min(coming, key=lambda round_: (round_.opens_at, round_.number))
    done = [round_ for phase, round_ in known if phase not in (Phase.DRAFT, Phase.CANCELLED)]
    return max(done, key=lambda round_: (round_.closes_at, round_.number), default=None)


def public_round(slug: str, number: int, now: datetime) -> Round:
    """Return one round of a listed contest with contest and rules; ``next_opens_at`` says when the following round
    opens. One query.

    Raises:
        NotFound: when there is none, or its contest is not public yet.
    """
    following = Round.objects.filter(
        contest=OuterRef("contest"),
        opens_at__gt=OuterRef("opens_at"),
        cancelled_at__isnull=True,
        closed_at__isnull=True,
    )
    round_ = (
        Round.objects.filter(contest__slug=slug, contest__listed_at__lte=now, number=number)
        .select_related("contest__unit", "rule_set")
        .annotate(next_opens_at=Subquery(following.order_by("opens_at").values("opens_at")[:1]))
        .first()
    )
    if round_ is None:
        raise NotFound
    return round_


def open_paper_of(user_id: int, now: datetime) -> Attempt | None:
    """The paper this person has in hand, with its round and contest, if any. One query."""
    return (
        Attempt.objects.filter(entry__resident__user_id=user_id, state=AttemptState.OPEN, accept_until__gte=now)
        .select_related("round__contest")
        .order_by("deadline")
        .first()
    )


def certificate_code(attempt: Attempt) -> str:
    """The code of the certificate in force for the attempt's round, "" where there is none; the better kind first."""
    codes = _certificates().filter(entry_id=attempt.entry_id, round_id=attempt.round_id)
    return codes.values_list("code", flat=True).first() or ""


def _certificates() -> QuerySet[Certificate]:
    # "winner" sorts after "participant".
    return Certificate.objects.filter(revoked_at__isnull=True).order_by("-kind")


def own_attempts(user_id: int, limit: int = 100) -> list[Attempt]:
    """A person's attempts in all contests, newest first, each with round, contest, rules and ``certificate`` (the
    code of a certificate in force for that round, or None). One query."""
    certificates = _certificates().filter(entry=OuterRef("entry"), round=OuterRef("round"))
    return list(
        Attempt.objects.filter(entry__resident__user_id=user_id)
        .select_related("round__contest", "round__rule_set", "entry")
        .annotate(certificate=Subquery(certificates.values("code")[:1]))
        .order_by("-started_at", "-pk")[:limit]
    )
