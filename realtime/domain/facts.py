"""What the state machine must be told about the hall, read within the transaction that acts on it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q

from realtime.bell import Person, rescue_candidates, reserves_for_units
from realtime.enums import Mode, MoveBy, Phase, PlayerStatus
from realtime.game_state import Facts, Game, Plan
from realtime.models import Event, LiveAnswer, Player
from realtime.rules import EventRules

TAKES_PART = (PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE)
AFTER_KEY = frozenset({Phase.REVEAL, Phase.BOARD, Phase.RESCUE})


def facts_of(event: Event, game: Game, rules: EventRules, plan: Plan, online: Collection[int] | None = None) -> Facts:
    """Count the hall. ``online``: players known to be connected; None takes everybody to be. One to four queries."""
    sent_off = _sent_off(game)
    totals = Player.objects.filter(event_id=event.pk).aggregate(
        players=Count("pk", filter=Q(status__in=TAKES_PART)),
        standing=Count("pk", filter=Q(status=PlayerStatus.IN)),
        fell=Count("pk", filter=Q(status=PlayerStatus.OUT, out_at=game.index) & ~Q(pk__in=sent_off)),
        leaders=Count("pk", filter=Q(status__in=TAKES_PART, rank=1, score__gt=0)),
    )
    answered = expected = 0
    if game.phase == Phase.OPEN:
        answered, expected = _answers(event, game, online)
    marshals_done = True
    if rules.bell is not None and rules.bell.marshal and game.phase in {Phase.OPEN, Phase.LOCKED}:
        marshals_done = not _unmarked(event, game)
    reserves: tuple[int, ...] = ()
    fallen: tuple[int, ...] = ()
    if rules.bell is not None and rules.mode == Mode.BELL and game.phase in AFTER_KEY:
        people = people_of(event.pk)
        reserves = reserves_for_units(people, rules.bell, game=game)
        fallen = rescue_candidates(people, game=game, plan=plan, lot=event.secret)
    return Facts(
        players=totals["players"],
        standing=totals["standing"],
        fell=totals["fell"] if game.is_counted else 0,
        answered=answered,
        expected=expected,
        marshals_done=marshals_done,
        leaders=totals["leaders"],
        reserves=reserves,
        fallen=fallen,
    )


def people_of(event_id: int) -> list[Person]:
    """Everybody who takes part, as golden bell looks at them. One query."""
    rows = Player.objects.filter(event_id=event_id, status__in=TAKES_PART).order_by("pk")
    return [
        Person(id=pk, seat=seat or 0, unit=unit, status=PlayerStatus(status), out_at=out_at)
        for pk, seat, unit, status, out_at in rows.values_list("pk", "seat", "unit_id", "status", "out_at")
    ]


def _answers(event: Event, game: Game, online: Collection[int] | None) -> tuple[int, int]:
    """(how many of those who may answer and are here have answered, how many they are)."""
    playing = [PlayerStatus.IN, *([PlayerStatus.OUT, PlayerStatus.RESERVE] if event.ghosts else [])]
    may = Player.objects.filter(event_id=event.pk, status__in=playing, since__lte=game.instance, marshal=False)
    given = LiveAnswer.objects.filter(
        question__event_id=event.pk, question__position=game.index, instance=game.instance
    )
    if online is None:
        return given.filter(player__in=may).count(), may.count()
    here = set(may.values_list("pk", flat=True)) & set(online)
    return len(here & set(given.values_list("player_id", flat=True))), len(here)


def _unmarked(event: Event, game: Game) -> bool:
    """Whether a player without a phone, still in the game, waits for a mark."""
    marked = LiveAnswer.objects.filter(
        question__event_id=event.pk, question__position=game.index, instance=game.instance, verdict__isnull=False
    )
    return (
        Player.objects.filter(event_id=event.pk, marshal=True, status=PlayerStatus.IN)
        .exclude(pk__in=marked.values("player_id"))
        .exists()
    )


def _sent_off(game: Game) -> list[int]:
    """Who was sent off the floor by the judges after the present question, and so did not fall on it."""
    return [
        player
        for move in game.moves
        if move.after == game.index and move.by == MoveBy.JUDGE_OUT
        for player in move.players
    ]
