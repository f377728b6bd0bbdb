"""The switches: a person's own, and those of organizers for a unit and everything below it (the nation: the site)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from people.domain.audit import record
from people.enums import Role
from people.errors import NotAllowed
from people.models import Unit, User
from people.queries.roles import can
from quizbank.domain.leagues import leave_league, take_seat
from quizbank.models import BadgeAward, LeagueSeat, Point, ProgressOff, ProgressSetting, Win
from quizbank.queries.progress import switches_of, within


@transaction.atomic
def choose_progress(*, person: User, shown: bool, league: bool, now: datetime) -> ProgressSetting:
    """Keep what a person wants. Without rewards there is no league; who leaves it vanishes from its board at once."""
    User.objects.select_for_update().filter(pk=person.pk).first()
    values = {"shown": shown, "league": league and shown, "changed_at": now}
    setting, _created = ProgressSetting.objects.update_or_create(person=person, defaults=values)
    if setting.league and switches_of(person.pk).on:
        take_seat(person=person, now=now)
    else:
        leave_league(person=person)
    return setting


@transaction.atomic
def switch_off(*, actor: User, unit: Unit, now: datetime) -> ProgressOff:
    """Switch rewards off for everybody of ``unit`` and below; twice changes nothing. Raises NotAllowed."""
    _require(actor, unit)
    row, created = ProgressOff.objects.get_or_create(unit=unit, defaults={"by": actor, "at": now})
    if created:
        LeagueSeat.objects.filter(within([unit.path])).delete()
        record(actor=actor, verb="rewards.switched_off", subject=f"unit:{unit.code}", data={}, now=now)
    return row


@transaction.atomic
def switch_on(*, actor: User, unit: Unit, now: datetime) -> None:
    """Allow rewards again; what was earned before is still there. Raises NotAllowed."""
    _require(actor, unit)
    if ProgressOff.objects.filter(unit=unit).delete()[0]:
        record(actor=actor, verb="rewards.switched_on", subject=f"unit:{unit.code}", data={}, now=now)


def _require(actor: User, unit: Unit) -> None:
    if not can(actor, Role.ORGANIZER, unit=unit):
        raise NotAllowed


@transaction.atomic
def forget_progress(*, person_id: int) -> None:
    """Throw away everything earned by somebody who asked to be forgotten."""
    Point.objects.filter(person_id=person_id).delete()
    BadgeAward.objects.filter(person_id=person_id).delete()
    Win.objects.filter(person_id=person_id).delete()
    LeagueSeat.objects.filter(person_id=person_id).delete()
    ProgressSetting.objects.filter(person_id=person_id).delete()
