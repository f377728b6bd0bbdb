"""What the one big button of a contest page does for this visitor now, and the sentence beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contest.eligibility import Refusal
from contest.enums import Phase


class Action(StrEnum):
    """Where the button leads."""

    CONTINUE = "continue"  # the open paper
    ENTER = "enter"  # the round's page
    RESULT = "result"  # the own last result
    BOARD = "board"
    SIGN_UP = "sign_up"  # before a round opens
    PROFILE = "profile"  # what is missing in it
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Door:
    """``attempt`` is the public id behind CONTINUE and RESULT; ``note`` says why when the door is shut."""

    action: Action
    attempt: str = ""
    note: str = ""


def door_of(
    *, phase: Phase, refusal: Refusal | None, known: bool, open_attempt: str = "", last_attempt: str = ""
) -> Door:
    """``known``: the visitor has a completed profile."""
    note = refusal.message if refusal else ""
    if phase is Phase.OPEN and open_attempt:
        return Door(Action.CONTINUE, open_attempt)
    if phase is Phase.OPEN and refusal is None:
        return Door(Action.ENTER, last_attempt)
    if phase in (Phase.DRAFT, Phase.SCHEDULED):
        if refusal and refusal.reason not in ("not_open", "draft"):
            return Door(Action.NONE, note=note)
        return Door(Action.NONE if known else Action.SIGN_UP)
    if phase is Phase.CANCELLED:
        return Door(Action.NONE)
    if last_attempt:
        return Door(Action.RESULT, last_attempt, note if phase is Phase.OPEN else "")
    return Door(Action.BOARD, note=note if phase is Phase.OPEN else "")
