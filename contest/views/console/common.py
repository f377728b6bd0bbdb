"""What the console's pages share: finding what a person may see, the frame around a page, the rule text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.http import HttpRequest
from django.utils.translation import get_language

from contest.models import Contest, Round
from contest.queries.console import may_organize, organized_contest, round_of
from contest.rules import RuleSet
from contest.rules.text import RoundDates, Section, rule_text
from people.enums import Category
from people.errors import NotAllowed
from people.models import User


def actor_of(request: HttpRequest) -> User:
    """The signed-in person; every console page has one."""
    return cast(User, request.user)


def contest_for(request: HttpRequest, slug: str, *, change: bool = False) -> Contest:
    """The contest if the caller may see it. Raises NotFound; NotAllowed to change for those who only read."""
    contest = organized_contest(actor_of(request), slug)
    request.may_organize = may_organize(actor_of(request), contest)  # type: ignore[attr-defined]
    if change and not request.may_organize:  # type: ignore[attr-defined]
        raise NotAllowed
    return contest


def round_for(request: HttpRequest, slug: str, number: int, *, change: bool = False) -> Round:
    """A round of a contest the caller may see (or change), with contest and rules."""
    return round_of(contest_for(request, slug, change=change), number)


def frame(request: HttpRequest, contest: Contest, here: str, **context: object) -> dict[str, object]:
    """The context of a page about one contest. ``here`` names the entry of the navigation: a code or a round number."""
    return {
        "contest": contest,
        "here": here,
        "nav_rounds": contest.rounds.order_by("number"),
        "may_change": getattr(request, "may_organize", False),
        **context,
    }


def rule_sections(rules: RuleSet, contest: Contest | None = None, rounds: Iterable[Round] = ()) -> list[Section]:
    """The rules as people will read them."""
    return rule_text(
        rules,
        rounds=[RoundDates(title=one.title, opens_at=one.opens_at, closes_at=one.closes_at) for one in rounds],
        language=get_language() or "vi",
        category_names={code: str(name) for code, name in Category.choices},
        unit_names={contest.unit.path: contest.unit.name} if contest else {},
    )
