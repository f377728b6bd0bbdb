"""The attempt's life as a state machine against a simple model (failures §5.1).

Hypothesis plays two devices, a clock that creeps around the deadline, repeats, reorderings, take-overs, crashes
between statements, submits and sweeps in any order. The model is a dictionary. The same machine is then run against
deliberately broken builds and must find each fault: a gate that cannot fail is no gate.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from contest.domain import answers as answers_module
from contest.domain import attempts as attempts_module
from contest.domain.attempts import expire_attempts, record_answers, start_attempt, submit_attempt, take_over
from contest.enums import AttemptState
from contest.errors import AttemptClosed, AttemptLate, AttemptMoved, AttemptsUsed, ContestError
from contest.models import AnswerEvent, Attempt, Entry, Round
from contest.queries.attempts import paper_questions
from contest.wire import SentAnswer
from tests.contest.seats import open_round, rules_for_seats
from tests.factories import NOW, make_contest, make_entry, make_questions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

QUESTIONS = 3
LIMIT = 2
SECOND = timedelta(seconds=1)
# Steps of the clock: far, near and by one millisecond round the deadline.
STEPS = [timedelta(milliseconds=1), SECOND, 5 * SECOND, timedelta(minutes=4), timedelta(minutes=6)]


class Crash(Exception):
    """The process dies here."""


class Lifecycle(RuleBasedStateMachine):
    """One person, two devices, a limit of two attempts. ``cast`` made the round and the entry once for all runs."""

    round: Round
    entry: Entry

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now: datetime = NOW
        self.known: dict[tuple[int, int], list[str]] = {}
        self.attempts: list[int] = []
        self.lease: dict[int, list[int]] = {}
        # The model: what was acknowledged, {(attempt, position): {seq: option id}}, and final results.
        self.acknowledged: dict[tuple[int, int], dict[int, str]] = {}
        self.final: dict[int, tuple[object, ...]] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    # -- helpers

    def latest(self) -> Attempt:
        return Attempt.objects.select_related("round__rule_set", "round__contest").get(pk=self.attempts[-1])

    def options(self, attempt: Attempt, position: int) -> list[str]:
        if (attempt.pk, position) not in self.known:
            for question in paper_questions(attempt):
                self.known[attempt.pk, question.position] = [option.id for option in question.shown.options]
        return self.known[attempt.pk, position]

    def acknowledge(self, attempt: Attempt, position: int, seq: int, option: str) -> None:
        self.acknowledged.setdefault((attempt.pk, position), {}).setdefault(seq, option)

    # -- rules

    @rule()
    def start(self) -> None:
        try:
            attempt = start_attempt(entry=self.entry, round_=self.round, now=self.now)
        except AttemptsUsed:
            assert len(self.attempts) == LIMIT
            return
        except ContestError:
            assert self.now >= self.round.closes_at
            return
        if attempt.pk not in self.attempts:
            self.attempts.append(attempt.pk)
            self.lease[attempt.pk] = [1, 1]

    @precondition(lambda self: self.attempts)
    @rule(
        device=st.integers(0, 1), position=st.integers(0, QUESTIONS - 1), seq=st.integers(1, 4), letter=st.integers(0, 3),
        lag=st.sampled_from([timedelta(), SECOND]), repeat=st.booleans(),
    )  # fmt: skip
    def answer(self, device, position, seq, letter, lag, repeat) -> None:
        attempt = self.latest()
        arrived = self.now - lag  # it waited in the queue
        option = self.options(attempt, position)[letter]
        lease = self.lease[attempt.pk][device]
        sent = SentAnswer(position, seq, option)
        for _ in range(1 + repeat):
            (ack,) = record_answers(attempt=attempt, lease=lease, answers=[sent], received_at=arrived)
            known = self.acknowledged.get((attempt.pk, position), {})
            if ack.code == "saved":
                assert attempt.state == AttemptState.OPEN
                assert arrived <= attempt.accept_until
                assert lease == attempt.lease
                assert seq > max(known, default=0)
                self.acknowledge(attempt, position, seq, option)
            elif ack.code == "duplicate":
                assert seq in known
            known = self.acknowledged.get((attempt.pk, position), {})
            assert ack.saved == (known[max(known)] if known else None)

    @precondition(lambda self: self.attempts)
    @rule(device=st.integers(0, 1))
    def move(self, device) -> None:
        try:
            attempt = take_over(attempt=self.latest(), now=self.now)
        except (AttemptClosed, AttemptLate):
            return
        self.lease[attempt.pk][device] = attempt.lease

    @precondition(lambda self: self.attempts)
    @rule(
        device=st.integers(0, 1), carries=st.lists(st.tuples(st.integers(0, QUESTIONS - 1), st.integers(1, 4), st.integers(0, 3)), max_size=3),
        crash=st.booleans(),
    )  # fmt: skip
    def submit(self, device, carries, crash) -> None:
        attempt = self.latest()
        lease = self.lease[attempt.pk][device]
        in_time = attempt.state == AttemptState.OPEN and lease == attempt.lease and self.now <= attempt.accept_until
        sent = [SentAnswer(position, seq, self.options(attempt, position)[letter]) for position, seq, letter in carries]
        try:
            if crash:
                with patch.object(attempts_module, "finish", side_effect=Crash):
                    submit_attempt(attempt=attempt, lease=lease, answers=sent, received_at=self.now)
            else:
                submit_attempt(attempt=attempt, lease=lease, answers=sent, received_at=self.now)
        except (AttemptMoved, AttemptLate, Crash):
            pass
        if in_time:  # stored before the transition, and so acknowledged by whatever page comes back
            for one in sent:
                known = self.acknowledged.get((attempt.pk, one.position), {})
                if one.seq > max(known, default=0):
                    self.acknowledge(attempt, one.position, one.seq, str(one.response))
        assert (self.latest().state == AttemptState.SUBMITTED) >= (in_time and not crash)

    @rule(times=st.integers(1, 2))
    def sweep(self, times) -> None:
        for _ in range(times):
            expire_attempts(now=self.now)

    @rule(step=st.sampled_from(STEPS))
    def tick(self, step) -> None:
        self.now += step

    @precondition(lambda self: self.attempts)
    @rule(milliseconds=st.sampled_from([-1, 0, 1]))
    def jump_to_the_end(self, milliseconds) -> None:
        moment = self.latest().accept_until + timedelta(milliseconds=milliseconds)
        self.now = max(self.now, moment)

    # -- invariants

    @invariant()
    def the_limit_holds_and_one_paper_is_open(self) -> None:
        states = list(Attempt.objects.filter(entry=self.entry).values_list("state", flat=True))
        assert len(states) == len(self.attempts) <= LIMIT
        assert states.count(AttemptState.OPEN) <= 1

    @invariant()
    def nothing_late_is_stored(self) -> None:
        assert not AnswerEvent.objects.filter(received_at__gt=F("attempt__accept_until")).exists()

    @precondition(lambda self: self.attempts)
    @invariant()
    def every_acknowledged_answer_is_there_and_no_other(self) -> None:
        attempt = self.latest()  # earlier ones are closed, and a closed paper never changes
        expected = {position: seqs[max(seqs)] for (pk, position), seqs in self.acknowledged.items() if pk == attempt.pk}
        shown = {question.position: question.saved for question in paper_questions(attempt) if question.saved}
        assert shown == expected

    @invariant()
    def a_closed_paper_never_changes(self) -> None:
        for attempt in Attempt.objects.filter(pk__in=self.attempts).exclude(state=AttemptState.OPEN):
            facts = (attempt.state, attempt.submitted_at, attempt.sheet, str(attempt.extras), attempt.duration_ms)
            assert self.final.setdefault(attempt.pk, facts) == facts
            assert attempt.started_at <= attempt.submitted_at <= attempt.deadline


QUICK = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.fixture
def cast():
    contest = make_contest(rules=rules_for_seats(attempts={"limit": LIMIT, "per": "round"}))
    Lifecycle.round = open_round(now=NOW, contest=contest, questions=make_questions(QUESTIONS))
    Lifecycle.entry = make_entry(contest)


def test_the_life_of_an_attempt(cast):
    run_state_machine_as_test(Lifecycle, settings=QUICK)


# ------------------------------------------------------------------ negative controls


def broken_statement(old: str, new: str) -> Callable[[], object]:
    return lambda: patch.object(answers_module, "_SQLITE", answers_module._SQLITE.replace(old, new))


FAULTS = {
    "answers after the end are stored": broken_statement(
        "a.accept_until >= json_extract(v.value, '$[4]')", "a.accept_until > '2000-01-01'"
    ),
    "answers to a closed paper are stored": broken_statement("a.state = 'open' AND ", ""),
    "an overtaken answer is stored": broken_statement("< json_extract(v.value, '$[2]')\n", "< 99\n"),
    "a left device still writes": broken_statement("a.lease = json_extract(v.value, '$[5]')", "a.lease > 0"),
    "submitting forgets the stored answers": lambda: patch.object(
        attempts_module, "last_answers", lambda ids: {pk: {} for pk in ids}
    ),
    "a submit closes the paper again": lambda: patch.object(attempts_module, "_already_closed", resubmit),
}


def resubmit(attempt: Attempt, lease: int, received_at: datetime, now: datetime) -> object:
    Attempt.objects.filter(pk=attempt.pk).update(submitted_at=min(received_at, attempt.deadline))
    return None


@pytest.mark.sqlite_only
@pytest.mark.parametrize("fault", FAULTS)
def test_control_the_machine_finds_every_seeded_fault(cast, fault):
    hunting = settings(QUICK, max_examples=400, phases=[Phase.generate], database=None, derandomize=True)
    with FAULTS[fault](), pytest.raises(AssertionError):
        run_state_machine_as_test(Lifecycle, settings=hunting)
