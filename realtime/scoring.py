"""How many points: small strategies, each able to say in one sentence what it does. Integers only, half rounded up.

Fairness, as decided here:

* Time is what the server measured, from opening to receiving. The first half second is free, so that the way of the question
  to the phone costs nobody points. A question's time is its own; seconds a host adds earn what the last moment earned.
* A streak counts wholly right answers in a row. Partly right breaks it; polls, word clouds, guesses and practice leave it alone.
* A bet puts half (1) or all (2) of the question's points on being right: won in full, lost in full, and a partly right
  answer neither wins nor loses it. Who says nothing loses nothing. Totals are plain sums and may fall below zero.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from realtime.enums import Play, Scoring
from realtime.game_state import PlanItem
from realtime.rules import EventRules

FULL = 1000  # per mille
FREE_MS = 500  # Kahoot: full points for an answer within half a second
STREAK_STEP = (
    100  # Kahoot's former streak bonus: 100 from the second right answer in a row, 100 more for each, at most 500
)
STREAK_STEPS = 5
BET_STEPS = 2


@dataclass(frozen=True, slots=True)
class Award:
    """``points`` of one answer (negative for a lost bet) and the ``streak`` after it."""

    points: int
    streak: int


@dataclass(frozen=True, slots=True)
class Course:
    """What a bonus must know of the whole event: how many questions give points, and the fewest points one gives."""

    questions: int
    smallest: int


def course_of(plan: Sequence[PlanItem]) -> Course:
    """Return the course of a running order. It is frozen at the start, so a recount finds the same bonuses."""
    points = [item.points for item in plan if item.scores]
    return Course(len(points), min(points, default=0))


def half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` rounded to the nearest integer, halves up; the denominator is positive."""
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass(frozen=True, slots=True)
class Answer:
    """One right or partly right answer as a strategy sees it. ``run``: the streak including this answer, 0 if it broke."""

    permille: int
    elapsed_ms: int
    limit_ms: int
    run: int


class Strategy(ABC):
    """One way of turning a right answer into points. Stateless; found by ``code``."""

    code: ClassVar[Scoring]

    @abstractmethod
    def points(self, item: PlanItem, answer: Answer, *, course: Course, streak: bool) -> int:
        """Points of an answer with ``permille`` above 0; ``streak``: whether the rules reward it."""

    @abstractmethod
    def explain(self, *, streak: bool) -> list[str]:
        """Sentences for players, in the language in force."""


class Accuracy(Strategy):
    """Right is right, however fast. A streak is shown but earns nothing."""

    code = Scoring.ACCURACY

    def points(self, item: PlanItem, answer: Answer, *, course: Course, streak: bool) -> int:
        return half_up(item.points * answer.permille, FULL)

    def explain(self, *, streak: bool) -> list[str]:
        return [_("Đúng là được trọn điểm của câu, nhanh hay chậm như nhau.")]


class Kahoot(Strategy):
    """points × (1 − t/T/2), full within half a second (Kahoot's help page, article 115002303908)."""

    code = Scoring.KAHOOT

    def points(self, item: PlanItem, answer: Answer, *, course: Course, streak: bool) -> int:
        full = half_up(item.points * answer.permille, FULL)
        late, limit = _lateness(answer), answer.limit_ms
        points = half_up(full * (2 * limit - late), 2 * limit)
        if streak and answer.run > 1:
            points += STREAK_STEP * min(answer.run - 1, STREAK_STEPS)
        return points

    def explain(self, *, streak: bool) -> list[str]:
        lines = [_("Đúng ngay thì được trọn điểm; càng gần hết giờ điểm càng giảm, còn một nửa ở giây cuối cùng.")]
        if streak:
            lines.append(
                _("Đúng liên tiếp được thưởng: thêm 100 điểm từ câu đúng thứ hai, mỗi câu thêm 100, nhiều nhất 500.")
            )
        return lines


class AccuracyFirst(Strategy):
    """Full points for right, and a bonus so small that all bonuses of an event together stay below one right answer.

    Each question may add at most ⌊(smallest − 1) / questions⌋; half of it rewards speed and half the streak, or all of it
    speed without streaks (the idea is Sendsteps': 500 a question, at most 499 bonus a quiz).
    """

    code = Scoring.ACCURACY_FIRST

    def points(self, item: PlanItem, answer: Answer, *, course: Course, streak: bool) -> int:
        points = half_up(item.points * answer.permille, FULL)
        if answer.permille < FULL or course.questions == 0:
            return points
        budget = (course.smallest - 1) // course.questions
        for_streak = budget // 2 if streak else 0
        points += (budget - for_streak) * (answer.limit_ms - _lateness(answer)) // answer.limit_ms
        return points + for_streak * min(max(answer.run - 1, 0), STREAK_STEPS) // STREAK_STEPS

    def explain(self, *, streak: bool) -> list[str]:
        bonus = _("Đúng nhanh và đúng liên tiếp được cộng một chút.") if streak else _("Đúng nhanh được cộng một chút.")
        return [bonus, _("Thêm một câu đúng luôn hơn mọi điểm thưởng cộng lại.")]


STRATEGIES: dict[Scoring, Strategy] = {kind.code: kind for kind in (Accuracy(), Kahoot(), AccuracyFirst())}


def _lateness(answer: Answer) -> int:
    return 0 if answer.elapsed_ms < FREE_MS else min(answer.elapsed_ms, answer.limit_ms)


def award(
    rules: EventRules,
    item: PlanItem,
    *,
    right_permille: int | None,
    elapsed_ms: int,
    limit_ms: int,
    streak: int,
    bet: int,
    course: Course,
) -> Award:
    """Points of one answer and the streak after it.

    ``right_permille`` None: no answer. ``limit_ms``: ``item.limit_ms``. ``streak``: before this question. ``bet`` 0, 1 or 2 is
    ignored unless the rules have bets. Closest guesses come as the share ``closest_points`` gave, and never depend on time.
    """
    if item.play in {Play.POLL, Play.CLOUD} or item.practice:
        return Award(0, streak)
    permille = min(max(right_permille or 0, 0), FULL)
    if item.play == Play.CLOSEST:
        return Award(half_up(item.points * permille, FULL), streak)
    run = streak + 1 if permille == FULL else 0
    if item.points <= 0 or right_permille is None:
        return Award(0, run)
    points = 0
    if permille:
        answer = Answer(permille, max(elapsed_ms, 0), max(limit_ms, 1), run)
        points = STRATEGIES[rules.scoring].points(item, answer, course=course, streak=rules.streak)
    return Award(points + (_bet(item, permille, bet) if rules.bets else 0), run)


def _bet(item: PlanItem, permille: int, bet: int) -> int:
    stake = half_up(item.points * min(max(bet, 0), BET_STEPS), BET_STEPS)
    return {FULL: stake, 0: -stake}.get(permille, 0)


def closest_points(distances: Sequence[Decimal | int], *, points: int) -> list[int]:
    """Points of guesses by the rank of their distance, in the order given; only those who guessed stand in the list.

    The nearest of n gets all points, then evenly less with the rank: points × (n − rank + 1) / n. Equal distances share a
    rank and its points.
    """
    count, places = Counter(distances), {}
    rank = 1
    for distance in sorted(count):
        places[distance] = rank
        rank += count[distance]
    total = len(distances)
    return [half_up(points * (total - places[distance] + 1), total) for distance in distances]
