"""Django's pages inside an ASGI server: the WSGI handler in a small pool of threads, one hop there and one back.

a2wsgi makes the environ and the request body; its own responder asks the event loop for every header block and every
piece of a body, and the thread waits for each answer: three waits a page, measured at 2 ms of CPU. A page is a few
kilobytes, so here the thread hands over all of it at once; only what is large is passed on piece by piece.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from a2wsgi.wsgi import Body, build_environ

Send = Callable[[MutableMapping[str, Any]], Any]

LARGE = 256 * 1024
"""Bytes of a body that are held before it is passed on piece by piece."""


class WsgiPages:
    """An ASGI application around a WSGI one. ``workers`` is how many pages are made at a time."""

    def __init__(self, app: Callable[..., Iterable[bytes]], workers: int) -> None:
        self.app = app
        self.executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="pages")

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Send) -> None:
        loop = asyncio.get_running_loop()
        reply = _Reply(loop, send)
        environ = build_environ(scope, Body(loop, receive))  # type: ignore[arg-type]
        context = contextvars.copy_context()
        await loop.run_in_executor(self.executor, context.run, self._make, environ, reply)
        await reply.finish()

    def close(self) -> None:
        """End the threads; pages being made are finished. Safe to call twice."""
        self.executor.shutdown(wait=False, cancel_futures=True)

    def _make(self, environ: Any, reply: _Reply) -> None:
        pieces = self.app(environ, reply.start)
        try:
            for piece in pieces:
                reply.write(piece)
        finally:
            # Django's response closes here: request_finished, and with it the database connection's care.
            getattr(pieces, "close", lambda: None)()


@dataclass(slots=True)
class _Reply:
    """One response on its way from the thread to the server."""

    loop: asyncio.AbstractEventLoop
    send: Send
    head: MutableMapping[str, Any] | None = None
    held: list[bytes] = field(default_factory=list)
    size: int = 0

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """WSGI's start_response."""
        if self.head is None or exc_info is None:
            encoded = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
            self.head = {"type": "http.response.start", "status": int(status[:3]), "headers": encoded}
        return self.write

    def write(self, piece: bytes) -> None:
        """Hold a piece; pass on what is held once it is large. Called in the page's thread."""
        self.held.append(piece)
        self.size += len(piece)
        if self.size >= LARGE:
            asyncio.run_coroutine_threadsafe(self._pass_on(more=True), self.loop).result()

    async def finish(self) -> None:
        """Send what is left."""
        await self._pass_on(more=False)

    async def _pass_on(self, *, more: bool) -> None:
        if self.head is not None:
            await self.send(self.head)
            self.head = None
        body = b"".join(self.held)
        self.held.clear()
        self.size = 0
        await self.send({"type": "http.response.body", "body": body, "more_body": more})
