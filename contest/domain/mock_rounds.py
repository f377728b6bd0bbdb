"""A mock round: the real rules and clock of a round, with practice questions only. No attempt, no points, no rank.

Nothing is stored while it runs: the paper travels through the browser, signed. Its questions are those the bank lets
people practise, so a mock round can never show a question of a round that is not over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.core import signing

from contest.arrivals import to_ms
from contest.dealing import Cell
from contest.errors import NotYet
from contest.models import Round
from contest.queries.papers import rules_of
from contest.rules import RuleSet
from contest.scoring import Mark, Score, score_paper
from people.models import User
from quizbank.domain.practising import keep_answers, seed_of
from quizbank.enums import PracticeMode
from quizbank.errors import BadResponse
from quizbank.kinds import get_kind
from quizbank.models import QuestionVersion
from quizbank.queries.practice import SECRET, practice_versions

LIFE = timedelta(days=1)
LONGEST_MINUTES = 180
"""A round without a limit of its own is practised with this one."""
_SALT = "contest.mock"


@dataclass(frozen=True, slots=True)
class MockPaper:
    """A dealt mock paper. ``versions`` are in the order shown; ``token`` names it, option ids hang on it."""

    round: int
    token: str
    versions: tuple[int, ...]
    started_ms: int
    minutes: int

    @property
    def deadline_ms(self) -> int:
        return self.started_ms + self.minutes * 60_000

    def seed(self, place: int) -> int:
        """The secret seed of the question at ``place``."""
        return seed_of(f"{self.token}/{place}")


@dataclass(frozen=True, slots=True)
class MockLine:
    """One question of a graded mock paper with everything that may be told."""

    version: QuestionVersion
    canonical: str
    grade_permille: int


@dataclass(frozen=True, slots=True)
class MockResult:
    """``late`` when the clock had run out before the paper came; a real one would have been closed by then."""

    lines: tuple[MockLine, ...]
    score: Score
    duration_ms: int
    late: bool


def deal_mock(*, round_: Round, now: datetime, random: Random) -> MockPaper:
    """Deal a mock paper by the round's blueprint as far as practice questions go; what a line lacks is filled from
    the same topic, then from any.

    Raises:
        NotYet: when there is no practice question at all.
    """
    rules = rules_of(round_)
    stock = {
        pk: (topic, difficulty)
        for pk, topic, difficulty in practice_versions().values_list("pk", "question__topic__slug", "difficulty")
    }
    if not stock:
        raise NotYet
    dealt: list[int] = []
    for cell in _cells(round_, rules):
        dealt += _draw(cell, {pk: of for pk, of in stock.items() if pk not in dealt}, random)
    dealt = dealt[: rules.paper.question_count]
    if rules.paper.shuffle_questions:
        random.shuffle(dealt)
    return MockPaper(
        round=round_.pk,
        token=uuid4().hex,
        versions=tuple(dealt),
        started_ms=to_ms(now),
        minutes=min(rules.time.minutes or LONGEST_MINUTES, LONGEST_MINUTES),
    )


def _cells(round_: Round, rules: RuleSet) -> list[Cell]:
    """The blueprint's lines of the first group; one line for anything where it is not written yet."""
    group = next((group.code for group in rules.groups), "")
    cells = [Cell.from_json(line) for line in round_.blueprint]
    mine = [cell for cell in cells if cell.group in ("", group)]
    return mine or [Cell(topic="", difficulty="", count=rules.paper.question_count)]


def _draw(cell: Cell, stock: Mapping[int, tuple[str, str]], random: Random) -> list[int]:
    exact = [pk for pk, (topic, level) in stock.items() if cell.topic in ("", topic) and cell.difficulty in ("", level)]
    near = [pk for pk, (topic, _level) in stock.items() if cell.topic in ("", topic) and pk not in exact]
    far = [pk for pk in stock if pk not in exact and pk not in near]
    for pks in (exact, near, far):
        random.shuffle(pks)
    return [*exact, *near, *far][: cell.count]


def write_mock(paper: MockPaper) -> str:
    """Return the signed form that travels through the browser."""
    row = [paper.round, paper.token, list(paper.versions), paper.started_ms, paper.minutes]
    return signing.dumps(row, salt=_SALT, compress=True)


def read_mock(text: str, *, round_: Round) -> MockPaper:
    """Read what ``write_mock`` wrote.

    Raises:
        BadResponse: when it is forged, a day old, or of another round.
    """
    try:
        number, token, versions, started_ms, minutes = signing.loads(text, salt=_SALT, max_age=LIFE)
    except signing.BadSignature as error:
        raise BadResponse from error
    if number != round_.pk:
        raise BadResponse
    return MockPaper(number, token, tuple(versions), started_ms, minutes)


def mock_versions(paper: MockPaper) -> list[tuple[int, QuestionVersion]]:
    """(place, version without what tells its answer) of the paper's questions that may still be practised; one query."""
    found = practice_versions().defer(*SECRET).in_bulk(paper.versions)
    return [(place, found[pk]) for place, pk in enumerate(paper.versions) if pk in found]


def grade_mock(
    *,
    round_: Round,
    paper: MockPaper,
    responses: Mapping[int, object],
    person: User | None,
    now: datetime,
) -> MockResult:
    """Grade a mock paper by the round's rules and tell everything. ``responses`` are wire forms by place. What somebody
    signed in answered feeds the notebook of mistakes, once however often it is sent; it earns what practice earns, unless
    the contest's organizer has switched rewards off.

    Raises:
        BadResponse: when an answer does not fit its question.
    """
    rules = rules_of(round_)
    versions = practice_versions().in_bulk(paper.versions)
    lines = tuple(
        _graded(versions[pk], responses.get(place, ""), paper.seed(place))
        for place, pk in enumerate(paper.versions)
        if pk in versions
    )
    score = score_paper(
        [
            Mark(
                grade_permille=line.grade_permille,
                points_milli=rules.points.of(line.version.difficulty),
                answered=bool(line.canonical),
            )
            for line in lines
        ],
        partial_credit=rules.points.partial_credit,
    )
    if person is not None:
        _keep(person, lines, paper.token, now, earns=round_.contest.rewards_on)
    took = max(0, to_ms(now) - paper.started_ms)
    grace_ms = rules.time.grace_seconds * 1000
    return MockResult(lines, score, min(took, paper.minutes * 60_000), late=to_ms(now) > paper.deadline_ms + grace_ms)


def _graded(version: QuestionVersion, wire: object, seed: int) -> MockLine:
    kind = get_kind(version.kind)
    canonical = kind.read(version.content, wire, seed=seed)
    return MockLine(version, canonical, kind.grade(version.content, version.key, canonical))


def _keep(person: User, lines: Sequence[MockLine], token: str, now: datetime, *, earns: bool) -> None:
    answers = [(line.version.pk, line.canonical, line.grade_permille) for line in lines if line.canonical]
    keep_answers(person=person, answers=answers, token=token, mode=PracticeMode.MOCK, now=now, earns=earns)
