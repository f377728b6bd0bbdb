"""When a card should be seen again: spaced repetition by FSRS, wrapped so that it is pure and repeatable.

The same looks in the same order always give the same memory: no clock, no randomness (the library's "fuzz" is off). The
page's memory.js computes the same offline; tests/journeys/test_learn.py compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

import fsrs
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETENTION = 0.9
"""Share of cards still known when they come back; the library's default."""
LONGEST = 365
"""Days after which even the best known card is shown once more."""
LATEST_LOOKS = 60
"""So many latest looks of a card decide what is known of it: more than anybody needs, few enough to be replayed whatever
a device sends."""
LEARNING_STEPS = (timedelta(minutes=1), timedelta(minutes=10))
RELEARNING_STEPS = (timedelta(minutes=10),)

_SCHEDULER = fsrs.Scheduler(
    desired_retention=RETENTION,
    learning_steps=LEARNING_STEPS,
    relearning_steps=RELEARNING_STEPS,
    maximum_interval=LONGEST,
    enable_fuzzing=False,
)


class Rating(IntEnum):
    """What a person says after turning the card."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


RATING_WORDS: dict[Rating, str | Promise] = {
    Rating.AGAIN: _("Chưa nhớ"),
    Rating.HARD: _("Khó"),
    Rating.GOOD: _("Nhớ"),
    Rating.EASY: _("Dễ"),
}


@dataclass(frozen=True, slots=True, order=True)
class Look:
    """One look at a card. Looks are ordered by time; ``token`` decides between two of the same moment."""

    at: datetime
    token: str
    rating: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a card after some looks. ``state`` is JSON: fsrs.Card without its id."""

    state: dict[str, Any]
    due: datetime
    seen: int
    recalled: int
    first_recalled_at: datetime | None

    @property
    def settled(self) -> bool:
        """Whether the card has left its first steps and comes back after days."""
        return is_settled(self.state)


def is_settled(state: dict[str, Any]) -> bool:
    """Whether a stored state is past the first steps."""
    return bool(state.get("state") == fsrs.State.Review.value)


def remember(memory: Memory | None, look: Look) -> Memory:
    """Return the memory after one more look, which must not be older than those before it."""
    at = look.at.astimezone(UTC)
    card, _log = _SCHEDULER.review_card(_card_of(memory, at), fsrs.Rating(look.rating), at)
    state = dict(card.to_dict())
    del state["card_id"]
    right = look.rating > Rating.AGAIN
    before = memory.first_recalled_at if memory else None
    return Memory(
        state=state,
        due=card.due,
        seen=(memory.seen if memory else 0) + 1,
        recalled=(memory.recalled if memory else 0) + right,
        first_recalled_at=before or (at if right else None),
    )


def replay(looks: Iterable[Look]) -> Memory | None:
    """Return the memory after all ``looks``, in order of their time however they are given; None without any. Of more than
    LATEST_LOOKS the latest decide; all of them are counted."""
    ordered = sorted(looks)
    memory: Memory | None = None
    for look in ordered[-LATEST_LOOKS:]:
        memory = remember(memory, look)
    if memory is None or len(ordered) <= LATEST_LOOKS:
        return memory
    right = [look.at for look in ordered if look.rating > Rating.AGAIN]
    first = right[0].astimezone(UTC) if right else None
    return replace(memory, seen=len(ordered), recalled=len(right), first_recalled_at=first)


def next_dues(memory: Memory | None, now: datetime) -> dict[Rating, timedelta]:
    """Return for each rating how long the card would rest if it were given now."""
    return {rating: remember(memory, Look(now, "", rating)).due - now for rating in Rating}


def rules_for_pages() -> dict[str, Any]:
    """The scheduler's numbers as memory.js needs them: one place decides."""
    return {
        "w": list(_SCHEDULER.parameters),
        "retention": RETENTION,
        "longest": LONGEST,
        "learning": [step.total_seconds() for step in LEARNING_STEPS],
        "relearning": [step.total_seconds() for step in RELEARNING_STEPS],
    }


def _card_of(memory: Memory | None, at: datetime) -> fsrs.Card:
    if memory is None:
        return fsrs.Card(card_id=0, due=at)  # without an id the library waits a millisecond to invent one
    return fsrs.Card.from_dict({"card_id": 0, **memory.state})  # type: ignore[typeddict-item]
