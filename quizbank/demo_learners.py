"""Learners of the demonstration: some days of cards and practice, what came of them, a league and a goal.

Through the domain, day by day, as phones would have told it. Who has learned anything already is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from people.models import Unit, User
from quizbank.demo_data import GOAL_CARDS, GOAL_TITLE
from quizbank.domain.leagues import draw_week
from quizbank.domain.practice_figures import count_due_practice
from quizbank.domain.practising import keep_answers
from quizbank.domain.progress_settings import choose_progress
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.domain.unit_goals import set_goal
from quizbank.enums import KindCode, PracticeMode
from quizbank.kinds import FULL
from quizbank.models import Card, CardReview, PracticeAnswer, QuestionVersion
from quizbank.queries.practice import practice_versions
from quizbank.queries.unit_goals import goals_in_force
from quizbank.rewards import DAY, vn_day
from quizbank.scheduling import Rating

LEARNERS = 8
FIRST_DAYS = 7
"""Days in a row of the first learner, the last of them yesterday: there is something to go on with today."""
JOINED = timedelta(days=9)
CARDS_A_DAY, QUESTIONS_A_DAY = 5, 5
QUESTIONS = 40
TOKEN, LAST = "demo-", "demo-last"
GAP = timedelta(seconds=20)


def make_learners(
    *,
    people: Sequence[User],
    organizer: User,
    province: Unit,
    now: datetime,
    seed: int = 2026,
    beat: Callable[[], object] = lambda: None,
) -> int:
    """Let the first of ``people`` have learned, and the province have a goal; how many learned."""
    random = Random(seed)
    cards = list(
        Card.objects.filter(retired=False).order_by("deck__position", "position").values_list("code", flat=True)
    )
    questions = list(
        practice_versions().filter(kind=KindCode.SINGLE, question__builtin=True).order_by("pk")[:QUESTIONS]
    )
    fresh = [person for person in people[:LEARNERS] if not _learned(person)]
    for person in fresh:
        beat()
        choose_progress(person=person, shown=True, league=True, now=now - JOINED)
        days = FIRST_DAYS if person == people[0] else random.randint(1, 5)
        for ago in range(days, 0, -1):
            _day(random, person, cards, questions, number=days - ago, at=now - ago * DAY, last=ago == 1)
    draw_week(now=now)
    if not goals_in_force().filter(unit=province).exists():
        today = vn_day(now)
        set_goal(
            actor=organizer,
            unit=province,
            title=GOAL_TITLE,
            target=GOAL_CARDS,
            starts_on=today - JOINED,
            ends_on=today + timedelta(days=21),
            now=now,
        )
    count_due_practice(now=now)
    return len(fresh)


def _learned(person: User) -> bool:
    """Whether somebody has learned by themselves, or all the demonstration's days were told."""
    mine = CardReview.objects.filter(person=person)
    return mine.exclude(token__startswith=TOKEN).exists() or (
        PracticeAnswer.objects.filter(person=person, token__startswith=LAST).exists()
    )


def _day(
    random: Random,
    person: User,
    cards: list[str],
    questions: list[QuestionVersion],
    *,
    number: int,
    at: datetime,
    last: bool,
) -> None:
    """One day of learning: new cards, and some practice that is mostly right."""
    first = number * CARDS_A_DAY
    met = cards[first : first + random.randint(2, CARDS_A_DAY)]
    looks = [
        SentReview(
            card=card,
            rating=Rating.GOOD if place or again or number % 2 else Rating.HARD,
            at=at - (CARDS_A_DAY * (2 - again) - place) * GAP,
            token=f"{TOKEN}{number}{'l' * again}-{card}"[:36],
        )
        for again in range(2)
        for place, card in enumerate(met)
    ]
    record_reviews(person=person, reviews=looks, now=at)
    start = number * QUESTIONS_A_DAY
    asked = questions[start : start + QUESTIONS_A_DAY]
    keep_answers(
        person=person,
        answers=[_answer(random, version) for version in asked],
        token=LAST if last else f"{TOKEN}{number}",
        mode=PracticeMode.ENDLESS,
        now=at + timedelta(minutes=5),
    )


def _answer(random: Random, version: QuestionVersion) -> tuple[int, str, int]:
    right: str = version.key["right"]
    if random.random() < 0.75:
        return version.pk, right, FULL
    letters = [letter for letter in "ABCDEFGH"[: len(version.content["options"])] if letter != right]
    return version.pk, random.choice(letters), 0
