"""The ASGI composition: answers on the hot path, sockets through Channels, pages through Django's WSGI handler.

Measured here (docs/capacity.md): a page through the WSGI handler in a small thread pool costs a third of one through
Django's ASGI handler, and an answer on the hot path a tenth of a page.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages_wsgi = get_wsgi_application()  # sets Django up; what follows may import models

from django.conf import settings  # noqa: E402

from contest.ingest import AnswerEndpoint  # noqa: E402
from realtime.routing import sockets  # noqa: E402


class Application:
    """One ASGI app for any server. ``close()`` ends the page threads and the answer writer."""

    def __init__(self) -> None:
        self.pages = WSGIMiddleware(pages_wsgi, workers=settings.PAGE_THREADS)  # type: ignore[arg-type]
        self.answers = AnswerEndpoint()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        match scope["type"]:
            case "http" if scope["path"] == "/api/answer":
                await self.answers(scope, receive, send)
            case "http":
                await self.pages(scope, receive, send)  # type: ignore[arg-type]
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

    def close(self) -> None:
        """End the threads, so that the server's process can end. Safe to call twice."""
        executor = self.pages.executor
        if isinstance(executor, ThreadPoolExecutor):
            executor.shutdown(wait=False, cancel_futures=True)
        self.answers.close()


application = Application()
