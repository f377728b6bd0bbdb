"""The names of the live events' tasks, and the way to hint at them (people/waking.py)."""

from __future__ import annotations

from people.waking import wake

FIGURES = "realtime.figures"
TIDY = "realtime.tidy"

__all__ = ["FIGURES", "TIDY", "wake"]
