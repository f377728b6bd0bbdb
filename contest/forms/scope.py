"""Which units an organizer may give a contest to, found as they type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AnonymousUser

from people.enums import Role
from people.models import Unit, User
from people.queries.roles import ROOT_PATH, covers, scope_paths
from people.queries.units import search_units, unit_by_code, units_in_force
from people.text import search_key

FOUND_LIMIT = 12


class UnitScope:
    """The subtrees in which a person organizes (or has ``roles``). Two queries for the roots, one for each search and
    subtree."""

    def __init__(self, user: User | AnonymousUser, roles: Role | Iterable[Role] = Role.ORGANIZER) -> None:
        self.paths = scope_paths(user, roles)
        self.roots: Sequence[Unit] = (
            list(
                units_in_force().filter(path__in=self.paths).select_related("parent", "parent__parent").order_by("path")
            )
            if self.paths
            else []
        )

    def allows(self, unit: Unit) -> bool:
        return any(covers(path, unit.path) for path in self.paths)

    def find(self, text: str) -> list[Unit]:
        """Units within the scope whose name fits; the roots of the scope where nothing is typed."""
        key = search_key(text)
        if not key:
            return list(self.roots)[:FOUND_LIMIT]
        found = [root for root in self.roots if key in root.folded]
        for path in self.paths:
            found += search_units(text, within=None if path == ROOT_PATH else path, limit=FOUND_LIMIT)
        return list({unit.pk: unit for unit in found}.values())[:FOUND_LIMIT]

    def codes(self, asked: Iterable[str]) -> set[str]:
        """Which of these codes are units the person organizes. One query."""
        units = units_in_force().filter(code__in=list(asked)).values_list("code", "path")
        return {code for code, path in units if any(covers(root, path) for root in self.paths)}

    def get(self, code: str) -> Unit | None:
        """The unit of this code if the person organizes there."""
        unit = unit_by_code(code) if code else None
        return unit if unit is not None and self.allows(unit) else None
