"""Rehearsing an event: a copy of it with simulated players, who come in and answer the very way people do."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from contest.arrivals import from_ms, to_ms
from people.models import User
from realtime.bots import move_of, name_of
from realtime.domain.answering import AnswerCode, LiveArrival, save_live_answers
from realtime.domain.events import LONGEST_TITLE, copy_event, delete_event, open_lobby, rules_of
from realtime.domain.joining import Joining, Seat, join_players
from realtime.enums import Phase, PlayerStatus
from realtime.errors import NoQuestions
from realtime.models import Event, EventQuestion, LiveAnswer, Player
from realtime.queries.plan import plan_item

MOST_BOTS = 3_000
KEPT = timedelta(days=1)


def rehearse(*, event: Event, players: int, actor: User, now: datetime) -> Event:
    """Make a rehearsal: the event's rules and questions in a copy, its lobby open, ``players`` simulated people inside.
    Rehearsals of the same event that are left from before are deleted.

    Raises:
        NoQuestions: when there is nothing to ask.
    """
    with transaction.atomic():
        for old in Event.objects.filter(rehearsal=True, unit=event.unit, created_by=actor):
            delete_event(event=old, actor=actor, now=now)
        title = _("Tập dượt: %(title)s") % {"title": event.title}
        copy = copy_event(event=event, actor=actor, now=now, title=title[:LONGEST_TITLE], rehearsal=True)
        if event.questions.exists() and not copy.questions.exists():
            raise NoQuestions(_("Mọi câu của sự kiện này đều niêm phong với bạn, nên chưa tập dượt được."))
        copy = open_lobby(event=copy, actor=actor, now=now)
    add_bots(event=copy, players=players, now=now)
    return copy


def add_bots(*, event: Event, players: int, now: datetime) -> int:
    """Let simulated people in, up to ``players`` in all; how many came. Only into a rehearsal."""
    assert event.rehearsal, "bots never sit among people who play for a prize"
    wanted = [
        Joining(event_id=event.pk, ticket=f"bot{number}", name=name_of(number), bot=True)
        for number in range(1, min(players, MOST_BOTS) + 1)
    ]
    seats = join_players(wanted, now=now)
    return sum(isinstance(seat, Seat) and seat.fresh for seat in seats)


def play_bots(*, event_id: int, now: datetime) -> int:
    """Let the simulated players of a rehearsal answer what they would have answered by ``now``; how many did. Calling it
    often or twice changes nothing else: each answers once. Three queries."""
    event = Event.objects.filter(pk=event_id, rehearsal=True, phase=Phase.OPEN, paused_at=0).first()
    if event is None:
        return 0
    question = EventQuestion.objects.select_related("version").get(event=event, position=event.index)
    answered = LiveAnswer.objects.filter(question=question, instance=event.instance)
    bots = Player.objects.filter(event=event, bot=True, status__in=(PlayerStatus.IN, PlayerStatus.OUT)).exclude(
        pk__in=answered.values("player_id")
    )
    limit_ms = plan_item(question, rules_of(event)).limit_ms
    arrivals = []
    for pk in bots.values_list("pk", flat=True):
        version = question.version
        move = move_of(
            version.kind,
            version.content,
            version.key,
            limit_ms=limit_ms,
            secret=event.secret,
            instance=event.instance,
            player=pk,
        )
        if move is not None and event.opens_at + move.after_ms <= to_ms(now):
            at = from_ms(event.opens_at + move.after_ms)
            arrivals.append(LiveArrival(event.pk, question.pk, event.instance, pk, move.response, 0, at))
    return save_live_answers(arrivals).count(AnswerCode.SAVED)


def delete_old_rehearsals(*, now: datetime) -> int:
    """Delete rehearsals nobody needs any more; how many."""
    old = Event.objects.filter(rehearsal=True, created_at__lt=now - KEPT)
    for event in old:
        delete_event(event=event, actor=None, now=now)
    return len(old)
