"""A small ASGI application under a guarded server, for tests: `python -m tests.config.guarded_app SERVER PORT LIMIT…`."""

from __future__ import annotations

import sys

from config.up.limits import LARGEST_MESSAGE


async def application(scope, receive, send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            await send({"type": "websocket.send", "text": message.get("text") or ""})
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"x" * 30_000_000 if scope["path"] == "/large" else str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


def serve_daphne(port: int, limits: dict[str, float]) -> None:
    from config.up import guard

    for name, value in limits.items():
        setattr(guard, name, value)
    guard.GuardedServer(
        application=application,
        endpoints=[f"tcp:port={port}:interface=127.0.0.1:backlog=512"],
        websocket_max_message_size=LARGEST_MESSAGE,
        websocket_max_frame_size=LARGEST_MESSAGE,
        server_name="",
    ).run()


def serve_uvicorn(port: int, limits: dict[str, float]) -> None:
    import uvicorn

    from config.up import serve_uvicorn as guarded

    for name, value in limits.items():
        setattr(guarded, name, value)
    uvicorn.run(application, **guarded.options("127.0.0.1", port) | {"lifespan": "off"})


if __name__ == "__main__":
    serve = {"daphne": serve_daphne, "uvicorn": serve_uvicorn}[sys.argv[1]]
    serve(int(sys.argv[2]), {pair.split("=")[0]: float(pair.split("=")[1]) for pair in sys.argv[3:]})
