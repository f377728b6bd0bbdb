"""What is known of how questions fared, over all uses of a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from people.models import User
from quizbank.item_analysis import ItemFigures, pooled
from quizbank.item_flags import (
    FEWEST,
    Drift,
    Raised,
    drift_of,
    flags_of,
    practice_flags_of,
    suggested_difficulty,
)
from quizbank.models import Question, QuestionVersion, VersionStatistic
from quizbank.queries.practice_responses import SOURCE as PRACTICE
from quizbank.queries.practice_responses import Quarter
from quizbank.queries.sealing import sealed_from

MOST_ROWS = 20_000
"""Uses of wordings in force the overview reads, the newest first."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a version."""

    label: str
    used_at: datetime
    figures: ItemFigures


@dataclass(frozen=True, slots=True)
class PracticeFigures:
    """First answers of a version in practice: together, and quarter by quarter, the oldest first."""

    quarters: tuple[tuple[Quarter, ItemFigures], ...]
    all: ItemFigures
    flags: tuple[Raised, ...]


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """A version over all its uses in exams, oldest use first. ``suggested`` is a difficulty, "" where none is suggested.

    ``practice`` (None where nobody signed in has practised it) is never mixed into the rest: who practises is learning.
    """

    version: QuestionVersion
    uses: tuple[Use, ...]
    all: ItemFigures
    flags: tuple[Raised, ...]
    drift: Drift | None
    suggested: str
    practice: PracticeFigures | None

    @property
    def raised(self) -> tuple[Raised, ...]:
        """What needs a look: exams decide; practice speaks where too few have met the question in exams."""
        if self.all.people >= FEWEST or self.practice is None:
            return self.flags
        return self.practice.flags


def version_figures(version: QuestionVersion, rows: Iterable[VersionStatistic]) -> VersionFigures:
    """Put the rows of one version together."""
    everything = sorted(rows, key=lambda row: (row.used_at, row.pk))
    ordered = [row for row in everything if not row.source.startswith(PRACTICE)]
    options = len(version.content.get("options", ()))
    uses = tuple(Use(row.label, row.used_at, ItemFigures.from_json(row.data)) for row in ordered)
    each = [use.figures for use in uses]
    together = pooled(each)
    return VersionFigures(
        version=version,
        uses=uses,
        all=together,
        flags=tuple(flags_of(together, kind=version.kind, options=options, uses=each)),
        drift=drift_of(each),
        suggested=suggested_difficulty(together, version.difficulty),
        practice=_practice(version, [row for row in everything if row.source.startswith(PRACTICE)], options),
    )


def _practice(version: QuestionVersion, rows: list[VersionStatistic], options: int) -> PracticeFigures | None:
    if not rows:
        return None
    quarters = tuple((Quarter.of_source(row.source), ItemFigures.from_json(row.data)) for row in rows)
    each = [figures for _quarter, figures in quarters]
    together = pooled(each)
    return PracticeFigures(
        quarters=quarters,
        all=together,
        flags=tuple(practice_flags_of(together, kind=version.kind, options=options, uses=each)),
    )


def figures_of_version(version: QuestionVersion) -> VersionFigures:
    """One version. One query."""
    return version_figures(version, VersionStatistic.objects.filter(version=version))


def figures_of_question(question: Question) -> list[VersionFigures]:
    """Every version of a question that was used, the newest first. Two queries."""
    rows: defaultdict[int, list[VersionStatistic]] = defaultdict(list)
    for row in VersionStatistic.objects.filter(version__question=question):
        rows[row.version_id].append(row)
    versions = question.versions.filter(pk__in=list(rows)).order_by("-number")
    return [version_figures(version, rows[version.pk]) for version in versions]


def figures_of_bank(user: User, *, topic: str = "") -> list[VersionFigures]:
    """The wordings in force that were used, without what is sealed from this person. Two queries."""
    questions = Question.objects.exclude(sealed_from(user)).filter(current__isnull=False)
    if topic:
        questions = questions.filter(topic__slug=topic)
    found: defaultdict[int, list[VersionStatistic]] = defaultdict(list)
    for row in VersionStatistic.objects.filter(version__in=questions.values("current")).order_by("-used_at")[
        :MOST_ROWS
    ]:
        found[row.version_id].append(row)
    versions = QuestionVersion.objects.filter(pk__in=list(found)).select_related("question__topic")
    return [version_figures(version, found[version.pk]) for version in versions.order_by("question__code")]
