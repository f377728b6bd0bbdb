"""Spaced repetition: pure, repeatable, the same whatever the order of arrival."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizbank.scheduling import LONGEST, Look, Memory, Rating, next_dues, remember, replay, rules_for_pages
from quizbank.study_words import rest_words

# A machine under load is slow to make examples; that says nothing about the code.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
START = datetime(2026, 11, 1, tzinfo=UTC)
looks = st.lists(
    st.builds(
        Look,
        at=st.integers(0, 90 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
        token=st.text("abc", min_size=1, max_size=6),
        rating=st.sampled_from(list(Rating)),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda look: look.token,
)


@PATIENT
@given(looks, st.randoms(use_true_random=False))
def test_the_same_looks_in_any_order_give_the_same_memory(given_looks: list[Look], shuffler: random.Random) -> None:
    other = list(given_looks)
    shuffler.shuffle(other)
    assert replay(other) == replay(given_looks)


@PATIENT
@given(looks)
def test_a_stored_memory_goes_on_as_if_it_had_never_been_stored(given_looks: list[Look]) -> None:
    ordered = sorted(given_looks)
    memory: Memory | None = None
    for look in ordered:
        memory = remember(memory, look)
        memory = Memory(
            json.loads(json.dumps(memory.state)), memory.due, memory.seen, memory.recalled, memory.first_recalled_at
        )
    assert memory == replay(ordered)
    assert memory is not None
    assert START < memory.due <= ordered[-1].at + timedelta(days=LONGEST)
    assert memory.seen == len(ordered)
    assert memory.recalled == sum(look.rating > 1 for look in ordered)


def test_the_first_steps_are_minutes_and_then_days() -> None:
    first = remember(None, Look(START, "a", Rating.GOOD))
    second = remember(first, Look(first.due, "b", Rating.GOOD))
    assert first.due - START == timedelta(minutes=10)
    assert (first.settled, second.settled) == (False, True)
    assert second.due - first.due >= timedelta(days=1)
    assert first.first_recalled_at == second.first_recalled_at == START


def test_a_forgotten_card_comes_back_at_once_and_is_not_recalled() -> None:
    memory = replay([Look(START, "a", Rating.AGAIN)])
    assert memory is not None
    assert (memory.due - START, memory.recalled, memory.first_recalled_at) == (timedelta(minutes=1), 0, None)
    assert replay([]) is None


def test_better_ratings_never_come_back_sooner() -> None:
    memory = replay([Look(START, "a", Rating.EASY)])
    rests = [rest for _rating, rest in sorted(next_dues(memory, START + timedelta(days=9)).items())]
    assert rests == sorted(rests)
    assert [rest_words(rest) for rest in next_dues(None, START).values()] == ["1 phút", "6 phút", "10 phút", "8 ngày"]


def test_rests_are_said_in_one_unit() -> None:
    cases = {
        5: "1 phút",
        3599: "60 phút",
        7200: "2 giờ",
        86_400 * 3: "3 ngày",
        86_400 * 75: "2 tháng",
        86_400 * 365: "1 năm",
    }
    assert {seconds: rest_words(timedelta(seconds=seconds)) for seconds in cases} == cases


def test_pages_get_every_number_of_the_scheduler() -> None:
    rules = rules_for_pages()
    assert (len(rules["w"]), rules["learning"], rules["relearning"]) == (21, [60.0, 600.0], [600.0])
