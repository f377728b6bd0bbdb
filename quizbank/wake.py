"""The names of the bank's tasks, and the way to hint at them (people/waking.py)."""

from __future__ import annotations

from people.waking import wake

TICK = "quizbank.tick"
TIDY = "quizbank.tidy"
FIGURES = "quizbank.figures"
READ_IMPORT = "quizbank.read_import"
STORE_IMPORT = "quizbank.store_import"

__all__ = ["FIGURES", "READ_IMPORT", "STORE_IMPORT", "TICK", "TIDY", "wake"]
