"""Small named makers for live events: through the domain's own functions, on a clock of the test's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from contest.arrivals import from_ms
from people.enums import UnitKind
from people.models import User
from quizbank.models import Question
from realtime.domain.answering import AnswerCode, LiveArrival, save_live_answers
from realtime.domain.changes import Change
from realtime.domain.events import create_event, open_lobby
from realtime.domain.joining import Joining, Seat, join_players
from realtime.domain.questions import add_questions
from realtime.domain.steering import advance_clock, steer_event
from realtime.enums import Action, Mode, Names, Phase
from realtime.models import Event, EventQuestion, Player
from realtime.rules import EventRules, preset
from tests.factories import NOW, make_questions, make_unit, make_user

_number = count(1)
RIGHT, WRONG = "B", "A"
"""Canonical responses to the single-choice questions of ``make_questions``."""


def make_live_rules(mode: Mode = Mode.RACE, **changes: Any) -> EventRules:
    """A preset without reading time whose names need no approval, with fields replaced."""
    return replace(preset(mode), **({"read_seconds": 0, "names": Names.FREE} | changes))


def make_event(
    mode: Mode = Mode.RACE,
    *,
    rules: EventRules | None = None,
    questions: int | Sequence[Question] = 3,
    actor: User | None = None,
    lobby: bool = True,
    now: datetime = NOW,
    settings: Sequence[dict[str, Any]] = (),
    **fields: Any,
) -> Event:
    """An event with single-choice questions (key B), its lobby open unless told otherwise. ``settings``: how each
    question is played."""
    actor = actor or make_user("Lê Thị Dẫn")
    unit = fields.pop("unit", None) or make_unit("Phường Cao Lãnh", kind=UnitKind.WARD)
    event = create_event(
        title=fields.pop("title", "Ngày hội chuyển đổi số"),
        mode=mode,
        unit=unit,
        actor=actor,
        now=now,
        rules=rules or make_live_rules(mode),
        **fields,
    )
    stock = make_questions(questions) if isinstance(questions, int) else questions
    for place, question in enumerate(stock):
        assert question.current is not None
        played = settings[place] if place < len(settings) else {}
        add_questions(event=event, versions=[question.current], now=now, **played)
    if lobby:
        event = open_lobby(event=event, actor=actor, now=now)
    return event


def join(event: Event, *names: str, now: datetime = NOW, **fields: Any) -> list[Player]:
    """Take a seat for each name; returns the players in that order."""
    items = [Joining(event_id=event.pk, ticket=f"ticket-{next(_number)}", name=name, **fields) for name in names]
    seats = join_players(items, now=now)
    assert all(isinstance(seat, Seat) for seat in seats), seats
    return [Player.objects.get(pk=seat.player_id) for seat in seats if isinstance(seat, Seat)]


@dataclass(slots=True)
class Show:
    """An event being played: a clock, a host, and short words for what they do."""

    event: Event
    host: User
    now: datetime = NOW

    def later(self, seconds: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def command(self, action: Action | str, **data: Any) -> Change:
        """A command of the host at the position they see."""
        self.event.refresh_from_db()
        return steer_event(
            event_id=self.event.pk,
            action=action,
            data=data,
            at_seq=self.event.seq,
            user_id=self.host.pk,
            now=self.now,
        )

    def tick(self, **kwargs: Any) -> Change | None:
        """A look of the clock."""
        return advance_clock(event_id=self.event.pk, now=self.now, **kwargs)

    def question(self) -> EventQuestion:
        """The present question."""
        self.event.refresh_from_db()
        return EventQuestion.objects.get(event=self.event, position=self.event.index)

    def answer(self, player: Player, response: str = RIGHT, *, after: float = 2.0, bet: int = 0) -> AnswerCode:
        """Answer the present question ``after`` seconds from its opening."""
        question = self.question()
        arrival = LiveArrival(
            self.event.pk,
            question.pk,
            self.event.instance,
            player.pk,
            response,
            bet,
            from_ms(self.event.opens_at) + timedelta(seconds=after),
        )
        return save_live_answers([arrival])[0]

    def until(self, *phases: Phase, most: int = 20) -> None:
        """Let the clock run until the event is in one of these phases."""
        for _ in range(most):
            self.event.refresh_from_db()
            if self.event.phase in phases:
                return
            if self.event.due_at is None:
                break
            self.now = max(self.now, from_ms(self.event.due_at))
            self.tick()
        self.event.refresh_from_db()
        assert self.event.phase in phases, self.event.phase

    def reveal(self) -> None:
        """Close the present question and show its key."""
        self.until(Phase.LOCKED, Phase.REVEAL)
        if self.event.phase == Phase.LOCKED:
            self.command(Action.REVEAL)
        self.event.refresh_from_db()

    def ask(self, answers: dict[Player, str] | None = None, *, after: float = 2.0) -> None:
        """Put the next question (passing over boards), take these answers, reveal."""
        self.put()
        for player, response in (answers or {}).items():
            assert self.answer(player, response, after=after) == AnswerCode.SAVED
        self.reveal()

    def put(self) -> None:
        """Go on until the next question is open."""
        self.event.refresh_from_db()
        before = self.event.instance
        for _ in range(6):
            self.command(Action.NEXT)
            self.event.refresh_from_db()
            if self.event.instance > before:
                break
        self.until(Phase.OPEN)


def make_show(mode: Mode = Mode.RACE, **fields: Any) -> Show:
    """An event in its lobby, with its host."""
    host = make_user("Lê Thị Dẫn")
    return Show(make_event(mode, actor=host, **fields), host)


def reload(*players: Player) -> list[Player]:
    """The players as they are stored now."""
    return [Player.objects.get(pk=player.pk) for player in players]
