"""What commands about people and keys do besides the state machine: kick, ban, rename, put into a team, mark a board,
accept an answer. Each runs inside the steering transaction, after the machine has allowed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, F, When
from django.db.models.functions import Coalesce

from contest.arrivals import to_ms
from realtime.domain.coming_back import seat_spectators, take_back
from realtime.domain.crowds import crowd, means_a_crowd
from realtime.domain.door_names import look_of
from realtime.domain.places import SENT_OUT
from realtime.domain.teams import put_into_team
from realtime.enums import Action, Phase, PlayerStatus
from realtime.errors import BadCommand
from realtime.game_state import Game
from realtime.models import Event, EventQuestion, LiveAnswer, Player
from realtime.nicknames import NameRefused, clean
from realtime.rules import EventRules

MOST_RESPONSES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that was allowed. ``data`` names players by row number."""

    event: Event
    game: Game
    rules: EventRules
    data: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it: more for the log, whether points or places changed, public ids of who was sent out. ``back``:
    players who take part again, whose places only a full count can tell."""

    log: dict[str, Any] = field(default_factory=dict)
    counted: bool = False
    back: frozenset[int] = frozenset()
    ended: tuple[str, ...] = ()


def kick(command: Command) -> Outcome:
    """Send somebody (``player``, several ``players``, or a crowd: realtime/domain/crowds.py) out of the room, now. Joining
    again with the same ticket brings them back where the door is open; a ban does not."""
    return _send_out(command, PlayerStatus.KICKED)


def ban(command: Command) -> Outcome:
    """Send somebody out and let nobody with the same name or account in again."""
    return _send_out(command, PlayerStatus.BANNED)


def _send_out(command: Command, status: PlayerStatus) -> Outcome:
    many = means_a_crowd(command.data)
    chosen = crowd(command.event, command.data) if many else _people(command)
    players = chosen.exclude(status=status)
    ended = tuple(players.values_list("public_id", flat=True))
    # One statement for a whole crowd: what somebody was is read before it is written.
    written: dict[str, Any] = {
        "left_as": Case(When(status__in=SENT_OUT, then=F("left_as")), default=F("status")),
        "status": status,
        "rank": 0,
        "tied": False,
    }
    if command.game.phase == Phase.LOBBY:  # the number is free for the next one
        written |= {"left_seat": Coalesce(F("seat"), F("left_seat")), "seat": None}
    players.update(**written)
    return Outcome(log={"people": len(ended)} if many else {}, counted=True, ended=ended)


def unban(command: Command) -> Outcome:
    """Let somebody in again who was sent out, kicked or banned: the seat they had, and the place their answers give them."""
    players = list(_people(command).filter(status__in=SENT_OUT).order_by("pk"))
    take_back(command.event, command.rules, players)
    return Outcome(counted=True, back=frozenset(player.pk for player in players))


def rename(command: Command) -> Outcome:
    """Give ``player`` another ``name``, or judge the one that waits: ``approve`` true or false; ``players`` for many, or
    a crowd as ``domain.crowds`` means it."""
    if "approve" in command.data:
        state = "ok" if command.data["approve"] is True else "refused"
        chosen = crowd(command.event, command.data) if means_a_crowd(command.data) else _people(command)
        chosen.update(name_state=state)
        return Outcome()
    player = _people(command).first()
    try:
        name = clean(str(command.data.get("name", "")))
    except NameRefused as refused:
        raise BadCommand(str(refused), code=f"name_{refused.code}") from refused
    assert player is not None
    before, player.name = player.name, name
    player.shown, player.skeleton, player.name_state = "", look_of(name), "ok"
    player.save(update_fields=["name", "shown", "skeleton", "name_state"])
    return Outcome(log={"before": before})


def team_set(command: Command) -> Outcome:
    """Put ``player`` (or ``players``) into the team of this ``code``."""
    put_into_team(command.event, _people(command), str(command.data.get("team", "")))
    return Outcome(counted=True)


def mark(command: Command) -> Outcome:
    """Write what a marshal saw on numbered boards: ``seats``, and ``right`` true, false, or null to take a mark back."""
    right, seats = command.data.get("right"), command.data.get("seats")
    if right not in (True, False, None) or not isinstance(seats, list) or not 0 < len(seats) <= 5_000:
        raise BadCommand
    if any(isinstance(seat, bool) or not isinstance(seat, int) for seat in seats):
        raise BadCommand
    question = _present(command)
    players = Player.objects.filter(
        event=command.event, seat__in=seats, status__in=(PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE)
    )
    answers = LiveAnswer.objects.filter(question=question, instance=command.game.instance, player__in=players)
    if right is None:
        answers.filter(response="").delete()
        answers.update(verdict=None)
        return Outcome()
    elapsed = max(0, min(to_ms(command.now), command.game.closes_at) - command.game.opens_at)
    LiveAnswer.objects.bulk_create(
        [
            LiveAnswer(
                question=question,
                instance=command.game.instance,
                player=player,
                received_ms=command.game.opens_at + elapsed,
                elapsed_ms=elapsed,
                ghost=player.status != PlayerStatus.IN,
            )
            for player in players
        ],
        ignore_conflicts=True,
    )
    answers.update(verdict=right)
    return Outcome()


def judge(command: Command) -> Outcome:
    """Keep what the judges decided about a key: ``accept`` (canonical responses) or ``void`` of question ``index`` (the
    present one). People and winners are in the game."""
    if "in" in command.data:
        seat_spectators(command.event, command.rules, command.data["in"])
    if "accept" not in command.data and "void" not in command.data:
        return Outcome(counted=True)
    question = _present(command, command.data.get("index", command.game.index))
    if "void" in command.data:
        question.voided = command.data["void"] is True
    accept = command.data.get("accept", [])
    if not isinstance(accept, list) or len(accept) > MOST_RESPONSES or not all(isinstance(one, str) for one in accept):
        raise BadCommand
    question.key_also = sorted({*question.key_also, *(one[:200] for one in accept if one)})
    question.save(update_fields=["voided", "key_also"])
    return Outcome(log={"index": question.position})


FLOOR_WORK: Mapping[Action, Callable[[Command], Outcome]] = {
    Action.KICK: kick,
    Action.BAN: ban,
    Action.UNBAN: unban,
    Action.RENAME: rename,
    Action.TEAM_SET: team_set,
    Action.MARK: mark,
    Action.JUDGE: judge,
}


def _people(command: Command) -> Any:
    named = command.data.get("players")
    chosen = named if isinstance(named, list) else [command.data.get("player")]
    people = Player.objects.filter(event=command.event, pk__in=[one for one in chosen if isinstance(one, int)])
    if not people.exists():
        raise BadCommand
    return people


def _present(command: Command, index: object = None) -> EventQuestion:
    place = command.game.index if index is None else index
    if isinstance(place, bool) or not isinstance(place, int):
        raise BadCommand
    question = EventQuestion.objects.filter(event=command.event, position=place).first()
    if question is None:
        raise BadCommand
    return question
