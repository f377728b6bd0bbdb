"""The names of the contests' tasks, and the way to hint at them (people/waking.py)."""

from __future__ import annotations

from people.waking import wake

TICK = "contest.tick"
TIDY = "contest.tidy"
SCORE = "contest.score"
RUN_JOB = "contest.run_job"
FIGURES = "contest.figures"

__all__ = ["FIGURES", "RUN_JOB", "SCORE", "TICK", "TIDY", "wake"]
