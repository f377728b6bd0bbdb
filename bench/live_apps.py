"""What a live room is measured against: a bare ASGI broadcast without Django, and a python-socketio room.

Both send a question as large as ours to everybody and acknowledge an answer without keeping it: the least a room can do.
"""

from __future__ import annotations

import asyncio
from typing import Any

QUESTION = '{"q":"' + "x" * 1500 + '"}'
ACK = '{"a":"saved"}'


class Bare:
    """One room. "join" is answered, "q" goes to all, anything else is an answer."""

    def __init__(self) -> None:
        self.outboxes: set[asyncio.Queue[str]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        outbox: asyncio.Queue[str] = asyncio.Queue()
        writer = asyncio.create_task(self.write(outbox, send))
        try:
            while (message := await receive())["type"] == "websocket.receive":
                match message.get("text"):
                    case "join":
                        self.outboxes.add(outbox)
                        outbox.put_nowait('{"j":1}')
                    case "q":
                        for one in self.outboxes:
                            one.put_nowait(QUESTION)
                    case _:
                        outbox.put_nowait(ACK)
        finally:
            self.outboxes.discard(outbox)
            writer.cancel()

    @staticmethod
    async def write(outbox: asyncio.Queue[str], send: Any) -> None:
        """A slow reader must not stop the others, so every socket has a writer, as ours have."""
        while True:
            await send({"type": "websocket.send", "text": await outbox.get()})


bare = Bare()


def room() -> Any:
    """The same as a python-socketio room."""
    import socketio

    server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*", logger=False, engineio_logger=False)

    @server.event
    async def join(sid: str, _name: str) -> str:
        await server.enter_room(sid, "hall")
        return "joined"

    @server.event
    async def q(_sid: str) -> None:
        await server.emit("question", QUESTION, room="hall")

    @server.event
    async def answer(_sid: str, _data: Any) -> str:
        return "saved"

    return socketio.ASGIApp(server)


def __getattr__(name: str) -> Any:
    if name == "socketio_room":
        return room()
    raise AttributeError(name)
