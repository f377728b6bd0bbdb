"""Reads about attempts, for pages: whose paper, what it shows, what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from contest.arrivals import to_ms
from contest.enums import AttemptState
from contest.errors import NotFound
from contest.models import AnswerEvent, Attempt, Entry, Round
from contest.queries.papers import PaperFacts, paper_of, rules_of
from contest.sheet import unfold
from contest.tokens import AttemptToken, check_of, signer_for
from people.models import User
from quizbank.kinds import Shown
from quizbank.kinds.base import Wire


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question of a person's paper as the page shows it. ``position`` counts from 0, ``number`` from 1;
    ``saved`` is the stored response in wire form ("" or [] when blank), ``seq`` its sequence number (0: none)."""

    position: int
    number: int
    kind: str
    stem: str
    shown: Shown
    saved: Wire
    seq: int
    extra: Mapping[str, Any]

    @property
    def answered(self) -> bool:
        return bool(self.saved)


def attempt_of(user: User | AnonymousUser, public_id: str) -> Attempt:
    """Return the person's own attempt with its round, contest, rules and entry; one query.

    Raises:
        NotFound: when there is none, or it is somebody else's (failures E11).
    """
    attempt = (
        Attempt.objects.filter(public_id=public_id, entry__resident__user_id=user.pk or 0)
        .select_related("round__contest__unit", "round__rule_set", "entry__resident", "entry__unit")
        .first()
    )
    if attempt is None:
        raise NotFound
    return attempt


def attempts_of(entry: Entry) -> QuerySet[Attempt]:
    """A person's attempts in a contest, newest first, with their rounds."""
    return Attempt.objects.filter(entry=entry).select_related("round").order_by("-started_at", "-pk")


def open_attempt_of(entry: Entry, round_: Round, now: datetime) -> Attempt | None:
    """The paper this person may still write in, if any."""
    return Attempt.objects.filter(entry=entry, round=round_, state=AttemptState.OPEN, accept_until__gte=now).first()


def paper_questions(attempt: Attempt, *, language: str = "vi") -> list[PaperQuestion]:
    """Return the paper as dealt, with what is stored, in its reader's language where it is translated: other words, the
    same option ids in the same places. At most one query when the pool is known to the process."""
    facts = paper_of(attempt)
    stored = stored_answers(attempt, facts)
    shuffle = rules_of(attempt.round).paper.shuffle_options
    questions: list[PaperQuestion] = []
    for shown in range(len(facts.dealt)):
        item, seed = facts.at(shown)
        seq, canonical = stored.get(shown, (0, ""))
        asked = facts.pool.words[facts.dealt[shown]]
        words = asked.words(language)
        questions.append(
            PaperQuestion(
                position=shown,
                number=shown + 1,
                kind=item.kind.code,
                stem=words.stem,
                shown=item.kind.present(words.content, seed=seed, shuffle=shuffle),
                saved=item.kind.write(item.content, canonical, seed=seed) if canonical else "",
                seq=seq,
                extra=asked.extra,
            )
        )
    return questions


def stored_answers(attempt: Attempt, facts: PaperFacts) -> Mapping[int, tuple[int, str]]:
    """Return {position shown: (highest sequence number, canonical response)}: from the log, or the sheet once folded."""
    if attempt.state == AttemptState.OPEN:
        rows = AnswerEvent.objects.filter(attempt=attempt).order_by("position", "seq")
        return {
            position: (seq, response) for position, seq, response in rows.values_list("position", "seq", "response")
        }
    if not attempt.sheet:
        return {}
    folded = unfold(facts.pool.items, facts.dealt, attempt.sheet, attempt.extras)
    return {shown: (0, canonical) for shown, canonical in folded.items()}


def token_for(attempt: Attempt) -> str:
    """Return the token with which this device may answer; it dies with the lease."""
    token = AttemptToken(
        attempt=attempt.pk,
        check=check_of(attempt.public_id),
        positions=attempt.dealt.count(",") + 1,
        lease=attempt.lease,
        accept_until_ms=to_ms(attempt.accept_until),
    )
    return signer_for(settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)).write(token)
