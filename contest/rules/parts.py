"""The parts of a rule set: frozen values, every field with a default a small contest can live with.

Ranges and text lengths stand in the field metadata and are enforced by `contest.rules.parse`;
what involves two fields stands in `contest.rules.checks`. Source of the value space: the published
rules of 35 Vietnamese contests.
"""

from dataclasses import dataclass, field

from contest.rules.enums import (
    AttemptPer,
    BarredRole,
    BoardPolicy,
    CalendarKind,
    CollectiveMetric,
    ExclusionMode,
    MaskStyle,
    Nationality,
    PaperMode,
    PredictionAsked,
    PredictionRole,
    PredictionTarget,
    PrizeScope,
    RankKey,
    Residence,
    RevealAt,
)

MILLI = 1000  # points are stored in thousandths, so that partial credit stays exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """How rounds follow each other; the dates themselves belong to the rounds."""

    kind: CalendarKind = CalendarKind.SINGLE
    note: str = field(default="", metadata={"max_length": 500})


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBank:
    """Participants of `group` are dealt questions tagged `bank`, or written for the audience of that code."""

    group: str = field(default="", metadata={"min_length": 1, "max_length": 24})
    bank: str = field(default="", metadata={"min_length": 1, "max_length": 24})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a paper looks like; which questions it may hold is the round's blueprint."""

    question_count: int = field(default=10, metadata={"min": 1, "max": 200})
    options_per_question: int | None = field(default=None, metadata={"min": 2, "max": 6})
    mode: PaperMode = PaperMode.RANDOM
    by_topic: bool = False
    shuffle_questions: bool = True
    shuffle_options: bool = True
    require_all_answered: bool = False
    new_bank_each_round: bool = False
    separate_banks: tuple[GroupBank, ...] = field(default=(), metadata={"max_items": 20})

    def bank_of(self, group: str | None) -> str | None:
        """The bank tag for a group, None when all groups share one bank."""
        return next((row.bank for row in self.separate_banks if row.group == group), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """Minutes for one attempt (None: no limit inside the round) and the published grace, seconds."""

    minutes: int | None = field(default=15, metadata={"min": 1, "max": 600})
    grace_seconds: int = field(default=5, metadata={"min": 0, "max": 120})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """At most `limit` attempts (None: unlimited) per span."""

    limit: int | None = field(default=1, metadata={"min": 1, "max": 1000})
    per: AttemptPer = AttemptPer.ROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The prediction question: what is predicted, when it is asked, whom it separates.

    `decimals` are the digits after the comma of a percentage; counts have none.
    """

    target: PredictionTarget = PredictionTarget.NONE
    decimals: int = field(default=0, metadata={"min": 0, "max": 5})
    asked: PredictionAsked = PredictionAsked.ON_PAPER
    required: bool = False
    role: PredictionRole = PredictionRole.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The ordered chain of keys; the first one that differs decides."""

    keys: tuple[RankKey, ...] = field(
        default=(RankKey.POINTS, RankKey.DURATION), metadata={"min_items": 1, "max_items": 7}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A category of participants, with a ranking of its own if wanted."""

    code: str = field(default="", metadata={"min_length": 1, "max_length": 24})
    name: str = field(default="", metadata={"min_length": 1, "max_length": 120})
    categories: tuple[str, ...] = field(default=(), metadata={"max_items": 20, "max_length": 24})
    own_ranking: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricWeight:
    """One metric's share, percent, in the combined score of a unit."""

    metric: CollectiveMetric = CollectiveMetric.HEADCOUNT
    weight: int = field(default=100, metadata={"min": 1, "max": 100})


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTier:
    """Units of `min_size` to `max_size` people (None: and more) need `min_ratio_percent` taking part."""

    min_size: int = field(default=1, metadata={"min": 0, "max": 10_000_000})
    max_size: int | None = field(default=None, metadata={"min": 1, "max": 10_000_000})
    min_ratio_percent: int = field(default=0, metadata={"min": 0, "max": 100})


@dataclass(frozen=True, slots=True, kw_only=True)
class MandatoryQuota:
    """People who must take part, e.g. one-stop-shop staff: 100 %; leaders: at least 1 person."""

    code: str = field(default="", metadata={"min_length": 1, "max_length": 24})
    name: str = field(default="", metadata={"min_length": 1, "max_length": 120})
    min_percent: int | None = field(default=None, metadata={"min": 1, "max": 100})
    min_count: int | None = field(default=None, metadata={"min": 1, "max": 1_000_000})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """Units compared among themselves (provincial, commune, school …)."""

    code: str = field(default="", metadata={"min_length": 1, "max_length": 24})
    name: str = field(default="", metadata={"min_length": 1, "max_length": 120})


@dataclass(frozen=True, slots=True, kw_only=True)
class Collective:
    """How units are compared, and what a unit must reach to be compared at all."""

    metric: CollectiveMetric = CollectiveMetric.NONE
    weights: tuple[MetricWeight, ...] = field(default=(), metadata={"max_items": 7})
    size_tiers: tuple[SizeTier, ...] = field(default=(), metadata={"max_items": 10})
    mandatory: tuple[MandatoryQuota, ...] = field(default=(), metadata={"max_items": 10})
    min_participants: int = field(default=0, metadata={"min": 0, "max": 1_000_000})
    require_winner: bool = False
    target_percent: int | None = field(default=None, metadata={"min": 1, "max": 1000})
    blocs: tuple[Bloc, ...] = field(default=(), metadata={"max_items": 20})


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who may take part. Ages are completed in the calendar year (only the birth year is collected).

    `unit_paths` are prefixes of materialised unit paths; empty: every unit.
    """

    min_age: int | None = field(default=None, metadata={"min": 0, "max": 120})
    max_age: int | None = field(default=None, metadata={"min": 0, "max": 120})
    unit_paths: tuple[str, ...] = field(default=(), metadata={"max_items": 200, "max_length": 200})
    residence: Residence = Residence.ANYONE
    nationality: Nationality = Nationality.ANY
    relative_contact_allowed: bool = False
    note: str = field(default="", metadata={"max_length": 1000})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """The conflict-of-interest list: who is on it, and whether they may play without a rank."""

    mode: ExclusionMode = ExclusionMode.BLOCK
    who: tuple[BarredRole, ...] = field(
        default=(BarredRole.ORGANIZERS, BarredRole.JURY, BarredRole.SECRETARIES, BarredRole.HELPERS),
        metadata={"max_items": 7},
    )
    note: str = field(default="", metadata={"max_length": 1000})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """When the score, the explanations (and so the keys) and the board become visible."""

    score: RevealAt = RevealAt.AT_SUBMIT
    explanations: RevealAt = RevealAt.AT_CLOSE
    board: BoardPolicy = BoardPolicy.LIVE
    board_frozen_minutes: int = field(default=0, metadata={"min": 0, "max": 10_080})


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """How names appear in public; people who may be under 16 are never shown in full."""

    style: MaskStyle = MaskStyle.MASKED
    minors_style: MaskStyle = MaskStyle.INITIALS
    show_unit: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Prize:
    """One line of the prize table: ranks `rank_from` to `rank_to` get `value_vnd` (đồng) each."""

    scope: PrizeScope = PrizeScope.ROUND
    rank_from: int = field(default=1, metadata={"min": 1, "max": 100_000})
    rank_to: int = field(default=1, metadata={"min": 1, "max": 100_000})
    group: str | None = field(default=None, metadata={"min_length": 1, "max_length": 24})
    bloc: str | None = field(default=None, metadata={"min_length": 1, "max_length": 24})
    name: str = field(default="", metadata={"min_length": 1, "max_length": 120})
    value_vnd: int = field(default=0, metadata={"min": 0, "max": 10_000_000_000})

    @property
    def count(self) -> int:
        """How many prizes this line gives."""
        return max(0, self.rank_to - self.rank_from + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prizes:
    """The prize table. `cap_percent`: individual prizes never exceed this share of participants."""

    items: tuple[Prize, ...] = field(default=(), metadata={"max_items": 100})
    cap_percent: int | None = field(default=None, metadata={"min": 1, "max": 100})
    may_rebalance: bool = False

    def of(self, scope: PrizeScope) -> tuple[Prize, ...]:
        """The lines of one scope, in their written order."""
        return tuple(item for item in self.items if item.scope is scope)

    def individual_count(self) -> int:
        """The larger of the prizes of one round and of the whole contest."""
        return max(sum(item.count for item in self.of(scope)) for scope in (PrizeScope.ROUND, PrizeScope.OVERALL))

    def allowed(self, participants: int) -> int:
        """How many individual prizes the cap allows, rounded down."""
        if self.cap_percent is None:
            return self.individual_count()
        return min(self.individual_count(), participants * self.cap_percent // 100)

    def participants_needed(self) -> int:
        """The smallest number of participants for which the cap cuts no prize."""
        if self.cap_percent is None:
            return 0
        return -(-self.individual_count() * 100 // self.cap_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyPoints:
    """Points, in thousandths, by difficulty of the question."""

    easy_milli: int = field(default=MILLI, metadata={"min": 1, "max": 100 * MILLI})
    medium_milli: int = field(default=MILLI, metadata={"min": 1, "max": 100 * MILLI})
    hard_milli: int = field(default=MILLI, metadata={"min": 1, "max": 100 * MILLI})


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points, in thousandths, of one question, and whether partly right answers earn a part."""

    per_question_milli: int = field(default=MILLI, metadata={"min": 1, "max": 100 * MILLI})
    by_difficulty: DifficultyPoints | None = None
    partial_credit: bool = False

    def of(self, difficulty: str) -> int:
        """Points, in thousandths, of a question of this difficulty ("easy", "medium", "hard")."""
        table = self.by_difficulty
        if table is None:
            return self.per_question_milli
        by_name = {"easy": table.easy_milli, "medium": table.medium_milli, "hard": table.hard_milli}
        return by_name.get(difficulty, self.per_question_milli)

    def largest(self) -> int:
        """The most one question can bring, in thousandths."""
        table = self.by_difficulty
        if table is None:
            return self.per_question_milli
        return max(table.easy_milli, table.medium_milli, table.hard_milli, self.per_question_milli)
