"""The figures of a question on somebody else's page."""

from __future__ import annotations

from django import template

from quizbank.figures_shown import ShownFigures, shown_version
from quizbank.models import QuestionVersion
from quizbank.queries.statistics import figures_of_version

register = template.Library()


@register.simple_tag
def version_figures(version: QuestionVersion, *, keyed: bool = False) -> ShownFigures | None:
    """The figures of a version; None where it was neither used nor practised. One query."""
    row = figures_of_version(version)
    return shown_version(row, keyed=keyed) if row.uses or row.practice else None
