"""An event before it begins: making it, its rules, opening its lobby; and ending its life."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contest.arrivals import to_ms
from contest.models import Contest
from people.domain.audit import record
from people.models import Unit, User
from people.text import tidy
from quizbank.queries.sealing import hidden_among
from realtime.domain.changes import store_game
from realtime.domain.grants import grant
from realtime.enums import GrantRole, Mode, Phase, PlayerStatus
from realtime.errors import BadRules, EventOver, EventRunning, NoQuestions
from realtime.game_state import Game
from realtime.models import Event, EventQuestion
from realtime.pins import new_pin
from realtime.rules import BellRules, EventRules, RulesError, checked, from_json, preset, to_json

LONGEST_TITLE = 120
_PIN_TRIES = 50
NOT_BEGUN = (Phase.DRAFT, Phase.LOBBY)


@transaction.atomic
def create_event(
    *,
    title: str,
    mode: Mode | str,
    unit: Unit,
    actor: User | None,
    now: datetime,
    rules: EventRules | None = None,
    contest: Contest | None = None,
    language: str = "vi",
    rehearsal: bool = False,
) -> Event:
    """Make an event with the rules of its mode's preset unless others are given; who makes it is its host.

    Raises:
        BadRules: when the title is empty or the rules are another mode's.
    """
    mode = Mode(mode)
    rules = rules or preset(mode)
    name = _checked_title(title)
    if rules.mode != mode:
        raise BadRules([_("Cách chơi không hợp với hình thức đã chọn.")])
    event = Event(
        title=name,
        unit=unit,
        contest=contest,
        created_by=actor,
        mode=mode,
        language=language,
        rehearsal=rehearsal,
        epoch=to_ms(now),
        created_at=now,
    )
    _put_rules(event, rules)
    store_game(event, Game(phase=Phase.DRAFT))
    event.save(force_insert=True)
    if actor is not None:
        grant(event=event, role=GrantRole.HOST, actor=actor, user=actor, now=now)
    _audit(actor, "event.created", event, {"mode": str(mode), "rehearsal": rehearsal}, now)
    return event


@transaction.atomic
def rename_event(*, event: Event, title: str, actor: User | None, now: datetime) -> Event:
    """Give an event another title. Raises BadRules when it is empty."""
    event.title = _checked_title(title)
    event.save(update_fields=["title"])
    return event


@transaction.atomic
def set_rules(*, event: Event, rules: EventRules, actor: User | None, now: datetime) -> Event:
    """Give an event other rules, as long as it has not started.

    Raises:
        EventRunning: after the first question.
        BadRules: when the rules are another mode's.
    """
    event = not_begun(event)
    if rules.mode != event.mode:
        raise BadRules([_("Cách chơi không hợp với hình thức đã chọn.")])
    _put_rules(event, rules)
    event.save(update_fields=["rules", "ghosts"])
    if rules.bell is not None:
        _seat_again(event, rules.bell)
    return event


def _seat_again(event: Event, bell: BellRules) -> None:
    """Who waits in the lobby keeps the number and gets the place it has under the new rules."""
    seated = event.players.filter(status__in=(PlayerStatus.IN, PlayerStatus.RESERVE))
    seated.filter(seat__lte=bell.seats).update(status=PlayerStatus.IN)
    seated.filter(seat__gt=bell.seats, seat__lte=bell.seats + bell.reserves).update(status=PlayerStatus.RESERVE)
    seated.filter(seat__gt=bell.seats + bell.reserves).update(status=PlayerStatus.SPECTATOR, seat=None)


def rules_of(event: Event) -> EventRules:
    """Return an event's rules. Raises BadRules for stored rules of an older form."""
    try:
        return from_json(event.rules)
    except RulesError as error:
        raise BadRules(error.sentences) from error


def open_lobby(*, event: Event, actor: User | None, now: datetime) -> Event:
    """Open the doors: the event gets a PIN and people may come in. Opening twice keeps the first PIN.

    Raises:
        NoQuestions: when there is nothing to ask.
        EventOver: when it has ended.
    """
    for _attempt in range(_PIN_TRIES):
        pin = new_pin(secrets.SystemRandom())
        try:
            with transaction.atomic():
                return _open(event, pin, actor, now)
        except IntegrityError:
            # The number belongs to another living event; draw again.
            if not Event.objects.filter(pin=pin).exists():
                raise
    raise RuntimeError("no free PIN found")


def _open(event: Event, pin: str, actor: User | None, now: datetime) -> Event:
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.ended_at is not None:
        raise EventOver
    if event.phase != Phase.DRAFT:
        return event
    if not EventQuestion.objects.filter(event=event).exists():
        raise NoQuestions
    event.pin = pin
    event.seq += 1
    store_game(event, Game(phase=Phase.LOBBY))
    event.save()
    _audit(actor, "event.opened", event, {}, now)
    return event


@transaction.atomic
def copy_event(*, event: Event, actor: User | None, now: datetime, title: str = "", rehearsal: bool = False) -> Event:
    """Make a new event with the same rules and questions, without people. Who copies steers the copy with nobody in the hall:
    questions sealed from that person stay out of it (decision 044)."""
    made = create_event(
        title=(title or _("%(title)s (bản sao)") % {"title": event.title})[:LONGEST_TITLE],
        mode=event.mode,
        unit=event.unit,
        actor=actor,
        now=now,
        rules=rules_of(event),
        contest=event.contest,
        language=event.language,
        rehearsal=rehearsal,
    )
    rows = list(event.questions.select_related("version__question").order_by("position"))
    sealed = [row.version.question_id for row in rows if row.version.question.sealed_in_id]
    hidden = hidden_among(actor, sealed) if actor and sealed else set()
    EventQuestion.objects.bulk_create(
        [
            EventQuestion(
                event=made,
                position=place,
                version_id=row.version_id,
                seconds=row.seconds,
                read_seconds=row.read_seconds,
                points=row.points,
                stakes=row.stakes,
                play=row.play,
                extra=row.extra,
                practice=row.practice,
            )
            for place, row in enumerate(row for row in rows if row.version.question_id not in hidden)
        ]
    )
    return made


@transaction.atomic
def delete_event(*, event: Event, actor: User | None, now: datetime) -> None:
    """Delete an event nobody played, or a rehearsal. Raises EventRunning for any other."""
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if not locked.rehearsal and (locked.phase != Phase.DRAFT or locked.players.exists()):
        raise EventRunning(_("Sự kiện đã có người vào nên chỉ lưu trữ, không xóa được."))
    _audit(actor, "event.deleted", locked, {"rehearsal": locked.rehearsal}, now)
    locked.delete()


def not_begun(event: Event) -> Event:
    """The event, locked and fresh. Raises EventRunning once the first question was opened."""
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if locked.phase not in NOT_BEGUN:
        raise EventRunning
    return locked


def _put_rules(event: Event, rules: EventRules) -> None:
    try:
        event.rules = to_json(checked(rules))
    except RulesError as error:
        raise BadRules(error.sentences) from error
    event.ghosts = rules.bell is not None and rules.bell.ghosts


def _checked_title(title: str) -> str:
    name = tidy(title)[:LONGEST_TITLE]
    if not name:
        raise BadRules([_("Sự kiện cần có tên.")])
    return name


def _audit(actor: User | None, verb: str, event: Event, data: dict[str, object], now: datetime) -> None:
    record(actor=actor, verb=verb, subject=f"event:{event.public_id}", data=data, now=now)
