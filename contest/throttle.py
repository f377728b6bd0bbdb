"""Counting requests of one address in the cache. Redis away means no limit: nothing that matters hangs on it."""

from __future__ import annotations

from django.core.cache import cache


def allow(name: str, address: str, *, limit: int, window_s: int) -> bool:
    """Count one request; whether the address has made at most ``limit`` in this window of ``window_s`` seconds."""
    key = f"throttle:{name}:{address}"
    if cache.add(key, 1, timeout=window_s):
        return True
    try:
        count: int = cache.incr(key)
    except ValueError:  # the window ended between the two calls
        return True
    return count <= limit
