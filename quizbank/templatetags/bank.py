"""Words of questions in templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from quizbank.markup_html import plain_stem

register = template.Library()


@register.filter
def plain_of(stem: str, extra: Mapping[str, Any] | None) -> str:
    """A stem as one text without marks: "{{ version.stem|plain_of:version.extra }}"."""
    return plain_stem(stem, extra)
