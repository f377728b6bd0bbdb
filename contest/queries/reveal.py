"""The only way a key gets near a participant: asks the policy first, reads the keys afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.enums import AttemptState
from contest.models import Attempt, PoolItem
from contest.queries.papers import paper_of, rules_of
from contest.queries.phases import phase_of
from contest.reveal import Revealed, revealed
from contest.scoring import points_for
from contest.sheet import response_at
from quizbank.enums import KindCode
from quizbank.kinds import FULL
from quizbank.kinds.base import Key, Shown, Wire
from quizbank.translated import words_of


@dataclass(frozen=True, slots=True)
class ReviewedQuestion:
    """One question of a closed paper with everything the policy has opened. ``right`` and ``chosen`` are wire forms
    of choices ("" or [] elsewhere), ``right_text`` and ``chosen_text`` are what people read."""

    position: int
    kind: str
    stem: str
    shown: Shown
    chosen: Wire
    chosen_text: str
    right: Wire
    right_text: str
    grade_permille: int
    points_milli: int
    full_milli: int
    voided: bool
    key_changed: bool
    explanation: str
    citation: str
    citation_url: str
    topic: str
    extra: Mapping[str, Any]

    @property
    def is_right(self) -> bool:
        return self.voided or self.grade_permille == FULL


def reveal_of(attempt: Attempt, now: datetime) -> Revealed:
    """Return what the rules open to the owner of ``attempt`` now; nothing while the paper is in hand. No query."""
    rules = rules_of(attempt.round)
    open_to_all = revealed(rules, phase=phase_of(attempt.round, now), closes_at=attempt.round.closes_at, now=now)
    if attempt.state != AttemptState.OPEN:
        return open_to_all
    return Revealed(False, False, open_to_all.score_at, open_to_all.explanations_at)


def reviewed_paper(attempt: Attempt, now: datetime, *, language: str = "vi") -> list[ReviewedQuestion] | None:
    """Return the paper with keys and explanations, or None where the policy does not reveal them (yet). One query.
    Words are in the reader's language where they are translated."""
    if not reveal_of(attempt, now).explanations:
        return None
    facts = paper_of(attempt)
    rules = rules_of(attempt.round)
    rows = {
        item.position: item
        for item in PoolItem.objects.filter(round_id=attempt.round_id, position__in=facts.dealt).select_related(
            "version__question__topic"
        )
    }
    reviewed: list[ReviewedQuestion] = []
    for place, position in enumerate(facts.dealt):
        item, seed = facts.at(place)
        row = rows[position]
        key: Key = row.key_override or row.version.key
        canonical = response_at(item, attempt.sheet[position], attempt.extras.get(str(position), ""))
        grade = FULL if row.voided else item.kind.grade(item.content, key, canonical)
        right = _right(item.kind.code, key)
        words = words_of(row.version, language)
        reviewed.append(
            ReviewedQuestion(
                position=place,
                kind=item.kind.code,
                stem=words.stem,
                shown=item.kind.present(words.content, seed=seed, shuffle=rules.paper.shuffle_options),
                chosen=item.kind.write(item.content, canonical, seed=seed) if canonical else "",
                chosen_text=item.kind.tell_response(words.content, canonical),
                right=item.kind.write(item.content, right, seed=seed) if right else "",
                right_text=item.kind.tell_key(words.content, key),
                grade_permille=grade,
                points_milli=points_for(grade, row.points_milli, partial_credit=rules.points.partial_credit),
                full_milli=row.points_milli,
                voided=row.voided,
                key_changed=row.key_override is not None,
                explanation=words.explanation,
                citation=words.citation,
                citation_url=row.version.citation_url,
                topic=row.version.question.topic.name,
                extra=row.version.extra,
            )
        )
    return reviewed


def _right(kind: str, key: Key) -> str:
    """The canonical right response of the kinds whose options are marked on the page; "" for the others."""
    match kind:
        case KindCode.SINGLE:
            return str(key["right"])
        case KindCode.MULTIPLE:
            return "".join(sorted(key["right"]))
        case KindCode.BOOLEAN:
            return "T" if key["right"] else "F"
        case _:
            return ""
