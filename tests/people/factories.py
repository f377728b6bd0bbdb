"""People for tests: each made through the models with one call; names and phones are unique by a counter."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

from people.domain.residents import give_consent
from people.enums import Category, Purpose, Role, UnitKind
from people.models import ConsentRecord, Resident, RoleAssignment, Unit, User

_count = itertools.count(1)


def make_user(*, full_name: str = "Nguyễn Thị Lan", **fields: Any) -> User:
    """An account; give ``password=`` for one that signs in with a password, ``phone=`` for a verified phone."""
    if fields.get("phone"):
        fields.setdefault("phone_verified", True)
    return User.objects.create_user(full_name=full_name, **fields)


def make_nation() -> Unit:
    return Unit.objects.filter(code="VN", valid_to__isnull=True).first() or Unit.objects.create(
        code="VN", name="Việt Nam", kind=UnitKind.NATION, path="VN", valid_from=date(2025, 7, 1)
    )


def make_unit(name: str = "", *, parent: Unit | None = None, kind: str = "", code: str = "", **fields: Any) -> Unit:
    """A unit in force. Without a parent a province; below a province a commune; below that an organisation."""
    above = parent or make_nation()
    below = {UnitKind.NATION: UnitKind.PROVINCE, UnitKind.PROVINCE: UnitKind.COMMUNE}
    kind = kind or below.get(UnitKind(above.kind), UnitKind.ORGANISATION)
    number = next(_count)
    code = code or f"T{number}"
    fields.setdefault("valid_from", date(2025, 7, 1))
    return Unit.objects.create(
        code=code,
        name=name or f"Xã Thử Nghiệm {number}",
        kind=kind,
        parent=above,
        path=f"{above.path}.{code}",
        **fields,
    )


def make_resident(
    *,
    user: User | None = None,
    unit: Unit | None = None,
    full_name: str = "Nguyễn Thị Lan",
    birth_year: int = 1980,
    category: str = Category.CITIZEN,
    **fields: Any,
) -> Resident:
    """A resident with an account, a verified phone and the consent to take part."""
    user = user or make_user(full_name=full_name, phone=f"+8491{next(_count):07d}")
    unit = unit or make_unit(parent=make_unit("Tỉnh Thử Nghiệm"))
    resident = Resident.objects.create(
        user=user, full_name=full_name, birth_year=birth_year, category=category, unit=unit, **fields
    )
    make_consent(resident)
    return resident


def make_consent(resident: Resident, purpose: Purpose | str = Purpose.TAKE_PART) -> ConsentRecord:
    """The proof of a consent given yesterday."""
    return give_consent(resident=resident, purpose=purpose, now=datetime(2026, 11, 21, 2, 0, tzinfo=UTC))


def make_role(user: User, role: Role | str, *, unit: Unit | None = None, contest_ref: str = "") -> RoleAssignment:
    """A grant in one scope; the nation where none is named."""
    return RoleAssignment.objects.create(
        user=user, role=role, unit=unit if (unit or contest_ref) else make_nation(), contest_ref=contest_ref
    )
