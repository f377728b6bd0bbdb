"""What every socket of ours is: checked, limited, bounded, and free of two traps of stock Channels consumers.

Trap one: stock dispatch hops into a thread before every message to close old database connections (one push to 2,000
consumers: 393 ms, without the hop 26 ms). Here nothing on the way of a frame touches the database; what must ask it goes
through ``in_thread``. Trap two: every stock consumer has a channel of its own in the layer; here the hub has one.
A disconnect may never be told to us, so nothing that matters lives in a consumer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar
from weakref import WeakSet

from channels.consumer import AsyncConsumer
from django.conf import settings

from realtime.limits import Allowance
from realtime.origins import is_own_origin
from realtime.outbox import Outbox
from realtime.protocol import (
    CLIENT,
    LARGEST_FRAME,
    TOO_BIG,
    BadFrame,
    Bye,
    Close,
    Error,
    Frame,
    Position,
    decode_from_client,
)

log = logging.getLogger(__name__)

RECHECK_S = 60.0
LAST_WORDS_S = 2.0  # a farewell may take so long
UNAVAILABLE = 1013  # the standard's "try again later"
RESTART = 1012  # the standard's "service restart"
# A stopping server tells each socket another moment to come back, milliseconds: a hall that comes back at once is a storm.
RESTART_SPREAD_MS = (200, 3000)


_open: WeakSet[LiveConsumer] = WeakSet()  # every connection of this process


async def drain() -> None:
    """End every socket because this server stops (uvicorn asks for it; Daphne cancels each instead)."""
    sockets = list(_open)
    for socket in sockets:
        socket.restart()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_WORDS_S):
            await asyncio.gather(*(socket.closed.wait() for socket in sockets))


class Refused(Exception):
    """This socket may not stay. ``code`` closes it, ``reason`` is told before; negative ``retry_ms``: do not come back."""

    def __init__(self, code: int, reason: str, *, retry_ms: int = -1) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.retry_ms = retry_ms


class LiveConsumer(AsyncConsumer, ABC):
    """One connection. A subclass says who may enter, what a frame means, and what to do at the end."""

    speaks: ClassVar[Mapping[str, type[Frame]]] = CLIENT  # the frames a client may send here
    rechecks = False  # whether ``still_allowed`` is asked every RECHECK_S

    outbox: Outbox

    # ------------------------------------------------------------------------------------- for subclasses

    @abstractmethod
    async def enter(self) -> None:
        """Join what this socket listens to; raise Refused to send it away."""

    @abstractmethod
    async def frame(self, frame: Frame) -> None:
        """A frame from the client that is not a ping."""

    async def leave(self) -> None:
        """Give back what ``enter`` took. Called once, also after a refusal."""

    async def still_allowed(self) -> bool:
        """Whether the person may still listen."""
        return True

    @property
    def position(self) -> Position:
        """The state this socket is at, for frames to it alone."""
        return (0, 0)

    # ------------------------------------------------------------------------------------- the connection

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one WebSocket from handshake to close."""
        self.scope = scope
        self.base_send = send
        if (await receive())["type"] != "websocket.connect":
            return
        if not self.from_own_page():
            await send({"type": "websocket.close"})  # before the accept: the handshake is answered with 403
            return
        await send({"type": "websocket.accept"})
        await self._converse(receive)

    def from_own_page(self) -> bool:
        """Whether the handshake's Origin is exactly this host."""
        return is_own_origin(
            self.scope.get("headers", []),
            allowed_hosts=settings.ALLOWED_HOSTS,
            trusted_origins=settings.CSRF_TRUSTED_ORIGINS,
            https_only=settings.PRODUCTION,
        )

    async def _converse(self, receive: Any) -> None:
        self.outbox = Outbox(self._send_text, time.monotonic)
        self.allowance = Allowance(now=time.monotonic())
        self.ended: asyncio.Future[tuple[int, Bye]] = asyncio.get_running_loop().create_future()
        tasks = [asyncio.create_task(self._write())]
        if self.rechecks:
            tasks.append(asyncio.create_task(self._recheck()))
        self.closed = asyncio.Event()
        _open.add(self)
        try:
            await self._listen(receive)
        except Refused as refused:
            self.refuse(refused)
        except asyncio.CancelledError:  # the server stops (Daphne says it so)
            self.restart()
        finally:
            await self.leave()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.ended.done() and not self.ended.cancelled():
                await self._close(*self.ended.result())
            _open.discard(self)
            self.closed.set()

    async def _listen(self, receive: Any) -> None:
        """Until the client goes or we end it."""
        entering = asyncio.create_task(self.enter())
        receiving = asyncio.ensure_future(receive())
        waiting: set[asyncio.Future[Any]] = {receiving, entering, self.ended}
        try:
            while not self.ended.done():
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if entering in waiting and entering.done():
                    waiting.discard(entering)
                    entering.result()  # raises Refused
                if receiving.done():
                    message = receiving.result()
                    if message["type"] == "websocket.disconnect":
                        return
                    waiting.discard(receiving)
                    await self.dispatch(message)
                    receiving = asyncio.ensure_future(receive())
                    waiting.add(receiving)
        finally:
            receiving.cancel()
            if not entering.done():
                entering.cancel()
            await asyncio.gather(entering, receiving, return_exceptions=True)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """One message from the client: counted, measured, read, handed on."""
        if not self.allowance.take(now=time.monotonic()):
            raise Refused(Close.TOO_MANY, "too_many", retry_ms=5000)
        text = message.get("text")
        try:
            if text is None:
                raise BadFrame("bad_json")
            if len(text) > LARGEST_FRAME or len(text.encode("utf-8", "replace")) > LARGEST_FRAME:
                raise Refused(TOO_BIG, "too_big")
            frame = decode_from_client(text, self.speaks)
        except BadFrame as bad:
            epoch, seq = self.position
            if not self.allowance.take_bad():
                raise Refused(Close.BAD_FRAMES, "bad_frames") from None
            self.outbox.word(Error(epoch=epoch, seq=seq, code=bad.code).encode())
            return
        self.outbox.heard()
        if frame.TYPE != "ping":
            await self.frame(frame)

    # ------------------------------------------------------------------------------------- the end

    def refuse(self, refused: Refused) -> None:
        """End with a reason."""
        epoch, seq = self.position
        self.end(refused.code, Bye(epoch=epoch, seq=seq, reason=refused.reason, retry_ms=refused.retry_ms))

    def end(self, code: int, farewell: Bye) -> None:
        """Close after a farewell; returns at once. The first end counts."""
        if not self.ended.done():
            self.ended.set_result((code, farewell))

    def restart(self) -> None:
        """End because this server stops; another one, or its successor, has the same state."""
        epoch, seq = self.position
        farewell = Bye(epoch=epoch, seq=seq, reason="restart", retry_ms=random.randint(*RESTART_SPREAD_MS))
        self.end(RESTART, farewell)

    async def _close(self, code: int, farewell: Bye) -> None:
        """A slow reader's farewell may not arrive; the close must not wait for it."""
        with contextlib.suppress(Exception):  # the transport may be gone in as many ways as there are servers
            async with asyncio.timeout(LAST_WORDS_S):
                await self._send_text(farewell.encode())
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_WORDS_S):
                await self.base_send({"type": "websocket.close", "code": int(code), "reason": farewell.reason})

    async def _send_text(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})

    async def _write(self) -> None:
        try:
            await self.outbox.run()
        except Exception as error:  # noqa: BLE001  a closed transport raises what its server likes
            log.debug("socket write ended: %s", error)
            self.end(Close.TOO_SLOW, Bye(reason="gone", retry_ms=1000))

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_S)
            if not await self.still_allowed():
                self.refuse(Refused(Close.FORBIDDEN, "forbidden"))
