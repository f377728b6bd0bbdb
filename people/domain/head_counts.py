"""How many people a unit has: what ratios are measured against, set by those who organize there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from people.domain.audit import record
from people.enums import Role
from people.errors import AppError, NotAllowed
from people.models import Unit, User
from people.queries.roles import covers, scope_paths

# More people than the largest province has would be a slip of the hand.
LARGEST = 20_000_000
SLICE = 500


class HeadCountRefused(AppError):
    """No unit has so many people."""

    code = "head_count"
    message = _("Số người của đơn vị phải từ 0 đến 20.000.000.")


@transaction.atomic
def set_head_counts(*, actor: User, counts: Mapping[str, int | None], now: datetime) -> int:
    """Set the head counts of units in force (code → people, None: unknown); returns how many changed.

    All or nothing, and one entry of the audit chain for the act. Raises NotAllowed for a code that is not within the
    actor's scope, HeadCountRefused.
    """
    if any(count is not None and not 0 <= count <= LARGEST for count in counts.values()):
        raise HeadCountRefused
    scope = scope_paths(actor, Role.ORGANIZER)
    units = Unit.objects.filter(code__in=list(counts), valid_to__isnull=True).order_by("pk")
    found = {unit.code: unit for unit in units.select_for_update()}
    if len(found) < len(counts) or any(not any(covers(path, one.path) for path in scope) for one in found.values()):
        raise NotAllowed
    changed = [unit for unit in found.values() if unit.head_count != counts[unit.code]]
    if not changed:
        return 0
    data = {unit.code: [unit.head_count, counts[unit.code]] for unit in changed}
    for unit in changed:
        unit.head_count = counts[unit.code]
    Unit.objects.bulk_update(changed, ["head_count"], batch_size=SLICE)
    subject = f"unit:{changed[0].code}" if len(changed) == 1 else "units"
    record(actor=actor, verb="unit.head_count", subject=subject, data={"counts": data}, now=now)
    return len(changed)
