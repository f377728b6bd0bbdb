"""Units compared: head count, ratio, mandatory people, winners, quality, or a weighted combination.

Pure: reads counts, compares exact fractions, and only rounds what is stored and shown. A unit that misses a
condition is listed with the reasons but has no rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import gettext as _

from contest.rules.enums import CollectiveMetric
from contest.rules.parts import Collective, MandatoryQuota
from contest.rules.words import say_number, say_percent

WHOLE_PERCENT = 100
WHOLE_PERMILLE = 1000
ONE = Fraction(1)
ZERO = Fraction(0)

# Metrics without a natural maximum: inside a combination they are compared with the best unit of the bloc.
_UNBOUNDED = (CollectiveMetric.HEADCOUNT, CollectiveMetric.WINNERS)
_RATIOS = (CollectiveMetric.RATIO, CollectiveMetric.RATIO_MIN_TIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaCount:
    """Of `people` who must take part, `took_part` did."""

    people: int
    took_part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCounts:
    """The counts of one unit in one result.

    `size` is the roster (None: unknown), `papers` the counting attempts (at most one a person), `points_milli`
    their sum, `full_points_milli` what one paper can reach, `perfect` papers with everything right.
    """

    public_id: str
    bloc: str = ""
    size: int | None = None
    participants: int = 0
    papers: int = 0
    points_milli: int = 0
    full_points_milli: int = 0
    perfect: int = 0
    winners: int = 0
    mandatory: Mapping[str, QuotaCount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRanked:
    """A unit's place in its bloc. `rank` is None when a condition is missed (`missing` says which, for people).

    `value` is what is stored: people for head counts and winners, milli-points for averages, per mille else.
    `unsized`: a ratio was asked for and the roster is unknown, so the ratio counted as 0.
    """

    unit: UnitCounts
    rank: int | None
    tied: bool
    value: int
    exact: Fraction
    missing: tuple[str, ...] = ()
    unsized: bool = False


def asks_ratio(rules: Collective) -> bool:
    """Whether the ratio of participants to roster decides, alone or as a part."""
    return rules.metric in _RATIOS or (
        rules.metric is CollectiveMetric.COMBINED and any(row.metric in _RATIOS for row in rules.weights)
    )


def ratio(unit: UnitCounts) -> Fraction:
    """Participants to roster, at most 1; 0 while the roster is unknown or empty."""
    return min(ONE, Fraction(unit.participants, unit.size)) if unit.size else ZERO


def mandatory_share(unit: UnitCounts) -> Fraction:
    """Of all people who must take part, the share that did, at most 1."""
    people = sum(count.people for count in unit.mandatory.values())
    took_part = sum(min(count.people, count.took_part) for count in unit.mandatory.values())
    return Fraction(took_part, people) if people else ZERO


def average_milli(unit: UnitCounts) -> Fraction:
    """Milli-points of an average paper."""
    return Fraction(unit.points_milli, unit.papers) if unit.papers else ZERO


def metric_value(unit: UnitCounts, metric: CollectiveMetric) -> Fraction:
    """The exact value of one simple metric (COMBINED needs the whole bloc, see `rank_units`)."""
    match metric:
        case CollectiveMetric.HEADCOUNT:
            return Fraction(unit.participants)
        case CollectiveMetric.RATIO | CollectiveMetric.RATIO_MIN_TIER:
            return ratio(unit)
        case CollectiveMetric.MANDATORY_SHARE:
            return mandatory_share(unit)
        case CollectiveMetric.WINNERS:
            return Fraction(unit.winners)
        case CollectiveMetric.AVERAGE_SCORE:
            return average_milli(unit)
        case CollectiveMetric.PERFECT_SHARE:
            return Fraction(unit.perfect, unit.papers) if unit.papers else ZERO
        case CollectiveMetric.NONE | CollectiveMetric.COMBINED:
            msg = f"{metric} is no simple metric"
            raise ValueError(msg)


def missing_conditions(unit: UnitCounts, rules: Collective) -> tuple[str, ...]:
    """What keeps a unit out of the ranking, one sentence each; empty when nothing does."""
    missing: list[str] = []
    if unit.participants < max(1, rules.min_participants):
        missing.append(
            _("Cần ít nhất {n} người dự thi, hiện có {have}.").format(
                n=say_number(max(1, rules.min_participants)), have=say_number(unit.participants)
            )
        )
    if (sentence := _tier_missing(unit, rules)) is not None:
        missing.append(sentence)
    missing.extend(
        _("Chưa đủ người bắt buộc dự thi: {who}.").format(who=quota.name)
        for quota in rules.mandatory
        if not _quota_met(quota, unit.mandatory.get(quota.code))
    )
    if rules.require_winner and unit.winners == 0:
        missing.append(_("Cần có ít nhất một người đạt giải cá nhân."))
    return tuple(missing)


def _tier_missing(unit: UnitCounts, rules: Collective) -> str | None:
    if not rules.size_tiers:
        return None
    if not unit.size:
        return _("Chưa có tổng số người của đơn vị nên chưa tính được tỉ lệ.")
    for tier in rules.size_tiers:
        if tier.min_size <= unit.size and (tier.max_size is None or unit.size <= tier.max_size):
            if unit.participants * WHOLE_PERCENT >= tier.min_ratio_percent * unit.size:
                return None
            return _("Cần ít nhất {n} số người của đơn vị dự thi.").format(n=say_percent(tier.min_ratio_percent))
    return None


def _quota_met(quota: MandatoryQuota, count: QuotaCount | None) -> bool:
    if count is None or count.people == 0:
        # A unit without such people cannot miss them; without data it has not shown anything yet.
        return count is not None
    enough_share = quota.min_percent is None or count.took_part * WHOLE_PERCENT >= quota.min_percent * count.people
    enough_people = quota.min_count is None or count.took_part >= min(quota.min_count, count.people)
    return enough_share and enough_people


def rank_units(units: Iterable[UnitCounts], rules: Collective) -> dict[str, list[UnitRanked]]:
    """The ranking of each bloc (key "" without blocs): ranked units first, best first, then the others.

    Equal value, then equal head count, then equal average: a shared rank (1, 2, 2, 4). Where a ratio is compared, a
    unit whose roster is unknown comes after all that have one, by its participants. Raises ValueError when the rules
    compare no units.
    """
    by_bloc: dict[str, list[UnitCounts]] = {}
    for unit in units:
        by_bloc.setdefault(unit.bloc if rules.blocs else "", []).append(unit)
    return {bloc: _rank_bloc(members, rules) for bloc, members in sorted(by_bloc.items())}


def _rank_bloc(units: Sequence[UnitCounts], rules: Collective) -> list[UnitRanked]:
    missing = {unit.public_id: missing_conditions(unit, rules) for unit in units}
    inside = [unit for unit in units if not missing[unit.public_id]]
    # Units outside the ranking set no standard for those inside.
    best = {metric: max((metric_value(unit, metric) for unit in inside), default=ZERO) for metric in _UNBOUNDED}
    exact = {unit.public_id: _value(unit, rules, best) for unit in units}

    def keys(unit: UnitCounts) -> tuple[Fraction, int, Fraction]:
        return (-exact[unit.public_id], -unit.participants, -average_milli(unit))

    inside.sort(key=lambda unit: (keys(unit), unit.public_id))
    outside = sorted((unit for unit in units if missing[unit.public_id]), key=lambda unit: (keys(unit), unit.public_id))
    ranked: list[UnitRanked] = []
    by_ratio = asks_ratio(rules)
    place = 0
    for index, unit in enumerate(inside):
        before = index > 0 and keys(inside[index - 1]) == keys(unit)
        after = index + 1 < len(inside) and keys(inside[index + 1]) == keys(unit)
        place = place if before else index + 1
        value = exact[unit.public_id]
        ranked.append(
            UnitRanked(
                unit=unit,
                rank=place,
                tied=before or after,
                value=stored(value, rules.metric),
                exact=value,
                unsized=by_ratio and not unit.size,
            )
        )
    for unit in outside:
        value = exact[unit.public_id]
        ranked.append(
            UnitRanked(
                unit=unit,
                rank=None,
                tied=False,
                value=stored(value, rules.metric),
                exact=value,
                missing=missing[unit.public_id],
                unsized=by_ratio and not unit.size,
            )
        )
    return ranked


def _value(unit: UnitCounts, rules: Collective, best: Mapping[CollectiveMetric, Fraction]) -> Fraction:
    if rules.metric is not CollectiveMetric.COMBINED:
        return metric_value(unit, rules.metric)
    return sum((_part(unit, row.metric, best) * Fraction(row.weight, WHOLE_PERCENT) for row in rules.weights), ZERO)


def _part(unit: UnitCounts, metric: CollectiveMetric, best: Mapping[CollectiveMetric, Fraction]) -> Fraction:
    """One metric as a part of 1."""
    value = metric_value(unit, metric)
    if metric in _UNBOUNDED:
        # A unit outside the ranking may exceed the best inside it.
        return min(ONE, value / best[metric]) if best[metric] else ZERO
    if metric is CollectiveMetric.AVERAGE_SCORE:
        return value / unit.full_points_milli if unit.full_points_milli else ZERO
    return value


def stored(value: Fraction, metric: CollectiveMetric) -> int:
    """The integer kept in the database, rounded half up: people, milli-points or per mille."""
    if metric not in {*_UNBOUNDED, CollectiveMetric.AVERAGE_SCORE}:
        value = value * WHOLE_PERMILLE
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
