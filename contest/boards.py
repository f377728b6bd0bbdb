"""The provisional board in Redis: one sorted set per board and generation, rebuilt from the database when lost.

Redis is never the truth: what is only there may be lost at any moment. Every call answers None (or does nothing) while
Redis is away or the board is missing; ``contest.queries.boards`` then asks the database. A rebuild fills a new
generation beside the live one and takes its place in one step: writers fill both meanwhile, so nothing that commits
during a rebuild is missed.

``ref`` is a round's public id: row numbers come back when a database is restored, public ids do not.
Keys, all in one hash slot: ``thiso:board:{<public id of the round>}`` (hash: live, building, version), ``…:<generation>:<board>``.
Members are entry ids, scores ``contest.ranking.composite_score`` (exact in a double).
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

# How long a replaced generation stays for readers that are in the middle of it, seconds.
REPLACED_TTL_S = 60
# A rebuild that died leaves its half-built generation; it goes by itself.
BUILDING_TTL_S = 3600
# After a failure Redis is left alone for so long: a stalled server must not cost every page its timeout.
PAUSE_S = 2.0
CHUNK = 5_000

T = TypeVar("T")

# Score, competition rank and size in one round trip.
_RANK = """
local live = redis.call('HGET', KEYS[1], 'live')
if not live then return {-1} end
local key = KEYS[1] .. ':' .. live .. ':' .. ARGV[1]
local score = redis.call('ZSCORE', key, ARGV[2])
local total = redis.call('ZCARD', key)
if not score then return {0, 0, 0, total} end
local better = redis.call('ZCOUNT', key, '(' .. score, '+inf')
local equal = redis.call('ZCOUNT', key, score, score)
return {1, better + 1, equal, total}
"""

# A page with the rank of its first row, and whether the rows beyond its edges tie with it.
_PAGE = """
local live = redis.call('HGET', KEYS[1], 'live')
if not live then return {-1} end
local key = KEYS[1] .. ':' .. live .. ':' .. ARGV[1]
local first, count = tonumber(ARGV[2]), tonumber(ARGV[3])
local before = first > 0 and 1 or 0
local rows = redis.call('ZRANGE', key, first - before, first + count, 'REV', 'WITHSCORES')
local rank = 0
local at = before * 2 + 2
if rows[at] then rank = redis.call('ZCOUNT', key, '(' .. rows[at], '+inf') + 1 end
return {1, redis.call('ZCARD', key), rank, before, rows}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place: competition rank (1, 2, 2, 4), whether it is shared, of how many."""

    rank: int
    tied: bool
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a page of the board."""

    entry_id: int
    rank: int
    tied: bool
    position: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a board, best first, and how many people the whole board has."""

    lines: tuple[Line, ...]
    total: int


class Away(Exception):
    """Redis does not answer, or does not have this board."""


class _Client:
    """One bounded pool per process, and the pause after a failure.

    The client is Any: redis-py types every answer as "this or an awaitable of it".
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.redis: Any = None
        self.url = ""
        self.away_until = 0.0
        self.scripts: dict[str, Any] = {}

    def connect(self) -> Any:
        with self.lock:
            if self.redis is None or self.url != settings.REDIS_URL:
                self.url = settings.REDIS_URL
                pool = redis.BlockingConnectionPool.from_url(
                    self.url,
                    max_connections=16,
                    timeout=1,
                    socket_timeout=settings.REDIS_TIMEOUT_S,
                    socket_connect_timeout=settings.REDIS_TIMEOUT_S,
                    retry=Retry(NoBackoff(), 1),  # once: a server that was restarted left us dead connections
                    decode_responses=True,
                )
                self.redis = redis.Redis(connection_pool=pool)
                # Asked for by hash; the server is taught once, also after a restart.
                self.scripts = {text: self.redis.register_script(text) for text in (_RANK, _PAGE)}
                self.away_until = 0.0
            return self.redis


_client = _Client()


def forget_client() -> None:
    """Drop the connections and the pause (tests that restart Redis)."""
    _client.redis = None
    _client.away_until = 0.0


def _ask(question: Callable[[Any], T]) -> T:
    """Ask Redis. Raises Away, at once while it is known to be away."""
    if time.monotonic() < _client.away_until:
        raise Away
    try:
        return question(_client.connect())
    except (RedisError, OSError) as error:
        _client.away_until = time.monotonic() + PAUSE_S
        log.warning("boards without Redis for %s s: %s", PAUSE_S, error)
        raise Away from error


def pointer(ref: str) -> str:
    """Return the key of a round's pointer."""
    return f"thiso:board:{{{ref}}}"


def _key(ref: str, generation: str, board: str) -> str:
    return f"{pointer(ref)}:{generation}:{board}"


def put(ref: str, scores: Mapping[str, Mapping[int, int]]) -> bool:
    """Write {board: {entry id: score}}; False when it could not be (the tick then rebuilds)."""

    def write(client: Any) -> bool:
        generations = [g for g in client.hmget(pointer(ref), "live", "building") if g]
        if not generations:
            return False
        pipe = client.pipeline(transaction=False)
        for board, people in scores.items():
            for chunk in _chunks(people):
                for generation in generations:
                    pipe.zadd(_key(ref, generation, board), chunk)
        pipe.hincrby(pointer(ref), "version", 1)
        pipe.execute()
        return True

    return _or(write, default=False)


def take_away(ref: str, boards: Iterable[str], entry_id: int) -> bool:
    """Remove one person from boards (barred, or moved to another group)."""

    def write(client: Any) -> bool:
        generations = [g for g in client.hmget(pointer(ref), "live", "building") if g]
        for generation in generations:
            for board in boards:
                client.zrem(_key(ref, generation, board), str(entry_id))
        client.hincrby(pointer(ref), "version", 1)
        return bool(generations)

    return _or(write, default=False)


def rank(ref: str, board: str, entry_id: int) -> Place | None:
    """Return a person's place in one round trip; rank 0 when not on the board, None when Redis cannot say."""
    answer = _or(lambda _redis: _client.scripts[_RANK](keys=[pointer(ref)], args=[board, entry_id]), default=None)
    if answer is None or answer[0] == -1:
        return None
    found, place, equal, total = answer
    return Place(place, equal > 1, total) if found else Place(0, tied=False, total=total)


def page(ref: str, board: str, first: int, count: int) -> Page | None:
    """Return ``count`` rows from the 0-based ``first``, in one round trip; None when Redis cannot say."""
    answer = _or(lambda _redis: _client.scripts[_PAGE](keys=[pointer(ref)], args=[board, first, count]), default=None)
    if answer is None or answer[0] == -1:
        return None
    _found, total, top, before, flat = answer
    rows = [(int(member), int(float(score))) for member, score in zip(flat[::2], flat[1::2], strict=True)]
    lines: list[Line] = []
    place = top
    for index in range(before, min(before + count, len(rows))):
        entry_id, score = rows[index]
        same_before = index > 0 and rows[index - 1][1] == score
        if index > before and not same_before:
            place = first + index - before + 1
        same_after = index + 1 < len(rows) and rows[index + 1][1] == score
        lines.append(Line(entry_id, place, same_before or same_after, first + index - before + 1))
    return Page(tuple(lines), total)


def version(ref: str) -> str:
    """Return a text that changes with every change of the board; "" when Redis cannot say."""
    answer = _or(lambda client: client.hmget(pointer(ref), "live", "version"), default=None)
    return "" if answer is None or not answer[0] else f"{answer[0]}.{answer[1] or 0}"


def is_there() -> bool:
    """Whether Redis answers."""
    return _or(lambda client: bool(client.ping()), default=False)


def size(ref: str) -> int | None:
    """Return how many people the live board holds; None when there is none or Redis is away."""

    def count(client: Any) -> int | None:
        live = client.hget(pointer(ref), "live")
        return int(client.zcard(_key(ref, live, ""))) if live else None

    return _or(count, default=None)


def begin(ref: str) -> str:
    """Start a rebuild and return its generation; from now on writers fill it too. Raises Away."""
    generation = secrets.token_hex(6)
    _ask(lambda client: client.hset(pointer(ref), "building", generation))
    return generation


def fill(ref: str, generation: str, board: str, scores: Mapping[int, int]) -> None:
    """Add people to a generation in the making; somebody a writer has put there meanwhile is newer. Raises Away."""

    def write(client: Any) -> None:
        key = _key(ref, generation, board)
        pipe = client.pipeline(transaction=False)
        for chunk in _chunks(scores):
            pipe.zadd(key, chunk, nx=True)
        pipe.expire(key, BUILDING_TTL_S)
        pipe.execute()

    _ask(write)


def switch(ref: str, generation: str, boards: Iterable[str]) -> None:
    """Let a finished generation take the place of the live one. Raises Away."""
    boards = list(boards)

    def write(client: Any) -> None:
        key = pointer(ref)
        live, building = client.hmget(key, "live", "building")
        pipe = client.pipeline(transaction=True)
        for board in boards:
            pipe.persist(_key(ref, generation, board))
            if live and live != generation:
                pipe.expire(_key(ref, live, board), REPLACED_TTL_S)
        pipe.hset(key, "live", generation)
        pipe.hincrby(key, "version", 1)
        if building == generation:
            pipe.hdel(key, "building")
        pipe.execute()

    _ask(write)


def _or(question: Callable[[Any], T], *, default: T) -> T:
    try:
        return _ask(question)
    except Away:
        return default


def _chunks(people: Mapping[int, int]) -> Iterable[dict[str, float]]:
    items = list(people.items())
    for start in range(0, len(items), CHUNK):
        yield {str(entry): score for entry, score in items[start : start + CHUNK]}
