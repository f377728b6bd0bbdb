"""How many points: from grades to points, exactly.

Grading says how right an answer is (0 to 1000 per mille), scoring turns that into points, ranking
says who is ahead. Points are integers in thousandths ("milli"), so partial credit is exact and equal
on every machine. Rounding happens once, half up, for each question; totals are plain sums, so the
points shown beside the questions always add up to the total.
"""

from collections.abc import Iterable
from dataclasses import dataclass

FULL_GRADE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One question of one paper: its grade (per mille), its points (milli), whether it was answered.

    A `voided` question counts as right for everybody.
    """

    grade_permille: int
    points_milli: int = 1000
    answered: bool = True
    voided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A paper's result. `complete` is false when the rules ask for every answer and one is missing."""

    points_milli: int
    full_points_milli: int
    correct_count: int
    question_count: int
    complete: bool = True

    @property
    def is_perfect(self) -> bool:
        """Every question entirely right, on a paper that counts."""
        return self.complete and self.correct_count == self.question_count > 0


def points_for(grade_permille: int, points_milli: int, *, partial_credit: bool) -> int:
    """Milli-points of one answer; without partial credit only an entirely right answer earns any."""
    if not 0 <= grade_permille <= FULL_GRADE or points_milli < 0:
        msg = f"grade {grade_permille} or points {points_milli} out of range"
        raise ValueError(msg)
    if not partial_credit:
        return points_milli if grade_permille == FULL_GRADE else 0
    return (points_milli * grade_permille + FULL_GRADE // 2) // FULL_GRADE


def score_paper(marks: Iterable[Mark], *, partial_credit: bool = False, require_all_answered: bool = False) -> Score:
    """Total one paper. Whether an incomplete paper may still be ranked is for the caller to refuse."""
    points = full = correct = count = 0
    complete = True
    for mark in marks:
        grade = FULL_GRADE if mark.voided else mark.grade_permille
        points += points_for(grade, mark.points_milli, partial_credit=partial_credit)
        full += mark.points_milli
        correct += grade == FULL_GRADE
        count += 1
        complete = complete and (mark.answered or mark.voided)
    return Score(
        points_milli=points,
        full_points_milli=full,
        correct_count=correct,
        question_count=count,
        complete=complete or not require_all_answered,
    )
