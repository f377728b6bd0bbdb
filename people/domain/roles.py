"""Granting and taking back roles: nobody gives more than they hold, and nobody gives to themselves.

What each role may do is asked where it is done (``people.queries.roles.can``); this is the summary:
organizer: contests of the unit, and roles within it · author: writes questions · reviewer: approves others' questions ·
host: runs live events · helper: sits with people who need help · unit officer: sees the unit's numbers · auditor: reads
everything of the scope, changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from people.domain.audit import record
from people.enums import Role
from people.errors import AppError, NotAllowed
from people.models import RoleAssignment, Unit, User
from people.queries.roles import can


class GrantRefused(AppError):
    """The grant makes no sense or breaks the separation of duties."""

    code = "grant_refused"
    message = _("Chưa phân quyền được như vậy.")
    status = 400


@transaction.atomic
def grant_role(
    *,
    actor: User,
    user: User,
    role: Role | str,
    now: datetime,
    unit: Unit | None = None,
    contest_ref: str = "",
    contest_unit: Unit | None = None,
) -> RoleAssignment:
    """Give ``user`` a role on a unit's subtree or on one contest; granting twice gives the first grant.

    ``contest_unit`` is the unit a contest belongs to: its organizers may staff the contest. Raises NotAllowed,
    GrantRefused.
    """
    role = Role(role)
    if (unit is None) == (not contest_ref):
        raise GrantRefused(_("Một quyền gắn với đúng một đơn vị hoặc một cuộc thi."), code="grant_scope")
    if unit is not None and unit.valid_to is not None:
        raise GrantRefused(_("Đơn vị này đã hết hiệu lực. Mời bạn chọn đơn vị kế tục."), code="grant_unit_closed")
    if user.pk == actor.pk and not actor.is_superuser:
        raise GrantRefused(_("Bạn không tự phân quyền cho mình được; hãy nhờ người khác."), code="grant_self")
    if not can(actor, Role.ORGANIZER, unit=unit or contest_unit, contest_ref=contest_ref or None):
        raise NotAllowed
    scope = {"unit": unit, "contest_ref": contest_ref}
    grant = RoleAssignment.objects.filter(user=user, role=role, **scope).first()
    if grant is not None:
        return grant
    try:
        with transaction.atomic():
            grant = RoleAssignment.objects.create(user=user, role=role, granted_by=actor, **scope)
    except IntegrityError:
        return RoleAssignment.objects.get(user=user, role=role, **scope)
    record(actor=actor, verb="role.granted", subject=f"user:{user.public_id}", data=_data(grant), now=now)
    return grant


@transaction.atomic
def revoke_role(*, actor: User, grant: RoleAssignment, now: datetime, contest_unit: Unit | None = None) -> None:
    """Take a role back; taking it back twice changes nothing. One may always give up one's own. Raises NotAllowed."""
    own = grant.user_id == actor.pk
    scope = grant.unit or contest_unit
    if not own and not can(actor, Role.ORGANIZER, unit=scope, contest_ref=grant.contest_ref or None):
        raise NotAllowed
    if RoleAssignment.objects.filter(pk=grant.pk).delete()[0]:
        record(actor=actor, verb="role.revoked", subject=f"user:{grant.user.public_id}", data=_data(grant), now=now)


def _data(grant: RoleAssignment) -> dict[str, str]:
    return {
        "role": grant.role,
        "unit": grant.unit.path if grant.unit else "",
        "contest": grant.contest_ref,
    }
