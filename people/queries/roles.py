"""What may this person do, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from people.enums import Role
from people.models import RoleAssignment, Unit

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from people.models import User

ROOT_PATH = "VN"


def can(
    user: User | AbstractBaseUser | AnonymousUser,
    role_or_roles: Role | str | Iterable[Role],
    *,
    unit: Unit | str | None = None,
    contest_ref: str | None = None,
) -> bool:
    """Whether ``user`` holds one of the roles in the scope asked about. One query; fails closed.

    With ``unit`` (a unit or its path): a grant on that unit or on one above it. With ``contest_ref``: a grant on that
    contest. With both (a contest and the unit it belongs to): either. With neither: a grant anywhere. A superuser
    may everything; a closed account nothing.
    """
    if not _alive(user):
        return False
    if getattr(user, "is_superuser", False):
        return True
    grants = _grants(user, role_or_roles)
    if unit is None and not contest_ref:
        return bool(grants)
    path = (unit.path if isinstance(unit, Unit) else unit) or ""
    return any(
        (bool(contest_ref) and ref == contest_ref) or (granted is not None and path != "" and covers(granted, path))
        for granted, ref in grants
    )


def scope_paths(user: User | AbstractBaseUser | AnonymousUser, roles: Role | str | Iterable[Role]) -> list[str]:
    """Paths of the subtrees in which ``user`` holds one of ``roles``, sorted, without those inside another."""
    if not _alive(user):
        return []
    if getattr(user, "is_superuser", False):
        return [ROOT_PATH]
    paths = sorted({path for path, _ in _grants(user, roles) if path}, key=lambda path: (path.count("."), path))
    kept: list[str] = []
    for path in paths:
        if not any(covers(other, path) for other in kept):
            kept.append(path)
    return sorted(kept)


def scope_contests(user: User | AbstractBaseUser | AnonymousUser, roles: Role | str | Iterable[Role]) -> frozenset[str]:
    """Public ids of the contests in which ``user`` holds one of ``roles`` by a grant on the contest itself."""
    if not _alive(user):
        return frozenset()
    return frozenset(ref for _, ref in _grants(user, roles) if ref)


def covers(scope: str, path: str) -> bool:
    """Whether unit path ``path`` is ``scope`` or lies below it ("VN.5" does not cover "VN.52")."""
    return path == scope or path.startswith(f"{scope}.")


def lineage(path: str) -> list[str]:
    """Return a unit path and those above it: "VN.75.1" gives ["VN", "VN.75", "VN.75.1"]."""
    parts = path.split(".")
    return [".".join(parts[: length + 1]) for length in range(len(parts))]


def subtree(paths: Iterable[str], field: str = "path") -> Q:
    """Filter for rows whose ``field`` (a unit path) lies in one of the subtrees; nothing for no paths."""
    query = Q(pk__in=[])
    for path in paths:
        query |= Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}."})
    return query


def roles_held(user: User | AbstractBaseUser | AnonymousUser) -> frozenset[str]:
    """The roles a person holds anywhere. One query."""
    if not _alive(user):
        return frozenset()
    return frozenset(RoleAssignment.objects.filter(user_id=_pk(user)).values_list("role", flat=True))


def roles_of(user: User | AbstractBaseUser | AnonymousUser) -> list[RoleAssignment]:
    """Every grant of a person with its unit, oldest first."""
    if not _alive(user):
        return []
    return list(RoleAssignment.objects.filter(user_id=_pk(user)).select_related("unit").order_by("pk"))


def _alive(user: User | AbstractBaseUser | AnonymousUser) -> bool:
    return bool(user.is_authenticated and user.is_active and user.pk is not None)


def _pk(user: User | AbstractBaseUser | AnonymousUser) -> int:
    assert user.pk is not None, "asked only of living accounts"
    return int(user.pk)


def _grants(
    user: User | AbstractBaseUser | AnonymousUser, roles: Role | str | Iterable[Role]
) -> list[tuple[str | None, str]]:
    wanted = [roles] if isinstance(roles, str) else list(roles)
    return list(
        RoleAssignment.objects.filter(user_id=_pk(user), role__in=wanted).values_list("unit__path", "contest_ref")
    )
