"""The group-committing writer: acknowledges after the commit, isolates what is poisoned, is bounded, drains."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from django.db import DataError, OperationalError, connection, transaction

from contest import writer as writer_module
from contest.arrivals import now_utc
from contest.domain.answers import Arrival, Outcome, save_answers
from contest.models import Attempt
from contest.tokens import check_of
from contest.writer import Busy, GroupWriter
from tests.contest.seats import fresh_seat


class Store:
    """A store one can hold up, poison or unplug."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.batches: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.poison: set[int] = set()
        self.outages = 0

    def write(self, items):
        self.gate.wait()
        if self.outages:
            self.outages -= 1
            raise OperationalError("gone")
        if self.poison & set(items):
            raise DataError("no database holds this")
        self.rows.extend(items)
        self.batches.append(len(items))
        return [item * 10 for item in items]


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def make_writer(store):
    writers = []

    def make(**options):
        writers.append(GroupWriter(store.write, name="test", **options))
        return writers[-1]

    yield make
    store.gate.set()
    for writer in writers:
        writer.close()


async def settled(*coroutines):
    return await asyncio.gather(*coroutines, return_exceptions=True)


@pytest.mark.sqlite_only
async def test_what_waits_is_committed_together(store, make_writer):
    writer = make_writer()
    store.gate.clear()
    first = asyncio.ensure_future(writer.save([1]))
    await asyncio.sleep(0.05)
    rest = [asyncio.ensure_future(writer.save([n, n + 1])) for n in range(2, 22, 2)]
    await asyncio.sleep(0.05)
    assert not first.done()  # nobody is told anything before the commit
    assert writer.waiting == 21
    store.gate.set()
    assert await settled(first, *rest) == [[10], *([n * 10, n * 10 + 10] for n in range(2, 22, 2))]
    assert store.batches == [1, 20]


@pytest.mark.sqlite_only
async def test_a_batch_is_bounded(store, make_writer):
    writer = make_writer(batch_limit=4)
    store.gate.clear()
    jobs = [asyncio.ensure_future(writer.save([n])) for n in range(9)]
    await asyncio.sleep(0.05)
    store.gate.set()
    await settled(*jobs)
    assert max(store.batches) <= 4
    assert store.rows == list(range(9))


@pytest.mark.sqlite_only
async def test_a_full_queue_says_busy_at_once(store, make_writer):
    writer = make_writer(queue_limit=3)
    store.gate.clear()
    jobs = [asyncio.ensure_future(writer.save([n])) for n in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await writer.save([99])
    store.gate.set()
    assert await settled(*jobs) == [[0], [10], [20]]
    assert 99 not in store.rows


@pytest.mark.sqlite_only
async def test_a_poisoned_item_fails_alone(store, make_writer, caplog):
    writer = make_writer()
    store.poison = {13, 4}
    store.gate.clear()
    jobs = [asyncio.ensure_future(writer.save([n])) for n in range(20)]
    await asyncio.sleep(0.05)
    store.gate.set()
    outcomes = await settled(*jobs)
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Busy)] == [4, 13]
    assert sorted(store.rows) == [n for n in range(20) if n not in (4, 13)]
    assert "cannot be written" in caplog.text


@pytest.mark.sqlite_only
async def test_a_database_that_went_away_is_tried_again(store, make_writer):
    store.outages = 3
    assert await make_writer().save([7]) == [70]


@pytest.mark.sqlite_only
async def test_a_database_that_stays_away_acknowledges_nothing(store, make_writer, monkeypatch):
    monkeypatch.setattr(writer_module, "PATIENCE_S", 0.1)
    writer = make_writer()
    store.outages = 10_000
    with pytest.raises(Busy):
        await writer.save([7])
    assert store.rows == []
    store.outages = 0
    assert await writer.save([8]) == [80]  # and it heals without a human


@pytest.mark.sqlite_only
async def test_a_caller_who_waits_too_long_is_told_to_try_again(store, make_writer, monkeypatch):
    monkeypatch.setattr(writer_module, "ANSWER_WITHIN_S", 0.05)
    writer = make_writer()
    store.gate.clear()
    with pytest.raises(Busy):
        await writer.save([1])
    store.gate.set()
    monkeypatch.undo()
    assert await writer.save([2]) == [20]
    assert store.rows == [1, 2]  # the first was written after all; its repeat will be a duplicate


@pytest.mark.sqlite_only
async def test_closing_writes_what_waits_and_takes_nothing_more(store, make_writer):
    writer = make_writer()
    store.gate.clear()
    jobs = [asyncio.ensure_future(writer.save([n])) for n in range(5)]
    await asyncio.sleep(0.05)
    closing = threading.Thread(target=writer.close)
    closing.start()
    await asyncio.sleep(0.05)
    store.gate.set()
    closing.join()
    assert await settled(*jobs) == [[0], [10], [20], [30], [40]]
    with pytest.raises(Busy):
        await writer.save([6])
    writer.close()


@pytest.mark.sqlite_only
def test_a_server_that_stopped_meanwhile_hurts_nobody(store, make_writer):
    writer = make_writer()
    store.gate.clear()

    async def leave() -> None:
        task = asyncio.ensure_future(writer.save([1]))
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(leave())
    store.gate.set()
    assert asyncio.run(writer.save([2])) == [20]
    assert store.rows == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_answers_outlive_a_database_that_is_held_up_or_drops_the_connection():
    """SQLite: another writer holds the lock. PostgreSQL: the server ends the writer's connection (a restart does)."""
    seat = fresh_seat()
    arrivals = [Arrival(seat.attempt.pk, check_of(seat.attempt.public_id), 1, now_utc(), seat.sent(p)) for p in (0, 1)]
    writer = GroupWriter(save_answers, name="test")
    try:
        assert [o.ack.code for o in asyncio.run(writer.save(arrivals[:1]))] == ["saved"]
        if connection.vendor == "sqlite":
            with transaction.atomic():
                Attempt.objects.update(answered=0)
                held = threading.Thread(target=lambda: outcomes.extend(asyncio.run(writer.save(arrivals[1:]))))
                outcomes: list[Outcome] = []
                held.start()
                time.sleep(0.2)
                assert outcomes == []
            held.join()
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                assert cursor.fetchone()[0] >= 1
            outcomes = asyncio.run(writer.save(arrivals[1:]))
        assert [outcome.ack.code for outcome in outcomes] == ["saved"]
    finally:
        writer.close()
    assert len(seat.stored()) == 2


@pytest.mark.django_db(transaction=True)
def test_a_repeat_after_a_lost_commit_answer_is_a_duplicate():
    """The commit succeeded, its answer was lost: trying again must say so and store nothing twice."""
    seat = fresh_seat()
    arrival = Arrival(seat.attempt.pk, check_of(seat.attempt.public_id), 1, now_utc(), seat.sent(0))
    calls: list[int] = []

    def lossy(items):
        calls.append(len(items))
        outcomes = save_answers(items)
        if len(calls) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return outcomes

    writer = GroupWriter(lossy, name="test")
    try:
        (outcome,) = asyncio.run(writer.save([arrival]))
    finally:
        writer.close()
    assert (calls, outcome.ack.code) == ([1, 1], "duplicate")
    assert len(seat.stored()) == 1
