"""The attempt token: who may write into which attempt, checked without a database.

A fixed binary layout under HMAC-SHA256 (cut to 128 bits), base64url: 63 characters. There is no algorithm field to
confuse and nothing secret inside. The database still judges state, lease and deadline; the token only spares it the
question "is this your attempt?" and refuses what can never be accepted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_LAYOUT = struct.Struct(">BQ8sHIQ")  # version, attempt, check, positions, lease, accept_until
_VERSION = 1
_MAC_BYTES = 16
_KNOWN_TOKENS = 50_000
_PURPOSE = b"contest.tokens/1"
TOKEN_LENGTH = -(-(_LAYOUT.size + _MAC_BYTES) * 4 // 3)
_PADDING = "=" * (-TOKEN_LENGTH % 4)


class BadToken(Exception):
    """Not a token of ours, or one that was changed."""


@dataclass(frozen=True, slots=True)
class AttemptToken:
    """What a token says. ``accept_until_ms`` is the epoch in milliseconds, ``check`` is bound to the public id."""

    attempt: int
    check: bytes
    positions: int
    lease: int
    accept_until_ms: int


@lru_cache(maxsize=65_536)
def check_of(public_id: str) -> bytes:
    """Return the 8 bytes that tie a token to the attempt's public id (row numbers may be reused after a restore)."""
    return hashlib.sha256(public_id.encode()).digest()[:8]


class Signer:
    """Writes and reads tokens. ``secrets``: the first one signs, all of them verify (rotation)."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._known: dict[str, AttemptToken] = {}
        self._keys = [hmac.digest(secret.encode(), _PURPOSE, "sha256") for secret in secrets]

    def write(self, token: AttemptToken) -> str:
        """Return the signed text of ``token``."""
        body = _LAYOUT.pack(_VERSION, token.attempt, token.check, token.positions, token.lease, token.accept_until_ms)
        return base64.urlsafe_b64encode(body + self._mac(self._keys[0], body)).rstrip(b"=").decode()

    def read_known(self, text: object) -> AttemptToken:
        """Return what ``text`` says, remembering tokens that were good: a page sends the same one with every answer.

        Raises:
            BadToken: as ``read``; what was bad is never remembered.
        """
        token = self._known.get(text) if isinstance(text, str) else None
        if token is None:
            token = self.read(text)
            if len(self._known) >= _KNOWN_TOKENS:
                self._known.clear()
            self._known[str(text)] = token
        return token

    def read(self, text: object) -> AttemptToken:
        """Return what ``text`` says.

        Raises:
            BadToken: when it is no string of ours, or was changed in any bit.
        """
        if not isinstance(text, str) or len(text) != TOKEN_LENGTH or not text.isascii():
            raise BadToken
        try:
            raw = base64.b64decode(text + _PADDING, altchars=b"-_", validate=True)
        except binascii.Error as error:
            raise BadToken from error
        body, mac = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
        # Every key is tried and compared in constant time; `any` over a list does not stop early.
        if not any([hmac.compare_digest(mac, self._mac(key, body)) for key in self._keys]):  # noqa: C419
            raise BadToken
        version, attempt, check, positions, lease, accept_until_ms = _LAYOUT.unpack(body)
        if version != _VERSION or self._spelled(raw) != text:
            raise BadToken
        return AttemptToken(attempt, check, positions, lease, accept_until_ms)

    @staticmethod
    def _spelled(raw: bytes) -> str:
        # base64 ignores the spare bits of the last character: one token, one spelling.
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @staticmethod
    def _mac(key: bytes, body: bytes) -> bytes:
        return hmac.digest(key, body, "sha256")[:_MAC_BYTES]


@lru_cache(maxsize=4)
def signer_for(*secrets: str) -> Signer:
    """Return the signer of these secrets (deriving the keys costs more than a signature)."""
    return Signer(secrets)
