"""What people and the law do to units: add, rename, merge. Every change leaves the old version behind, dated."""

from __future__ import annotations

import re
import secrets
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from people.enums import UnitKind
from people.errors import AppError
from people.models import Resident, RoleAssignment, Unit
from people.text import search_key, tidy

MAX_PATH = 200
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


class UnitRefused(AppError):
    """A change to the units that would leave them inconsistent."""

    code = "unit_refused"
    message = _("Thay đổi này chưa hợp lệ với cây đơn vị.")
    status = 400


@transaction.atomic
def add_organisation(
    *, parent: Unit, name: str, on: date, code: str = "", legal_basis: str = "", head_count: int | None = None
) -> Unit:
    """Add an office, school, union or company below ``parent``. Adding the same name twice gives the same unit.

    ``code`` may be the organisation's own short code (letters, digits, - and _); one is made up where it is empty.
    Raises UnitRefused.
    """
    name = tidy(name)
    if not 2 <= len(name) <= MAX_PATH:
        raise UnitRefused(_("Tên đơn vị cần từ 2 đến 200 ký tự."), code="unit_name")
    if parent.valid_to is not None:
        raise UnitRefused(_("Đơn vị cấp trên đã hết hiệu lực. Mời bạn chọn đơn vị kế tục."), code="unit_closed")
    key = search_key(name)
    twin = parent.children.filter(kind=UnitKind.ORGANISATION, folded=key[:200], valid_to__isnull=True).first()
    if twin is not None:
        return twin
    code = code or f"O{secrets.token_hex(4)}"
    if not _CODE.fullmatch(code):
        raise UnitRefused(_("Mã đơn vị chỉ gồm chữ cái không dấu, chữ số, dấu - và _."), code="unit_code")
    if Unit.objects.filter(code=code, valid_to__isnull=True).exists():
        raise UnitRefused(_("Mã đơn vị này đã được dùng."), code="unit_code_taken", status=409)
    path = f"{parent.path}.{code}"
    if len(path) > MAX_PATH:
        raise UnitRefused(_("Cây đơn vị quá sâu: hãy đặt đơn vị này ở cấp cao hơn."), code="unit_too_deep")
    return Unit.objects.create(
        code=code,
        name=name,
        kind=UnitKind.ORGANISATION,
        parent=parent,
        path=path,
        valid_from=on,
        legal_basis=legal_basis,
        head_count=head_count,
    )


def rename_unit(*, unit: Unit, name: str, on: date, legal_basis: str = "") -> Unit:
    """Close ``unit`` on the day ``on`` and return its next version with the new name."""
    return change_unit(unit=unit, on=on, name=name, legal_basis=legal_basis)


def move_unit(*, unit: Unit, parent: Unit, on: date, legal_basis: str = "") -> Unit:
    """Close ``unit`` on the day ``on`` and return its next version below ``parent``, with everything below it."""
    return change_unit(unit=unit, on=on, parent=parent, legal_basis=legal_basis)


@transaction.atomic
def change_unit(
    *,
    unit: Unit,
    on: date,
    name: str | None = None,
    kind: str | None = None,
    parent: Unit | None = None,
    legal_basis: str = "",
) -> Unit:
    """Close ``unit`` on the day ``on``; return its next version with what the law changes: name, kind, place."""
    name = unit.name if name is None else tidy(name)
    if not 2 <= len(name) <= MAX_PATH:
        raise UnitRefused(_("Tên đơn vị cần từ 2 đến 200 ký tự."), code="unit_name")
    if parent is not None and (parent.path == unit.path or parent.path.startswith(f"{unit.path}.")):
        raise UnitRefused(_("Một đơn vị không thể nằm dưới chính nó."), code="unit_loop")
    _close(unit, on)
    former = unit.former if name == unit.name else _joined(unit.former, unit.name)
    following = Unit.objects.create(
        code=unit.code,
        name=name,
        kind=kind or unit.kind,
        parent=parent or unit.parent,
        path=f"{parent.path}.{unit.code}" if parent else unit.path,
        former=former,
        valid_from=on,
        legal_basis=legal_basis or unit.legal_basis,
        head_count=unit.head_count,
    )
    _hand_over(unit, following)
    return following


@transaction.atomic
def merge_units(*, units: list[Unit], into: Unit, on: date) -> Unit:
    """Close ``units`` on the day ``on`` in favour of ``into``, which takes over their people, roles and sub-units."""
    if into.valid_to is not None or any(unit.pk == into.pk for unit in units):
        raise UnitRefused(_("Đơn vị kế tục phải còn hiệu lực và khác các đơn vị được nhập."), code="unit_successor")
    if any(into.path.startswith(f"{unit.path}.") for unit in units):
        raise UnitRefused(_("Một đơn vị không thể nhập vào đơn vị nằm dưới nó."), code="unit_loop")
    for unit in units:
        _close(unit, on)
        _hand_over(unit, into)
    into.former = _joined(into.former, *(unit.name for unit in units))
    into.save()
    return into


def _joined(former: str, *names: str) -> str:
    return "; ".join(dict.fromkeys([*filter(None, former.split("; ")), *names]))[:300]


def _close(unit: Unit, on: date) -> None:
    if on <= unit.valid_from:
        raise UnitRefused(_("Ngày thay đổi phải sau ngày đơn vị bắt đầu có hiệu lực."), code="unit_date")
    # The condition makes one of two simultaneous closings lose.
    if Unit.objects.filter(pk=unit.pk, valid_to__isnull=True).update(valid_to=on) != 1:
        raise UnitRefused(_("Đơn vị này đã được thay đổi trước đó."), code="unit_closed", status=409)
    unit.valid_to = on


def _hand_over(old: Unit, new: Unit) -> None:
    """Give ``new`` what belongs to ``old`` today. Results keep the unit they were won for: they copy its path."""
    Unit.objects.filter(pk=old.pk).update(successor=new)
    old.successor = new
    Resident.objects.filter(unit=old).update(unit=new)
    for grant in RoleAssignment.objects.filter(unit=old):
        if RoleAssignment.objects.filter(user=grant.user, role=grant.role, unit=new).exists():
            grant.delete()
        else:
            RoleAssignment.objects.filter(pk=grant.pk).update(unit=new)
    Unit.objects.filter(parent=old, valid_to__isnull=True).update(parent=new)
    if new.path != old.path:
        below = list(Unit.objects.filter(path__startswith=f"{old.path}.", valid_to__isnull=True))
        for unit in below:
            unit.path = f"{new.path}{unit.path[len(old.path) :]}"
            if len(unit.path) > MAX_PATH:
                raise UnitRefused(_("Cây đơn vị quá sâu: hãy đặt đơn vị này ở cấp cao hơn."), code="unit_too_deep")
        Unit.objects.bulk_update(below, ["path"], batch_size=500)
