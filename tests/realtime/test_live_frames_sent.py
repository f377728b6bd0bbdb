"""How many frames a game costs (failures D11): one acknowledgement an answer, one state a change and screen, never N²."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest

from contest.arrivals import now_utc
from realtime.live_frames import COUNTS_PER_SECOND
from realtime.protocol import HEARTBEAT_S
from tests.realtime.live_factories import make_event, make_live_rules
from tests.realtime.live_lines import Line, Venue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

QUESTIONS = 3


@pytest.fixture
def event(valkey):
    return make_event(now=now_utc(), rules=make_live_rules(seconds=60, board_every=0), questions=QUESTIONS)


def kinds(line: Line) -> Counter[str]:
    return Counter(frame["type"] for frame in line.frames)


async def answers_all(lines: list[Line]) -> None:
    """Everybody answers, in the same moment."""
    await asyncio.gather(
        *(
            line.asks(
                "answer",
                "ack",
                instance=line.state["instance"],
                response=line.state["question"]["options"][place % 4]["id"],
            )
            for place, line in enumerate(lines)
        )
    )


async def game(venue: Venue, event, people: int) -> tuple[list[Line], Line, Line, float, int]:
    """A whole game; the phones, desk and wall with all they got, its seconds, and how often the stage changed."""
    begun = time.monotonic()
    desk, wall = await venue.crew(event, "desk"), await venue.crew(event, "wall")
    phones = await asyncio.gather(*(venue.joined(event, f"Lan {number}") for number in range(people)))
    first = desk.state["seq"]
    for index in range(QUESTIONS):
        await desk.command("next" if index else "start")
        await asyncio.gather(*(line.sees("open", index=index) for line in phones))
        await answers_all(phones)  # the last of them ends the question
        await asyncio.gather(*(line.sees("reveal", within=20, index=index) for line in (*phones, desk)))
    await desk.command("next")
    await asyncio.gather(*(line.sees("podium", within=20) for line in (*phones, desk, wall)))
    return phones, desk, wall, time.monotonic() - begun, desk.state["seq"] - first


async def test_a_game_of_a_hundred_costs_each_phone_what_a_game_alone_does(event, venue):
    phones, desk, wall, seconds, changes = await game(venue, event, 100)
    beats = int(seconds / HEARTBEAT_S) + 2
    for line in phones:
        seen = kinds(line)
        assert (seen["hello"], seen["seat"], seen["ack"]) == (1, 1, QUESTIONS)
        # The state on taking the seat, one each time the stage moved, and not one for an answer of somebody else.
        assert seen["stage"] <= 1 + changes
        assert seen["tick"] <= beats
        assert sum(seen.values()) == sum(seen[kind] for kind in ("hello", "seat", "ack", "stage", "tick"))
    for line in (desk, wall):
        seen = kinds(line)
        assert seen["count"] <= COUNTS_PER_SECOND * seconds + 2
        # States of the crew: the changes, and twice a second at most because somebody came in.
        assert seen["desk"] + seen["wall"] <= 1 + changes + 2 * seconds + 2
    assert sum(kinds(line)["stage"] + kinds(line)["ack"] for line in phones) <= 100 * (1 + changes + QUESTIONS)


async def test_while_a_question_is_open_an_answer_is_one_frame(event, venue):
    desk = await venue.crew(event, "desk")
    quiet = await venue.joined(event, "Ngồi yên")  # never answers, so the question stays open
    phones = await asyncio.gather(*(venue.joined(event, f"Lan {number}") for number in range(40)))
    await desk.command("start")
    await asyncio.gather(*(line.sees("open") for line in (*phones, quiet)))
    await asyncio.sleep(1.5)  # the whole state is read once more after a change
    before = {line: Counter(kinds(line)) for line in (*phones, quiet)}
    await answers_all(phones)
    await desk.until(lambda: any(frame["answered"] == 40 for frame in desk.of("count")))
    for line in phones:
        assert kinds(line) - before[line] - Counter(tick=9) == {"ack": 1}
    assert kinds(quiet) - before[quiet] - Counter(tick=9) == {}
