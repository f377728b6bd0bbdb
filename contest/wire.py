"""The answer endpoint's wire format, in one place. docs/flows.md draws it; the page's answers.js speaks it.

Request, one answer:  {"t": token, "p": position, "s": seq, "r": response}
Request, many:        {"t": token, "a": [[position, seq, response], …]}
Reply to one:         {"code", "position", "seq", "saved", "server_now", "deadline"}
Reply to many:        {"code": "batch", "acks": [{"code", "position", "seq", "saved"}, …], "server_now", "deadline"}
Any other reply:      {"code"}

``response`` is the kind's wire form in opaque option ids, ``saved`` the same form of what is stored now (null when
nothing is), times are epoch milliseconds. A reply says nothing about right or wrong, neither by its bytes nor by time:
no key is loaded on this path.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeGuard

from quizbank.kinds.base import Wire

PATH = "/api/answer"
LARGEST_BODY = 4096
"""Bytes of a request with one answer."""
LARGEST_BATCH_BODY = 32_768
"""Bytes of a request with many: a whole paper of 200 questions fits."""
MOST_ANSWERS = 200
LARGEST_NUMBER = 2_147_483_647
LONGEST_RESPONSE = 500


class Code(StrEnum):
    """What became of an answer, or why a request was refused."""

    SAVED = "saved"
    DUPLICATE = "duplicate"
    STALE = "stale"
    LATE = "late"
    CLOSED = "closed"
    MOVED = "moved"
    BAD_ANSWER = "bad_answer"
    BUSY = "busy"
    BATCH = "batch"
    BAD_TOKEN = "bad_token"  # noqa: S105  a word of the protocol
    BAD_REQUEST = "bad_request"
    BAD_ORIGIN = "bad_origin"
    METHOD = "method"
    CONTENT_TYPE = "content_type"
    TOO_LARGE = "too_large"


STATUS: dict[Code, HTTPStatus] = {
    Code.SAVED: HTTPStatus.OK,
    Code.DUPLICATE: HTTPStatus.OK,
    Code.STALE: HTTPStatus.CONFLICT,
    Code.LATE: HTTPStatus.GONE,
    Code.CLOSED: HTTPStatus.CONFLICT,
    Code.MOVED: HTTPStatus.CONFLICT,
    Code.BAD_ANSWER: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.BATCH: HTTPStatus.OK,
    Code.BAD_TOKEN: HTTPStatus.UNAUTHORIZED,
    Code.BAD_REQUEST: HTTPStatus.BAD_REQUEST,
    Code.BAD_ORIGIN: HTTPStatus.FORBIDDEN,
    Code.METHOD: HTTPStatus.METHOD_NOT_ALLOWED,
    Code.CONTENT_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Code.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


class WireError(Exception):
    """A request that is refused as a whole."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """One answer as it came: place on the paper, the client's rising number, the response in wire form."""

    position: int
    seq: int
    response: object


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed request. ``batch`` tells which of the two reply forms is due."""

    token: object
    answers: tuple[SentAnswer, ...]
    batch: bool


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of one answer. ``saved`` is what is stored now."""

    code: Code
    position: int
    seq: int
    saved: Wire | None = None

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code.value, "position": self.position, "seq": self.seq, "saved": self.saved}


def parse_request(body: bytes) -> Request:
    """Read a request.

    Raises:
        WireError: BAD_REQUEST when it has another form, TOO_LARGE when a single answer fills more than its share.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError(Code.BAD_REQUEST) from error
    if not isinstance(data, dict):
        raise WireError(Code.BAD_REQUEST)
    many = data.get("a")
    if many is None:
        if len(body) > LARGEST_BODY:
            raise WireError(Code.TOO_LARGE)
        return Request(data.get("t"), (_answer(data.get("p"), data.get("s"), data.get("r")),), batch=False)
    return Request(data.get("t"), parse_answers(many), batch=True)


def parse_answers(many: object) -> tuple[SentAnswer, ...]:
    """Read [[position, seq, response], …], as a batch and as the form that hands a paper in carry it.

    Raises:
        WireError: BAD_REQUEST when it has another form.
    """
    if not isinstance(many, list) or not 1 <= len(many) <= MOST_ANSWERS:
        raise WireError(Code.BAD_REQUEST)
    if not all(isinstance(one, list) and len(one) == 3 for one in many):
        raise WireError(Code.BAD_REQUEST)
    return tuple(_answer(*one) for one in many)


def _answer(position: object, seq: object, response: object) -> SentAnswer:
    if not (_is_number(position) and _is_number(seq)):
        raise WireError(Code.BAD_REQUEST)
    return SentAnswer(position, seq, response)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER


def reply_one(ack: Ack, *, server_now_ms: int, deadline_ms: int) -> bytes:
    """Write the reply to a request with one answer."""
    return _encode(ack.as_json() | {"server_now": server_now_ms, "deadline": deadline_ms})


def reply_many(acks: Sequence[Ack], *, server_now_ms: int, deadline_ms: int) -> bytes:
    """Write the reply to a request with many answers, in the order sent."""
    return _encode(
        {
            "code": Code.BATCH.value,
            "acks": [ack.as_json() for ack in acks],
            "server_now": server_now_ms,
            "deadline": deadline_ms,
        }
    )


def reply_refusal(code: Code) -> bytes:
    """Write the reply to a request refused as a whole."""
    return _encode({"code": code.value})


def _encode(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
