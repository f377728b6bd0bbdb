"""What the rules let a participant see of a finished paper, and when. Pure: the phase and the clock come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.enums import Phase
from contest.rules.enums import RevealAt
from contest.rules.schema import RuleSet

DECIDED = frozenset({Phase.REVIEW, Phase.PUBLISHED})

# A paper that arrived in time may still be on its way through a slow database (contest.domain.expiry).
SETTLE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Revealed:
    """``score`` also opens rank and board; ``explanations`` opens keys. The ``…_at`` say when, for the sentence."""

    score: bool
    explanations: bool
    score_at: RevealAt
    explanations_at: RevealAt


def revealed(rules: RuleSet, *, phase: Phase, closes_at: datetime, now: datetime) -> Revealed:
    """Return what is open to somebody whose own paper is closed.

    "At close" means: nobody can answer any more, the grace included. A cancelled round shows nothing more, because
    its questions may be asked again.
    """
    over = closes_at + timedelta(seconds=rules.time.grace_seconds) + SETTLE

    def due(when: RevealAt) -> bool:
        if phase is Phase.CANCELLED:
            return False
        match when:
            case RevealAt.AT_SUBMIT:
                return True
            case RevealAt.AT_CLOSE:
                # Closing early by decision closes open papers first, so the phase is enough.
                return phase in DECIDED or now > over
            case RevealAt.AT_PUBLISH:
                return phase is Phase.PUBLISHED
            case RevealAt.NEVER:
                return False

    return Revealed(
        due(rules.reveal.score), due(rules.reveal.explanations), rules.reveal.score, rules.reveal.explanations
    )
