"""The floor: an ASGI application without Django that reads a body and answers as many bytes as the hot path does."""

from __future__ import annotations

from typing import Any

BODY = b'{"code":"saved","position":12,"seq":1,"saved":"0123abcd","server_now":1795309200000,"deadline":1795309800000}'
HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-length", b"%d" % len(BODY)),
]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer every HTTP request; know no lifespan."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
