"""WebSocket addresses. An unknown one is refused in the handshake, without a traceback."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.consumers.board import BoardConsumer
from realtime.consumers.live import DeskConsumer, MarshalConsumer, PlayConsumer, WallConsumer


async def nothing_here(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer the handshake with 403 (the only refusal a WebSocket handshake has)."""
    await receive()
    await send({"type": "websocket.close"})


sockets = URLRouter(
    [
        path("ws/board/<slug:slug>/", BoardConsumer.as_asgi()),
        path("ws/live/<slug:event>/play", PlayConsumer.as_asgi()),
        path("ws/live/<slug:event>/wall", WallConsumer.as_asgi()),
        path("ws/live/<slug:event>/desk", DeskConsumer.as_asgi()),
        path("ws/live/<slug:event>/marshal", MarshalConsumer.as_asgi()),
        re_path("", nothing_here),  # type: ignore[arg-type]  # Channels routes ASGI applications where Django has views
    ]
)
