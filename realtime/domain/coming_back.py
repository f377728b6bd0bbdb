"""Coming back after being sent out, and onto the floor for who only looked on: the seats, not yet the places.

A kick is not a ban. Who was kicked may come back by joining again with the same ticket or account while the door is open; a
ban holds until the host takes it back. Either way the seat is the one they had, and where they stand is what a recount of
their answers says: questions asked meanwhile were not answered. Judges may call in whoever that treats unfairly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from realtime.domain.places import SENT_OUT, status_at
from realtime.enums import PlayerStatus
from realtime.errors import BadCommand
from realtime.models import Event, Player
from realtime.rules import EventRules

_WRITTEN = ("status", "seat", "out_at", "left_as", "left_seat")


def take_back(event: Event, rules: EventRules, players: Sequence[Player]) -> None:
    """Give people who were sent out their seats again, as they took them; the caller counts anew. Row lock of the event
    held. A number that was given to somebody else meanwhile is replaced by the lowest free one."""
    taken = _taken(event)
    for player in players:
        watched = player.left_as == PlayerStatus.SPECTATOR
        if rules.bell is None:
            player.status = PlayerStatus.SPECTATOR if watched else PlayerStatus.IN
        else:
            if player.seat is None and not watched:
                player.seat = _free(taken, player.left_seat, most=rules.bell.seats + rules.bell.reserves)
            player.status = PlayerStatus.SPECTATOR if player.seat is None else status_at(player.seat, rules.bell)
        player.out_at, player.left_as, player.left_seat = None, "", None
    Player.objects.bulk_update(players, _WRITTEN)


def seat_spectators(event: Event, rules: EventRules, chosen: object) -> None:
    """Golden bell: give a number to those of the ``chosen`` ids who look on, so that the judges' call finds them on a seat.
    They wait as reserves until it is applied. Row lock of the event held.

    Raises:
        BadCommand: when somebody among them was sent out: they must be let in first.
    """
    people = Player.objects.filter(event=event, pk__in=chosen if isinstance(chosen, list | tuple) else [])
    if rules.bell is None or people.filter(status__in=SENT_OUT).exists():
        raise BadCommand
    lookers = list(people.filter(status=PlayerStatus.SPECTATOR).order_by("pk"))
    taken = _taken(event)
    for player in lookers:
        player.seat = player.seat or _free(taken, None)
        player.status = PlayerStatus.RESERVE
    Player.objects.bulk_update(lookers, ["seat", "status"])


def _taken(event: Event) -> set[int]:
    seats = Player.objects.filter(event=event, seat__isnull=False).values_list("seat", flat=True)
    return {seat for seat in seats if seat is not None}


def _free(taken: set[int], wanted: int | None, *, most: int | None = None) -> int | None:
    """The wanted number or the lowest free one, marked as taken; None when that lies beyond ``most``."""
    seat = wanted if wanted is not None and wanted not in taken else next(n for n in count(1) if n not in taken)
    if most is not None and seat > most:
        return None
    taken.add(seat)
    return seat
