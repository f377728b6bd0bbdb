"""A hall: the sockets of one event in one process, and the last state they were shown.

There is one way to a state: read it from the database, whole (``fresh``). A command that was committed, the clock, a hint
from another process, a heartbeat: each only says that it is time to read. Readings are coalesced, so that a thousand
phones that come back in one second cost a handful of them. What all players are shown is encoded once; each socket gets
it with its own ``you`` appended, in one write.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from django.utils.translation import override

from contest.writer import Busy
from quizbank.errors import BadResponse
from realtime.attendance import Attendance
from realtime.audiences import Presence
from realtime.domain.answering import AnswerCode, LiveArrival
from realtime.domain.joining import Denied, Joining, Seat
from realtime.enums import JoinWith, PlayerStatus
from realtime.groups import live_group
from realtime.hall_texts import Part, Place, Texts
from realtime.knocks import Knocks
from realtime.live_frames import NAMES_SHOWN, Count
from realtime.outbox import Outbox
from realtime.pins import pattern
from realtime.protocol import NOWHERE, Bye, Close, Hello, Position, Response
from realtime.queries.lines import Line
from realtime.queries.snapshot import SEATED, Question, Snapshot, snapshot
from realtime.room import now_ms
from realtime.shown_question import canonical, expected
from realtime.threads import in_thread
from realtime.writers import writers

LINGER_S = 20.0  # a hall nobody is in is kept so long: phones that poll come every two seconds
WIRES_KEPT = 1_000
SENT_AWAY = {PlayerStatus.KICKED: "kicked", PlayerStatus.BANNED: "banned"}

Hint = dict[str, object]
Publish = Callable[[str, Hint], Awaitable[bool]]
Subscribe = Callable[[str], Awaitable[bool]]


class Gone(Exception):
    """The event does not exist (any more)."""


class Socket(Protocol):
    """What a hall knows of a connection."""

    outbox: Outbox

    def end(self, code: int, farewell: Bye) -> None:
        """Close it after a farewell; returns at once."""


class Hall:
    """One event in one process. Everything here runs in one event loop; only what is awaited leaves it."""

    def __init__(self, event_id: int, public_id: str, *, publish: Publish, subscribe: Subscribe) -> None:
        self.event_id = event_id
        self.public_id = public_id
        self.group = live_group(event_id)
        self.publish = publish
        self.subscribe = subscribe
        self.snap: Snapshot | None = None
        self.gone = False
        self.places: dict[Socket, Place] = {}
        self.greeted: set[Socket] = set()  # here without a place yet
        self.crew: set[Socket] = set()  # walls and desks
        self.given: dict[int, tuple[str, int]] = {}  # answers of this opening saved here since the snapshot was read
        self.seated: dict[int, Line] = {}  # who took a seat here since the snapshot was read
        self.let: set[str] = set()  # tickets that took a seat here
        self.knocks = Knocks()
        self.attendance: Attendance[Socket] = Attendance(time.monotonic)
        self.used_at = time.monotonic()
        self.expected = 0  # sockets and requests on their way in
        self.answered = 0
        self.people = 0
        self.answers_dirty = self.people_dirty = self.online_dirty = False
        self.newcomers: list[str] = []  # names the crew has not been shown yet
        self.untold_answers = False  # what other processes have not been told yet
        self.untold_names: list[str] = []
        self.wake = asyncio.Event()
        self._loading = asyncio.Lock()
        self._next: asyncio.Task[Snapshot] | None = None
        self._texts: Texts | None = None
        self._wires: dict[tuple[int, Response], str] = {}

    # ------------------------------------------------------------------------------------- the state

    @property
    def position(self) -> Position:
        """Where this hall is."""
        return (self.snap.epoch, self.snap.seq) if self.snap else NOWHERE

    async def fresh(self) -> Snapshot:
        """A state at least as new as this call; who calls while one is being read shares the next reading.

        Raises:
            Gone: when there is no such event.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._read())
            # Everybody who waited may be gone by the time it fails.
            self._next.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(self._next)

    async def _read(self) -> Snapshot:
        async with self._loading:
            self._next = None  # who calls from here on needs a later one
            snap = await in_thread(snapshot)(self.event_id)
        if snap is None:
            self.gone = True
            self.end_all(Close.NOT_FOUND, "gone")
            raise Gone
        return self.adopt(snap)

    def adopt(self, snap: Snapshot) -> Snapshot:
        """Take a state that was read; show it when it is newer. Returns what the hall is at now."""
        before = self.snap
        if before is not None and (snap.epoch, snap.seq) < (before.epoch, before.seq):
            return before
        if before is None or before.game.instance != snap.game.instance:
            self.given.clear()
        self.snap = snap
        self.seated = {player: line for player, line in self.seated.items() if player not in snap.lines}
        known = self.answered if before is not None and before.game.instance == snap.game.instance else 0
        self.people, self.answered = snap.players + len(self.seated), max(snap.answered, len(self.given), known)
        self._texts = Texts(snap)
        if before is None or (snap.epoch, snap.seq) > (before.epoch, before.seq):
            self.show()
            self.wake.set()
        elif (before.waiting, before.players, before.log) != (snap.waiting, snap.players, snap.log):
            self.show_crew()
        return snap

    # ------------------------------------------------------------------------------------- sockets

    @property
    def wanted(self) -> bool:
        """Whether anybody is here, coming, or was a moment ago."""
        here = self.places or self.greeted or self.expected
        return bool(here) or time.monotonic() - self.used_at < LINGER_S

    def greet(self, socket: Socket) -> None:
        """First words; the socket has no place yet."""
        epoch, seq = self.position
        socket.outbox.word(Hello(epoch=epoch, seq=seq, now=now_ms()).encode())
        self.greeted.add(socket)

    def take(self, socket: Socket, place: Place) -> None:
        """Give a socket its place and show it the state; no await in between, so nothing is missed (failures D21)."""
        self.leave(socket)
        self.places[socket] = place
        if place.part is Part.PLAYER:
            self.attendance.come(place.player, socket)
            self.online_dirty = True
            self.wake.set()
        elif place.part is not Part.LOOKER:
            self.crew.add(socket)
        self.send_state(socket)

    def leave(self, socket: Socket) -> None:
        """The socket is gone, or takes another place."""
        self.used_at = time.monotonic()
        self.greeted.discard(socket)
        self.crew.discard(socket)
        place = self.places.pop(socket, None)
        if place is not None and place.part is Part.PLAYER:
            self.attendance.go(place.player, socket)
            self.online_dirty = True

    def send_state(self, socket: Socket) -> None:
        """The whole state for one socket; no query."""
        place = self.places.get(socket)
        if place is not None and self.snap is not None:
            socket.outbox.state(self.text_for(place))

    def show(self) -> None:
        """The state for everybody."""
        assert self.snap is not None
        self.show_crew()
        with override(self.snap.language):
            for socket, place in self.places.items():
                if place.part is Part.PLAYER or place.part is Part.LOOKER:
                    socket.outbox.state(self._text_for(place))
        for line in self.snap.lines.values():
            if line.status in SENT_AWAY:
                self._send_away(line)

    def show_crew(self) -> None:
        """The state for walls and desks alone: somebody came in, or the shapes on the wall changed."""
        if self._texts is None or self.snap is None:
            return
        self._texts.forget_crew()
        with override(self.snap.language):
            for socket in self.crew:
                socket.outbox.state(self._text_for(self.places[socket]))

    def _send_away(self, line: Line) -> None:
        epoch, seq = self.position
        farewell = Bye(epoch=epoch, seq=seq, reason=SENT_AWAY[PlayerStatus(line.status)], retry_ms=-1)
        for socket in self.attendance.here.get(line.id, ()):
            socket.end(Close.FORBIDDEN, farewell)

    def end_all(self, code: int, reason: str, *, retry_ms: int = -1) -> None:
        """Send everybody away."""
        epoch, seq = self.position
        farewell = Bye(epoch=epoch, seq=seq, reason=reason, retry_ms=retry_ms)
        for socket in [*self.places, *self.greeted]:
            socket.end(code, farewell)

    # ------------------------------------------------------------------------------------- texts

    def text_for(self, place: Place) -> str:
        """The state frame for a place."""
        assert self.snap is not None
        with override(self.snap.language):
            return self._text_for(place)

    def _text_for(self, place: Place) -> str:
        """Within the event's language."""
        assert self._texts is not None
        match place.part:
            case Part.PLAYER:
                return self._texts.stage(self.line(place.player), self.people)
            case Part.LOOKER:
                return self._texts.stage(None, self.people)
            case Part.WALL:
                return self._texts.wall(self.presence)
            case Part.DESK:
                return self._texts.desk(place.role, self.presence)

    def presence(self) -> Presence:
        """What walls and desks are told beyond the snapshot."""
        return Presence(
            online=len(self.attendance.online), answered=self.answered, players=self.people, pattern=self.pattern
        )

    @property
    def pattern(self) -> str | None:
        """The shapes that stand on the wall now, where people must have seen them to come in."""
        if self.snap is None or self.snap.rules.join != JoinWith.PATTERN:
            return None
        return pattern(self.snap.secret, now_ms())

    def line(self, player: int) -> Line | None:
        """The player's line, with the seat taken or the answer saved here a moment ago."""
        line = (self.snap.lines.get(player) if self.snap else None) or self.seated.get(player)
        given = self.given.get(player)
        if line is not None and given is not None and line.response is None:
            return line._replace(response=given[0], bet=given[1])
        return line

    # ------------------------------------------------------------------------------------- what people do

    async def join(self, joining: Joining) -> Seat | Denied:
        """A seat, after the commit, known to this hall; or why not.

        Raises:
            Busy: nothing is known to be written; a repeat with the same ticket is harmless.
        """
        [result] = await writers.seats.save([joining])
        if isinstance(result, Seat):
            if result.fresh:
                self.people_dirty = True
                if result.name_state == "ok":
                    self.newcomers.append(result.shown or result.name)
                    self.untold_names.append(self.newcomers[-1])
                self.wake.set()
                self.seated[result.player_id] = _new_line(result)
                self.people += result.status in SEATED
            elif (line := self.line(result.player_id)) is None or line.status in SENT_AWAY:
                await self.fresh()  # who was kicked has come back
        return result

    def known(self) -> Snapshot | None:
        """The last state with those who took a seat here since."""
        if self.snap is None or not self.seated:
            return self.snap
        lines = {**self.snap.lines, **self.seated}
        return replace(self.snap, lines=lines, players=self.people)

    def knows(self, nonce: str) -> bool:
        """Whether this ticket took a seat here already."""
        return nonce in self.let

    def let_in(self, nonce: str) -> None:
        """This ticket has a seat; it needs no pattern any more."""
        self.let.add(nonce)

    async def answer(
        self, player: int, *, instance: int, response: Response, bet: int, received_at: datetime
    ) -> AnswerCode:
        """What became of an answer, after the commit. The database judges; here it is only read."""
        snap = self.snap
        if snap is None or instance > snap.game.instance:
            snap = await self.fresh()  # opened by another process, of which we have not heard yet
        question = snap.question
        if question is None or instance != snap.game.instance:
            return AnswerCode.CLOSED
        try:
            text = self._read_wire(snap, question, response)
        except BadResponse:
            return AnswerCode.BAD_ANSWER
        if not text or (bet and not snap.rules.bets):
            return AnswerCode.BAD_ANSWER
        arrival = LiveArrival(self.event_id, question.id, instance, player, text, bet, received_at)
        try:
            [code] = await writers.answers.save([arrival])
        except Busy:
            return AnswerCode.BUSY
        if code is AnswerCode.SAVED:
            self._note(player, instance, text, bet)
        elif code is AnswerCode.DUPLICATE and self.line(player) is not None:
            with contextlib.suppress(Gone):
                await self.fresh()
        return code

    def _read_wire(self, snap: Snapshot, question: Question, response: Response) -> str:
        """The canonical form; a thousand answers choose among four."""
        text = self._wires.get((snap.game.instance, response))
        if text is None:
            text = canonical(snap, question, response)
            if len(self._wires) >= WIRES_KEPT:
                self._wires.clear()
            self._wires[snap.game.instance, response] = text
        return text

    def _note(self, player: int, instance: int, text: str, bet: int) -> None:
        if self.snap is None or self.snap.game.instance != instance:
            return
        self.given[player] = text, bet
        self.answers_dirty = self.untold_answers = True
        self.wake.set()

    def show_others(self, player: int, but: Socket) -> None:
        """An answer given on one device stands on the player's others too."""
        for socket in self.attendance.here.get(player, ()):
            if socket is not but:
                self.send_state(socket)

    def count(self) -> None:
        """Tell walls and desks how many, and who is new."""
        if self.snap is None or not self.crew:
            self.newcomers.clear()
            return
        epoch, seq = self.position
        text = Count(
            epoch=epoch,
            seq=seq,
            instance=self.snap.game.instance,
            answered=self.answered,
            of=expected(self.snap),
            online=len(self.attendance.online),
            players=self.people,
            names=tuple(self.newcomers[-NAMES_SHOWN:]),
        ).encode()
        self.newcomers.clear()
        for socket in self.crew:
            socket.outbox.count(text)


def _new_line(seat: Seat) -> Line:
    """A line with nothing won yet. The unit is not known; it is on nobody's own screen."""
    return Line(
        id=seat.player_id,
        key=seat.key,
        name=seat.name,
        name_state=seat.name_state,
        unit_id=None,
        unit="",
        team_id=seat.team_id,
        seat=seat.seat,
        status=seat.status,
        out_at=None,
        marshal=False,
        bot=False,
        score=0,
        ghost_score=0,
        correct=0,
        time_ms=0,
        streak=0,
        rank=0,
        tied=False,
        was=0,
        shown=seat.shown,
    )
