"""Hubs that are closed, threads whose connections are closed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import SyncToAsync
from django.db import connections

from contest.arrivals import now_utc
from realtime.hub import Hub, hub
from realtime.models import Event
from realtime.publish import announcer
from realtime.threads import ORM_THREADS, orm_threads
from realtime.writers import writers
from tests.realtime.fakes import Listener, Score
from tests.realtime.live_factories import make_event, make_live_rules
from tests.realtime.live_lines import Venue

Joined = Callable[[Hub, Score], Awaitable[Listener]]


@pytest_asyncio.fixture
async def new_hub() -> AsyncIterator[Callable[[], Hub]]:
    """Hubs, each as another process would have it."""
    hubs: list[Hub] = []

    def make() -> Hub:
        hubs.append(Hub())
        return hubs[-1]

    yield make
    async with asyncio.timeout(60):  # a fixture that hangs has no time limit of its own
        for one in hubs:
            await one.close()


@pytest_asyncio.fixture
async def join() -> AsyncIterator[Joined]:
    """Let a new socket into the room of a source."""
    writers: list[Listener] = []

    async def enter(hub: Hub, source: Score) -> Listener:
        room = await hub.enter(source)
        socket = Listener()
        writers.append(socket)
        room.welcome(socket)
        return socket

    yield enter
    for one in writers:
        one.writer.cancel()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds become tenths where a test would only wait."""
    monkeypatch.setattr("realtime.room.HEARTBEAT_S", 0.3)
    monkeypatch.setattr("realtime.room.DEGRADED_S", 0.4)
    monkeypatch.setattr("realtime.store.AWAY_S", 0.3)
    monkeypatch.setattr("realtime.publish.AWAY_S", 0.3)


@pytest.fixture
def event(valkey: Any, transactional_db: None) -> Event:
    """A small race whose board comes only at the end; files that need another define their own."""
    return make_event(now=now_utc(), rules=make_live_rules(board_every=0))


@pytest_asyncio.fixture
async def venue() -> AsyncIterator[Venue]:
    """Sockets of live events; they, their halls and the writers are closed at the end."""
    one = Venue()
    yield one
    await one.close()
    await hub().close()
    await asyncio.to_thread(writers.close)


@pytest.fixture(autouse=True)
def _closed_connections() -> Iterator[None]:
    """The threads of sockets keep database connections for the next call; a test database must be left alone."""
    yield
    announcer.close()
    writers.close()
    barrier = threading.Barrier(ORM_THREADS)

    def close() -> None:
        barrier.wait(10)
        connections.close_all()

    for done in [orm_threads.submit(close) for _ in range(ORM_THREADS)]:
        done.result()
    # The thread in which async tests ask the database themselves.
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
