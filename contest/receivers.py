"""What follows from what contests announce: closed papers want points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from contest.domain.scoring import request_scoring
from contest.models import Attempt
from contest.signals import attempt_submitted, attempts_expired


@receiver(attempt_submitted, sender=Attempt)
def score_submitted(round_id: int, **_facts: Any) -> None:
    """A person has submitted: ask for the points."""
    request_scoring(round_id=round_id, now=timezone.now())


@receiver(attempts_expired, sender=Attempt)
def score_expired(round_ids: Iterable[int], **_facts: Any) -> None:
    """Time has closed papers: ask for the points."""
    for round_id in round_ids:
        request_scoring(round_id=round_id, now=timezone.now())
