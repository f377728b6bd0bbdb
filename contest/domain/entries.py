"""Taking part in a contest: one entry per resident, with the group and unit that count for it."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from django.db import IntegrityError, transaction

from contest.eligibility import Person, Refusal, check_person, group_of, is_ranked
from contest.enums import EntryStatus
from contest.errors import AttemptsUsed, ContestError, NotEligible, NotFound, RoundNotOpen, RoundOver
from contest.masking import may_be_minor
from contest.models import Contest, Entry, RuleSetVersion
from contest.rules import RuleSet
from contest.rules.enums import BarredRole
from contest.rules.words import VIETNAM
from people.enums import Role
from people.models import Resident, Unit
from people.queries.roles import can

_REFUSALS: dict[str, type[ContestError]] = {
    error.code: error for error in (NotEligible, RoundNotOpen, RoundOver, AttemptsUsed)
}

# Which roles of the house put a person on the conflict-of-interest list. Juries, secretaries and vendors hold the
# same roles; whoever else is on the list is barred by hand.
_ROLES_BARRED: dict[BarredRole, tuple[Role, ...]] = {
    BarredRole.ORGANIZERS: (Role.ORGANIZER,),
    BarredRole.HELPERS: (Role.HELPER,),
    BarredRole.QUESTION_WRITERS: (Role.AUTHOR, Role.REVIEWER),
    BarredRole.JURY: (Role.REVIEWER, Role.AUDITOR),
}


def enter_contest(*, resident: Resident, contest: Contest, now: datetime) -> Entry:
    """Enter a resident and return the entry; the second call returns the first entry unchanged.

    Raises:
        NotEligible: when the rules are not for this person.
        NotFound: when the contest is cancelled, has no rules yet, or the person's data were erased.
    """
    if contest.cancelled_at or resident.erased_at:
        raise NotFound
    entry = Entry.objects.filter(contest=contest, resident=resident).first()
    if entry is not None:
        return entry
    rules = rules_for_entry(contest)
    person = person_of(resident, contest, rules, unit=resident.unit)
    if refusal := check_person(rules, person, now=now):
        refuse(refusal)
    try:
        with transaction.atomic():
            return Entry.objects.create(
                contest=contest,
                resident=resident,
                full_name=resident.full_name,
                is_minor=may_be_minor(resident.birth_year, year=now.astimezone(VIETNAM).year),
                group=group_of(rules.groups, resident.category) or "",
                unit=resident.unit,
                status=EntryStatus.RANKED if is_ranked(rules, person) else EntryStatus.UNRANKED,
                registered_at=now,
            )
    except IntegrityError:
        return Entry.objects.get(contest=contest, resident=resident)


def rules_for_entry(contest: Contest) -> RuleSet:
    """Return the rules in force for entering: the newest version.

    Raises:
        NotFound: when there is none yet.
    """
    version = RuleSetVersion.objects.filter(contest=contest).order_by("-number").first()
    if version is None:
        raise NotFound
    return RuleSet.from_json(version.data)


def person_of(resident: Resident, contest: Contest, rules: RuleSet, *, unit: Unit) -> Person:
    """Return what eligibility looks at, with the conflict-of-interest list asked of the roles in force."""
    return Person(
        birth_year=resident.birth_year,
        category=resident.category,
        unit_path=unit.path,
        excluded=is_excluded(resident, contest, rules),
    )


def is_excluded(resident: Resident, contest: Contest, rules: RuleSet) -> bool:
    """Whether the rules' conflict-of-interest list names a role this person holds over the contest."""
    if resident.user.is_superuser:
        return BarredRole.TECHNICAL_STAFF in rules.exclusions.who
    roles = {role for barred in rules.exclusions.who for role in _ROLES_BARRED.get(barred, ())}
    return bool(roles) and can(resident.user, roles, unit=contest.unit, contest_ref=contest.public_id)


def refuse(refusal: Refusal) -> NoReturn:
    """Raise the error a refusal stands for, with its sentence."""
    raise _REFUSALS[refusal.code](refusal.message)
