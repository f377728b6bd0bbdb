"""The socket of a contest's live board: public, names masked, nothing personal goes either way."""

from __future__ import annotations

import time

from realtime.boards import BoardSource, find_board
from realtime.consumers.base import UNAVAILABLE, LiveConsumer, Refused
from realtime.hub import Unavailable, hub
from realtime.protocol import NOWHERE, Close, Frame, Position
from realtime.room import GONE, Room
from realtime.threads import in_thread

ADDRESS_S = 10.0  # an address is asked for this seldom; a contest taken back ends its room by itself


class BoardConsumer(LiveConsumer):
    """Listens to /ws/board/<slug>/."""

    room: Room | None = None

    async def enter(self) -> None:
        """Join the contest's room; 4404 where there is no public board."""
        contest_id = await _board_at(self.scope["url_route"]["kwargs"]["slug"])
        try:
            room = await hub().enter(BoardSource(contest_id))
        except Unavailable:
            raise Refused(UNAVAILABLE, "unavailable", retry_ms=3000) from None
        if room.body == GONE:
            raise Refused(Close.NOT_FOUND, "not_found")
        self.room = room
        room.welcome(self)

    async def frame(self, frame: Frame) -> None:
        """The one question a board answers is resync."""
        if self.room is not None and frame.TYPE == "resync":
            self.room.send_state(self)

    async def leave(self) -> None:
        """Out of the room."""
        if self.room is not None:
            hub().leave(self.room, self)

    @property
    def position(self) -> Position:
        """Where the board is."""
        return self.room.position if self.room else NOWHERE


async def _board_at(slug: str) -> int:
    """The contest at this address. When a thousand phones come back at once, one query serves them all."""
    known, now = hub().addresses, time.monotonic()
    found = known.get(slug)
    if found is not None and found[0] > now:
        return found[1]
    contest_id = await in_thread(find_board)(slug=slug)
    if contest_id is None:
        known.pop(slug, None)
        raise Refused(Close.NOT_FOUND, "not_found")
    known[slug] = (now + ADDRESS_S, contest_id)
    return contest_id
