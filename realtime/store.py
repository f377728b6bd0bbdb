"""What the processes share about one live room, in Redis: who renders, how far the count is, the last state.

All of it can be lost at any time: positions then continue from what a process remembers, and the state is rendered anew.
Every call fails within the configured timeout with ``StoreAway``, and for a while afterwards at once.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from realtime.groups import lease_key, pace_key, state_key
from realtime.protocol import NOWHERE, Position

PACE_MS = 1000  # between two renders of one board, over all processes
LEASE_MS = 10_000  # a process that dies while rendering blocks others for so long
KEEP_S = 86_400
AWAY_S = 5.0  # after a failure Redis is left alone for so long

# KEYS state, lease, pace · ARGV token, lease_ms → {got, wait_ms, version}
_LEASE = """
local wait = redis.call('PTTL', KEYS[3])
if wait > 0 then return {0, wait, 0} end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {1, 0, tonumber(redis.call('HGET', KEYS[1], 'ver') or '0')}
end
return {0, 150, 0}
"""

# KEYS state, lease, pace · ARGV token, epoch, seq, now_ms, version, body, pace_ms, keep_s → {epoch, seq, changed}
# Only the holder of the lease may write, so an older rendering never follows a newer one. The position rises above both
# what is stored and what the writer has shown. Numbers are formatted by hand: Lua would write 1.7e+12.
_PUT = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {0, 0, 0} end
local was = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'body')
local epoch, seq = tonumber(was[1] or '0'), tonumber(was[2] or '0')
local changed = was[3] ~= ARGV[6]
local mine, count = tonumber(ARGV[2]), tonumber(ARGV[3])
if mine > epoch or (mine == epoch and count > seq) then epoch, seq, changed = mine, count, true end
if epoch == 0 then epoch = tonumber(ARGV[4]) end
if changed then seq = seq + 1 end
redis.call('HSET', KEYS[1], 'epoch', string.format('%.0f', epoch), 'seq', string.format('%.0f', seq),
  'at', ARGV[4], 'rver', ARGV[5], 'body', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('SET', KEYS[3], '1', 'PX', ARGV[7])
redis.call('DEL', KEYS[2])
return {epoch, seq, changed and 1 or 0}
"""

_T = TypeVar("_T")


class StoreAway(Exception):
    """Redis does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to render once. ``version`` is how many changes had been announced when it was given."""

    token: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The shared state. ``version`` counts announced changes, ``rendered`` those the body knows, ``at`` is in ms."""

    position: Position
    at: int
    version: int
    rendered: int
    body: str | None = None


class LiveStore:
    """The Redis side of one event loop's hub."""

    def __init__(self) -> None:
        self.redis = Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=settings.REDIS_TIMEOUT_S,
            socket_connect_timeout=settings.REDIS_TIMEOUT_S,
            retry=Retry(NoBackoff(), 1),  # one more try at once: the connection may be from before a restart
            decode_responses=True,
        )
        self._lease = self.redis.register_script(_LEASE)
        self._put = self.redis.register_script(_PUT)
        self.away_until = 0.0

    async def lease(self, group: str) -> Lease | int:
        """The right to render now, or after how many milliseconds to ask again."""
        token = secrets.token_hex(8)
        keys = [state_key(group), lease_key(group), pace_key(group)]
        got, wait, version = await self._ask(self._lease(keys=keys, args=[token, LEASE_MS]))
        return Lease(token=token, version=int(version)) if got else int(wait)

    async def put(
        self, group: str, lease: Lease, *, body: str, mine: Position, now_ms: int
    ) -> tuple[Position, bool] | None:
        """Store a rendering; its position and whether it differs from what was there. None: the lease was lost."""
        keys = [state_key(group), lease_key(group), pace_key(group)]
        args: list[str | int] = [lease.token, mine[0], mine[1], now_ms, lease.version, body, PACE_MS, KEEP_S]
        epoch, seq, changed = await self._ask(self._put(keys=keys, args=args))
        return ((int(epoch), int(seq)), bool(changed)) if epoch else None

    async def release(self, group: str) -> None:
        """Give the lease back unused."""
        await self._ask(self.redis.delete(lease_key(group)))

    async def look(self, group: str, *, body: bool = False) -> Stored:
        """Where everybody is; with the body only when asked."""
        names = ["epoch", "seq", "at", "ver", "rver", *(["body"] if body else [])]
        found = await self._ask(self.redis.hmget(state_key(group), names))
        epoch, seq, at, version, rendered = (int(value or 0) for value in found[:5])
        position = (epoch, seq) if epoch else NOWHERE
        return Stored(position=position, at=at, version=version, rendered=rendered, body=found[5] if body else None)

    async def close(self) -> None:
        """Close the connections."""
        await self.redis.aclose()

    async def _ask(self, call: Awaitable[_T] | Any) -> Any:
        loop = asyncio.get_running_loop()
        if loop.time() < self.away_until:
            if asyncio.iscoroutine(call):
                call.close()
            raise StoreAway
        try:
            async with asyncio.timeout(settings.REDIS_TIMEOUT_S + 1):
                return await call
        except (RedisError, OSError, TimeoutError) as error:
            self.away_until = loop.time() + AWAY_S
            raise StoreAway(str(error)) from error
