"""Guesses of shapes: five a ticket and set of shapes."""

from __future__ import annotations

import pytest

from realtime import knocks
from realtime.knocks import GUESSES, Knocks
from realtime.pins import PATTERN_MS

START = 1_000 * PATTERN_MS

pytestmark = pytest.mark.sqlite_only


def test_a_ticket_guesses_five_times_and_waits_for_the_next_shapes():
    door = Knocks()
    for _ in range(GUESSES):
        assert door.wait_ms("a", START + 1_000) == 0
        door.missed("a", START + 1_000)
    assert door.wait_ms("a", START + 1_000) == PATTERN_MS - 1_000
    assert door.wait_ms("b", START + 1_000) == 0
    assert door.wait_ms("a", START + PATTERN_MS) == 0


def test_no_more_tickets_are_counted_than_fit(monkeypatch):
    monkeypatch.setattr(knocks, "MOST_TICKETS", 2)
    door = Knocks()
    door.missed("a", START)
    door.missed("b", START)
    assert door.wait_ms("c", START) == PATTERN_MS
    assert door.wait_ms("a", START) == 0
