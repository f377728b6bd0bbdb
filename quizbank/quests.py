"""Three small quests, the same for one person all day or week: chosen by a hash, so that nothing need be stored. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from quizbank.rewards import ACTS_OF_A_DAY

MOST_CARDS, MOST_QUESTIONS = 10, 15
FEWEST = 3
DAYS_GOAL = 4


@dataclass(frozen=True, slots=True)
class Quest:
    """``kind``: "today" (cards or questions known today), "cards" or "questions" (first known this week, of a topic),
    or "days" (days learned this week)."""

    kind: str
    goal: int
    topic: str = ""


@dataclass(frozen=True, slots=True)
class TopicLeft:
    """What of a topic was still unknown when the week began."""

    cards: int
    questions: int


def quests_of(person: str, monday: date, left: Mapping[str, TopicLeft]) -> list[Quest]:
    """Return the quests of ``person`` (a public id) for the week of ``monday``: one for each day, two for the week.

    The topics come from what was unknown at the week's start, so a quest can always be done.
    """
    quests = [Quest("today", ACTS_OF_A_DAY)]
    with_cards = sorted(topic for topic, one in left.items() if one.cards >= FEWEST)
    if with_cards:
        topic = _pick(with_cards, person, monday, "cards")
        quests.append(Quest("cards", min(MOST_CARDS, left[topic].cards), topic))
    with_questions = sorted(topic for topic, one in left.items() if one.questions >= FEWEST)
    if with_questions:
        topic = _pick(with_questions, person, monday, "questions")
        quests.append(Quest("questions", min(MOST_QUESTIONS, left[topic].questions), topic))
    return [*quests, Quest("days", DAYS_GOAL)][:3]


def _pick(topics: list[str], person: str, monday: date, salt: str) -> str:
    digest = hashlib.sha256(f"{person}|{monday.isoformat()}|{salt}".encode()).digest()
    return topics[int.from_bytes(digest[:8], "big") % len(topics)]
