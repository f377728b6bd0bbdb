"""Links that open one certificate's file without signing in, for a month: what an organizer sends to a winner."""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

LIFE = timedelta(days=30)
_SALT = "certificate-pdf"


def file_token(code: str) -> str:
    """Return the token that opens the file of ``code``."""
    return TimestampSigner(salt=_SALT).sign(code).removeprefix(f"{code}:")


def opens(code: str, token: str) -> bool:
    """Whether ``token`` opens the file of ``code`` (not forged, not for another one, not too old)."""
    try:
        return TimestampSigner(salt=_SALT).unsign(f"{code}:{token}", max_age=LIFE) == code
    except BadSignature:
        return False
