"""Public identifiers: 128 random bits, safe in URLs; never a number that can be counted or guessed."""

from __future__ import annotations

import secrets

PUBLIC_ID_LENGTH = 22


def new_public_id() -> str:
    """Return 22 URL-safe characters carrying 128 bits from the system's CSPRNG (OWASP ASVS 5.0, 11.5.1)."""
    return secrets.token_urlsafe(16)
