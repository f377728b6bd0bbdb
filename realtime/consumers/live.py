"""The four sockets of a live event: a player's, the wall's, the desk's (host, co-host, remote) and a marshal's.

Each translates: frame in, one call to the hall, frame out. Which frames a socket may send at all stands in
``realtime.authority.SPEAKS``; what a command may do is asked in the transaction that does it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import DatabaseError
from django.utils.translation import override

from contest.arrivals import now_utc
from contest.writer import Busy
from people.errors import AppError
from realtime import doors
from realtime.authority import SPEAKS, Channel
from realtime.consumers.base import UNAVAILABLE, LiveConsumer, Refused
from realtime.domain.answering import AnswerCode
from realtime.domain.grants import check_grant
from realtime.domain.joining import Denied, Seat
from realtime.enums import GrantRole
from realtime.hall import Gone, Hall
from realtime.hall_texts import Part, Place
from realtime.hub import NoSuchEvent, Unavailable, hub
from realtime.live_frames import (
    LIVE_CLIENT,
    Ack,
    Answer,
    Command,
    Done,
    Join,
    RefusedCommand,
    Resume,
    Seated,
    Watch,
)
from realtime.live_frames import Denied as DeniedFrame
from realtime.protocol import NOWHERE, Close, Error, Frame, Position
from realtime.threads import in_thread
from realtime.visitors import language_of, query_of, user_id_of

log = logging.getLogger(__name__)

MOST_WITHOUT_PLACE = 6_000  # sockets of one event in one process that have not joined yet
WRONG_PATTERNS = 5  # on one socket, then it is closed


class HallConsumer(LiveConsumer):
    """What the four share."""

    speaks: ClassVar[Mapping[str, type[Frame]]] = LIVE_CLIENT
    channel: ClassVar[Channel]
    hall: Hall | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrived = asyncio.Event()

    async def enter(self) -> None:
        """Into the hall, where there is one; 4404 where not."""
        try:
            hall = await hub().enter_hall(self.scope["url_route"]["kwargs"]["event"])
            await self.admit(hall)
            if len(hall.greeted) >= MOST_WITHOUT_PLACE:
                raise Refused(UNAVAILABLE, "full", retry_ms=3000)
            self.hall = hall
            hall.greet(self)
            self.placed(hall)
        except NoSuchEvent:
            raise Refused(Close.NOT_FOUND, "not_found") from None
        except Unavailable:
            raise Refused(UNAVAILABLE, "unavailable", retry_ms=3000) from None
        finally:
            self.arrived.set()

    async def admit(self, hall: Hall) -> None:
        """Whether this socket may come in; raises Refused."""

    def placed(self, hall: Hall) -> None:
        """Take the place that needs no word from the client."""

    async def frame(self, frame: Frame) -> None:
        """Only what this socket may say, and only once it is in."""
        await self.arrived.wait()
        if self.hall is None:
            return
        if frame.TYPE not in SPEAKS[self.channel]:
            self.say(Error(**self.at, code="not_allowed"))
        elif frame.TYPE == "resync":
            self.hall.send_state(self)
        else:
            try:
                await self.heard(self.hall, frame)
            except DatabaseError as error:
                log.warning("live event %s: the database did not answer: %s", self.hall.public_id, error)
                raise Refused(UNAVAILABLE, "unavailable", retry_ms=2000) from None

    async def heard(self, hall: Hall, frame: Frame) -> None:
        """A frame this socket may say."""

    async def leave(self) -> None:
        """Out of the hall."""
        self.arrived.set()
        if self.hall is not None:
            self.hall.leave(self)

    @property
    def position(self) -> Position:
        """Where the event is."""
        return self.hall.position if self.hall else NOWHERE

    @property
    def at(self) -> dict[str, int]:
        """The position as fields of a frame."""
        epoch, seq = self.position
        return {"epoch": epoch, "seq": seq}

    @property
    def language(self) -> str:
        """What refusals are written in."""
        return language_of(self.scope["headers"])

    def say(self, frame: Frame) -> None:
        """A word for this socket alone."""
        self.outbox.word(frame.encode())


class PlayConsumer(HallConsumer):
    """/ws/live/<event>/play: a phone."""

    channel = Channel.PLAY
    player = 0
    patterns = 0

    async def heard(self, hall: Hall, frame: Frame) -> None:
        """Join, come back, look on, answer."""
        match frame:
            case Join():
                await self.join(hall, frame)
            case Resume():
                await self.resume(hall, frame)
            case Watch():
                self.watch(hall)
            case Answer():
                await self.answer(hall, frame)

    async def join(self, hall: Hall, frame: Join) -> None:
        """A seat, or why not. One socket, one seat."""
        try:
            with override(self.language):
                result = await doors.join(hall, frame, headers=self.scope["headers"])
        except Busy:
            result = doors.busy(self.language)
        except Gone:
            return
        if isinstance(result, Denied):
            self.say(DeniedFrame(**self.at, code=result.code, text=result.text, retry_ms=result.retry_ms))
            if result.code == doors.WRONG_PATTERN:
                self.patterns += 1
                if self.patterns >= WRONG_PATTERNS:
                    raise Refused(Close.TOO_MANY, "patterns", retry_ms=15_000)
            return
        self.sit(hall, result)

    async def resume(self, hall: Hall, frame: Resume) -> None:
        """The seat this token opens, on whichever device."""
        try:
            result = await doors.resume(hall, frame.token, language=self.language)
        except Gone:
            return
        if isinstance(result, Denied):
            self.say(DeniedFrame(**self.at, code=result.code, text=result.text, retry_ms=result.retry_ms))
        else:
            self.sit(hall, result)

    def sit(self, hall: Hall, seat: Seat) -> None:
        """Take a seat; the token comes before the first state."""
        self.player = seat.player_id
        self.say(Seated(**self.at, token=doors.token_for(hall, seat), key=seat.key, name=seat.name))
        hall.take(self, Place(Part.PLAYER, player=seat.player_id))

    def watch(self, hall: Hall) -> None:
        """Look on, where the event lets people look on."""
        if hall.snap is not None and hall.snap.rules.spectators:
            hall.take(self, Place(Part.LOOKER))
        else:
            refused = doors.no_spectators(self.language)
            self.say(DeniedFrame(**self.at, code=refused.code, text=refused.text, retry_ms=refused.retry_ms))

    async def answer(self, hall: Hall, frame: Answer) -> None:
        """Stored or not; told after the commit."""
        received = now_utc()
        code = AnswerCode.NOT_YOURS
        if self.player:
            try:
                code = await hall.answer(
                    self.player, instance=frame.instance, response=frame.response, bet=frame.bet, received_at=received
                )
            except Gone:
                return
        self.say(Ack(**self.at, instance=frame.instance, code=code))
        if code is AnswerCode.SAVED:
            hall.show_others(self.player, self)
        elif code is AnswerCode.DUPLICATE:
            hall.send_state(self)


class CrewConsumer(HallConsumer):
    """A socket that needs a grant: of the signed-in account, or of the key in the address."""

    rechecks = True
    roles: ClassVar[frozenset[GrantRole]]
    part: ClassVar[Part]
    role = GrantRole.WALL
    user_id: int | None = None
    key = ""

    async def admit(self, hall: Hall) -> None:
        """4401 without account and key, 4403 without a right."""
        self.key = query_of(self.scope).get("key", "")
        self.user_id = await in_thread(user_id_of)(self.scope["headers"])
        role = await self.role_now(hall)
        if role is None:
            if self.user_id is None and not self.key:
                raise Refused(Close.SIGN_IN, "sign_in")
            raise Refused(Close.FORBIDDEN, "forbidden")
        self.role = role

    async def role_now(self, hall: Hall) -> GrantRole | None:
        """The role this socket steers with, if any; asked of the database."""
        role = await in_thread(check_grant)(event_id=hall.event_id, user_id=self.user_id, key=self.key)
        return role if role in self.roles else None

    async def still_allowed(self) -> bool:
        """Asked again every minute; each command asks besides."""
        return self.hall is None or await self.role_now(self.hall) == self.role

    def placed(self, hall: Hall) -> None:
        """The crew needs no word."""
        hall.take(self, Place(self.part, role=self.role))


class WallConsumer(CrewConsumer):
    """/ws/live/<event>/wall: the projector."""

    channel = Channel.WALL
    roles = frozenset({GrantRole.WALL, GrantRole.HOST, GrantRole.COHOST})
    part = Part.WALL


class DeskConsumer(CrewConsumer):
    """/ws/live/<event>/desk: the host's laptop, the co-host's, the phone as remote."""

    channel = Channel.DESK
    roles = frozenset({GrantRole.HOST, GrantRole.COHOST})
    part = Part.DESK

    async def heard(self, hall: Hall, frame: Frame) -> None:
        """A command, done once or refused with a reason."""
        if not isinstance(frame, Command):
            return
        try:
            with override(self.language):
                await (
                    hub()
                    .conductor_of(hall)
                    .command(action=frame.action, data=frame.data, at_seq=frame.at, user_id=self.user_id, key=self.key)
                )
        except AppError as error:
            with override(self.language):
                self.say(RefusedCommand(**self.at, id=frame.id, code=error.code, text=str(error)))
        else:
            self.say(Done(**self.at, id=frame.id))


class MarshalConsumer(DeskConsumer):
    """/ws/live/<event>/marshal: who checks the boards of players without a phone."""

    channel = Channel.MARSHAL
    roles = frozenset({GrantRole.MARSHAL, GrantRole.HOST, GrantRole.COHOST})
