"""Simulated players of a rehearsal: who answers what, and when. Pure; the same secret gives the same rehearsal."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from quizbank.kinds.base import option_labels

SILENT, RIGHT = 0.06, 0.72
"""Of a hundred, so many say nothing; of the others so many are right."""
FASTEST_MS = 900

NAMES = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Khánh",
    "Lan",
    "Minh",
    "Nga",
    "Phúc",
    "Quyên",
    "Sơn",
    "Thảo",
    "Uyên",
    "Vinh",
)


@dataclass(frozen=True, slots=True)
class Move:
    """One bot's answer to one opening of a question: ``after_ms`` from its opening."""

    response: str
    after_ms: int


def name_of(number: int) -> str:
    """The name of bot ``number`` (from 1)."""
    return f"{NAMES[number % len(NAMES)]} {number}"


def move_of(
    kind: str, content: dict[str, Any], key: dict[str, Any], *, limit_ms: int, secret: str, instance: int, player: int
) -> Move | None:
    """What this bot does, None for saying nothing."""
    random = Random(f"bot:{secret}:{instance}:{player}")
    if random.random() < SILENT:
        return None
    right = random.random() < RIGHT
    # Most are quick, some think until the last second.
    after = FASTEST_MS + int((limit_ms - FASTEST_MS) * min(1.0, random.betavariate(1.6, 4.2)))
    return Move(_response(kind, content, key, right=right, random=random), max(0, min(after, limit_ms - 1)))


def _response(kind: str, content: dict[str, Any], key: dict[str, Any], *, right: bool, random: Random) -> str:
    match kind:
        case "single":
            labels = option_labels(content)
            return str(key["right"]) if right else random.choice([one for one in labels if one != key["right"]])
        case "multiple":
            chosen = set(key["right"]) if right else {random.choice(option_labels(content))}
            return "".join(sorted(chosen))
        case "boolean":
            return "T" if bool(key["right"]) == right else "F"
        case "numeric":
            value = str(key["value"])
            return value if right else str(random.randint(1, 999))
        case "ordering":
            order = list(key["order"])
            if not right:
                random.shuffle(order)
            return "".join(order)
        case "matching":
            rights = option_labels(content, "rights")
            pairs = [key["pairs"][left] for left in option_labels(content, "lefts")]
            return "".join(pairs if right else [random.choice(rights) for _ in pairs])
        case _:
            return str(key["accept"][0]) if right else random.choice(NAMES)
