"""Beside the sockets, for phones whose network lets none through: three ASGI endpoints without Django's views.

POST /api/live/join     {"event", "ticket", "name", "unit"?, "team"?, "pattern"?}  → a `seat` or `denied` frame
POST /api/live/answer   {"t": seat token, "i": instance, "r": response, "b": bet?} → an `ack` frame
GET  /api/live/<event>/state?t=<seat token>                                        → the `stage` frame

The same doors, the same hall, the same writers as the sockets: an answer given here is that answer. Nothing here reads a
cookie but joining, which wants to know who is signed in.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError
from django.utils.translation import override

from contest.arrivals import stamp
from contest.ingest import Gone as ClientGone
from contest.ingest import check_headers, read_body
from contest.wire import STATUS, Code, WireError
from contest.writer import Busy
from realtime import doors
from realtime.domain.answering import AnswerCode
from realtime.domain.joining import Denied
from realtime.hall import Gone, Hall
from realtime.hall_texts import Part, Place
from realtime.hub import NoSuchEvent, Unavailable, hub
from realtime.live_frames import Ack, Answer, Join, Seated
from realtime.live_frames import Denied as DeniedFrame
from realtime.protocol import LARGEST_FRAME, BadFrame
from realtime.visitors import language_of, query_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PREFIX = "/api/live/"
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
# What an answer that was not stored is called in HTTP; the frame's code says the same.
_ANSWERED = {
    AnswerCode.SAVED: HTTPStatus.OK,
    AnswerCode.DUPLICATE: HTTPStatus.OK,
    AnswerCode.LATE: HTTPStatus.GONE,
    AnswerCode.CLOSED: HTTPStatus.CONFLICT,
    AnswerCode.OUT: HTTPStatus.FORBIDDEN,
    AnswerCode.NOT_YOURS: HTTPStatus.UNAUTHORIZED,
    AnswerCode.BAD_ANSWER: HTTPStatus.UNPROCESSABLE_ENTITY,
    AnswerCode.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
}


class LiveEndpoint:
    """The ASGI application behind /api/live/."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stamp(scope)
        try:
            status, text = await self.reply(scope, receive)
        except WireError as error:
            status, text = STATUS[error.code], json.dumps({"code": error.code.value})
        except BadFrame:
            status, text = HTTPStatus.BAD_REQUEST, '{"code":"bad_request"}'
        except (NoSuchEvent, Gone):
            status, text = HTTPStatus.NOT_FOUND, '{"code":"not_found"}'
        except (Unavailable, Busy, DatabaseError):
            status, text = HTTPStatus.SERVICE_UNAVAILABLE, '{"code":"busy"}'
        except ClientGone:
            return
        body = text.encode("utf-8", "replace")
        headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append((b"retry-after", b"1"))
        await send({"type": "http.response.start", "status": status.value, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def reply(self, scope: Scope, receive: Receive) -> tuple[HTTPStatus, str]:
        """Status and JSON text for one request."""
        match scope["path"].removeprefix(PREFIX).split("/"):
            case ["join"]:
                return await self.join(scope, await _posted(scope, receive))
            case ["answer"]:
                return await self.answer(scope, await _posted(scope, receive))
            case [event, "state"] if scope["method"] in ("GET", "HEAD"):
                return await self.state(event, query_of(scope).get("t", ""))
        raise NoSuchEvent

    async def join(self, scope: Scope, data: dict[str, Any]) -> tuple[HTTPStatus, str]:
        """As the socket's `join`."""
        event = data.get("event")
        if not isinstance(event, str):
            raise BadFrame("bad_field")
        hall = await hub().enter_hall(event)
        with override(language_of(scope["headers"])):
            result = await doors.join(hall, Join.read(data), headers=scope["headers"])
        if isinstance(result, Denied):
            denied = DeniedFrame(**_at(hall), code=result.code, text=result.text, retry_ms=result.retry_ms)
            return HTTPStatus.OK, denied.encode()
        seat = Seated(**_at(hall), token=doors.token_for(hall, result), key=result.key, name=result.name)
        return HTTPStatus.OK, seat.encode()

    async def answer(self, scope: Scope, data: dict[str, Any]) -> tuple[HTTPStatus, str]:
        """As the socket's `answer`."""
        token = data.get("t")
        sent = Answer.read({"instance": data.get("i"), "response": data.get("r"), "bet": data.get("b", 0)})
        hall = await hub().enter_hall(doors.event_of(token))
        player = await doors.player_of(hall, token)
        code = AnswerCode.NOT_YOURS
        if player is not None:
            code = await hall.answer(
                player, instance=sent.instance, response=sent.response, bet=sent.bet, received_at=stamp(scope)
            )
        return _ANSWERED[code], Ack(**_at(hall), instance=sent.instance, code=code).encode()

    async def state(self, event: str, token: str) -> tuple[HTTPStatus, str]:
        """As the socket's `stage`: the player's with a token, a spectator's without."""
        hall = await hub().enter_hall(event)
        place = Place(Part.LOOKER)
        if token:
            player = await doors.player_of(hall, token)
            if player is None:
                return HTTPStatus.FORBIDDEN, '{"code":"not_yours"}'
            place = Place(Part.PLAYER, player=player)
            hall.attendance.seen(player)
        elif hall.snap is None or not hall.snap.rules.spectators:
            return HTTPStatus.FORBIDDEN, '{"code":"no_spectators"}'
        return HTTPStatus.OK, hall.text_for(place)


async def _posted(scope: Scope, receive: Receive) -> dict[str, Any]:
    check_headers(scope)
    body = await read_body(receive)
    if len(body) > LARGEST_FRAME:
        raise WireError(Code.TOO_LARGE)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise WireError(Code.BAD_REQUEST) from None
    if not isinstance(data, dict):
        raise WireError(Code.BAD_REQUEST)
    return data


def _at(hall: Hall) -> dict[str, int]:
    epoch, seq = hall.position
    return {"epoch": epoch, "seq": seq}
