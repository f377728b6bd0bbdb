"""The quests of a person's week and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from people.models import User
from quizbank.enums import PointKind
from quizbank.models import Card, Point, Topic
from quizbank.queries.acts import acts_of
from quizbank.queries.practice import practice_versions
from quizbank.queries.questions import topics
from quizbank.quests import Quest, TopicLeft, quests_of
from quizbank.rewards import monday_of, vn_day


@dataclass(frozen=True, slots=True)
class QuestLine:
    """One quest with what is done; ``topic`` None where it is about no topic."""

    quest: Quest
    done: int
    topic: Topic | None

    @property
    def shown(self) -> int:
        return min(self.done, self.quest.goal)

    @property
    def is_done(self) -> bool:
        return self.done >= self.quest.goal


def quest_lines(person: User, now: datetime) -> list[QuestLine]:
    """The three quests of ``person`` now. Six queries."""
    today = vn_day(now)
    monday = monday_of(today)
    every = {topic.slug: topic for topic in topics()}
    cards = dict(Card.objects.filter(retired=False).order_by().values_list("topic__slug").annotate(count=Count("id")))
    questions = dict(practice_versions().order_by().values_list("question__topic__slug").annotate(count=Count("id")))
    before: dict[tuple[str, str], int] = {}
    this_week: dict[tuple[str, str], int] = {}
    lines = Point.objects.filter(person=person).order_by().values_list("kind", "topic__slug")
    for kind, topic, older, newer in lines.annotate(
        older=Count("id", filter=Q(day__lt=monday)), newer=Count("id", filter=Q(day__gte=monday))
    ):
        before[kind, topic or ""] = older
        this_week[kind, topic or ""] = newer
    left = {
        slug: TopicLeft(
            cards.get(slug, 0) - before.get((PointKind.CARD, slug), 0),
            questions.get(slug, 0) - before.get((PointKind.QUESTION, slug), 0),
        )
        for slug in every
    }

    def done(quest: Quest) -> int:
        match quest.kind:
            case "today":
                return acts_of(person.pk, [today])[today]
            case "cards":
                return this_week.get((PointKind.CARD, quest.topic), 0)
            case "questions":
                return this_week.get((PointKind.QUESTION, quest.topic), 0)
            case _:
                return this_week.get((PointKind.DAY, ""), 0)

    return [
        QuestLine(quest, done(quest), every.get(quest.topic)) for quest in quests_of(person.public_id, monday, left)
    ]
