"""The prize table as the contest page shows it: what, how many, how much."""

from __future__ import annotations

from dataclasses import dataclass

from contest.rules.enums import PrizeScope
from contest.rules.labels import label
from contest.rules.schema import RuleSet
from contest.rules.words import say_money


@dataclass(frozen=True, slots=True)
class PrizeLine:
    """One kind of prize: ``count`` of them, each worth ``value`` ("" where no money is named)."""

    name: str
    count: int
    value: str


@dataclass(frozen=True, slots=True)
class PrizeGroup:
    """The prizes of one scope, and of one group or bloc of participants where the rules part them."""

    title: str
    lines: tuple[PrizeLine, ...]


def view_prizes(rules: RuleSet) -> list[PrizeGroup]:
    """Return the table in the order of the rules; empty when nothing is to be won."""
    names = {group.code: group.name for group in rules.groups}
    names |= {bloc.code: bloc.name for bloc in rules.collective.blocs}
    found: dict[tuple[PrizeScope, str], list[PrizeLine]] = {}
    for scope in PrizeScope:
        for prize in rules.prizes.of(scope):
            part = prize.group or prize.bloc or ""
            value = say_money(prize.value_vnd) if prize.value_vnd else ""
            found.setdefault((scope, part), []).append(PrizeLine(prize.name, prize.count, value))
    return [
        PrizeGroup(f"{label(scope)} · {names.get(part, part)}" if part else label(scope), tuple(lines))
        for (scope, part), lines in found.items()
    ]
