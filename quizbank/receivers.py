"""What follows from what people announce: who is forgotten has learned nothing here."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from people.models import Resident
from people.signals import resident_erased
from quizbank.domain.forgetting import forget_learner


@receiver(resident_erased, sender=Resident)
def forget_the_learner(resident_id: int, **_facts: Any) -> None:
    """The account stays as an empty shell; cards and practice go."""
    person_id = Resident.objects.filter(pk=resident_id).values_list("user_id", flat=True).first()
    if person_id is not None:
        forget_learner(person_id=person_id)
