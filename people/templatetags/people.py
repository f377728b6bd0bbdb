"""Showing people and units in templates."""

from __future__ import annotations

from django import template

from people.models import Unit
from people.phones import show_phone
from people.queries.units import former_name_hit, unit_path_label

register = template.Library()


@register.filter
def phone(value: str | None) -> str:
    """+84912345678 as people read it: "0912 345 678"."""
    return show_phone(value)


@register.filter
def above_label(unit: Unit) -> str:
    """What is above a unit, "tỉnh Gia Lai"; empty for a province."""
    return unit_path_label(unit).partition(", ")[2]


@register.simple_tag
def former_hit(unit: Unit, text: str | None) -> str:
    """The former name by which a search found the unit, or ""."""
    return former_name_hit(unit, text or "")
