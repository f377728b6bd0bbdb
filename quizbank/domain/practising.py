"""Practice: ask a question, take an answer, explain at once. Nothing here ever touches a contest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.utils.crypto import salted_hmac

from people.models import User
from quizbank.domain.rewarding import reward_answers
from quizbank.enums import PracticeMode
from quizbank.errors import QuestionWithheld
from quizbank.kinds import FULL, get_kind
from quizbank.models import PracticeAnswer, QuestionVersion
from quizbank.notebook import weak_topic
from quizbank.queries.practice import (
    candidates,
    mistakes_of,
    practice_versions,
    recent_questions,
    topic_credits,
)
from quizbank.queries.questions import topics

ENDING = frozenset({PracticeMode.CARD, PracticeMode.MISTAKES})
"""Ways of practising that come to an end; the others begin anew when everything has been asked."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to practise. ``done`` are questions of this sitting, the latest last."""

    mode: PracticeMode
    topic: str = ""
    card: str = ""
    done: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an answer, with everything that may be told now. ``canonical`` is the answer that counts."""

    version: QuestionVersion
    canonical: str
    credit: int
    repeated: bool

    @property
    def is_right(self) -> bool:
        return self.credit >= FULL


def seed_of(token: str) -> int:
    """The secret seed of one asking: option order and opaque ids hang on it."""
    return int(salted_hmac("quizbank.practice", token, algorithm="sha256").hexdigest()[:16], 16)


def choose_question(*, person: User | None, wish: Wish, random: Random) -> int | None:
    """Return the id of the version to ask next; None where there is nothing (more) to ask.

    What was just asked does not come again while there is something else.
    """
    found = _candidates(person, wish, random)
    recent = set(wish.done) | (set(recent_questions(person.pk)) if person and wish.mode not in ENDING else set())
    fresh = [version for version, question in found.items() if question not in recent]
    if not fresh and wish.mode not in ENDING:
        last = set(wish.done[-1:])
        fresh = [version for version, question in found.items() if question not in last] or list(found)
    return random.choice(fresh) if fresh else None


def _candidates(person: User | None, wish: Wish, random: Random) -> dict[int, int]:
    match wish.mode:
        case PracticeMode.TOPIC:
            return candidates(topic=wish.topic)
        case PracticeMode.CARD:
            return candidates(card=wish.card)
        case PracticeMode.MISTAKES:
            return candidates(questions=[one.question for one in mistakes_of(person.pk)] if person else [])
        case PracticeMode.WEAKNESS:
            known = topic_credits(person.pk) if person else {}
            found = candidates(topic=weak_topic(known, [topic.slug for topic in topics()], random))
            return found or candidates()
        case _:
            return candidates()


def answer_practice(
    *, person: User | None, version_id: int, token: str, mode: PracticeMode, wire: object, now: datetime
) -> Told:
    """Grade one answer and tell everything about it; keep it for somebody signed in. The first answer to one asking
    (``token``) is the one that counts: sending again tells of that.

    Raises:
        QuestionWithheld: when the question has meanwhile been frozen into a round.
        BadResponse: when the answer does not fit the question.
    """
    version = practice_versions().filter(pk=version_id).first()
    if version is None:
        raise QuestionWithheld
    kind = get_kind(version.kind)
    canonical = kind.read(version.content, wire, seed=seed_of(token))
    credit = kind.grade(version.content, version.key, canonical)
    if person is None:
        return Told(version, canonical, credit, repeated=False)
    row = PracticeAnswer(
        person=person, version=version, token=token, mode=mode, canonical=canonical, credit=credit, at=now
    )
    PracticeAnswer.objects.bulk_create([row], ignore_conflicts=True)
    kept = PracticeAnswer.objects.get(person=person, token=token)
    reward_answers(person=person, versions=[version.pk], now=now)
    return Told(version, kept.canonical, kept.credit, repeated=(kept.canonical, kept.at) != (canonical, now))


def keep_answers(
    *,
    person: User,
    answers: Sequence[tuple[int, str, int]],
    token: str,
    mode: PracticeMode,
    now: datetime,
    earns: bool = True,
) -> None:
    """Keep several answers (version id, canonical, credit) of one paper, once however often it is sent.

    Without ``earns`` they feed the notebook and the map of knowledge, and no reward ever.
    """
    PracticeAnswer.objects.bulk_create(
        [
            PracticeAnswer(
                person=person,
                version_id=version,
                token=f"{token[:30]}-{place}",
                mode=mode,
                canonical=canonical,
                credit=credit,
                earns=earns,
                at=now,
            )
            for place, (version, canonical, credit) in enumerate(answers)
        ],
        ignore_conflicts=True,
    )
    if earns:
        reward_answers(person=person, versions=[version for version, _canonical, _credit in answers], now=now)
