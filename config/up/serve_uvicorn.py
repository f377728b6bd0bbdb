"""`python -m config.up.serve_uvicorn HOST PORT`: the same application under uvicorn (extra `server`).

uvicorn limits how long a connection may stay silent between requests, but not how long a request may take to arrive; that
limit is added here, so that half-sent requests end under both servers (failures E6).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from config.up.limits import BACKLOG, BODY, HEAD, KEEP_ALIVE, LARGEST_MESSAGE, SLOWEST
from config.up.memory import settle


class GuardedHttp(HttpToolsProtocol):
    """A connection on which every request must arrive in time, counted from its first byte."""

    timer: asyncio.TimerHandle | None = None
    received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.arm(HEAD)

    def on_message_begin(self) -> None:
        self.arm(HEAD)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.received = 0
        self.arm(BODY)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.disarm()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self.disarm()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self.disarm()
        super().connection_lost(exc)

    def arm(self, seconds: float) -> None:
        """Start the clock of a phase."""
        self.disarm()
        self.timer = self.loop.call_later(seconds, self.overdue)

    def disarm(self) -> None:
        """Nothing is awaited from the client."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def overdue(self) -> None:
        """Close, unless a body keeps coming fast enough."""
        self.timer = None
        if self.received > SLOWEST * BODY:
            self.received = 0
            self.arm(BODY)
        else:
            self.transport.abort()


def options(host: str, port: int) -> dict[str, Any]:
    """How uvicorn is run. permessage-deflate is off: it doubles the cost of a broadcast and adds 43 KB a socket."""
    return {
        "host": host,
        "port": port,
        "http": GuardedHttp,
        "ws": "websockets-sansio",
        "ws_per_message_deflate": False,
        "ws_max_size": LARGEST_MESSAGE,
        "backlog": BACKLOG,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "log_level": "info",
        "timeout_keep_alive": int(KEEP_ALIVE),
        "timeout_graceful_shutdown": 5,
    }


class DrainingServer(uvicorn.Server):
    """Says goodbye to the sockets before uvicorn closes them without a word."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        drain = getattr(self.config.app, "drain", None)
        if drain is not None:
            await drain()
        await super().shutdown(sockets)


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM; 1 when the address cannot be listened on."""
    from config.asgi import application  # noqa: PLC0415  sets Django up

    settle()
    server = DrainingServer(uvicorn.Config(application, **options(arguments[0], int(arguments[1]))))
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main(sys.argv[1:]))
