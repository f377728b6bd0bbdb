"""Limits that hold under every server of the embedded mode, where no proxy stands in front."""

from __future__ import annotations

LARGEST_MESSAGE = 16 * 1024  # bytes a client may send in one WebSocket message (failures E4)
BACKLOG = 2048  # connections waiting to be accepted; Twisted's default of 50 refuses a hall
KEEP_ALIVE = 30.0  # seconds a connection may stay silent between two requests
HEAD = 10.0  # seconds from the first byte of a request to the end of its headers
BODY = 20.0  # seconds for an announced body, and more while it keeps coming at
SLOWEST = 1_000  # bytes a second: a bad mobile line brings ten times that
UNREAD = 60.0  # seconds a client may leave our answer unread
LARGEST_BODY = 20 * 1024 * 1024  # bytes; Daphne stores a body before the application sees it
