"""Who wins what: from ranks and the rule set's prize table. Pure."""

from __future__ import annotations

from contest.rules.enums import PrizeScope
from contest.rules.parts import Prize, Prizes


def prize_for(prizes: Prizes, *, board: str, rank: int, scope: PrizeScope = PrizeScope.ROUND) -> Prize | None:
    """Return the prize of a rank on a board ("" = everybody, else a group's code), None when there is none.

    An exact tie at the border gives the prize to all who share the rank: deciding between them is for people.
    """
    for prize in prizes.of(scope):
        if (prize.group or "") == board and prize.rank_from <= rank <= prize.rank_to:
            return prize
    return None
