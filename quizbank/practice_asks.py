"""What a practice page carries through the browser, signed: which question was asked, and what this sitting has done.

Nothing is kept on the server for it, so guests practise without a session. It is signed, not secret: it holds no key,
and the seed of the option ids is derived from the token by a secret (domain/practising.seed_of).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core import signing

from quizbank.enums import PracticeMode
from quizbank.errors import BadResponse

LIFE_S = 24 * 3600
REMEMBERED = 30
_ASKED, _SITTING = "quizbank.practice.asked", "quizbank.practice.sitting"


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking of one question."""

    version: int
    token: str
    mode: PracticeMode


@dataclass(frozen=True, slots=True)
class SittingDone:
    """What was done since one sat down: questions (the latest last), how many answered, how many of them right."""

    questions: tuple[int, ...] = ()
    answered: int = 0
    right: int = 0

    def after(self, question: int, *, right: bool) -> SittingDone:
        """The sitting with one more answer."""
        return replace(
            self,
            questions=(*self.questions, question)[-REMEMBERED:],
            answered=self.answered + 1,
            right=self.right + right,
        )


def write_asked(asked: Asked) -> str:
    return signing.dumps([asked.version, asked.token, asked.mode.value], salt=_ASKED)


def read_asked(text: str) -> Asked:
    """Read what ``write_asked`` wrote.

    Raises:
        BadResponse: when it is forged or older than a day.
    """
    try:
        version, token, mode = signing.loads(text, salt=_ASKED, max_age=LIFE_S)
    except signing.BadSignature as error:
        raise BadResponse from error
    return Asked(version, token, PracticeMode(mode))


def write_sitting(done: SittingDone) -> str:
    return signing.dumps([list(done.questions), done.answered, done.right], salt=_SITTING, compress=True)


def read_sitting(text: str) -> SittingDone:
    """Read what ``write_sitting`` wrote; a forged or old one is a new sitting."""
    try:
        questions, answered, right = signing.loads(text, salt=_SITTING, max_age=LIFE_S)
    except signing.BadSignature:
        return SittingDone()
    return SittingDone(tuple(questions), answered, right)
