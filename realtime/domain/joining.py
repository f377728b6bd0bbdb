"""Taking a seat: many people at once, each exactly once.

The event's row is locked for the batch, so that two processes never give the same seat and the capacity holds. A ticket
that took a seat before gets that seat again, whatever else it says now; so does a signed-in resident on another phone. Who was
kicked comes back in the same way while the door is open; who was banned does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from people.ids import new_public_id
from people.models import Resident, Unit
from people.text import tidy
from realtime.domain.changes import write_change
from realtime.domain.coming_back import take_back
from realtime.domain.counting import count_people_anew
from realtime.domain.door_names import NamesTaken, look_of, masked_if_minor
from realtime.domain.new_players import NewPlayer, insert_players
from realtime.domain.places import SENT_OUT, SHUT, Places, Refused
from realtime.domain.teams import late_team
from realtime.enums import Action, LateJoin, Names, Phase, PlayerStatus, TeamBy
from realtime.game_state import Game
from realtime.models import Event, Player, Team
from realtime.models.player import NameState
from realtime.nicknames import NameRefused, is_proposal, propose
from realtime.queries.plan import running_of
from realtime.rules import EventRules, from_json

NEVER = -1
AT_THE_DOOR = "door"  # in the log: somebody came back by themselves
# Django asks the database in one go for so many values at most; larger batches are asked in parts.
PART = 900
QUESTION_ON = frozenset({Phase.INTRO, Phase.OPEN})

_M = TypeVar("_M", bound=models.Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Somebody at the door. ``ticket`` is the nonce of a ticket whose signature (and pattern, where the event asks for
    one) was checked; ``unit`` a unit's code, ``team`` a team's code, ``resident_id`` the signed-in person. ``marshal``:
    somebody without a phone whom a marshal lets in."""

    event_id: int
    ticket: str
    name: str = ""
    unit: str = ""
    team: str = ""
    resident_id: int | None = None
    bot: bool = False
    marshal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat, new or found again. ``key`` is the player's public id, ``shown`` the name as others read it ("": as it is)."""

    player_id: int
    event_id: int
    key: str
    name: str
    name_state: str
    status: str
    seat: int | None
    team_id: int | None
    fresh: bool
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """No seat. ``text`` is the sentence for the person; ``retry_ms`` below 0: trying again is no use, 0: with other
    words at once."""

    code: str
    text: str
    retry_ms: int = NEVER


def join_players(items: Sequence[Joining], *, now: datetime) -> list[Seat | Denied]:
    """Give each a seat or the reason why not, in their order. A handful of queries an event, however many come."""
    by_event: defaultdict[int, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        by_event[item.event_id].append(index)
    results: dict[int, Seat | Denied] = {}
    with transaction.atomic():
        events = {event.pk: event for event in Event.objects.select_for_update().filter(pk__in=by_event).order_by("pk")}
        for event_id, indexes in by_event.items():
            event = events.get(event_id)
            if event is None:
                results |= dict.fromkeys(indexes, Denied(code="not_found", text=_("Không tìm thấy sự kiện này.")))
                continue
            door = _Door(event, [items[index] for index in indexes], now)
            results |= dict(zip(indexes, door.admit(), strict=True))
    return [results[index] for index in range(len(items))]


class _Door:
    """One event's door for one batch."""

    def __init__(self, event: Event, items: Sequence[Joining], now: datetime) -> None:
        self.event = event
        self.items = items
        self.now = now
        self.rules: EventRules = from_json(event.rules)
        self.tickets: dict[str, Player | NewPlayer] = {}
        self.people: dict[int, Player | NewPlayer] = {}
        self.fresh: list[NewPlayer] = []
        for player in _in_parts(Player.objects.filter(event=event), "ticket", [item.ticket for item in items]):
            self.tickets[player.ticket] = player
        wanted = [item.resident_id for item in items if item.resident_id is not None]
        for player in _in_parts(Player.objects.filter(event=event), "resident_id", wanted):
            assert player.resident_id is not None
            self.people[player.resident_id] = player

    def admit(self) -> list[Seat | Denied]:
        """Every item's seat or refusal."""
        if any(self._known(item) is None for item in self.items):
            self._look_around()
        taken = [self._known(item) or self._take(item) for item in self.items]
        self._let_back([one for one in taken if isinstance(one, Player) and one.status == PlayerStatus.KICKED])
        fresh = {id(player) for player in self.fresh}
        insert_players(self.fresh, self.now)
        return [one if isinstance(one, Denied) else _seat(one, fresh=id(one) in fresh) for one in taken]

    def _let_back(self, kicked: Sequence[Player]) -> None:
        """A kick is not a ban: who comes again takes part again, if anybody may come in now."""
        players = list({player.pk: player for player in kicked}.values())
        if not players or self.event.phase in SHUT or self.event.locked:
            return
        game, running = Game.from_json(self.event.state), running_of(self.event.pk, self.rules)
        take_back(self.event, self.rules, players)
        count_people_anew(self.event, self.rules, running, game, back=frozenset(player.pk for player in players))
        if self.rules.names == Names.APPROVE:  # the name may be why
            guests = [player.pk for player in players if player.resident_id is None]
            Player.objects.filter(pk__in=guests).update(name_state=NameState.WAITING)
        data = {"players": [player.public_id for player in players]}
        write_change(
            self.event, game, who=AT_THE_DOOR, action=Action.UNBAN.value, data=data, now=self.now, counted=True
        )
        for player in players:
            player.refresh_from_db()

    def _known(self, item: Joining) -> Player | NewPlayer | None:
        if item.ticket in self.tickets:
            return self.tickets[item.ticket]
        return None if item.resident_id is None else self.people.get(item.resident_id)

    def _look_around(self) -> None:
        """Read what new people are checked against."""
        items = self.items
        units = Unit.objects.filter(valid_to__isnull=True)
        self.units = {unit.code: unit.pk for unit in _in_parts(units, "code", [one.unit for one in items if one.unit])}
        residents = [one.resident_id for one in items if one.resident_id is not None]
        self.residents = {one.pk: one for one in _in_parts(Resident.objects.all(), "pk", residents)}
        self.teams = dict(Team.objects.filter(event=self.event).values_list("code", "pk"))
        self.unit_teams = dict(Team.objects.filter(event=self.event, unit__isnull=False).values_list("unit_id", "pk"))
        self.late_team = late_team(self.event, self.rules)
        self.names = NamesTaken(self.event, [self._wish(item) for item in items])
        self.places = Places.of(self.event, self.rules)

    def _resident(self, item: Joining) -> Resident | None:
        return None if item.resident_id is None else self.residents.get(item.resident_id)

    def _wish(self, item: Joining) -> str:
        """The name this person would have."""
        resident = self._resident(item)
        if resident is not None and (self.rules.names == Names.REAL or not item.name.strip()):
            return resident.full_name
        if self.rules.names == Names.SYSTEM or not item.name.strip():
            return propose(item.ticket)
        return item.name

    def _take(self, item: Joining) -> NewPlayer | Denied:
        resident = self._resident(item)
        if resident is None and not self.rules.guests and not (item.bot or item.marshal):
            return Denied(code="sign_in", text=_("Sự kiện này cần đăng nhập. Mời bạn đăng nhập rồi vào lại."))
        team_id = self.teams.get(item.team.upper())
        if item.team and team_id is None:
            return Denied(
                code="no_team", text=_("Không có đội nào dùng mã này. Mời bạn hỏi lại đội trưởng."), retry_ms=0
            )
        unit_id = self.units.get(item.unit) or (resident.unit_id if resident is not None else None)
        try:
            real = resident is not None and self.rules.names == Names.REAL
            name, look = self.names.give(self._wish(item), real=real)
            status, seat = self.places.next()
        except NameRefused as refused:
            return Denied(code=f"name_{refused.code}", text=str(refused), retry_ms=0)
        except Refused as refused:
            return Denied(code=refused.code, text=refused.text, retry_ms=refused.retry_ms)
        player = NewPlayer(
            event_id=self.event.pk,
            public_id=new_public_id(),
            ticket=item.ticket,
            name=name,
            shown=self._shown(look, resident),
            skeleton=look,
            name_state=NameState.WAITING.value if self._must_wait(item, resident) else NameState.OK.value,
            resident_id=None if resident is None else resident.pk,
            unit_id=unit_id,
            team_id=team_id or self._team(unit_id),
            seat=seat,
            status=status.value,
            since=self._since(),
            bot=item.bot,
            marshal=item.marshal,
        )
        self.fresh.append(player)
        self.tickets[item.ticket] = player
        if item.resident_id is not None:
            self.people[item.resident_id] = player
        return player

    def _shown(self, look: str, resident: Resident | None) -> str:
        """A child's name on file is not for a hall: masked, also where it was typed. "": as it is."""
        if resident is None or look != look_of(resident.full_name):
            return ""
        return masked_if_minor(resident.full_name, resident.birth_year, year=localtime(self.now).year)

    def _must_wait(self, item: Joining, resident: Resident | None) -> bool:
        """Whether the host looks at the name first: only at what somebody made up, not at what the join page proposed."""
        if self.rules.names != Names.APPROVE or item.bot or not item.name.strip():
            return False
        if is_proposal(tidy(item.name), item.ticket):
            return False
        return resident is None or item.name.strip() != resident.full_name

    def _team(self, unit_id: int | None) -> int | None:
        if self.rules.team is not None and self.rules.team.by == TeamBy.UNIT and unit_id is not None:
            return self.unit_teams.get(unit_id)
        return self.late_team

    def _since(self) -> int:
        """The first opening of a question the newcomer may answer."""
        waits = self.rules.late_join == LateJoin.ZERO and self.event.phase in QUESTION_ON
        return self.event.instance + 1 if waits else 0


def _in_parts(rows: models.QuerySet[_M], field: str, values: Sequence[object]) -> list[_M]:
    """The rows whose field is one of many values."""
    wanted = list(dict.fromkeys(values))
    return [
        row
        for start in range(0, len(wanted), PART)
        for row in rows.filter(**{f"{field}__in": wanted[start : start + PART]})
    ]


def _seat(player: Player | NewPlayer, *, fresh: bool) -> Seat | Denied:
    if player.status in SENT_OUT:
        return Denied(code=player.status, text=_("Người dẫn đã mời bạn ra khỏi sự kiện này."))
    return Seat(
        player_id=player.pk,
        event_id=player.event_id,
        key=player.public_id,
        name=player.name,
        name_state=player.name_state,
        status=player.status,
        seat=player.seat,
        team_id=player.team_id,
        fresh=fresh,
        shown=player.shown,
    )
