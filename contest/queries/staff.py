"""Units and roles as an organizer's console shows them: only the own scope exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from contest.models import Contest
from people.enums import Role, UnitKind
from people.models import Resident, RoleAssignment, Unit, User
from people.queries.roles import ROOT_PATH, scope_contests, scope_paths, subtree
from people.queries.units import search_units, units_in_force
from people.text import search_key


@dataclass(frozen=True, slots=True)
class SizedUnit:
    """A unit with its head count and how many people of it have an account here."""

    unit: Unit
    residents: int


def sized_units(
    user: User | AnonymousUser, *, text: str = "", missing: bool = False, first: int = 0, number: int = 50
) -> list[SizedUnit]:
    """Units the person organizes in, by their place in the tree, or best match first where ``text`` asks for a name.

    Three queries; for a search four, and one more for each further subtree.
    """
    paths = scope_paths(user, Role.ORGANIZER)
    units: list[Unit] = []
    if text:
        # A search within a subtree finds what is below its root; the roots themselves and a code are asked for besides.
        exact = Q(code=text.strip()) | Q(path__in=paths, folded__contains=search_key(text) or "?")
        units += _in_scope(paths).filter(exact)
        for path in paths:
            units += search_units(text, within=None if path == ROOT_PATH else path, limit=first + number)
        units = [unit for unit in {unit.pk: unit for unit in units}.values() if not missing or unit.head_count is None]
        units = units[first : first + number]
    elif paths:
        found = _in_scope(paths)
        if missing:
            found = found.filter(head_count__isnull=True)
        units = list(found.order_by("path")[first : first + number])
    people = dict(
        Resident.objects.filter(unit__in=units, erased_at__isnull=True)
        .values_list("unit_id")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return [SizedUnit(unit, people.get(unit.pk, 0)) for unit in units]


def _in_scope(paths: Sequence[str]) -> QuerySet[Unit]:
    units = units_in_force().exclude(kind=UnitKind.NATION).filter(subtree(paths))
    return units.select_related("parent", "parent__parent")


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody holds. ``place`` is the unit's name or the contest's title."""

    assignment: RoleAssignment
    place: str
    own: bool


def grants_in_scope(user: User | AnonymousUser, *, text: str = "", first: int = 0, number: int = 50) -> list[Grant]:
    """Roles on units and contests the person organizes, newest first. Four queries."""
    grants = _grants(user)
    if text:
        digits = "".join(filter(str.isdigit, text))
        wanted = Q(user__full_name__icontains=text) | Q(user__username__icontains=text) | Q(user__email__icontains=text)
        grants = grants.filter(wanted | Q(user__phone__endswith=digits.lstrip("0")) if len(digits) > 2 else wanted)
    page = list(grants.order_by("-pk")[first : first + number])
    titles = dict(
        Contest.objects.filter(public_id__in=[one.contest_ref for one in page if one.contest_ref]).values_list(
            "public_id", "title"
        )
    )
    return [
        Grant(
            one, one.unit.name if one.unit is not None else titles.get(one.contest_ref, "–"), own=one.user_id == user.pk
        )
        for one in page
    ]


def grant_in_scope(user: User | AnonymousUser, pk: int) -> tuple[RoleAssignment, Unit | None] | None:
    """One such role with the unit of the contest it is on, or None."""
    grant = _grants(user).filter(pk=pk).first()
    if grant is None:
        return None
    contest = Contest.objects.filter(public_id=grant.contest_ref).select_related("unit").first()
    return grant, contest.unit if contest is not None else None


def _grants(user: User | AnonymousUser) -> QuerySet[RoleAssignment]:
    paths = scope_paths(user, Role.ORGANIZER)
    contests = Contest.objects.filter(
        subtree(paths, "unit__path") | Q(public_id__in=scope_contests(user, Role.ORGANIZER))
    )
    scope = subtree(paths, "unit__path") | Q(contest_ref__in=contests.values("public_id"))
    return RoleAssignment.objects.filter(scope).select_related("user", "unit", "granted_by")
