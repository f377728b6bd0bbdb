"""A group-committing writer: one thread, one queue, one statement for everything that waits.

Many small commits cost a disk flush each, and SQLite's lock is unfair to many writers; one writer that takes all that
is waiting commits twelve times as much and keeps nobody waiting (docs/capacity.md). Nothing is acknowledged before
its commit, the queue is bounded, one poisoned item fails alone, and a database that went away is tried again.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import InterfaceError, OperationalError, connections

logger = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

QUEUE_LIMIT = 8_192
BATCH_LIMIT = 512
# How long a commit is tried again after the database went away, and the pause between tries, in seconds.
PATIENCE_S = 2.0
PAUSE_S = 0.05
# How long a caller waits for its commit, in seconds; after that it is told to try again (a repeat is harmless).
ANSWER_WITHIN_S = 10.0


class Busy(Exception):
    """Not written: the queue is full, the database is away, or the writer is closing. Nothing was acknowledged."""


@dataclass(slots=True, eq=False)
class _Job(Generic[T, R]):
    items: Sequence[T]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[list[R]]


@dataclass(slots=True, eq=False)
class _Gathered(Generic[T, R]):
    """What one event loop has collected in its present turn."""

    jobs: list[_Job[T, R]] = field(default_factory=list)
    size: int = 0


class GroupWriter(Generic[T, R]):
    """Runs ``write(items) -> results`` (same order, same length) in its own thread, many callers' items at a time.

    ``write`` must be idempotent: after a lost connection it is called again with the same items.
    """

    def __init__(
        self,
        write: Callable[[Sequence[T]], Sequence[R]],
        *,
        name: str,
        queue_limit: int = QUEUE_LIMIT,
        batch_limit: int = BATCH_LIMIT,
    ) -> None:
        self._write = write
        self._name = name
        self._queue_limit = queue_limit
        self._batch_limit = batch_limit
        self._jobs: deque[_Job[T, R]] = deque()
        self._gathered: dict[asyncio.AbstractEventLoop, _Gathered[T, R]] = {}
        self._waiting = 0
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    async def save(self, items: Sequence[T]) -> list[R]:
        """Return the results of ``items`` after their commit.

        Raises:
            Busy: when they were not (known to be) committed.
        """
        loop = asyncio.get_running_loop()
        job: _Job[T, R] = _Job(items, loop, loop.create_future())
        self._gather(job)
        # asyncio.wait_for does the same for ten times the price.
        timer = loop.call_later(ANSWER_WITHIN_S, _give_up, job.future)
        try:
            return await job.future
        finally:
            timer.cancel()

    def close(self) -> None:
        """Take nothing more, write what waits, end the thread. Safe to call twice."""
        with self._wake:
            self._closing = True
            self._wake.notify()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(ANSWER_WITHIN_S)
        atexit.unregister(self.close)

    @property
    def waiting(self) -> int:
        """How many items wait for their commit."""
        return self._waiting

    def _gather(self, job: _Job[T, R]) -> None:
        """Collect what comes in one turn of the event loop: the thread is woken once for all of it."""
        gathered = self._gathered.get(job.loop)
        size = len(job.items) + (gathered.size if gathered else 0)
        if self._closing or self._waiting + size > self._queue_limit:
            raise Busy
        if gathered is None:
            gathered = self._gathered[job.loop] = _Gathered()
            job.loop.call_soon(self._put, job.loop)
        gathered.jobs.append(job)
        gathered.size = size

    def _put(self, loop: asyncio.AbstractEventLoop) -> None:
        gathered = self._gathered.pop(loop)
        with self._wake:
            if self._closing:
                _settle([(job, Busy()) for job in gathered.jobs])
                return
            self._jobs.extend(gathered.jobs)
            self._waiting += gathered.size
            if self._thread is None:
                # A daemon, so that a server that forgets to close us can still end; atexit drains the queue before.
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
                atexit.register(self.close)
            self._wake.notify()

    def _run(self) -> None:
        try:
            while batch := self._take():
                _deliver(self._commit(batch))
                with self._wake:
                    self._waiting -= sum(len(job.items) for job in batch)
        finally:
            connections.close_all()

    def _take(self) -> list[_Job[T, R]]:
        """Wait for work and return all of it up to the batch limit; [] ends the thread."""
        batch: list[_Job[T, R]] = []
        size = 0
        with self._wake:
            while not self._jobs and not self._closing:
                self._wake.wait()
            while self._jobs and (not batch or size + len(self._jobs[0].items) <= self._batch_limit):
                job = self._jobs.popleft()
                size += len(job.items)
                batch.append(job)
        return batch

    def _commit(self, batch: Sequence[_Job[T, R]]) -> list[tuple[_Job[T, R], list[R] | Busy]]:
        """Write a batch; where it fails for a reason of its own, each half alone, down to the culprit."""
        try:
            results = list(self._write_patiently([item for job in batch for item in job.items]))
        except (OperationalError, InterfaceError) as error:
            logger.warning("%s: the database did not take %d items: %s", self._name, len(batch), error)
            return [(job, Busy()) for job in batch]
        except Exception:
            if len(batch) > 1:
                half = len(batch) // 2
                return self._commit(batch[:half]) + self._commit(batch[half:])
            logger.exception("%s: an item that cannot be written", self._name)
            return [(batch[0], Busy())]
        outcomes: list[tuple[_Job[T, R], list[R] | Busy]] = []
        start = 0
        for job in batch:
            outcomes.append((job, results[start : start + len(job.items)]))
            start += len(job.items)
        return outcomes

    def _write_patiently(self, items: Sequence[T]) -> Sequence[R]:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._write(items)
            except (OperationalError, InterfaceError):
                connections.close_all()  # the next try connects anew
                if time.monotonic() >= until:
                    raise
                time.sleep(PAUSE_S)


def _deliver(outcomes: Iterable[tuple[_Job[T, R], list[R] | Busy]]) -> None:
    """Wake every event loop once, with all that is for it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Job[T, R], list[R] | Busy]]] = {}
    for job, outcome in outcomes:
        by_loop.setdefault(job.loop, []).append((job, outcome))
    for loop, mine in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, mine)
        except RuntimeError:  # the loop ended; nobody waits for the answer any more
            logger.info("%d answers were committed after their server had stopped", len(mine))


def _give_up(future: asyncio.Future[list[R]]) -> None:
    if not future.done():
        future.set_exception(Busy())


def _settle(outcomes: Iterable[tuple[_Job[T, R], list[R] | Busy]]) -> None:
    for job, outcome in outcomes:
        if job.future.done():  # the caller went away or ran out of patience
            continue
        if isinstance(outcome, Busy):
            job.future.set_exception(outcome)
        else:
            job.future.set_result(outcome)
