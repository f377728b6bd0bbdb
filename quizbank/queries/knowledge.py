"""What somebody knows of each topic: cards remembered, and how practice went lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from quizbank.models import Card, CardMemory, Topic
from quizbank.notebook import RECENT
from quizbank.queries.practice import topic_credits
from quizbank.queries.questions import topics
from quizbank.scheduling import is_settled


@dataclass(frozen=True, slots=True)
class TopicKnowledge:
    """One topic. ``known`` of ``cards`` are remembered for days; ``recent`` are per mille of the latest answers."""

    topic: Topic
    cards: int
    known: int
    recent: tuple[int, ...]

    @property
    def answers(self) -> int:
        return len(self.recent)

    @property
    def percent(self) -> int | None:
        """How right the latest answers were, in percent; None without any."""
        return round(sum(self.recent) / len(self.recent) / 10) if self.recent else None

    @property
    def share(self) -> float:
        """How much of the topic's petal is filled, 0..1: half by cards, half by practice. Answers not given yet count
        as nothing, so that a petal is full only after twenty right ones."""
        practised = sum(self.recent) / (RECENT * 1000)
        return (self.known / self.cards + practised) / 2 if self.cards else practised

    @property
    def share_percent(self) -> int:
        return round(self.share * 100)


def knowledge_of(person_id: int) -> list[TopicKnowledge]:
    """Every topic in its order. Four queries."""
    cards = dict(Card.objects.filter(retired=False).order_by().values_list("topic_id").annotate(count=Count("id")))
    known: Counter[int] = Counter()
    memories = CardMemory.objects.filter(person_id=person_id, card__retired=False)
    for topic, state in memories.values_list("card__topic_id", "state"):
        known[topic] += is_settled(state)
    earned = topic_credits(person_id)
    return [
        TopicKnowledge(topic, cards.get(topic.pk, 0), known[topic.pk], tuple(earned.get(topic.slug, ())[:RECENT]))
        for topic in topics()
    ]


def weakest(knowledge: Sequence[TopicKnowledge]) -> TopicKnowledge | None:
    """The topic to practise next; None where everything is known or there are no topics."""
    found = min(knowledge, key=lambda one: one.share, default=None)
    return found if found is not None and found.share < 1 else None
