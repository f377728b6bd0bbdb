"""What somebody knew on which day: the ground of streaks and of the quest of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from quizbank.kinds.base import FULL
from quizbank.models import CardReview, PracticeAnswer
from quizbank.rewards import DAY, paced_tokens, start_of, vn_day
from quizbank.scheduling import Rating


def acts_of(person_id: int, days: Collection[date]) -> dict[date, int]:
    """Return for each day how many different cards were remembered (and not clicked through) and questions answered
    rightly, where learning is rewarded. Two queries, none without days."""
    if not days:
        return {}
    acts: defaultdict[date, set[tuple[str, int]]] = defaultdict(set)
    since, until = start_of(min(days)), start_of(max(days) + DAY)
    looks = list(
        CardReview.objects.filter(person_id=person_id, at__gte=since, at__lt=until)
        .order_by("at", "id")
        .values_list("at", "token", "card_id", "rating")
    )
    paced = paced_tokens([(at, token) for at, token, _card, _rating in looks])
    for at, token, card, rating in looks:
        if rating >= Rating.GOOD and token in paced:
            acts[vn_day(at)].add(("card", card))
    right = PracticeAnswer.objects.filter(
        person_id=person_id, at__gte=since, at__lt=until, credit__gte=FULL, earns=True
    )
    for at, question in right.order_by().values_list("at", "version__question_id"):
        acts[vn_day(at)].add(("question", question))
    return {day: len(acts[day]) for day in days}
