"""Keeps autobahn from painting texts for a debug log that nobody reads.

Autobahn, Daphne's WebSocket protocol, formats and colours what its debug log would say at every connection, every frame in
and every frame out, before it asks whether anybody listens: 0.35 ms a connection and 11 µs a frame of one core here,
a fifth of what it costs to let a phone into a hall. The three functions that paint are replaced by one that does not;
with debug logging on the same values are printed without colour.
"""

from __future__ import annotations

from typing import Any

PAINTERS = ("pformat", "hltype", "hlval")


def plain_debug_texts() -> None:
    """Replace the painters in both modules that call them. Calling it again changes nothing."""
    from autobahn.twisted import websocket as transport  # noqa: PLC0415  imports Twisted's reactor, which is chosen first
    from autobahn.websocket import protocol  # noqa: PLC0415

    for module in (protocol, transport):
        for name in PAINTERS:
            if hasattr(module, name):
                setattr(module, name, _as_it_is)


def _as_it_is(value: Any, **_colour: Any) -> Any:
    return value
