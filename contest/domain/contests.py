"""What an organizer decides about a contest before anybody takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contest.errors import ContestError, NotFound, NotYet, RulesLocked
from contest.models import Contest, Round, RuleSetVersion
from contest.rules import RuleSet
from people.domain.audit import record
from people.enums import Role
from people.models import RoleAssignment, Unit, User
from people.text import strip_accents, tidy

LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestFacts:
    """What people read about a contest. ``invites_on`` and ``rewards_on`` None keep what they are; a new contest counts
    invitations and takes part in what learning earns."""

    title: str
    organizer: str
    unit: Unit
    summary: str = ""
    description: str = ""
    invites_on: bool | None = None
    rewards_on: bool | None = None


@transaction.atomic
def create_contest(*, facts: ContestFacts, rules: RuleSet, actor: User | None, now: datetime, key: str = "") -> Contest:
    """Store a contest, unlisted, with the first version of its rules; who made it organizes it from then on.

    ``key`` is a fresh public id chosen by the form that asks: sending the form twice gives the first contest.

    Raises:
        NotFound: when the key belongs to somebody else's contest.
    """
    if key and (known := _made_with(key, actor)):
        return known
    contest = _with_free_slug(facts, actor, key)
    if contest.rule_sets.exists():
        return contest
    _add_rules(contest, rules, number=1, actor=actor)
    if actor is not None:
        # Stays the organizer when the contest moves to another unit; people.domain.roles refuses grants to oneself.
        RoleAssignment.objects.get_or_create(user=actor, role=Role.ORGANIZER, contest_ref=contest.public_id)
    record(
        actor=actor,
        verb="contest.created",
        subject=f"contest:{contest.public_id}",
        data={"title": contest.title},
        now=now,
    )
    return contest


@transaction.atomic
def edit_contest(*, contest: Contest, facts: ContestFacts, actor: User | None, now: datetime) -> Contest:
    """Change what people read; the address stays, because it has been printed. What is the same changes nothing."""
    before, rewarded = _read_by_people(contest), contest.rewards_on
    contest.title, contest.summary = tidy(facts.title), tidy(facts.summary)
    contest.organizer, contest.description, contest.unit = tidy(facts.organizer), facts.description, facts.unit
    if facts.invites_on is not None:
        contest.invites_on = facts.invites_on
    if facts.rewards_on is not None:
        contest.rewards_on = facts.rewards_on
    subject = f"contest:{contest.public_id}"
    if contest.rewards_on != rewarded:
        contest.save(update_fields=["rewards_on"])
        verb = "contest.rewards_on" if contest.rewards_on else "contest.rewards_off"
        record(actor=actor, verb=verb, subject=subject, data={}, now=now)
    if _read_by_people(contest) == before:
        return contest
    contest.save(update_fields=["title", "summary", "organizer", "description", "unit", "invites_on"])
    record(
        actor=actor,
        verb="contest.edited",
        subject=subject,
        data={"title": contest.title, "invites_on": contest.invites_on},
        now=now,
    )
    return contest


@transaction.atomic
def edit_rules(*, contest: Contest, rules: RuleSet, actor: User | None, now: datetime) -> RuleSetVersion:
    """Store changed rules. Unlocked rules are replaced; locked ones stay as they are and a further version is made,
    which only rounds that have not been frozen yet will use. Unchanged rules change nothing.
    """
    current = current_rules(contest)
    if current.digest == rules.digest():
        return current
    if current.locked_at is None:
        current.data, current.digest = rules.to_json(), rules.digest()
        current.save(update_fields=["data", "digest"])
        version = current
    else:
        version = _add_rules(contest, rules, number=current.number + 1, actor=actor)
        contest.rounds.filter(frozen_at__isnull=True).update(rule_set=version)
    data = {"version": version.number, "digest": version.digest}
    record(actor=actor, verb="rules.edited", subject=f"contest:{contest.public_id}", data=data, now=now)
    return version


@transaction.atomic
def list_contest(*, contest: Contest, actor: User | None, now: datetime) -> Contest:
    """Show the contest in public. Listing twice keeps the first moment.

    Raises:
        NotYet: when it has no round yet.
    """
    if not contest.rounds.exists():
        raise NotYet(_("Cuộc thi cần có ít nhất một vòng thi trước khi đưa ra công khai."))
    if contest.listed_at is None:
        contest.listed_at = now
        contest.save(update_fields=["listed_at"])
        record(actor=actor, verb="contest.listed", subject=f"contest:{contest.public_id}", data={}, now=now)
    return contest


@transaction.atomic
def unlist_contest(*, contest: Contest, actor: User | None, now: datetime) -> Contest:
    """Hide a contest nobody has entered yet.

    Raises:
        NotYet: when people take part already.
    """
    if contest.entries.exists():
        raise NotYet(_("Đã có người dự thi nên không ẩn cuộc thi được nữa."))
    if contest.listed_at is None:
        return contest
    contest.listed_at = None
    contest.save(update_fields=["listed_at"])
    record(actor=actor, verb="contest.unlisted", subject=f"contest:{contest.public_id}", data={}, now=now)
    return contest


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """When a round runs and what its paper is made of. ``closes_at`` is exclusive."""

    title: str
    opens_at: datetime
    closes_at: datetime
    blueprint: Sequence[dict[str, Any]]


@transaction.atomic
def schedule_round(*, contest: Contest, facts: RoundFacts, actor: User | None, now: datetime, key: str = "") -> Round:
    """Add the next round, with an unfrozen paper and the contest's current rules. ``key`` as for a contest.

    Raises:
        BadWindow: when it does not close after it opens.
    """
    if key and (known := contest.rounds.filter(public_id=key).first()):
        return known
    _check_window(facts, now)
    # One at a time, or two would take the same number.
    Contest.objects.select_for_update(of=("self",), no_key=True).get(pk=contest.pk)
    if key and (known := contest.rounds.filter(public_id=key).first()):
        return known
    number = (contest.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    round_ = Round.objects.create(
        contest=contest,
        number=number,
        title=tidy(facts.title),
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        blueprint=list(facts.blueprint),
        rule_set=current_rules(contest),
        **({"public_id": key} if key else {}),
    )
    record(actor=actor, verb="round.scheduled", subject=f"round:{round_.public_id}", data=_window(round_), now=now)
    return round_


@transaction.atomic
def edit_round(*, round_: Round, facts: RoundFacts, actor: User | None, now: datetime) -> Round:
    """Change a round whose paper is not frozen.

    Raises:
        RulesLocked: when the paper is frozen; BadWindow as above.
    """
    values = {
        "title": tidy(facts.title),
        "opens_at": facts.opens_at,
        "closes_at": facts.closes_at,
        "blueprint": list(facts.blueprint),
    }
    if all(getattr(round_, name) == value for name, value in values.items()):
        return round_
    _check_window(facts, now)
    changed = Round.objects.filter(pk=round_.pk, frozen_at__isnull=True).update(**values)
    if not changed:
        raise RulesLocked(_("Đề đã đóng băng nên vòng thi không sửa được nữa."))
    round_.refresh_from_db()
    record(actor=actor, verb="round.edited", subject=f"round:{round_.public_id}", data=_window(round_), now=now)
    return round_


class BadWindow(ContestError):
    code = "bad_window"
    message = gettext_lazy("Giờ đóng phải sau giờ mở.")
    status = 422


def current_rules(contest: Contest) -> RuleSetVersion:
    """The newest version of a contest's rules."""
    return contest.rule_sets.order_by("-number")[:1].get()


def _check_window(facts: RoundFacts, now: datetime) -> None:
    if facts.closes_at <= facts.opens_at:
        raise BadWindow(_("Giờ đóng phải sau giờ mở."))
    if facts.closes_at <= now:
        raise BadWindow(_("Giờ đóng đã qua. Mời bạn chọn một giờ trong tương lai."))


def _window(round_: Round) -> dict[str, str]:
    return {"opens_at": round_.opens_at.isoformat(), "closes_at": round_.closes_at.isoformat()}


def _add_rules(contest: Contest, rules: RuleSet, *, number: int, actor: User | None) -> RuleSetVersion:
    return RuleSetVersion.objects.create(
        contest=contest, number=number, data=rules.to_json(), digest=rules.digest(), created_by=actor
    )


def _read_by_people(contest: Contest) -> tuple[object, ...]:
    return (
        contest.title,
        contest.summary,
        contest.organizer,
        contest.description,
        contest.unit_id,
        contest.invites_on,
    )


def _made_with(key: str, actor: User | None) -> Contest | None:
    known = Contest.objects.filter(public_id=key).first()
    if known is not None and known.created_by_id != (actor.pk if actor else None):
        raise NotFound
    return known


def _with_free_slug(facts: ContestFacts, actor: User | None, key: str) -> Contest:
    """Insert with the first free address: title, title-2, title-3 …"""
    base = slugify(strip_accents(facts.title)) or "cuoc-thi"
    if len(base) > LONGEST_SLUG:  # a whole word less rather than half a word or half a year
        base = base[: LONGEST_SLUG + 1].rpartition("-")[0] or base[:LONGEST_SLUG]
    for number in range(1, 1000):
        try:
            with transaction.atomic():
                return Contest.objects.create(
                    slug=base if number == 1 else f"{base}-{number}",
                    title=tidy(facts.title),
                    summary=tidy(facts.summary),
                    description=facts.description,
                    organizer=tidy(facts.organizer),
                    unit=facts.unit,
                    created_by=actor,
                    **({"public_id": key} if key else {}),
                )
        except IntegrityError:
            if key and (known := _made_with(key, actor)):
                return known
    raise ContestError(_("Đã có quá nhiều cuộc thi trùng tên. Mời bạn đặt tên khác."))
