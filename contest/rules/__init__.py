"""Rules as data: schema, checks, templates and the plain text people read."""

from contest.rules.parse import Problem
from contest.rules.schema import Chain, RuleSet, RuleSetError

__all__ = ["Chain", "Problem", "RuleSet", "RuleSetError"]
