"""Standing before a round: may this person start, and if not, why not. Reads only; starting decides for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from contest.domain.entries import is_excluded
from contest.eligibility import Person, Refusal, Window, check_eligibility, check_person
from contest.enums import Phase
from contest.models import Round
from contest.queries.papers import rules_of
from contest.queries.phases import phase_of
from contest.queries.taking import Taking, taking_of
from contest.rules.schema import RuleSet


@dataclass(frozen=True, slots=True)
class Welcome:
    """What to show at the door. ``taking`` is None for a stranger or somebody without a profile, ``refusal`` the
    first reason against starting now, also for strangers (a closed door is closed for everybody)."""

    phase: Phase
    taking: Taking | None
    refusal: Refusal | None

    @property
    def may_start(self) -> bool:
        return self.taking is not None and self.refusal is None

    @property
    def open_attempt(self) -> str:
        return self.taking.open_attempt if self.taking and self.phase is Phase.OPEN else ""


def welcome(*, user_id: int | None, round_: Round, now: datetime, next_opens_at: datetime | None = None) -> Welcome:
    """Look at the round for one visitor. One query for a person, none for a stranger; two more for somebody who
    holds a role of the house (the conflict-of-interest list)."""
    phase = phase_of(round_, now)
    taking = taking_of(user_id, round_, now) if user_id else None
    if phase is Phase.CANCELLED:
        return Welcome(phase, taking, Refusal(code="round_over", reason="cancelled", message=""))
    if phase is Phase.DRAFT:
        return Welcome(phase, taking, Refusal(code="round_not_open", reason="draft", message=""))
    rules = rules_of(round_)
    window = Window(opens_at=round_.opens_at, closes_at=round_.closes_at, next_round_opens_at=next_opens_at)
    if taking is None:
        return Welcome(phase, None, _hour(window, now))
    if taking.barred:
        return Welcome(phase, taking, Refusal(code="not_eligible", reason="barred", message=taking.entry_reason))
    if not taking.agrees:
        message = _("Bạn đã rút lại đồng ý tham gia cuộc thi. Đồng ý trở lại thì bạn dự thi được ngay.")
        return Welcome(phase, taking, Refusal(code="not_eligible", reason="consent", message=message))
    resident = taking.resident
    person = Person(
        birth_year=resident.birth_year,
        category=resident.category,
        unit_path=resident.unit.path,
        excluded=taking.has_roles and is_excluded(resident, round_.contest, rules),
    )
    if phase not in (Phase.SCHEDULED, Phase.OPEN):
        return Welcome(phase, taking, check_person(rules, person, now=now) or _hour(window, max(now, round_.closes_at)))
    refusal = check_eligibility(rules=rules, person=person, window=window, attempts_used=taking.used, now=now)
    return Welcome(phase, taking, refusal)


def _hour(window: Window, now: datetime) -> Refusal | None:
    """What the clock alone says, for anybody."""
    anybody = Person(birth_year=None, category="", unit_path=None)
    return check_eligibility(rules=RuleSet(), person=anybody, window=window, attempts_used=0, now=now)
