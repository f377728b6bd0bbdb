"""When a request arrived: stamped at the first line of the ASGI application, before anything can be slow.

A slow server must not punish an honest person (failures B8): the deadline is compared with this stamp, not with the
moment the answer reaches the database. No header is believed; a client cannot bring a stamp of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any

_KEY = "thiso.arrived"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def now_utc() -> datetime:
    """Return the server's clock, the only one that judges."""
    return datetime.now(UTC)


def stamp(scope: MutableMapping[str, Any]) -> datetime:
    """Write the arrival into an ASGI scope and return it; the first stamp stays."""
    arrived: datetime = scope.setdefault(_KEY, now_utc())
    return arrived


def arrival_of(environ: Mapping[str, Any]) -> datetime:
    """Return the arrival of a Django request (``request.META``): the ASGI stamp where there is one, else now."""
    scope = environ.get("asgi.scope")
    arrived = scope.get(_KEY) if isinstance(scope, Mapping) else None
    return arrived if isinstance(arrived, datetime) else now_utc()


def to_ms(moment: datetime) -> int:
    """Return an instant as milliseconds since the epoch, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the instant of ``milliseconds`` since the epoch; the inverse of ``to_ms``."""
    return _EPOCH + milliseconds * _MILLISECOND
