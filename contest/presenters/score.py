"""A score in the words of its reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contest.rules.schema import RuleSet
from contest.rules.words import say_duration, say_points


@dataclass(frozen=True, slots=True)
class ScoreView:
    """``points`` and ``full`` are points as text ("18,5"), ``full`` is "" where papers differ in what they can bring."""

    points: str
    full: str
    correct: int
    total: int
    duration: str

    @property
    def perfect(self) -> bool:
        return self.correct == self.total


def view_score(rules: RuleSet, *, points_milli: int, correct: int, total: int, duration_ms: int | None) -> ScoreView:
    """Return the score of one closed paper of ``total`` questions."""
    full = "" if rules.points.by_difficulty else say_points(rules.points.per_question_milli * total)
    return ScoreView(
        points=say_points(points_milli),
        full=full,
        correct=correct,
        total=total,
        duration=say_duration(duration_ms) if duration_ms is not None else "",
    )


def weak_topics(results: Iterable[tuple[str, bool]]) -> list[tuple[str, int, int]]:
    """Return (topic, wrong, asked) of the topics with something wrong, most wrong first: what to study next."""
    asked: dict[str, int] = {}
    wrong: dict[str, int] = {}
    for topic, right in results:
        asked[topic] = asked.get(topic, 0) + 1
        wrong[topic] = wrong.get(topic, 0) + (not right)
    rows = [(topic, wrong[topic], asked[topic]) for topic in asked if wrong[topic]]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
