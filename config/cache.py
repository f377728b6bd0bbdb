"""A cache that may vanish: Redis holds nothing that cannot be rebuilt, so losing it is a miss, not an error."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _tolerant(name: str, fallback: Callable[..., Any]) -> Callable[..., Any]:
    original = getattr(RedisCache, name)

    def method(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache.%s without Redis: %s", name, error)
            return fallback(*args, **kwargs)

    method.__name__ = name
    method.__doc__ = original.__doc__
    return method


class TolerantRedisCache(RedisCache):
    """Django's Redis cache whose every call answers like an empty cache while Redis is away.

    Rate limits kept here fail open then; one-time codes stay limited, because their numbers and tries are rows of the
    database.
    """

    add = _tolerant("add", lambda *a, **k: True)
    get = _tolerant("get", lambda key, default=None, **k: default)
    set = _tolerant("set", lambda *a, **k: None)
    touch = _tolerant("touch", lambda *a, **k: False)
    delete = _tolerant("delete", lambda *a, **k: False)
    get_many = _tolerant("get_many", lambda *a, **k: {})
    has_key = _tolerant("has_key", lambda *a, **k: False)
    incr = _tolerant("incr", lambda key, delta=1, **k: delta)
    set_many = _tolerant("set_many", lambda *a, **k: [])
    delete_many = _tolerant("delete_many", lambda *a, **k: None)
    clear = _tolerant("clear", lambda *a, **k: False)
