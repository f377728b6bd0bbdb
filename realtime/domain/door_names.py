"""Which names are taken in a room: the second "Lan" is "Lan (2)", and a banned name is nobody's any more."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Count, Q

from contest.masking import mask
from contest.rules.enums import MaskStyle
from realtime.enums import PlayerStatus
from realtime.models import Event, Player
from realtime.nicknames import NameRefused, clean, skeleton

LONGEST_LOOK = 200
ADULT_IN_A_HALL = 18
_PART = 900


@lru_cache(maxsize=8192)
def look_of(name: str) -> str:
    """What names are compared by: equal for names that look alike. Asked twice of each newcomer's name."""
    return skeleton(name)[:LONGEST_LOOK]


def masked_if_minor(full_name: str, birth_year: int | None, *, year: int) -> str:
    """How the hall reads the name on file of somebody who may be under 18: masked as in contests, "Nguyễn V** A**". "" for
    adults: as it is. Only the year of birth is known, so whoever turns 18 this year is guarded too, and so is an unknown one."""
    if birth_year is not None and year - birth_year > ADULT_IN_A_HALL:
        return ""
    return mask(full_name, MaskStyle.MASKED)


class NamesTaken:
    """The names of one room during one batch."""

    def __init__(self, event: Event, wishes: Iterable[str]) -> None:
        looks = list({look_of(wish) for wish in wishes})
        self.taken: dict[str, int] = {}
        self.banned: set[str] = set()
        for start in range(0, len(looks), _PART):
            rows = Player.objects.filter(event=event, skeleton__in=looks[start : start + _PART])
            counted = rows.values("skeleton").annotate(
                people=Count("pk"), banned=Count("pk", filter=Q(status=PlayerStatus.BANNED))
            )
            for row in counted:
                self.taken[row["skeleton"]] = row["people"]
                if row["banned"]:
                    self.banned.add(row["skeleton"])

    def give(self, wish: str, *, real: bool) -> tuple[str, str]:
        """Return (name, look) for the next person who wishes this name; people with ``real`` names keep them.

        Raises:
            NameRefused: when the name is not one, or was banned here.
        """
        name = wish[:100] if real else clean(wish)
        look = look_of(name)
        if look in self.banned and not real:
            raise NameRefused("taken")
        self.taken[look] = number = self.taken.get(look, 0) + 1
        return (name if number == 1 or real else f"{name} ({number})"), look
