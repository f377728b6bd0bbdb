"""What scoring must read of a round: the only query of contests that fetches keys."""

from __future__ import annotations

from dataclasses import dataclass

from contest.enums import JobKind
from contest.grading import Column, Question, column
from contest.lru import Lru
from contest.models import Job, PoolItem, Round
from contest.queries.papers import rules_of
from contest.rules import RuleSet
from quizbank.kinds import get_kind


@dataclass(frozen=True, slots=True)
class RoundGrading:
    """A round with its rules and the grading tables of its pool; ``run`` is the number of the grading in force."""

    round: Round
    rules: RuleSet
    run: int
    columns: tuple[Column, ...]

    @property
    def open_columns(self) -> tuple[Column, ...]:
        """The tables whose characters are graded as they are met."""
        return tuple(table for table in self.columns if table.open)


_known: Lru[str, RoundGrading] = Lru(16)


def regrade_key(round_id: int, run: int) -> str:
    """Return the job key of one ordered regrade."""
    return f"regrade:{round_id}:{run}"


def grading_run(round_id: int) -> int:
    """Return the number of the grading in force: 1, and one more for each regrade that was ordered."""
    return 1 + Job.objects.filter(kind=JobKind.REGRADE, key__startswith=f"regrade:{round_id}:").count()


def grading_of(round_id: int) -> RoundGrading:
    """Return the grading tables in force. Raises Round.DoesNotExist."""
    contest_round = Round.objects.select_related("contest", "rule_set").get(pk=round_id)
    # Read before the keys: a key mended in between is then graded once more, never once too little.
    run = grading_run(round_id)
    name = "/".join(
        map(str, (contest_round.public_id, run, contest_round.rule_set.digest, contest_round.frozen_at,
                  contest_round.opens_at, contest_round.closes_at))
    )  # fmt: skip
    known = _known.get_many([name]).get(name)
    if known is not None:
        return known
    rules = rules_of(contest_round)
    items = PoolItem.objects.filter(round_id=round_id).select_related("version").order_by("position")
    columns = tuple(
        column(
            Question(
                position=item.position,
                kind=get_kind(item.version.kind),
                content=item.version.content,
                key=item.version.key if item.key_override is None else item.key_override,
                points_milli=item.points_milli,
                voided=item.voided,
            ),
            partial_credit=rules.points.partial_credit,
        )
        for item in items
    )
    grading = RoundGrading(contest_round, rules, run, columns)
    _known.put_many({name: grading})
    return grading


def forget_gradings() -> None:
    """Empty the memory (tests that change keys by hand)."""
    _known.clear()
