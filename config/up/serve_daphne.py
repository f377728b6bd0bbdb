"""`python -m config.up.serve_daphne HOST PORT`: Daphne for the embedded mode, guarded and quiet.

No access log (nothing in it would be needed, and addresses are personal data), no Server header, messages of strangers
limited to 16 KiB, a long queue for the minute in which a whole hall joins.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from typing import Any

from config.up.guard import GuardedServer  # first: installs the reactor before anything else imports Twisted
from config.up.limits import BACKLOG, LARGEST_MESSAGE
from config.up.memory import settle
from config.up.plain_logs import plain_debug_texts

SLOWEST_ANSWER = 120  # seconds until the server gives up on its own application
THREADS_PATIENCE = 5.0  # seconds


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM; 1 when the address cannot be listened on."""
    from daphne.endpoints import build_endpoint_description_strings  # noqa: PLC0415  after the reactor

    from config.asgi import application  # noqa: PLC0415  sets Django up

    host, port = arguments[0], int(arguments[1])
    endpoints = [
        f"{description}:backlog={BACKLOG}" for description in build_endpoint_description_strings(host=host, port=port)
    ]
    server = GuardedServer(
        application=application,
        endpoints=endpoints,
        http_timeout=SLOWEST_ANSWER,
        websocket_max_message_size=LARGEST_MESSAGE,
        websocket_max_frame_size=LARGEST_MESSAGE,
        websocket_connect_timeout=10,
        websocket_handshake_timeout=10,
        application_close_timeout=5,
        server_name="",
        verbosity=1,
    )
    settle()
    plain_debug_texts()
    server.run()
    end_application(application)
    return 1 if server.abort_start else 0


def end_application(application: Any) -> None:
    """Close the application's threads; should one be stuck, leave without it so that Ctrl-C is never in vain."""
    close = getattr(application, "close", None)
    if close is not None:
        with contextlib.suppress(Exception):
            close()
    timer = threading.Timer(THREADS_PATIENCE, leave)
    timer.daemon = True
    timer.start()


def leave() -> None:
    """End the process whatever its threads do."""
    logging.shutdown()
    os._exit(0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main(sys.argv[1:]))
