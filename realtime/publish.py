"""Saying that a board changed: after commit, from anywhere, cheap, coalesced, never in anybody's way.

A change only raises a counter in Redis; at most one hint per board and ``HINT_MS`` goes over the channel layer, and
nobody renders unless somebody looks (realtime.room). Without Redis nothing is said: processes with viewers then render on
their own timer.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from realtime.groups import board_group, hint_key, live_group, state_key
from realtime.hub import PUSH_HINT, PUSH_LIVE
from realtime.store import KEEP_S

log = logging.getLogger(__name__)

HINT_MS = 400  # one hint stands for all changes of so long; the renderer looks once more afterwards
AWAY_S = 2.0  # what is not said meanwhile, the next regular rendering shows


class _Announcer:
    """One small pool of connections per process, and a pause after a failure."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.redis: Redis | None = None
        self.url = ""
        self.away_until = 0.0

    def count(self, group: str) -> int | None:
        """Count a change; the new version if a hint should be sent for it."""
        pipe = self._connect().pipeline(transaction=False)
        pipe.hincrby(state_key(group), "ver", 1)
        pipe.expire(state_key(group), KEEP_S)
        pipe.set(hint_key(group), "1", nx=True, px=HINT_MS)
        version, _, first = pipe.execute()
        return int(version) if first else None

    def _connect(self) -> Redis:
        with self.lock:
            if self.redis is None or self.url != settings.REDIS_URL:
                self.url = settings.REDIS_URL
                pool = BlockingConnectionPool.from_url(
                    self.url,
                    max_connections=4,
                    timeout=1,
                    socket_timeout=settings.REDIS_TIMEOUT_S,
                    socket_connect_timeout=settings.REDIS_TIMEOUT_S,
                    retry=Retry(NoBackoff(), 1),
                )
                self.redis = Redis(connection_pool=pool)
                self.away_until = 0.0
            return self.redis

    def close(self) -> None:
        """Close the connections and forget the pause."""
        with self.lock:
            if self.redis is not None:
                self.redis.close()
                self.redis.connection_pool.disconnect()
            self.redis = None
            self.away_until = 0.0


announcer = _Announcer()


def announce_board(*, contest_id: int) -> None:
    """The board of this contest changed. Call after commit. Never raises; waits for Redis only within its timeout."""
    group = board_group(contest_id)
    if time.monotonic() < announcer.away_until:
        return
    try:
        version = announcer.count(group)
        if version is not None and not _in_event_loop():
            async_to_sync(_send_hint)(group, version)
    except (RedisError, OSError, TimeoutError) as error:
        announcer.away_until = time.monotonic() + AWAY_S
        log.warning("board %s changed and nobody was told, their timers will find it: %s", contest_id, error)


async def announce_board_async(*, contest_id: int) -> None:
    """The same for coroutines."""
    await asyncio.to_thread(announce_board, contest_id=contest_id)


def announce_event(*, event_id: int, epoch: int, seq: int) -> None:
    """A live event has a new position. Call after commit. Never raises; who is not told finds it within a heartbeat."""
    if time.monotonic() < announcer.away_until or _in_event_loop():
        return
    try:
        async_to_sync(_send_position)(live_group(event_id), epoch, seq)
    except (RedisError, OSError, TimeoutError) as error:
        announcer.away_until = time.monotonic() + AWAY_S
        log.warning("live event %s changed and nobody was told, heartbeats will find it: %s", event_id, error)


async def _send_position(group: str, epoch: int, seq: int) -> None:
    layer: Any = get_channel_layer()
    hint = {"epoch": epoch, "seq": seq, "from": "", "here": None, "answers": False, "names": []}
    async with asyncio.timeout(settings.REDIS_TIMEOUT_S):
        await layer.group_send(group, {"type": PUSH_LIVE, "group": group} | hint)


async def _send_hint(group: str, version: int) -> None:
    layer: Any = get_channel_layer()
    async with asyncio.timeout(settings.REDIS_TIMEOUT_S):
        await layer.group_send(group, {"type": PUSH_HINT, "group": group, "ver": version})


def _in_event_loop() -> bool:
    """Whether this thread runs a loop already; then only the counter speaks, and heartbeats find it within 3 s."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
