"""Codes at the door: PINs, tickets for joining, seat tokens, the shapes on the wall. Pure; secrets and clock are passed in.

A PIN only names a room: six digits can be guessed, so guesses are limited elsewhere and a PIN dies with its event. The ticket
makes joining repeatable (the same ticket, the same seat), the seat token is who a phone is: it opens one player's seat and
nothing else. Layouts are fixed, under HMAC-SHA256 cut to 128 bits, base64url, like ``contest.tokens``.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from random import Random

PIN_LENGTH = 6
SHAPES = "▲●◆■"
PATTERN_LENGTH = 4
PATTERN_MS = 15_000
NONCE_BYTES = 12
CHECK_BYTES = 8

_TICKET = struct.Struct(f">BQ{NONCE_BYTES}sQ")  # kind, event, nonce, issued
_SEAT = struct.Struct(f">BQQ{CHECK_BYTES}s")  # kind, event, player, check
_TICKET_KIND, _SEAT_KIND = 1, 2
_MAC_BYTES = 16
_PURPOSE = b"realtime.pins/1"
_LONGEST = 120
_MOST_TRIES = 10_000


class BadToken(Exception):
    """Not a token of ours, changed, of another kind, or of another event (each event signs with its own secret)."""


class BadTicket(BadToken):
    """No ticket."""


class BadSeatToken(BadToken):
    """No seat token."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Handed out with the join page of an event; ``nonce`` (``new_nonce``) makes the seat unique and repeatable.

    ``issued_ms``: milliseconds since 1970.
    """

    event: int
    nonce: str
    issued_ms: int


@dataclass(frozen=True, slots=True)
class SeatToken:
    """A player's seat. ``check``: ``check_of`` the player's public id (row numbers may be reused after a restore)."""

    event: int
    player: int
    check: bytes


def new_pin(random: Random, taken: Container[str] = ()) -> str:
    """Return a free PIN of six digits. ``random``: ``secrets.SystemRandom()`` (PINs of other rooms must not be predictable).

    No PIN starts with 0 (people drop it) and none is six equal digits or a run like 123456.

    Raises:
        LookupError: when no free one was found in many tries.
    """
    for _ in range(_MOST_TRIES):
        pin = str(random.randrange(10 ** (PIN_LENGTH - 1), 10**PIN_LENGTH))
        steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
        if steps not in ({0}, {1}, {-1}) and pin not in taken:
            return pin
    raise LookupError("no free PIN")


def clean_pin(text: str) -> str:
    """The six digits somebody typed ("123 456", "123-456"), or "" when they are none."""
    digits = "".join(char for char in text if char not in " -.\u00a0")
    return digits if len(digits) == PIN_LENGTH and digits.isascii() and digits.isdigit() else ""


def check_of(public_id: str) -> bytes:
    """The eight bytes that tie a seat token to a player's public id."""
    return sha256(public_id.encode()).digest()[:CHECK_BYTES]


def new_nonce(random: Random) -> str:
    """Return 16 URL-safe characters carrying 96 bits. ``random``: ``secrets.SystemRandom()``."""
    return base64.urlsafe_b64encode(random.randbytes(NONCE_BYTES)).decode()


def write_ticket(secret: str, ticket: Ticket) -> str:
    """Return the signed text of a ticket."""
    nonce = base64.urlsafe_b64decode(ticket.nonce)
    return _write(secret, _TICKET.pack(_TICKET_KIND, ticket.event, nonce, ticket.issued_ms))


def read_ticket(secret: str, text: object) -> Ticket:
    """Return what a ticket says.

    Raises:
        BadTicket: when it is none of ours.
    """
    body = _read(secret, text, _TICKET, _TICKET_KIND)
    if body is None:
        raise BadTicket
    _kind, event, nonce, issued_ms = _TICKET.unpack(body)
    return Ticket(event, base64.urlsafe_b64encode(nonce).decode(), issued_ms)


def write_seat(secret: str, seat: SeatToken) -> str:
    """Return the signed text of a seat token."""
    return _write(secret, _SEAT.pack(_SEAT_KIND, seat.event, seat.player, seat.check))


def read_seat(secret: str, text: object) -> SeatToken:
    """Return what a seat token says.

    Raises:
        BadSeatToken: when it is none of ours.
    """
    body = _read(secret, text, _SEAT, _SEAT_KIND)
    if body is None:
        raise BadSeatToken
    _kind, event, player, check = _SEAT.unpack(body)
    return SeatToken(event, player, check)


def pattern(secret: str, now: int) -> str:
    """The four shapes that stand on the wall at ``now`` (milliseconds); they change every 15 s."""
    return _pattern_of(secret, now // PATTERN_MS)


def patterns(secret: str, now: int) -> tuple[str, str]:
    """The shapes that are let in: those of now and of the window before (people look up, then type)."""
    window = now // PATTERN_MS
    return _pattern_of(secret, window), _pattern_of(secret, window - 1)


def pattern_fits(secret: str, shapes: str, now: int) -> bool:
    """Whether somebody typed shapes that are let in."""
    return any([hmac.compare_digest(shapes.encode(), one.encode()) for one in patterns(secret, now)])  # noqa: C419


def _pattern_of(secret: str, window: int) -> str:
    digest = hmac.digest(_key(secret), b"pattern:%d" % window, "sha256")
    shapes = "".join(SHAPES[byte % len(SHAPES)] for byte in digest)
    # Four times the same shape reads as one shape, and is what a guesser tries first: the next four that differ are taken.
    cuts = (shapes[at : at + PATTERN_LENGTH] for at in range(len(shapes) - PATTERN_LENGTH))
    return next((cut for cut in cuts if len(set(cut)) > 1), SHAPES)


@lru_cache(maxsize=4096)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE, "sha256")


def _mac(secret: str, body: bytes) -> bytes:
    return hmac.digest(_key(secret), body, "sha256")[:_MAC_BYTES]


def _write(secret: str, body: bytes) -> str:
    return base64.urlsafe_b64encode(body + _mac(secret, body)).rstrip(b"=").decode()


def _read(secret: str, text: object, layout: struct.Struct, kind: int) -> bytes | None:
    if not isinstance(text, str) or len(text) > _LONGEST or not text.isascii():
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, body)) or len(body) != layout.size or body[0] != kind:
        return None
    # base64 ignores the spare bits of the last character: one token, one spelling.
    return body if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text else None
