"""Who is ahead: a chain of keys, compared one after the other; the first that differs decides.

Two people with equal keys share a rank (1, 2, 2, 4): an exact tie is shown as a tie and never decided by
an identifier. Inside a tie the public id only fixes the printed order. The keys stand in `contest.rank_keys`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from contest.rank_keys import KEYS, Rankable, epoch_ms
from contest.rank_keys import Contender as Contender
from contest.rules.enums import CountingPolicy, PredictionRole, RankKey
from contest.rules.schema import Chain
from contest.rules.words import join_words

TIEBREAK_SPAN = 2**31
# A double holds integers exactly up to 2^53; 2^53 / 2^31 points fit beside the tie-break.
MAX_COMPOSITE_POINTS = 2**22

Row = TypeVar("Row", bound=Rankable)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Row]):
    """A row with its competition rank, whether it shares it, and the integers that decided."""

    rank: int
    tied: bool
    row: Row
    keys: tuple[int, ...]


def _predicts(row: Rankable, chain: Chain, full_points_milli: int) -> bool:
    only_full = chain.prediction_role is PredictionRole.TIE_BREAK_FULL_SCORES
    return row.points_milli >= full_points_milli or not only_full


def keys_of(row: Rankable, chain: Chain, *, full_points_milli: int) -> tuple[int, ...]:
    """The integers of one row in the order of the chain; the lexicographically smallest row is first.

    In the role "tie-break among full scores" everybody below `full_points_milli` predicts equally well.
    """
    predicts = _predicts(row, chain, full_points_milli)
    return tuple(
        0 if key is RankKey.PREDICTION_DISTANCE and not predicts else KEYS[key].value(row) for key in chain.keys
    )


def rank(rows: Iterable[Row], chain: Chain, *, full_points_milli: int) -> list[Ranked[Row]]:
    """All rows, best first, with competition ranks. The result does not depend on the order of `rows`."""
    keyed = sorted(
        ((keys_of(row, chain, full_points_milli=full_points_milli), row.public_id, row) for row in rows),
        key=lambda item: item[:2],
    )
    ranked: list[Ranked[Row]] = []
    place = 0
    for index, (keys, _public_id, row) in enumerate(keyed):
        same_as_before = index > 0 and keyed[index - 1][0] == keys
        same_as_after = index + 1 < len(keyed) and keyed[index + 1][0] == keys
        if not same_as_before:
            place = index + 1
        ranked.append(Ranked(place, same_as_before or same_as_after, row, keys))
    return ranked


def why_ahead(one: Rankable, other: Rankable, chain: Chain, *, full_points_milli: int, decimals: int = 0) -> str:
    """One sentence that says what decided between two people, with both values.

    `decimals` are those of the prediction, whose distances are scaled integers.
    """
    mine = keys_of(one, chain, full_points_milli=full_points_milli)
    theirs = keys_of(other, chain, full_points_milli=full_points_milli)
    if mine == theirs:
        return _("Hai người bằng nhau ở mọi tiêu chí nên đồng hạng.")
    ahead, behind = (one, other) if mine < theirs else (other, one)
    place = next(index for index, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b)
    reason = KEYS[chain.keys[place]].reason(ahead, behind, decimals)
    # A prediction that did not count for these two is no point on which they were equal.
    predicted = _predicts(one, chain, full_points_milli) and one.prediction_distance is not None
    equal = [KEYS[key].name() for key in chain.keys[:place] if key is not RankKey.PREDICTION_DISTANCE or predicted]
    if not equal:
        return _("Người xếp trên {reason}.").format(reason=reason)
    return _("Hai người bằng nhau về {equal}; người xếp trên {reason}.").format(equal=join_words(equal), reason=reason)


def composite_score(points_milli: int, tiebreak: int) -> int:
    """One number for a sorted set, larger is better: points first, then the smaller tie-break.

    `tiebreak` is a duration in milliseconds (or any integer below 2^31, see `board_tiebreak`). The result stays
    below 2^53, so Redis' doubles hold it exactly.
    """
    if not 0 <= points_milli < MAX_COMPOSITE_POINTS:
        msg = f"points_milli {points_milli} does not fit a board score"
        raise ValueError(msg)
    if not 0 <= tiebreak < TIEBREAK_SPAN:
        msg = f"tie-break {tiebreak} does not fit a board score"
        raise ValueError(msg)
    return points_milli * TIEBREAK_SPAN + (TIEBREAK_SPAN - 1 - tiebreak)


def split_composite(score: float) -> tuple[int, int]:
    """Back from a board score to (points in thousandths, tie-break)."""
    points_milli, rest = divmod(int(score), TIEBREAK_SPAN)
    return points_milli, TIEBREAK_SPAN - 1 - rest


def board_tiebreak(row: Rankable, chain: Chain, *, opens_at: datetime) -> int:
    """The tie-break of the provisional board: the first key that is known before the round closes.

    The prediction is not (its truth is still unknown). Moments become seconds since `opens_at`: 68 years fit.
    Later keys are left to the final ranking, so equal board scores are shown as equal.
    """
    for key in chain.keys:
        match key:
            case RankKey.DURATION:
                return min(row.duration_ms, TIEBREAK_SPAN - 1)
            case RankKey.SUBMITTED_AT:
                return min(max(0, (row.submitted_at - opens_at) // timedelta(seconds=1)), TIEBREAK_SPAN - 1)
            case RankKey.ATTEMPTS_USED:
                return min(row.attempts_used, TIEBREAK_SPAN - 1)
            case _:
                continue
    return 0


class Countable(Protocol):
    """What choosing the counting attempt reads. `week` is the key of the week the attempt belongs to
    (`contest.periods.week_key`); `public_id` only settles attempts equal in everything."""

    @property
    def public_id(self) -> str: ...
    @property
    def points_milli(self) -> int: ...
    @property
    def duration_ms(self) -> int: ...
    @property
    def submitted_at(self) -> datetime: ...
    @property
    def week(self) -> str: ...


Attempt = TypeVar("Attempt", bound=Countable)


def _better(attempt: Countable, policy: CountingPolicy) -> tuple[int | str, ...]:
    # The prediction has no say here: many attempts would be many guesses.
    points, duration, moment = -attempt.points_milli, attempt.duration_ms, epoch_ms(attempt.submitted_at)
    match policy:
        case CountingPolicy.ONLY | CountingPolicy.FIRST:
            return (moment, attempt.public_id)
        case CountingPolicy.LAST:
            return (-moment, attempt.public_id)
        case CountingPolicy.BEST_EARLIEST:
            return (points, moment, duration, attempt.public_id)
        case _:
            return (points, duration, moment, attempt.public_id)


def counting_attempt(attempts: Iterable[Attempt], policy: CountingPolicy) -> Attempt | None:
    """The attempt of one round that counts, None without attempts.

    Best: most points, then the shorter, then the earlier one. Best and earliest: most points, then the earlier.
    """
    return min(attempts, key=lambda attempt: _better(attempt, policy), default=None)


def counting_attempts(attempts: Iterable[Attempt], policy: CountingPolicy) -> tuple[Attempt, ...]:
    """The attempts that make up a person's overall result, earliest week first.

    For "sum of weeks" the best one of each week (their points are summed); for every other policy at most one.
    """
    if policy is not CountingPolicy.SUM_OF_WEEKS:
        chosen = counting_attempt(attempts, policy)
        return () if chosen is None else (chosen,)
    by_week: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_week.setdefault(attempt.week, []).append(attempt)
    return tuple(min(by_week[week], key=lambda attempt: _better(attempt, policy)) for week in sorted(by_week))
