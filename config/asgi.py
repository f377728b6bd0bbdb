"""The ASGI composition: answers on the hot path, sockets through Channels, pages through Django's WSGI handler.

Measured here (docs/capacity.md): a page through the WSGI handler in a small thread pool costs a third of one through
Django's ASGI handler, and an answer on the hot path a tenth of a page.
"""

from __future__ import annotations

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages_wsgi = get_wsgi_application()  # sets Django up; what follows may import models

from django.conf import settings  # noqa: E402

from config.pages import WsgiPages  # noqa: E402
from contest.ingest import AnswerEndpoint  # noqa: E402
from realtime.consumers.base import drain  # noqa: E402
from realtime.live_http import PREFIX as LIVE  # noqa: E402
from realtime.live_http import LiveEndpoint  # noqa: E402
from realtime.routing import sockets  # noqa: E402
from realtime.writers import writers  # noqa: E402


class Application:
    """One ASGI app for any server. ``drain()`` says goodbye to sockets, ``close()`` ends page threads and writers."""

    def __init__(self) -> None:
        self.pages = WsgiPages(pages_wsgi, workers=settings.PAGE_THREADS)
        self.answers = AnswerEndpoint()
        self.live = LiveEndpoint()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        match scope["type"]:
            case "http" if scope["path"] == "/api/answer":
                await self.answers(scope, receive, send)
            case "http" if scope["path"].startswith(LIVE):
                await self.live(scope, receive, send)
            case "http":
                await self.pages(scope, receive, send)
            case "websocket":
                await sockets(scope, receive, send)
            case "lifespan":
                await self.lifespan(receive, send)

    async def lifespan(self, receive: Any, send: Any) -> None:
        """Answer a server that announces start and stop (uvicorn does, Daphne does not)."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def drain(self) -> None:
        """Tell every socket to come back in a while, each at another moment; the server stops."""
        await drain()

    def close(self) -> None:
        """End the threads, so that the server's process can end. Safe to call twice."""
        self.pages.close()
        self.answers.close()
        writers.close()


application = Application()
