"""Teams of an event: making them, and who belongs to which."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import override

from people.text import tidy
from realtime.enums import PlayerStatus, TeamBy
from realtime.errors import BadCommand
from realtime.models import Event, Player, Team
from realtime.rules import EventRules
from realtime.teams import deal_teams, smallest_team

# No letters or digits that are read or heard as another one.
CODE_ALPHABET = "ACDEFHKLMNPRTUVXY34679"
CODE_LENGTH = 4
LONGEST_NAME = 60


@transaction.atomic
def make_teams(*, event: Event, names: Sequence[str], now: datetime) -> list[Team]:
    """Make teams with a code each for their captains to pass on; a name that is there already is not made twice."""
    wanted = dict.fromkeys(name for raw in names if (name := tidy(raw)[:LONGEST_NAME]))
    known = set(Team.objects.filter(event=event, name__in=wanted).values_list("name", flat=True))
    fresh = [name for name in wanted if name not in known]
    codes = new_codes(event, len(fresh))
    return Team.objects.bulk_create(
        [Team(event=event, name=name, code=code, created_at=now) for name, code in zip(fresh, codes, strict=True)]
    )


@transaction.atomic
def found_team(*, player: Player, name: str, now: datetime) -> Team:
    """Let a player found a team and be its captain; founding again renames it. Raises BadCommand for an empty name."""
    name = tidy(name)[:LONGEST_NAME]
    if not name:
        raise BadCommand
    team = Team.objects.filter(event_id=player.event_id, captain=player).first()
    if team is None:
        [code] = new_codes(player.event, 1)
        team = Team.objects.create(event_id=player.event_id, name=name, code=code, captain=player, created_at=now)
        Player.objects.filter(pk=player.pk).update(team=team)
    elif team.name != name:
        team.name = name
        team.save(update_fields=["name"])
    return team


def put_into_team(event: Event, players: Any, code: str) -> None:
    """Let these players belong to the team of this code. Raises BadCommand where there is none."""
    team = Team.objects.filter(event=event, code=code.upper()).first()
    if team is None:
        raise BadCommand
    players.update(team=team)


def teams_for_start(event: Event, rules: EventRules, now: datetime) -> None:
    """Give everybody without a team one, where the rules say how: by unit, or dealt."""
    if rules.team is None:
        return
    loose = Player.objects.filter(event=event, team=None, status=PlayerStatus.IN)
    if rules.team.by == TeamBy.UNIT:
        _by_unit(event, loose, now)
    elif rules.team.by == TeamBy.SHUFFLE:
        _deal(event, rules.team.size, [*loose.values_list("pk", flat=True)], now)


def _by_unit(event: Event, loose: Any, now: datetime) -> None:
    units = dict(loose.filter(unit__isnull=False).values_list("unit_id", "unit__name").distinct())
    teams = dict(Team.objects.filter(event=event, unit__isnull=False).values_list("unit_id", "pk"))
    missing = [unit for unit in units if unit not in teams]
    made = Team.objects.bulk_create(
        [
            Team(event=event, name=units[unit][:LONGEST_NAME], code=code, unit_id=unit, created_at=now)
            for unit, code in zip(missing, new_codes(event, len(missing)), strict=True)
        ]
    )
    teams |= {unit: team.pk for unit, team in zip(missing, made, strict=True)}
    for unit, team in teams.items():
        loose.filter(unit_id=unit).update(team=team)


def _deal(event: Event, size: int, players: list[int], now: datetime) -> None:
    dealt = deal_teams(players, size=size, seed=event.secret)
    start = Team.objects.filter(event=event).count()
    with override(event.language):  # the clock or a host of another language may start the event
        names = [_("Đội %(number)d") % {"number": start + place + 1} for place in range(len(dealt))]
    made = make_teams(event=event, names=names, now=now)
    for team, members in zip(made, dealt, strict=True):
        Player.objects.filter(pk__in=members).update(team=team)


def late_team(event: Event, rules: EventRules) -> int | None:
    """The team somebody joins who comes after the teams were dealt: the smallest. None before, or in other modes."""
    if rules.team is None or rules.team.by != TeamBy.SHUFFLE or event.index < 0:
        return None
    sizes = dict(Team.objects.filter(event=event).annotate(people=Count("players")).values_list("pk", "people"))
    return smallest_team(sizes) if sizes else None


def new_codes(event: Event, number: int) -> list[str]:
    """Codes no team of this event has."""
    taken = set(Team.objects.filter(event=event).values_list("code", flat=True))
    codes: list[str] = []
    while len(codes) < number:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if code not in taken:
            taken.add(code)
            codes.append(code)
    return codes
