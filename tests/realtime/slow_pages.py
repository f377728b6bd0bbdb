"""The application with one more page, /cham/, whose thread waits seconds for the database: a report as slow as they come."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.db import connection

from config.asgi import application, pages_wsgi

NAP_S = 6

__all__ = ["application"]


def pages(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Ours, but one."""
    if environ["PATH_INFO"] != "/cham/":
        return pages_wsgi(environ, start_response)
    connection.ensure_connection()
    connection.connection.create_function("nap", 1, time.sleep)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nap(%s), count(*) FROM realtime_event", [NAP_S])
        cursor.fetchone()
    connection.close()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"xong"]


application.pages.app = pages
