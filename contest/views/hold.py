"""What a browser session remembers of papers: the lease it was given, and questions flagged without JavaScript.

The session says which device holds a paper, the database knows the lease in force: explicit take-over (failures B3).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from contest.models import Attempt

_LEASES, _FLAGS = "leases", "flags"
# A shared device sees many papers in a day; what is old is of no use.
_MOST = 8
_SEQ_BITS, _MOST_LEASES = 16, 2**15 - 2


def hold(request: HttpRequest, attempt: Attempt) -> None:
    """Remember that this browser session works on ``attempt`` under its present lease."""
    _remember(request, _LEASES, attempt, attempt.lease)


def held_lease(request: HttpRequest, attempt: Attempt) -> int:
    """The lease this session was given, 0 if none: an answer under another lease than the one in force is refused."""
    return int(request.session.get(_LEASES, {}).get(attempt.public_id, 0))


def holds(request: HttpRequest, attempt: Attempt) -> bool:
    """Whether this session is the one device that may write."""
    return held_lease(request, attempt) == attempt.lease


def first_seq(attempt: Attempt) -> int:
    """The number below which this device numbers no answer: whoever holds the paper later always writes newer ones.

    65,536 answers for each take-over; numbers fit 31 bits for more than 32,000 of them.
    """
    return min(attempt.lease, _MOST_LEASES) << _SEQ_BITS


def flags_of(request: HttpRequest, attempt: Attempt) -> list[int]:
    """Numbers (1-based) of the questions this session flagged."""
    return [int(number) for number in request.session.get(_FLAGS, {}).get(attempt.public_id, [])]


def toggle_flag(request: HttpRequest, attempt: Attempt, number: int) -> None:
    """Flag a question, or take the flag away."""
    _remember(request, _FLAGS, attempt, sorted({number} ^ set(flags_of(request, attempt))))


def _remember(request: HttpRequest, name: str, attempt: Attempt, value: Any) -> None:
    others = {key: kept for key, kept in request.session.get(name, {}).items() if key != attempt.public_id}
    request.session[name] = dict(list(others.items())[1 - _MOST :]) | {attempt.public_id: value}
