"""What the bank asks and announces.

uses_asked  question_id: answered by whoever uses questions (contests, live events) with a list of ``Use``
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

uses_asked = Signal()


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a wording of a question was asked. Only what is over: that a question is in a paper to come would
    tell its author too much."""

    label: str
    version: int
    at: datetime


def uses_of(question_id: int) -> list[Use]:
    """Every use of a question, the latest first; a receiver that fails loses only its own uses."""
    answers = uses_asked.send_robust(None, question_id=question_id)
    uses = [use for _receiver, answer in answers if isinstance(answer, list) for use in answer]
    return sorted(uses, key=lambda use: use.at, reverse=True)
