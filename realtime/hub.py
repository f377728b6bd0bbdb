"""The hub of a process: one channel of the layer, one subscription a room, and the rooms behind it.

Sockets do not listen to the channel layer themselves: a thousand of them would each get, decode and dispatch every
message (450 µs each, measured; 27 µs through a hub).
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.conf import settings
from redis.exceptions import RedisError

from people.ids import new_public_id
from realtime.conductor import Conductor
from realtime.groups import live_group
from realtime.hall import Hall, Hint
from realtime.protocol import Position
from realtime.queries.whereabouts import event_called
from realtime.room import Room, Source
from realtime.store import LiveStore, Stored
from realtime.threads import in_thread

log = logging.getLogger(__name__)

FIRST_STATE_S = 10.0  # a newcomer waits so long for a state
ASKED_AGAIN_S = 0.5
# Message types become method names in Channels: ours have a prefix of their own.
PUSH_FRAME = "push.frame"
PUSH_HINT = "push.hint"
PUSH_LIVE = "push.live"


class Unavailable(Exception):
    """No state can be had now."""


class NoSuchEvent(Exception):
    """There is no event with this public id."""


class Hub:
    """The rooms and halls of one event loop."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.halls: dict[str, Hall] = {}  # by public id, and by group
        self.conductors: dict[str, Conductor] = {}  # by group
        self.opening: dict[str | int, asyncio.Task[Hall]] = {}
        self.name = new_public_id()  # of this process, among those that serve an event
        self.keepers: dict[str, asyncio.Task[None]] = {}
        self.store = LiveStore()
        self.layer: Any = get_channel_layer()
        self.channel: str | None = None
        self.pump: asyncio.Task[None] | None = None
        self.lock = asyncio.Lock()
        self.addresses: dict[str, tuple[float, int]] = {}  # slug → (known until, contest); only contests that exist

    async def enter(self, source: Source) -> Room:
        """The room of this source, once it has a state; raises Unavailable. Every enter is answered by one ``leave``."""
        room = self.rooms.get(source.group)
        if room is None:
            room = Room(source, store=self.store, publish=self.publish, subscribe=self.subscribe)
            self.rooms[source.group] = room
            self.keepers[source.group] = asyncio.create_task(self._keep(room))
        room.expected += 1
        try:
            async with asyncio.timeout(FIRST_STATE_S):
                await room.ready.wait()
        except TimeoutError:
            raise Unavailable from None
        finally:
            room.expected -= 1
            if not room.wanted:
                room.wake.set()
        if room.body is None:
            raise Unavailable
        return room

    def leave(self, room: Room, socket: Any) -> None:
        """The socket is gone; the last one ends the room."""
        room.sockets.discard(socket)
        if not room.wanted:
            room.wake.set()

    async def enter_hall(self, event: str | int) -> Hall:
        """The hall of this event (public id, or row number), once it has a state.

        It stays while it has sockets, and a while after each use.

        Raises:
            NoSuchEvent: there is none.
            Unavailable: the database does not answer now.
        """
        hall = self.halls.get(live_group(event) if isinstance(event, int) else event) or await self._open_hall(event)
        hall.expected += 1
        try:
            async with asyncio.timeout(FIRST_STATE_S):
                await self.conductors[hall.group].ready.wait()
        except TimeoutError:
            raise Unavailable from None
        finally:
            hall.expected -= 1
            hall.used_at = time.monotonic()
        if hall.gone:
            raise NoSuchEvent
        if hall.snap is None:
            raise Unavailable
        return hall

    async def _open_hall(self, event: str | int) -> Hall:
        """One question to the database, however many come at once."""
        opening = self.opening.get(event)
        if opening is None:
            opening = self.opening[event] = asyncio.create_task(self._find_hall(event))
            opening.add_done_callback(
                lambda done: (self.opening.pop(event, None), done.cancelled() or done.exception())
            )
        return await asyncio.shield(opening)

    async def _find_hall(self, event: str | int) -> Hall:
        found = await in_thread(event_called)(event)
        if found is None:
            raise NoSuchEvent
        event_id, public_id = found
        if public_id not in self.halls:  # it may have been asked for by its other name meanwhile
            hall = Hall(event_id, public_id, publish=self.hint, subscribe=self.subscribe)
            conductor = Conductor(hall, self.name)
            self.halls[public_id] = self.halls[hall.group] = hall
            self.conductors[hall.group] = conductor
            self.keepers[hall.group] = asyncio.create_task(self._conduct(hall, conductor))
        return self.halls[public_id]

    async def _conduct(self, hall: Hall, conductor: Conductor) -> None:
        try:
            await conductor.run()
        except Exception:
            log.exception("live event %s has stopped", hall.public_id)
            hall.end_all(1011, "error", retry_ms=2000)
        finally:
            if self.halls.get(hall.public_id) is hall:
                del self.halls[hall.public_id], self.halls[hall.group]
                self.conductors.pop(hall.group, None)
                self.keepers.pop(hall.group, None)
        await self._unsubscribe(hall.group)

    def conductor_of(self, hall: Hall) -> Conductor:
        """The clock of a hall."""
        return self.conductors[hall.group]

    async def hint(self, group: str, hint: Hint) -> bool:
        """Tell the other processes of an event that there is something to look at; False while the layer is away."""
        return await self._send(group, {"type": PUSH_LIVE, "group": group} | hint)

    async def subscribe(self, group: str) -> bool:
        """Listen to a group; False while the layer is away."""
        try:
            async with asyncio.timeout(settings.REDIS_TIMEOUT_S), self.lock:
                if self.channel is None:
                    self.channel = await self.layer.new_channel("hub.")
                    self.pump = asyncio.create_task(self._pump(self.channel))
                await self.layer.group_add(group, self.channel)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("live room %s is not subscribed: %s", group, error)
            return False
        return True

    async def publish(self, group: str, stored: Stored) -> None:
        """Hand a state to the other processes. Failing is no harm: they look at the store with every heartbeat."""
        (epoch, seq), body = stored.position, stored.body
        message = {"epoch": epoch, "seq": seq, "at": stored.at, "ver": stored.rendered, "body": body}
        await self._send(group, {"type": PUSH_FRAME, "group": group} | message)

    async def _send(self, group: str, message: dict[str, Any]) -> bool:
        try:
            async with asyncio.timeout(settings.REDIS_TIMEOUT_S):
                await self.layer.group_send(group, message)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("live room %s was not published: %s", group, error)
            return False
        return True

    async def _keep(self, room: Room) -> None:
        try:
            await room.keep()
        except Exception:
            log.exception("live room %s has stopped", room.group)
            room.end_all(1011, "error", retry_ms=2000)
        finally:
            # Same step: nobody can enter between the last look at `wanted` and this.
            if self.rooms.get(room.group) is room:
                del self.rooms[room.group]
                self.keepers.pop(room.group, None)
        await self._unsubscribe(room.group)

    async def _unsubscribe(self, group: str) -> None:
        try:
            async with asyncio.timeout(settings.REDIS_TIMEOUT_S), self.lock:
                if self.channel is not None and group not in self.rooms and group not in self.conductors:
                    await self.layer.group_discard(group, self.channel)
        except (RedisError, OSError, TimeoutError):
            log.info("live room %s stays subscribed until Redis is back", group)

    async def _pump(self, channel: str) -> None:
        while True:
            try:
                self.handle(await self.layer.receive(channel))
            except (RedisError, OSError) as error:
                log.warning("live channel: %s", error)
                await asyncio.sleep(1)
            except Exception:
                log.exception("live channel: a message could not be handled")

    def handle(self, message: dict[str, Any]) -> None:
        """One message of the layer; only to the room or hall it names (failures D7)."""
        if message["type"] == PUSH_LIVE:
            conductor = self.conductors.get(message["group"])
            if conductor is not None:
                conductor.told(message)
            return
        room = self.rooms.get(message["group"])
        if room is None:
            return
        if message["type"] == PUSH_HINT:
            room.hint(int(message["ver"]))
        elif message["type"] == PUSH_FRAME:
            position: Position = (int(message["epoch"]), int(message["seq"]))
            version = int(message["ver"])
            stored = Stored(
                position=position, at=int(message["at"]), version=version, rendered=version, body=str(message["body"])
            )
            room.adopt(stored)

    async def close(self) -> None:
        """End everything (tests; a process that stops simply stops)."""
        await _ended({*self.keepers.values(), *([self.pump] if self.pump else [])})
        self.rooms.clear()
        self.halls.clear()
        self.conductors.clear()
        self.keepers.clear()
        self.pump = self.channel = None
        await self.store.close()


async def _ended(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: on the way through Redis' client a cancellation can be lost."""
    while tasks:
        for task in tasks:
            task.cancel()
        done, tasks = await asyncio.wait(tasks, timeout=ASKED_AGAIN_S)
        await asyncio.gather(*done, return_exceptions=True)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
