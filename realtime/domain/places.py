"""Which place the next person gets: in, reserve, spectator, or none. Holds for one batch under the event's lock."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Self

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from realtime.enums import LateJoin, Mode, Phase, PlayerStatus
from realtime.models import Event, Player
from realtime.rules import BellRules, EventRules

# Nobody comes in before the lobby, nor into an award ceremony.
SHUT = frozenset({Phase.DRAFT, Phase.PODIUM, Phase.ENDED, Phase.ABORTED})
SENT_OUT = (PlayerStatus.KICKED, PlayerStatus.BANNED)
KNOCK_AGAIN_MS = 5_000


class Refused(Exception):
    """Nobody more comes in; ``retry_ms`` below 0: trying again is no use."""

    def __init__(self, code: str, text: str, retry_ms: int = -1) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.retry_ms = retry_ms


@dataclass(slots=True)
class Places:
    """What is left. Golden bell: numbers 1…seats are the floor, the next ones its reserves; a number given back before
    the start is given out again."""

    event: Event
    rules: EventRules
    people: int
    taken: set[int]
    lowest: int = 1

    @classmethod
    def of(cls, event: Event, rules: EventRules) -> Self:
        """Read what is taken. One or two queries."""
        players = Player.objects.filter(event=event)
        people = players.aggregate(people=Count("pk", filter=~Q(status__in=SENT_OUT)))["people"]
        seats = players.filter(seat__isnull=False).values_list("seat", flat=True) if event.mode == Mode.BELL else ()
        return cls(event, rules, people, {seat for seat in seats if seat is not None})

    def next(self) -> tuple[PlayerStatus, int | None]:
        """Give the next place: (status, seat number). Raises Refused."""
        if self.event.phase in SHUT:
            raise Refused("over", _("Sự kiện này chưa mở hoặc đã kết thúc."))
        if self.event.locked:
            raise Refused("locked", _("Người dẫn đã khóa cửa. Mời bạn đợi người dẫn mở lại."), KNOCK_AGAIN_MS)
        if self.people >= self.rules.capacity:
            raise Refused("full", _("Phòng đã đủ người."), KNOCK_AGAIN_MS)
        place = self._place()
        self.people += 1
        return place

    def _place(self) -> tuple[PlayerStatus, int | None]:
        if self.event.phase != Phase.LOBBY and self.rules.late_join == LateJoin.CLOSED:
            return self._watch("late", _("Sự kiện đã bắt đầu nên không nhận thêm người chơi."))
        bell = self.rules.bell
        if bell is None:
            return PlayerStatus.IN, None
        seat = self.lowest = next(number for number in count(self.lowest) if number not in self.taken)
        if seat > bell.seats + bell.reserves:
            return self._watch("full", _("Sàn thi đấu đã đủ người."))
        self.taken.add(seat)
        return status_at(seat, bell), seat

    def _watch(self, code: str, text: str) -> tuple[PlayerStatus, int | None]:
        if not self.rules.spectators:
            raise Refused(code, text)
        return PlayerStatus.SPECTATOR, None


def status_at(seat: int, bell: BellRules) -> PlayerStatus:
    """What who takes this seat is at the start."""
    return PlayerStatus.IN if seat <= bell.seats else PlayerStatus.RESERVE
