"""The keys of the ranking chain: what each compares, and how it explains itself.

Everything is an integer, smaller is better, moments count to the millisecond of the server's clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from contest.rules.enums import RankKey
from contest.rules.words import say_duration, say_instant, say_number, say_points, say_scaled

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
# No prediction is farther off than any prediction: distances are below 10^14 (9 digits, 5 decimals).
NO_PREDICTION = 2**62


class Rankable(Protocol):
    """What the chain reads of a row. Points in thousandths, `prediction_distance` scaled by the rule set's
    decimals (None: no prediction given), duration in milliseconds, moments aware."""

    @property
    def public_id(self) -> str: ...
    @property
    def points_milli(self) -> int: ...
    @property
    def correct_count(self) -> int: ...
    @property
    def prediction_distance(self) -> int | None: ...
    @property
    def duration_ms(self) -> int: ...
    @property
    def submitted_at(self) -> datetime: ...
    @property
    def attempts_used(self) -> int: ...
    @property
    def registered_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One person's counting attempt, as the ranking sees it (units: see `Rankable`)."""

    public_id: str
    points_milli: int
    correct_count: int
    duration_ms: int
    submitted_at: datetime
    registered_at: datetime
    prediction_distance: int | None = None
    attempts_used: int = 1


@dataclass(frozen=True, slots=True)
class Key:
    """One link of the chain: the integer it compares (smaller is better) and how it explains itself.

    `name` is what is compared; `reason(ahead, behind, decimals)` says it with both values.
    """

    value: Callable[[Rankable], int]
    name: Callable[[], str]
    reason: Callable[[Rankable, Rankable, int], str]


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970, rounded down; exact, no float."""
    return (moment - EPOCH) // MILLISECOND


def _distance(row: Rankable) -> int:
    return NO_PREDICTION if row.prediction_distance is None else row.prediction_distance


def _nearer(ahead: Rankable, behind: Rankable, decimals: int) -> str:
    mine = say_scaled(_distance(ahead), decimals)
    if behind.prediction_distance is None:
        return _("có câu dự đoán (lệch {mine}), người kia không dự đoán").format(mine=mine)
    theirs = say_scaled(behind.prediction_distance, decimals)
    return _("dự đoán gần hơn (lệch {mine} so với lệch {theirs})").format(mine=mine, theirs=theirs)


KEYS: Mapping[RankKey, Key] = {
    RankKey.POINTS: Key(
        value=lambda row: -row.points_milli,
        name=lambda: _("điểm"),
        reason=lambda ahead, behind, _decimals: _("nhiều điểm hơn ({mine} so với {theirs} điểm)").format(
            mine=say_points(ahead.points_milli), theirs=say_points(behind.points_milli)
        ),
    ),
    RankKey.CORRECT_COUNT: Key(
        value=lambda row: -row.correct_count,
        name=lambda: _("số câu đúng"),
        reason=lambda ahead, behind, _decimals: _("đúng nhiều câu hơn ({mine} so với {theirs} câu)").format(
            mine=say_number(ahead.correct_count), theirs=say_number(behind.correct_count)
        ),
    ),
    RankKey.PREDICTION_DISTANCE: Key(value=_distance, name=lambda: _("câu dự đoán"), reason=_nearer),
    RankKey.DURATION: Key(
        value=lambda row: row.duration_ms,
        name=lambda: _("thời gian làm bài"),
        reason=lambda ahead, behind, _decimals: _("làm bài nhanh hơn ({mine} so với {theirs})").format(
            mine=say_duration(ahead.duration_ms), theirs=say_duration(behind.duration_ms)
        ),
    ),
    RankKey.SUBMITTED_AT: Key(
        value=lambda row: epoch_ms(row.submitted_at),
        name=lambda: _("thời điểm nộp bài"),
        reason=lambda ahead, behind, _decimals: _("nộp bài sớm hơn ({mine} so với {theirs})").format(
            mine=say_instant(ahead.submitted_at), theirs=say_instant(behind.submitted_at)
        ),
    ),
    RankKey.ATTEMPTS_USED: Key(
        value=lambda row: row.attempts_used,
        name=lambda: _("số lượt đã dùng"),
        reason=lambda ahead, behind, _decimals: _("dùng ít lượt thi hơn ({mine} so với {theirs} lượt)").format(
            mine=say_number(ahead.attempts_used), theirs=say_number(behind.attempts_used)
        ),
    ),
    RankKey.REGISTERED_AT: Key(
        value=lambda row: epoch_ms(row.registered_at),
        name=lambda: _("thời điểm đăng ký"),
        reason=lambda ahead, behind, _decimals: _("đăng ký sớm hơn ({mine} so với {theirs})").format(
            mine=say_instant(ahead.registered_at), theirs=say_instant(behind.registered_at)
        ),
    ),
}
