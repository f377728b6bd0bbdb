"""The conductor of a hall: makes the event's clock tick, hears of what other processes did, counts, beats.

Every process with sockets of an event has one and every one tries to do what is due; the database lets one win and the
others read what came of it. The channel layer only brings hints: whoever misses one looks into the database with the next
heartbeat, or twice a second while Redis is away (failures D12, D14, D21, D23).
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextvars import ContextVar
from typing import Any

from contest.arrivals import now_utc
from realtime.carried import carried
from realtime.domain.rehearsal import play_bots
from realtime.domain.steering import advance_clock, steer_event
from realtime.enums import Phase
from realtime.errors import NoSuchEvent
from realtime.game import due
from realtime.hall import Gone, Hall, Hint
from realtime.live_frames import COUNTS_PER_SECOND
from realtime.protocol import HEARTBEAT_S, Bye, Close, Tick
from realtime.queries.snapshot import Snapshot, snapshot
from realtime.queries.whereabouts import answered, position_of
from realtime.room import now_ms
from realtime.shown_question import expected
from realtime.threads import in_thread

log = logging.getLogger(__name__)

LOOK_S = 0.5  # between two looks into the database while Redis is away
COUNT_S = 1 / COUNTS_PER_SECOND
ROSTER_S = 0.5  # between two readings because somebody came in
COMPLETE_S = 1.0  # after a change, until everything is read once more
AGAIN_S = (
    0.25  # something is due and the database does not do it yet: another process is at it, or answers are waited for
)
BOTS_S = 0.5  # between two looks at what the simulated players of a rehearsal do
TROUBLE_S = 1.0  # the database does not answer
NAMES_TOLD = 20
COUNTED = frozenset({Phase.LOBBY, Phase.INTRO, Phase.OPEN, Phase.LOCKED})


# Set in the thread of a conductor: it tells the other processes itself.
conducting: ContextVar[bool] = ContextVar("conducting", default=False)


def _advance(before: Snapshot, online: set[int] | None) -> tuple[bool, Snapshot | None]:
    """Let the clock do what is due: whether it did, and the state afterwards. In one thread hop."""
    now, mine = now_utc(), conducting.set(True)
    try:
        change = advance_clock(event_id=before.id, now=now, online=online)
    except NoSuchEvent:
        return False, None
    finally:
        conducting.reset(mine)
    if change is None:
        return False, snapshot(before.id)
    return True, carried(before, change, now=now) or snapshot(before.id)


def _command(before: Snapshot, order: dict[str, Any], online: set[int] | None) -> Snapshot | None:
    """Do a command; the state afterwards. In one thread hop. Raises realtime.errors."""
    now, mine = now_utc(), conducting.set(True)
    try:
        change = steer_event(event_id=before.id, now=now, online=online, **order)
    finally:
        conducting.reset(mine)
    return carried(before, change, now=now) or snapshot(before.id)


class Conductor:
    """Runs as one task a hall."""

    def __init__(self, hall: Hall, name: str) -> None:
        self.hall = hall
        self.name = name  # of this process
        self.ready = asyncio.Event()
        self.subscribed = False
        self.connected = False  # the layer took our last hint
        self.stale = False  # somebody says there is more than we have shown
        self.next_tick = self.next_look = self.next_count = self.next_roster = self.not_before = 0.0
        self.next_bots = 0.0
        self.waits_until: float | None = None  # somebody the present question is open for
        self.pattern = ""

    # ------------------------------------------------------------------------------------- the loop

    async def run(self) -> None:
        """Until nobody is here."""
        try:
            # Subscribed first, read second: what changes in between is told.
            self.subscribed = await self.hall.subscribe(self.hall.group)
            await self._begin()
            while self.hall.wanted and not self.hall.gone:
                await self._pause()
                try:
                    await self._step(time.monotonic())
                except Gone:
                    break
                except Exception:
                    log.exception("live event %s: a step failed", self.hall.public_id)
                    await asyncio.sleep(TROUBLE_S)
        finally:
            self.ready.set()

    async def _begin(self) -> None:
        while self.hall.snap is None and not self.hall.gone:
            try:
                await self.hall.fresh()
            except Gone:
                return
            except Exception:
                log.exception("live event %s could not be read", self.hall.public_id)
                await asyncio.sleep(TROUBLE_S)
        self.next_tick = time.monotonic()
        self.ready.set()

    async def _pause(self) -> None:
        now = time.monotonic()
        wait = min(self._times(now)) - now
        if wait > 0:
            try:
                async with asyncio.timeout(wait):
                    await self.hall.wake.wait()
            except TimeoutError:
                pass
        self.hall.wake.clear()

    def _times(self, now: float) -> list[float]:
        """When there is something to do next, monotonic seconds."""
        hall, times = self.hall, [self.next_tick]
        if self.stale:
            times.append(now)
        if hall.snap is not None and (at := due(hall.snap.game)) is not None:
            times.append(max(now + (at - now_ms()) / 1000, self.not_before))
        if self._uncounted():
            times.append(self.next_count)
        if self.waits_until is not None:
            times.append(self.waits_until)
        if hall.people_dirty:
            times.append(self.next_roster)
        if self._bots_play():
            times.append(self.next_bots)
        if not self.connected:
            times.append(self.next_look)
        return times

    async def _step(self, now: float) -> None:
        hall = self.hall
        if self.stale:
            self.stale = False
            await hall.fresh()
        if self._is_due() and now >= self.not_before:
            await self.advance()
        if hall.people_dirty and now >= self.next_roster:
            self.next_roster = now + ROSTER_S
            hall.people_dirty = False
            await hall.fresh()
        if self._bots_play() and now >= self.next_bots:
            self.next_bots = now + BOTS_S
            await self._play_bots()
        self._wait(now)
        if self._uncounted() and now >= self.next_count:
            self.next_count = now + COUNT_S
            await self._count()
        if not self.connected and now >= self.next_look:
            self.next_look = now + LOOK_S
            await self._look()
        if now >= self.next_tick:
            self.next_tick = time.monotonic() + HEARTBEAT_S
            await self._heartbeat()

    # ------------------------------------------------------------------------------------- its duties

    def _bots_play(self) -> bool:
        snap = self.hall.snap
        return snap is not None and snap.rehearsal and snap.game.phase == Phase.OPEN and not snap.game.paused_at

    async def _play_bots(self) -> None:
        """In a rehearsal: let the simulated players answer what they would have by now. Twice does no harm."""
        if await in_thread(play_bots)(event_id=self.hall.event_id, now=now_utc()):
            self.hall.answers_dirty = self.hall.untold_answers = True

    def _awaited(self) -> set[int] | None:
        """Whom a question waits for: who is connected or coming back, and simulated players. None: everybody, while this
        hall is too new to know."""
        awaited, snap = self.hall.attendance.awaited, self.hall.snap
        if awaited is None or snap is None or not snap.rehearsal:
            return awaited
        return awaited | {line.id for line in snap.lines.values() if line.bot}

    def _wait(self, now: float) -> None:
        """Count again when a question has waited long enough for somebody: all who are left may have answered."""
        hall, until = self.hall, self.waits_until
        open_now = hall.snap is not None and hall.snap.game.phase == Phase.OPEN
        hall.answers_dirty |= open_now and until is not None and until <= now
        self.waits_until = hall.attendance.waits_until if open_now else None

    def _uncounted(self) -> bool:
        hall = self.hall
        return hall.answers_dirty or hall.online_dirty or hall.untold_answers or bool(hall.newcomers)

    def _is_due(self) -> bool:
        snap = self.hall.snap
        at = due(snap.game) if snap else None
        return at is not None and at <= now_ms()

    async def advance(self) -> None:
        """Do what is due. Who is beaten to it by another process sees that in the state read afterwards."""
        self.not_before = time.monotonic() + AGAIN_S
        known = self.hall.known()
        if known is None:
            return
        changed, snap = await in_thread(_advance)(known, self._awaited())
        if snap is None:
            await self.hall.fresh()  # raises Gone
            return
        before = self.hall.position
        self._take(snap)
        if self.hall.position > before:
            self.not_before = 0.0
        if changed:
            await self.tell()

    def _take(self, snap: Snapshot) -> None:
        """Show a state, and read soon what a carried one leaves out."""
        self.hall.adopt(snap)
        self.hall.people_dirty = True
        self.next_roster = time.monotonic() + COMPLETE_S

    async def command(self, **order: Any) -> None:
        """Do what a host, co-host or marshal commands and show what came of it. ``order``: the fields of ``steer_event``.

        Raises:
            AppError: one of realtime.errors; nothing was done.
        """
        known = self.hall.known() or await self.hall.fresh()
        snap = await in_thread(_command)(known, order, self._awaited())
        if snap is not None:
            self._take(snap)
            await self.tell()

    async def _count(self) -> None:
        """Count answers, tell the crew here and the processes elsewhere, and go on early when all have answered."""
        hall, snap = self.hall, self.hall.snap
        if snap is None:
            return
        gave, hall.answers_dirty, hall.online_dirty = hall.answers_dirty, False, False
        all_in = False
        if gave and snap.question is not None:
            hall.answered = await in_thread(answered)(snap.question.id, snap.game.instance)
            awaited = self._awaited()
            enough = expected(snap) if awaited is None else len(awaited)
            all_in = snap.game.phase == Phase.OPEN and hall.answered >= enough
        hall.count()
        if hall.untold_answers or hall.untold_names:
            await self.tell()
        if all_in and time.monotonic() >= self.not_before:
            await self.advance()

    async def _heartbeat(self) -> None:
        await self.tell(here=True)
        if not self.subscribed:
            self.subscribed = await self.hall.subscribe(self.hall.group)
        await self._look()
        self._new_pattern()
        epoch, seq = self.hall.position
        now = now_ms()
        tick = Tick(epoch=epoch, seq=seq, now=now, at=now).encode()
        farewell = Bye(epoch=epoch, seq=seq, reason="slow", retry_ms=1000)
        for socket in [*self.hall.places, *self.hall.greeted]:
            if socket.outbox.too_slow():
                socket.end(Close.TOO_SLOW, farewell)
            else:
                socket.outbox.tick(tick)

    async def _look(self) -> None:
        """Is there something we were not told?"""
        position = await in_thread(position_of)(self.hall.event_id)
        if position is None or position > self.hall.position:
            await self.hall.fresh()
        elif not self.connected and self.hall.snap is not None and self.hall.snap.game.phase in COUNTED:
            # Nobody can tell us of answers and newcomers elsewhere.
            self.hall.answers_dirty = self.hall.people_dirty = bool(self.hall.crew)

    def _new_pattern(self) -> None:
        pattern = self.hall.pattern or ""
        if pattern != self.pattern:
            self.pattern = pattern
            self.hall.show_crew()

    # ------------------------------------------------------------------------------------- other processes

    async def tell(self, *, here: bool = False) -> None:
        """Hint the other processes; with ``here`` also who is connected to this one. Failing is no harm, but until it works again we look ourselves."""
        hall, (epoch, seq) = self.hall, self.hall.position
        hint: Hint = {"epoch": epoch, "seq": seq, "from": self.name, "here": None}
        hint |= {"answers": hall.untold_answers, "names": hall.untold_names[-NAMES_TOLD:]}
        if here:
            hint["here"] = list(hall.attendance.here)
        hall.untold_answers, hall.untold_names = False, []
        self.connected = await hall.publish(hall.group, hint) and self.subscribed

    def told(self, hint: dict[str, Any]) -> None:
        """Another process says something; nothing in it is believed but that it is worth a look."""
        if hint["from"] == self.name:
            return
        hall = self.hall
        if hint["here"] is not None:
            hall.online_dirty |= hall.attendance.told(hint["from"], hint["here"])
        if (int(hint["epoch"]), int(hint["seq"])) > hall.position:
            self.stale = True
        if hint["names"]:
            hall.newcomers.extend(str(name) for name in hint["names"])
            hall.people_dirty = True
        hall.answers_dirty |= bool(hint["answers"]) and bool(hall.crew)
        hall.wake.set()
