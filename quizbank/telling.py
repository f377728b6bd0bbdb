"""Which of the options shown were right, once it may be told. Pure."""

from __future__ import annotations

from typing import Any

from quizbank.enums import KindCode
from quizbank.kinds.base import opaque_id


def right_ids(kind: str, key: dict[str, Any], seed: int) -> frozenset[str]:
    """Return the wire ids of the right options of a question one chooses from; nothing for other kinds."""
    right = key.get("right")
    match kind:
        case KindCode.SINGLE:
            labels = [str(right)]
        case KindCode.MULTIPLE:
            labels = [str(one) for one in right or ()]
        case KindCode.BOOLEAN:
            labels = ["T" if right else "F"]
        case _:
            labels = []
    return frozenset(opaque_id(seed, label) for label in labels)
