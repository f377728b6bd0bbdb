"""Figures of a version made ready for a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from quizbank.enums import Difficulty
from quizbank.figure_words import ChoiceLine, Said, choice_lines, discrimination_words, said
from quizbank.queries.statistics import PracticeFigures, VersionFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class _Charted:
    """What people chose, for a page's charts; ``lines`` are empty where the key may not be seen."""

    lines: tuple[ChoiceLine, ...]

    @property
    def option_rows(self) -> list[tuple[int, str, int, bool]]:
        """For the chart of lettered options; empty for other kinds."""
        return [(line.index, line.text, line.count, line.right) for line in self.lines if line.index >= 0]

    @property
    def bar_rows(self) -> list[tuple[str, int, str]]:
        """For the chart of everything else."""
        return [(line.text, line.count, "") for line in self.lines if line.index < 0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPractice(_Charted):
    """First answers in practice with their figures in words. ``rows`` are (quarter in words, people, per cent right)."""

    people: int
    facility: int
    flags: tuple[Said, ...]
    rows: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigures(_Charted):
    """A version with its figures in words."""

    row: VersionFigures
    flags: tuple[Said, ...]
    facility: int
    blank: int
    discrimination_words: str
    seconds: float | None
    suggested: str
    suggested_name: str
    practice: ShownPractice | None

    @property
    def use_columns(self) -> list[tuple[str, int]]:
        """Per cent right, use by use."""
        return [(use.used_at.strftime("%d/%m"), round(100 * use.figures.facility)) for use in self.row.uses]


def shown_version(row: VersionFigures, *, keyed: bool) -> ShownFigures:
    """Make a version's figures ready."""
    version, figures = row.version, row.all
    return ShownFigures(
        row=row,
        flags=tuple(said(one, version.kind, keyed=keyed) for one in row.flags),
        lines=tuple(choice_lines(figures, kind=version.kind, content=version.content, key=version.key))
        if keyed
        else (),
        facility=round(100 * figures.facility),
        blank=figures.blank,
        discrimination_words=discrimination_words(figures.upper_lower, people=figures.people),
        seconds=None if figures.median_ms is None else round(figures.median_ms / 1000, 1),
        suggested=row.suggested,
        suggested_name=str(Difficulty(row.suggested).label) if row.suggested else "",
        practice=None if row.practice is None else _shown_practice(row, row.practice, keyed=keyed),
    )


def _shown_practice(row: VersionFigures, practice: PracticeFigures, *, keyed: bool) -> ShownPractice:
    version, figures = row.version, practice.all
    lines = choice_lines(figures, kind=version.kind, content=version.content, key=version.key) if keyed else ()
    return ShownPractice(
        people=figures.people,
        facility=round(100 * figures.facility),
        flags=tuple(said(one, version.kind, keyed=keyed) for one in practice.flags),
        lines=tuple(lines),
        rows=tuple(
            (
                _("Quý %(number)s năm %(year)s") % {"number": quarter.number, "year": quarter.year},
                one.people,
                round(100 * one.facility),
            )
            for quarter, one in practice.quarters
        ),
    )
