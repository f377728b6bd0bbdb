"""What follows from what contests announce: closed papers want points, results give questions their figures; and from what
people announce: who is forgotten has no name here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from contest.domain.forgetting import forget_entrant
from contest.domain.scoring import request_scoring
from contest.models import Attempt, PoolItem, Round
from contest.result_signals import result_completed
from contest.signals import attempt_submitted, attempts_expired
from contest.wake import FIGURES, wake
from people.models import Resident
from people.signals import resident_erased
from quizbank.signals import Use, uses_asked


@receiver(attempt_submitted, sender=Attempt)
def score_submitted(round_id: int, **_facts: Any) -> None:
    """A person has submitted: ask for the points."""
    request_scoring(round_id=round_id, now=timezone.now())


@receiver(attempts_expired, sender=Attempt)
def score_expired(round_ids: Iterable[int], **_facts: Any) -> None:
    """Time has closed papers: ask for the points."""
    for round_id in round_ids:
        request_scoring(round_id=round_id, now=timezone.now())


@receiver(result_completed, sender=Round)
def count_figures(**_facts: Any) -> None:
    """A round is closed, or closed again on a mended key: its questions get their figures."""
    wake(FIGURES)


@receiver(uses_asked, dispatch_uid="contest.uses")
def tell_uses(question_id: int, **_facts: Any) -> list[Use]:
    """The rounds that are over and had the question in their pool. One query."""
    over = PoolItem.objects.filter(version__question_id=question_id, round__closes_at__lte=timezone.now())
    rows = over.values_list("round__contest__title", "round__title", "version__number", "round__closes_at")
    return [Use(label=f"{contest}, {title}", version=number, at=at) for contest, title, number, at in rows]


@receiver(resident_erased, sender=Resident, dispatch_uid="contest.erased")
def forget_the_entrant(resident_id: int, **_facts: Any) -> None:
    """The results stay, the name goes."""
    forget_entrant(resident_id=resident_id)
