"""Real races on the real database: threads released by a barrier, each with a connection of its own.

Every invariant here is a constraint or a conditional statement. A negative control removes it (count, then insert;
read, then write) and shows that the race is real on this machine: a race test that cannot fail proves nothing.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from contest.arrivals import now_utc
from contest.domain.answers import Arrival, save_answers
from contest.domain.attempts import expire_attempts, start_attempt, submit_attempt
from contest.domain.entries import enter_contest
from contest.domain.rounds import freeze_round
from contest.enums import AttemptState
from contest.errors import AttemptLate, AttemptsUsed
from contest.models import AnswerEvent, Attempt, Entry, PoolItem, Round
from contest.sheet import BLANK, NOT_DEALT
from contest.tokens import check_of
from contest.writer import GroupWriter
from tests.contest.seats import Seat, open_round, rules_for_seats, sit_down
from tests.factories import make_contest, make_entry, make_questions, make_resident, make_round

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Run ``calls`` in threads that leave the barrier together; return results or the errors they raised."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()  # connecting is not part of the race
            barrier.wait(timeout=30)
            return call()
        except Exception as error:  # noqa: BLE001  the error is the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(one, calls))


def names(results: list[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


# PostgreSQL's pool holds twelve connections; more threads than that would wait inside it before the barrier.
CROWD = 10


# ------------------------------------------------------------------ starting


def test_twenty_presses_of_start_are_one_paper():
    now = now_utc()
    round_ = open_round(now=now)
    entry = make_entry(round_.contest)
    for _ in range(2):
        results = race(*[lambda: start_attempt(entry=entry, round_=round_, now=now)] * CROWD)
        assert names(results) == {"Attempt": CROWD}
        assert {attempt.pk for attempt in results} == {Attempt.objects.get().pk}


def test_the_limit_holds_when_everybody_presses_at_once():
    """Starts and submits of one person from many tabs: never more papers than the rules allow."""
    now = now_utc()
    round_ = open_round(now=now, rules=rules_for_seats(attempts={"limit": 3, "per": "round"}))
    entry = make_entry(round_.contest)

    def start_and_submit() -> Attempt:
        attempt = start_attempt(entry=entry, round_=round_, now=now)
        return submit_attempt(attempt=attempt, lease=1, received_at=now).attempt

    results = race(*[start_and_submit] * CROWD) + race(*[start_and_submit] * CROWD)
    assert set(names(results)) <= {"Attempt", "AttemptsUsed"}
    taken = sorted(Attempt.objects.values_list("slot", flat=True))
    assert taken == [1, 2, 3][: len(taken)]  # presses that met on one open paper share it
    for _ in range(3 - len(taken)):
        start_and_submit()
    with pytest.raises(AttemptsUsed):
        start_attempt(entry=entry, round_=round_, now=now)


def test_control_counting_before_inserting_breaks_the_limit():
    """Without the constraint the race is lost: the same crowd gets more papers than allowed."""
    round_ = open_round(now=now_utc())
    entry = make_entry(round_.contest)

    def count_then_insert() -> None:
        used = Attempt.objects.filter(entry=entry).count()
        time.sleep(0.01)  # what dealing a paper costs on a busy evening
        if used < 1:
            now = now_utc()
            Attempt.objects.create(
                entry=entry, round=round_, period=threading.current_thread().name[-16:], slot=1, seed=1, dealt="0",
                state=AttemptState.SUBMITTED, started_at=now, deadline=now, accept_until=now,
            )  # fmt: skip

    race(*[count_then_insert] * CROWD)
    assert Attempt.objects.count() > 1


def test_entering_and_freezing_at_once_happen_once():
    now = now_utc()
    contest = make_contest(rules=rules_for_seats(paper={"question_count": 10}))
    resident = make_resident()
    results = race(*[lambda: enter_contest(resident=resident, contest=contest, now=now)] * CROWD)
    assert {entry.pk for entry in results} == {Entry.objects.get().pk}

    make_questions(12)
    blueprint = [{"topic": "", "difficulty": "", "count": 10, "group": ""}]
    round_ = make_round(
        contest, questions=[], frozen=False, blueprint=blueprint,
        opens_at=now, closes_at=now + 60 * MINUTE,
    )  # fmt: skip
    results = race(*[lambda: freeze_round(round_=Round.objects.get(pk=round_.pk), now=now)] * CROWD)
    assert names(results) == {"Round": CROWD}
    assert PoolItem.objects.filter(round=round_).count() == 12


# ------------------------------------------------------------------ submitting


def test_many_submits_are_one_transition_with_one_result():
    now = now_utc()
    seat = sit_down(open_round(now=now), now=now)
    letters = "ABCD"

    def submit(n: int) -> Any:
        answers = [seat_answers[n % 4]]
        return submit_attempt(
            attempt=seat.again(), lease=1, answers=answers, received_at=now + n * timedelta(seconds=1)
        )

    seat_answers = [seat.sent(n, letters[n]) for n in range(4)]
    results = []
    for start in range(0, 50, CROWD):
        results += race(*[lambda n=n: submit(n) for n in range(start, start + CROWD)])
    assert names(results) == {"Submission": 50}
    assert [result.repeated for result in results].count(False) == 1
    stored = seat.again()
    assert {(r.attempt.submitted_at, r.attempt.sheet, r.attempt.duration_ms) for r in results} == {
        (stored.submitted_at, stored.sheet, stored.duration_ms)
    }
    # What was acknowledged is on the sheet, whoever won.
    assert stored.answered == len({position for position, _, _ in seat.stored()})


def test_control_reading_the_state_before_writing_it_submits_twice():
    now = now_utc()
    seat = sit_down(open_round(now=now), now=now)
    transitions: list[int] = []

    def check_then_act() -> None:
        attempt = seat.again()
        if attempt.state == AttemptState.OPEN:
            time.sleep(0.01)
            attempt.state = AttemptState.SUBMITTED
            attempt.save(update_fields=["state"])
            transitions.append(attempt.pk)

    race(*[check_then_act] * CROWD)
    assert len(transitions) > 1


def arrivals_of(seat: Seat, count: int, received_at) -> list[Arrival]:
    check = check_of(seat.attempt.public_id)
    return [
        Arrival(seat.attempt.pk, check, 1, received_at, seat.sent(position, "ABCD"[position % 4]))
        for position in range(count)
    ]


@pytest.mark.parametrize("offset_ms", [-50, -1, 0, 1, 50])
def test_autosave_submit_and_sweeper_meet_at_the_last_moment(offset_ms):
    """Around the end of the time: one transition, every acknowledged answer on the sheet, nothing late stored."""
    now = now_utc()
    round_ = open_round(now=now)
    seats = [sit_down(round_, now=now, name=f"Người {n}") for n in range(6)]
    end = seats[0].attempt.accept_until
    moment = end + timedelta(milliseconds=offset_ms)
    saving = [arrivals_of(seat, 3, moment) for seat in seats]
    final = [seat.sent(4, "B") for seat in seats]
    writer = GroupWriter(save_answers, name="test")

    def sweep() -> Any:
        return expire_attempts(now=end + timedelta(milliseconds=1), settle=timedelta())

    def submit(n: int) -> Any:
        return submit_attempt(attempt=seats[n].again(), lease=1, answers=[final[n]], received_at=moment)

    def save(n: int) -> Any:
        return asyncio.run(writer.save(saving[n]))

    try:
        results = race(
            *[lambda n=n: save(n) for n in range(4)], *[lambda n=n: submit(n) for n in range(4)], sweep, sweep
        )
    finally:
        writer.close()
    assert set(names(results)) <= {"list", "Submission", "Expired", "AttemptLate"}
    expire_attempts(now=end + MINUTE)
    for n, seat in enumerate(seats):
        attempt = seat.again()
        assert attempt.state != AttemptState.OPEN
        assert attempt.submitted_at == attempt.deadline
        acked = {o.ack.position for o in (results[n] if n < 4 else []) if o.ack.code == "saved"}
        on_sheet = {position for position, _, response in seat.stored() if response}
        assert acked <= on_sheet
        assert attempt.answered == len(on_sheet) == len(attempt.sheet.strip(BLANK + NOT_DEALT).replace(BLANK, ""))
        if offset_ms > 0:
            assert seat.stored() == []
    assert not AnswerEvent.objects.filter(received_at__gt=end).exists()


def test_no_acknowledged_answer_misses_the_sheet_however_the_submit_falls():
    """Answers pour in while the paper is closed in their midst; what was acknowledged must have been folded."""
    now = now_utc()
    round_ = open_round(now=now, questions=8)
    for _ in range(5):
        seat = sit_down(round_, now=now)
        arrivals = arrivals_of(seat, 8, now)
        results = race(
            *[lambda one=one: save_answers([one]) for one in arrivals],
            lambda seat=seat: submit_attempt(attempt=seat.again(), lease=1, received_at=now),
        )
        assert set(names(results)) == {"list", "Submission"}
        saved = {o.ack.position for result in results[:-1] for o in result if o.ack.code == "saved"}
        closed = [o.ack.code for result in results[:-1] for o in result if o.ack.code != "saved"]
        assert set(closed) <= {"closed"}
        assert seat.again().answered == len(saved) == len(seat.stored())


def test_two_tabs_the_highest_number_wins_in_any_order():
    now = now_utc()
    seat = sit_down(open_round(now=now), now=now)
    check = check_of(seat.attempt.public_id)
    arrivals = [
        Arrival(seat.attempt.pk, check, 1, now, seat.sent(0, "ABCD"[n % 4], seq=n)) for n in range(1, CROWD + 1)
    ]
    results = race(*[lambda one=one: save_answers([one]) for one in arrivals])
    codes = {outcome.ack.seq: outcome.ack.code for (outcome,) in results}
    assert codes[CROWD] == "saved"
    assert set(codes.values()) <= {"saved", "stale"}
    attempt = submit_attempt(attempt=seat.again(), lease=1, received_at=now).attempt
    assert attempt.answered == 1
    assert seat.questions[0].saved == seat.option(0, "ABCD"[CROWD % 4])


def test_a_submit_that_comes_late_meets_the_sweeper():
    now = now_utc()
    seat = sit_down(open_round(now=now), now=now)
    late = seat.attempt.accept_until + timedelta(seconds=6)
    results = race(
        *[lambda: submit_attempt(attempt=seat.again(), lease=1, received_at=late)] * 4,
        *[lambda: expire_attempts(now=late)] * 4,
    )
    assert set(names(results)) <= {"Submission", "Expired", "AttemptLate"}
    assert not any(isinstance(result, AttemptLate) for result in results)
    assert sum(result.closed for result in results[4:]) <= 1
    assert seat.again().state == AttemptState.EXPIRED
