"""`python -m bench.serve daphne|uvicorn MODULE:APP HOST PORT`: any ASGI application under the very servers `up` starts."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main(kind: str, target: str, host: str, port: str) -> None:
    """Serve until SIGTERM, with the options of config.up."""
    if kind == "daphne":
        _daphne(target, host, int(port))
    else:
        _uvicorn(target, host, int(port))


def _app(target: str) -> Any:
    from config.up.memory import settle

    module, _, name = target.partition(":")
    application = getattr(importlib.import_module(module), name)
    settle()
    return application


def _daphne(target: str, host: str, port: int) -> None:
    from daphne.endpoints import build_endpoint_description_strings

    from config.up.guard import GuardedServer  # first: installs the reactor
    from config.up.limits import BACKLOG, LARGEST_MESSAGE
    from config.up.plain_logs import plain_debug_texts
    from config.up.serve_daphne import end_application

    application = _app(target)
    plain_debug_texts()
    endpoints = [f"{one}:backlog={BACKLOG}" for one in build_endpoint_description_strings(host=host, port=port)]
    GuardedServer(
        application=application,
        endpoints=endpoints,
        websocket_max_message_size=LARGEST_MESSAGE,
        websocket_max_frame_size=LARGEST_MESSAGE,
        websocket_connect_timeout=10,
        websocket_handshake_timeout=10,
        server_name="",
        verbosity=0,
    ).run()
    end_application(application)


def _uvicorn(target: str, host: str, port: int) -> None:
    import uvicorn

    from config.up.serve_uvicorn import options

    uvicorn.run(_app(target), **(options(host, port) | {"log_level": "warning"}))


if __name__ == "__main__":
    main(*sys.argv[1:5])
