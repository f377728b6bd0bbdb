"""What a page with a live board needs besides its own rows."""

from __future__ import annotations

from django import template

register = template.Library()

# Every part present, so that board.js can fill it or hide it.
_BLANK = {"rank": 0, "name": "–", "unit": "–", "points": "0", "time": "–"}


@register.inclusion_tag("realtime/board_templates.html")
def board_templates() -> dict[str, object]:
    """The ``<template>`` elements from which board.js makes new rows and places: ``{% load live %}{% board_templates %}``."""
    return {"blank": _BLANK, "blanks": [_BLANK]}
