"""Codes at the door: PINs nobody guesses from another, tokens nobody forges, shapes that die after a while."""

from __future__ import annotations

import secrets
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.pins import (
    PATTERN_MS,
    SHAPES,
    BadSeatToken,
    BadTicket,
    SeatToken,
    Ticket,
    check_of,
    clean_pin,
    new_nonce,
    new_pin,
    pattern,
    pattern_fits,
    patterns,
    read_seat,
    read_ticket,
    write_seat,
    write_ticket,
)

NOW = 1_790_000_000_000
SEAT = SeatToken(event=7, player=4_000_000_000, check=check_of("abc"))


def test_pins_are_six_digits_and_free():
    random = secrets.SystemRandom()
    pins = {new_pin(random) for _ in range(500)}

    assert all(len(pin) == 6 and pin.isdigit() and pin[0] != "0" for pin in pins)
    assert len(pins) > 490


def test_taken_and_too_easy_pins_are_passed_over():
    class Wishes(Random):
        def randrange(self, *_args):
            return next(wishes)

    wishes = iter([111111, 123456, 987654, 482913, 482914])

    assert new_pin(Wishes(), taken={"482913"}) == "482914"


def test_no_free_pin_is_told():
    class Everything:
        def __contains__(self, _pin):
            return True

    with pytest.raises(LookupError):
        new_pin(Random(1), taken=Everything())


@pytest.mark.parametrize(
    ("typed", "pin"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("12345", ""),
        ("1234567", ""),
        ("١٢٣٤٥٦", ""),
        ("12345a", ""),
        ("", ""),
    ],
)
def test_pin_as_people_type_it(typed, pin):
    assert clean_pin(typed) == pin


@given(st.integers(0, 2**63), st.integers(0, 2**63), st.binary(min_size=8, max_size=8))
def test_seat_token_says_what_was_written(event, player, check):
    seat = SeatToken(event, player, check)

    assert read_seat("secret", write_seat("secret", seat)) == seat


def test_ticket_says_what_was_written():
    nonce = new_nonce(secrets.SystemRandom())
    ticket = Ticket(event=7, nonce=nonce, issued_ms=NOW)

    assert len(nonce) == 16
    assert read_ticket("secret", write_ticket("secret", ticket)) == ticket


@given(st.integers(0, 54), st.sampled_from("ABCDEFabcdef0123456789-_"))
def test_changed_token_opens_nothing(place, char):
    text = write_seat("secret", SEAT)
    changed = text[:place] + char + text[place + 1 :]
    if changed != text:
        with pytest.raises(BadSeatToken):
            read_seat("secret", changed)


@given(st.one_of(st.text(max_size=150), st.none(), st.integers(), st.binary(max_size=80)))
def test_anything_else_is_no_token(text):
    with pytest.raises(BadSeatToken):
        read_seat("secret", text)
    with pytest.raises(BadTicket):
        read_ticket("secret", text)


def test_token_of_another_event_or_kind_opens_nothing():
    with pytest.raises(BadSeatToken):
        read_seat("another event's secret", write_seat("secret", SEAT))
    with pytest.raises(BadTicket):
        read_ticket("secret", write_seat("secret", SEAT))
    ticket = write_ticket("secret", Ticket(7, new_nonce(Random(1)), NOW))
    with pytest.raises(BadSeatToken):
        read_seat("secret", ticket)


def test_one_token_has_one_spelling():
    text = write_seat("secret", SEAT)
    for twin in (text + "=", text + "==", " " + text, text + "\n"):
        with pytest.raises(BadSeatToken):
            read_seat("secret", twin)


def test_shapes_change_and_those_before_still_fit():
    start = NOW - NOW % PATTERN_MS
    shapes = pattern("secret", start)

    assert len(shapes) == 4
    assert set(shapes) <= set(SHAPES)
    assert pattern("secret", start + PATTERN_MS - 1) == shapes
    assert patterns("secret", start + PATTERN_MS)[1] == shapes
    assert pattern_fits("secret", shapes, start + 2 * PATTERN_MS - 1)
    assert len({pattern("secret", start + n * PATTERN_MS) for n in range(40)}) > 20
    assert pattern("secret", start) != pattern("other", start) or pattern("secret", start + PATTERN_MS) != pattern(
        "other", start + PATTERN_MS
    )


def test_the_shapes_are_never_four_times_the_same():
    # Of any four of four shapes one in 64 would be: 3,000 windows would hold some 47.
    assert [n for n in range(3_000) if len(set(pattern("secret", n * PATTERN_MS))) == 1] == []


def test_old_or_odd_shapes_do_not_fit():
    start = NOW - NOW % PATTERN_MS
    now = start + 5 * PATTERN_MS
    old = next(
        shapes
        for n in range(5, 200)
        if (shapes := pattern("secret", start - n * PATTERN_MS)) not in patterns("secret", now)
    )

    assert not pattern_fits("secret", old, now)
    assert not pattern_fits("secret", "", now)
    assert not pattern_fits("secret", "▲", now)
