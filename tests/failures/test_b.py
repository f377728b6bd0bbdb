"""B: the life of an attempt. What a client can say about time, and what waits for the commit."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.dispatch import Signal

from contest.arrivals import arrival_of, stamp
from contest.signals import tell_after_commit
from contest.wire import SentAnswer, parse_request


def test_a_client_has_no_place_to_put_a_time() -> None:
    assert {field.name for field in fields(SentAnswer)} == {"position", "seq", "response"}
    honest = {"t": "token", "p": 0, "s": 1, "r": "x"}
    boast = honest | {"duration": 1, "ping": 999, "at": "2026-01-01T00:00:00Z", "received_at": 0}
    assert parse_request(json.dumps(boast).encode()) == parse_request(json.dumps(honest).encode())


def test_the_first_stamp_of_a_request_stays() -> None:
    scope: dict[str, Any] = {}
    first = stamp(scope)
    assert stamp(scope) == first
    assert arrival_of({"asgi.scope": scope}) == first


def test_no_header_is_a_stamp() -> None:
    before = datetime.now(UTC)
    forged = {"HTTP_X_REQUEST_START": "t=0", "HTTP_X_ARRIVED": "0", "HTTP_THISO_ARRIVED": "0", "HTTP_DATE": "0"}
    assert arrival_of(forged) >= before


@pytest.mark.django_db(transaction=True)
def test_the_world_hears_only_what_was_committed() -> None:
    signal, heard = Signal(), []

    def listen(**facts: Any) -> None:
        heard.append((facts["number"], transaction.get_connection().in_atomic_block))

    signal.connect(listen, weak=False)
    with transaction.atomic():
        tell_after_commit(signal, object, number=1)
        assert heard == []
    with transaction.atomic():
        tell_after_commit(signal, object, number=2)
        transaction.set_rollback(True)
    assert heard == [(1, False)]


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_breaks_hurts_nobody() -> None:
    signal = Signal()

    def broken(**_facts: Any) -> None:
        raise OSError("the mail server is away")

    signal.connect(broken, weak=False)
    with transaction.atomic():
        tell_after_commit(signal, object, number=1)
