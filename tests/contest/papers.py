"""Closed papers for tests of what comes after: written as submitting leaves them, without playing them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from contest.models import Attempt, Contest, Entry, ResultSet, Round, Standing
from contest.sheet import BLANK
from people.models import Unit
from tests.factories import NOW, make_contest, make_entry, make_resident, make_round, make_rules

_slot = count(1)
CLOSED = NOW + timedelta(days=6, minutes=1)
"""A minute after a round of tests.factories.make_round has ended."""


def make_paper(
    round_: Round,
    entry: Entry,
    sheet: str = "BBBBB",
    *,
    seconds: float = 300,
    at: datetime | None = None,
    **fields: Any,
) -> Attempt:
    """A submitted, ungraded paper whose questions were all dealt in the pool's order."""
    at = at or NOW
    return Attempt.objects.create(
        round=round_,
        entry=entry,
        period=fields.pop("period", "round-1"),
        slot=fields.pop("slot", next(_slot)),
        seed=1,
        dealt=fields.pop("dealt", ",".join(map(str, range(len(sheet))))),
        state=fields.pop("state", "submitted"),
        started_at=at - timedelta(seconds=seconds),
        deadline=at + timedelta(minutes=15),
        accept_until=at + timedelta(minutes=15, seconds=5),
        submitted_at=at,
        duration_ms=int(seconds * 1000),
        sheet=sheet,
        answered=sum(char not in (BLANK, "-") for char in sheet),
        **fields,
    )


def simple_contest(**sections: Any) -> Contest:
    """A contest of one attempt, ranked by points and time, five questions."""
    sections.setdefault("ranking", {"keys": ["points", "duration"]})
    return make_contest(rules=make_rules("one-shot", **PLAIN | sections))


PLAIN: dict[str, Any] = {
    "paper": {"question_count": 5, "require_all_answered": False},
    "prediction": {"target": "none", "role": "none", "required": False, "decimals": 0},
    "attempts": {"limit": 1, "per": "round"},
    "counting": "only",
    "reveal": {"score": "at_submit", "explanations": "at_close", "board": "live", "board_frozen_minutes": 0},
    "collective": {"metric": "headcount", "weights": [], "size_tiers": [], "mandatory": [], "require_winner": False},
    "groups": [],
    "prizes": {"items": [], "cap_percent": None, "may_rebalance": False},
}


def cast(
    *people: tuple[str, str, float], contest: Contest | None = None, unit: Unit | None = None, **fields: Any
) -> tuple[Round, dict[str, Attempt]]:
    """A round and the submitted papers of named people: (name, sheet, seconds)."""
    contest = contest or simple_contest()
    round_ = make_round(contest, **fields)
    papers = {
        name: make_paper(round_, make_entry(contest, make_resident(name, unit=unit)), sheet, seconds=seconds)
        for name, sheet, seconds in people
    }
    return round_, papers


PEOPLE = (
    ("An", "BBBBB", 300),
    ("Bình", "BBBBB", 200),
    ("Chi", "BBBBB", 300),
    ("Dũng", "BBBBA", 10),
    ("Em", "AAAAA", 9),
)


def ranks(result: ResultSet, board: str = "") -> list[tuple[str, int, bool]]:
    rows = Standing.objects.filter(result_set=result, board=board).order_by("position")
    return sorted(((row.entry.full_name, row.rank, row.tied) for row in rows), key=lambda one: (one[1], one[0]))
