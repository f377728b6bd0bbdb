"""Requests of another form: refused at the door of the real ASGI application, without a look into the database."""

from __future__ import annotations

import asyncio
import json

import pytest

from config.asgi import Application
from contest.wire import LARGEST_BATCH_BODY, LARGEST_BODY, MOST_ANSWERS, STATUS, Code, parse_request
from tests.contest.seats import post

pytestmark = pytest.mark.sqlite_only

ANSWER = {"t": "x" * 63, "p": 0, "s": 1, "r": ""}


@pytest.fixture
def app():
    one = Application()
    yield one
    one.close()


def test_every_code_has_its_status():
    assert set(STATUS) == set(Code)


def test_a_whole_paper_fits_into_one_request():
    rows = [[position, 2_000_000_000, ["01234567"] * 8] for position in range(MOST_ANSWERS)]
    body = json.dumps({"t": "x" * 63, "a": rows}, separators=(",", ":")).encode()
    assert len(body) < LARGEST_BATCH_BODY
    assert len(parse_request(body).answers) == MOST_ANSWERS


def test_one_answer_of_five_multiple_choices_is_far_below_the_limit():
    assert len(json.dumps(ANSWER | {"r": ["01234567"] * 8})) < LARGEST_BODY / 10


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"7", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"t":"x"}', b"[" * 5000]
    + [json.dumps({"t": "x", "p": p, "s": s, "r": ""}).encode() for p, s in ((-1, 1), ("0", 1), (0, None), (0, 1.5), (True, 1), (0, 2**31), (10**30, 1))]
    + [json.dumps({"t": "x", "a": a}).encode() for a in ([], [[0, 1]], [0], "x", {}, [[0, 1, "", 2]], [[0, 1, ""]] * 201)],
)  # fmt: skip
def test_a_body_of_another_form_is_a_bad_request(app, raw):
    reply = post(app, raw=raw)
    assert (reply.status_code, reply.json()) == (400, {"code": "bad_request"})


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(app):
    for raw in (
        json.dumps({"t": "x", "p": 0, "s": 1, "r": "x" * LARGEST_BODY}).encode(),
        b'{"a":' + b" " * LARGEST_BATCH_BODY,
        b"x" * 10_000_000,
    ):
        reply = post(app, raw=raw)
        assert (reply.status_code, reply.json()) == (413, {"code": "too_large"})


def test_a_body_in_endless_pieces_is_cut_off(app):
    """Chunked, without a length: only what arrives can be counted."""
    read, answers = [], []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def send(message):
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/answer",
        "headers": [(b"content-type", b"application/json")],
    }
    asyncio.run(app(scope, receive, send))
    assert answers[0]["status"] == 413
    assert len(read) == LARGEST_BATCH_BODY // 1000 + 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_post_is_answered(app, method):
    reply = post(app, {}, method=method)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://testserver.evil.example", "http://testserver:81"]
)
def test_another_sites_page_is_refused(app, origin):
    reply = post(app, ANSWER, headers={"origin": origin})
    assert (reply.status_code, reply.json()) == (403, {"code": "bad_origin"})


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"])
def test_only_json_is_read(app, content_type):
    reply = post(app, ANSWER, headers={"content-type": content_type})
    assert (reply.status_code, reply.json()) == (415, {"code": "content_type"})
