"""Guards Daphne against connections that are opened and never finished.

Daphne closes a half-sent request only after 60 s without a byte: one byte every few seconds holds it for ever, and 2,000
such connections were all still open after 75 s (failures E6). In the embedded mode no proxy stands in front, so the
time of every phase of a connection is limited here, counted from its beginning and not from the last byte:

    idle   between requests, or connected and silent      KEEP_ALIVE
    head   first byte of a request until its empty line   HEAD
    body   until the announced body is there              BODY, plus one second for each SLOWEST bytes received
    paused the client does not read our answer            UNREAD

A request being worked on is not limited (Daphne's http_timeout does that); a WebSocket leaves the guard at its upgrade
and is then watched by pings.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import time
from typing import Any

import daphne.server  # installs the asyncio reactor: must come before anything else of Twisted
from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet import defer, reactor
from twisted.web import http

from config.up.limits import BODY, HEAD, KEEP_ALIVE, LARGEST_BODY, SLOWEST, UNREAD

log = logging.getLogger(__name__)

MOST_WAITING = 20_000  # connections; beyond it the one that has waited longest makes room
SWEEP = 1.0  # seconds


class Phase(enum.Enum):
    """What a connection is waiting for."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    WORKING = "working"


class GuardedRequest(WebRequest):
    """A request whose last-resort error page tells nothing about the server."""

    error_template = (
        "<!doctype html><html lang=vi><meta charset=utf-8><title>%(title)s</title>"
        "<h1>%(title)s</h1><p>Yêu cầu không xử lý được. (%(body)s)</p></html>"
    )


class GuardedChannel(http.HTTPChannel):
    """One HTTP connection that knows since when it has been waiting, and for what."""

    maxHeaders = 100
    requestFactory = GuardedRequest
    phase = Phase.IDLE
    since = 0.0
    received = 0
    paused_since: float | None = None
    closing = False

    def connectionMade(self) -> None:
        super().connectionMade()
        self.enter(Phase.IDLE)

    def enter(self, phase: Phase) -> None:
        """Go to a phase; its clock starts now."""
        self.phase = phase
        self.since = time.monotonic()
        self.factory.keep(self)

    def dataReceived(self, data: bytes) -> None:
        if self.closing:
            return
        if self.phase is Phase.IDLE:
            self.enter(Phase.HEAD)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:
        super().allHeadersReceived()
        if (self.length or 0) > LARGEST_BODY:
            self.refuse(b"413 Content Too Large")
        elif self.length != 0:
            self.received = 0
            self.enter(Phase.BODY)

    def rawDataReceived(self, data: bytes) -> None:
        if self.phase is Phase.BODY:
            self.received += len(data)
            if self.received > LARGEST_BODY:
                self.refuse(b"413 Content Too Large")
                return
        if not self.closing:
            super().rawDataReceived(data)

    def allContentReceived(self) -> None:
        if self.closing:
            return
        self.enter(Phase.WORKING)
        super().allContentReceived()

    def requestDone(self, request: Any) -> None:
        self.enter(Phase.IDLE)
        super().requestDone(request)

    def pauseProducing(self) -> None:
        self.paused_since = time.monotonic()
        super().pauseProducing()

    def resumeProducing(self) -> None:
        self.paused_since = None
        super().resumeProducing()

    def connectionLost(self, reason: Any = None) -> None:
        self.factory.forget(self)
        super().connectionLost(reason)

    def overdue(self, now: float) -> bool:
        """Whether this connection has used up the time of its phase."""
        if self.paused_since is not None and now - self.paused_since > UNREAD:
            return True
        waited = now - self.since
        match self.phase:
            case Phase.IDLE:
                return waited > KEEP_ALIVE
            case Phase.HEAD:
                return waited > HEAD
            case Phase.BODY:
                return waited > BODY + self.received / SLOWEST
            case _:
                return False

    def upgraded(self) -> bool:
        """Whether a WebSocket has taken over the transport."""
        return getattr(self.transport, "protocol", self) is not self

    def refuse(self, status: bytes = b"408 Request Timeout") -> None:
        """Say why, if nothing was said yet, and close; a client that does not let us is cut off at the next sweep."""
        if self.closing:
            self.transport.abortConnection()
            return
        self.closing = True
        if self.phase in (Phase.HEAD, Phase.BODY):
            self.transport.write(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self.loseConnection()


class GuardedFactory(HTTPFactory):
    """Makes guarded connections, keeps them in the order in which they began to wait, and looks at them every second."""

    protocol = GuardedChannel

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.timeOut = None  # Twisted's own idle clock, which every byte resets
        self.open: dict[GuardedChannel, None] = {}
        self.closed = 0
        reactor.callLater(SWEEP, self.sweep)

    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = GuardedRequest  # Daphne has just set its own
        return protocol

    def keep(self, channel: GuardedChannel) -> None:
        """Put a connection at the end of the queue; make room when too many wait."""
        self.open.pop(channel, None)
        self.open[channel] = None
        if len(self.open) > MOST_WAITING:
            oldest = next((c for c in self.open if c.phase is not Phase.WORKING), None)
            if oldest is not None and oldest is not channel:
                self.forget(oldest)
                oldest.transport.abortConnection()

    def forget(self, channel: GuardedChannel) -> None:
        """A connection has ended or is a WebSocket now."""
        self.open.pop(channel, None)

    def sweep(self) -> None:
        """Close what is overdue."""
        now = time.monotonic()
        count = 0
        for channel in list(self.open):
            if channel.upgraded():
                self.forget(channel)
            elif channel.overdue(now):
                channel.refuse()
                count += 1
        if count:
            self.closed += count
            log.info("closed %d connections that were idle, half-sent or not read", count)
        reactor.callLater(SWEEP, self.sweep)


class GuardedServer(daphne.server.Server):
    """Daphne with guarded connections and a shutdown that half-sent requests cannot disturb."""

    def run(self) -> None:
        daphne.server.HTTPFactory = GuardedFactory  # the only place where Daphne names its factory
        super().run()

    def kill_all_applications(self) -> Any:
        """As Daphne's, which fails with a KeyError while any connection has no application."""
        running = [d["application_instance"] for d in self.connections.values() if "application_instance" in d]
        waiting = [task for task in running if not task.done()]
        for task in waiting:
            task.cancel()
        done = defer.Deferred.fromFuture(asyncio.gather(*waiting, return_exceptions=True))
        done.addErrback(lambda _: None)
        return done
