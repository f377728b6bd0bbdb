"""Pages by the WSGI handler inside an ASGI server: whole answers, large ones in pieces, nothing left open."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from config.pages import LARGE, WsgiPages


def ask(app: Any, *, method: str = "GET", body: tuple[bytes, ...] = (b"",), workers: int = 1) -> list[dict[str, Any]]:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": "/trang/chào",
        "query_string": b"a=1",
        "headers": [(b"host", b"thiso.example"), (b"x-twice", b"1"), (b"x-twice", b"2")],
    }
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in body]
    waiting[-1]["more_body"] = False

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(dict(message))

    pages = WsgiPages(app, workers=workers)
    try:
        asyncio.run(pages(scope, receive, send))
    finally:
        pages.close()
    return sent


def test_a_page_goes_out_in_one_piece_with_its_headers():
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b"xin ", b"chao"]

    head, body = ask(app)

    assert head == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")],
    }
    assert body == {"type": "http.response.body", "body": b"xin chao", "more_body": False}


def test_the_environ_is_what_wsgi_says_and_the_body_is_read_however_it_is_cut():
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ, read=environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b""]

    ask(app, method="POST", body=(b"mot ", b"hai ", b"ba"))

    assert seen["read"] == b"mot hai ba"
    assert (seen["REQUEST_METHOD"], seen["QUERY_STRING"], seen["HTTP_X_TWICE"]) == ("POST", "a=1", "1,2")
    assert seen["PATH_INFO"].encode("latin1").decode() == "/trang/chào"
    assert seen["asgi.scope"]["method"] == "POST"


def test_a_large_body_is_passed_on_in_pieces_and_is_whole():
    piece = b"x" * (LARGE // 2)

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return (piece for _ in range(5))

    head, *bodies = ask(app)

    assert head["type"] == "http.response.start"
    assert [len(message["body"]) for message in bodies] == [LARGE, LARGE, LARGE // 2]
    assert [message["more_body"] for message in bodies] == [True, True, False]


def test_the_response_is_closed_also_when_it_breaks():
    class Broken:
        closed = False

        def __iter__(self) -> Any:
            yield b"half"
            raise RuntimeError("broken in the middle")

        def close(self) -> None:
            Broken.closed = True

    def app(environ: Any, start_response: Any) -> Broken:
        start_response("200 OK", [])
        return Broken()

    with pytest.raises(RuntimeError, match="broken in the middle"):
        ask(app)

    assert Broken.closed


def test_pages_are_made_side_by_side():
    async def both() -> list[bytes]:
        meeting = threading.Barrier(2, timeout=5)

        def app(environ: Any, start_response: Any) -> list[bytes]:
            meeting.wait()  # breaks unless two pages are being made at once
            start_response("200 OK", [])
            return [b"met"]

        pages = WsgiPages(app, workers=2)
        bodies: list[bytes] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            bodies.append(message.get("body", b""))

        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "path": "/", "query_string": b"", "headers": [],
        }  # fmt: skip
        try:
            await asyncio.gather(pages(dict(scope), receive, send), pages(dict(scope), receive, send))
        finally:
            pages.close()
        return [body for body in bodies if body]

    assert asyncio.run(both()) == [b"met", b"met"]
