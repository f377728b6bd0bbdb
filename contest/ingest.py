"""The hot path: saving one answer, the most frequent thing the system does, beside Django in the ASGI application.

Verifies the signed token, hands the answer to the group-committing writer and acknowledges after its commit. No
session, no middleware, no query for the token; the rule itself is contest.domain.answers, shared with the form view.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from datetime import datetime
from typing import Any

from django.conf import settings

from contest.arrivals import now_utc, stamp, to_ms
from contest.domain.answers import Arrival, Outcome, save_answers
from contest.tokens import BadToken, signer_for
from contest.wire import (
    LARGEST_BATCH_BODY,
    STATUS,
    Code,
    Request,
    WireError,
    parse_request,
    reply_many,
    reply_one,
    reply_refusal,
)
from contest.writer import Busy, GroupWriter

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

RETRY_AFTER_S = b"1"
# Whether an answer is late is for the database to say: an organizer may have extended the round since the token was
# written. Only a token this long past its time (30 days) opens nothing at all.
TOKEN_AFTERLIFE_MS = 30 * 24 * 3_600_000

_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class Gone(Exception):
    """The client left before its request was whole."""


class AnswerEndpoint:
    """The ASGI application behind POST /api/answer (contest.wire). ``close()`` writes what waits."""

    def __init__(self, writer: GroupWriter[Arrival, Outcome] | None = None) -> None:
        self.writer = writer or GroupWriter(save_answers, name="answers")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived = stamp(scope)
        try:
            status, body = await self.reply(scope, receive, arrived)
        except WireError as error:
            status, body = STATUS[error.code].value, reply_refusal(error.code)
        except Gone:
            return
        headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
        if status == STATUS[Code.BUSY]:
            headers.append((b"retry-after", RETRY_AFTER_S))
        elif status == STATUS[Code.METHOD]:
            headers.append((b"allow", b"POST"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def close(self) -> None:
        """Write what waits and end the writer's thread. Safe to call twice."""
        self.writer.close()

    async def reply(self, scope: Scope, receive: Receive, arrived: datetime) -> tuple[int, bytes]:
        """Return status and body for one request.

        Raises:
            WireError: when the request is refused as a whole.
            Gone: when the client left.
        """
        check_headers(scope)
        request = parse_request(await read_body(receive))
        arrivals = admit(request, arrived)
        try:
            outcomes = await self.writer.save(arrivals)
        except Busy as error:
            raise WireError(Code.BUSY) from error
        now_ms, deadline_ms = to_ms(now_utc()), outcomes[0].deadline_ms
        if request.batch:
            acks = [outcome.ack for outcome in outcomes]
            return STATUS[Code.BATCH].value, reply_many(acks, server_now_ms=now_ms, deadline_ms=deadline_ms)
        ack = outcomes[0].ack
        return STATUS[ack.code].value, reply_one(ack, server_now_ms=now_ms, deadline_ms=deadline_ms)


def check_headers(scope: Scope) -> None:
    """Refuse what a page of ours never sends.

    Raises:
        WireError: for another method, origin, content type, or an announced length that is too large.
    """
    if scope["method"] != "POST":
        raise WireError(Code.METHOD)
    host = origin = None
    content_type = b""
    for name, value in scope["headers"]:
        match name:
            case b"host":
                host = value
            case b"origin":
                origin = value
            case b"content-type":
                content_type = value
            case b"content-length" if not value.isdigit() or int(value) > LARGEST_BATCH_BODY:
                raise WireError(Code.TOO_LARGE)
    # The token is no cookie, so a foreign page has nothing to send along; still, only our own pages speak here.
    if origin is not None and origin.partition(b"://")[2].lower() != (host or b"").lower():
        raise WireError(Code.BAD_ORIGIN)
    if content_type.partition(b";")[0].strip().lower() != b"application/json":
        raise WireError(Code.CONTENT_TYPE)


async def read_body(receive: Receive) -> bytes:
    """Read the body, however it is cut, up to the limit.

    Raises:
        WireError: when it is too large.
        Gone: when the client left.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BATCH_BODY:
            raise WireError(Code.TOO_LARGE)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def admit(request: Request, arrived: datetime) -> list[Arrival]:
    """Check the token and return the answers as arrivals.

    Raises:
        WireError: BAD_TOKEN, or LATE for a token whose time is long over.
    """
    try:
        token = signer_for(settings.SECRET_KEY, *_old_secrets()).read_known(request.token)
    except BadToken as error:
        raise WireError(Code.BAD_TOKEN) from error
    if to_ms(arrived) > token.accept_until_ms + TOKEN_AFTERLIFE_MS:
        raise WireError(Code.LATE)
    return [Arrival(token.attempt, token.check, token.lease, arrived, sent) for sent in request.answers]


def _old_secrets() -> Iterable[str]:
    return (str(secret) for secret in settings.SECRET_KEY_FALLBACKS)
