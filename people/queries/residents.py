"""Reading about residents and their consents."""

from __future__ import annotations

from django.db.models import QuerySet

from people.enums import Purpose
from people.models import ConsentRecord, Resident, User


def resident_of_user(user: User) -> Resident | None:
    """The profile of an account with its unit, or None where there is none or it was erased."""
    return (
        Resident.objects.select_related("unit", "unit__parent", "unit__parent__parent")
        .filter(user=user, erased_at__isnull=True)
        .first()
    )


def consents_in_force(resident: Resident) -> QuerySet[ConsentRecord]:
    """The proofs of what a resident agrees to now."""
    return ConsentRecord.objects.filter(resident=resident, withdrawn_at__isnull=True).order_by("purpose")


def has_consent(resident: Resident, purpose: Purpose | str) -> bool:
    """Whether a consent is in force."""
    return consents_in_force(resident).filter(purpose=purpose).exists()


def may_take_part(resident: Resident) -> bool:
    """Whether a resident is there and agrees to take part; asked before an attempt starts."""
    return resident.erased_at is None and has_consent(resident, Purpose.TAKE_PART)


def may_publish_name(residents: list[Resident]) -> set[int]:
    """Primary keys of those who agreed that their full name is published. One query for any number."""
    return set(
        ConsentRecord.objects.filter(
            resident__in=residents, purpose=Purpose.PUBLISH_NAME, withdrawn_at__isnull=True
        ).values_list("resident_id", flat=True)
    )
