"""Steering an event: one transaction for one command of a host or one look at the clock.

Lock the event's row, ask for the right, ask the state machine, apply its effects, write state and log under the next
position, commit. Who comes second finds the event changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from contest.arrivals import to_ms
from realtime.authority import allowed
from realtime.domain.changes import Change, write_change
from realtime.domain.counting import Counting, count_people_anew
from realtime.domain.facts import facts_of
from realtime.domain.floor_work import FLOOR_WORK, Command
from realtime.domain.grants import steerer_of
from realtime.domain.keys import with_ids
from realtime.domain.teams import teams_for_start
from realtime.enums import Action, Phase
from realtime.errors import BadCommand, CommandRefused, EventOver, GrantMissing, NoSuchEvent, StaleCommand
from realtime.game import steer, tick
from realtime.game_state import Count, Game, GameError, Moved, Opened, Recount, Restore, Step, Uncount, Unmoved
from realtime.models import Event, EventQuestion
from realtime.queries.plan import Running, running_of
from realtime.rule_words import refusal
from realtime.rules import EventRules, from_json

CLOCK = "clock"
# What does not move the stage is never too late: marks of several marshals, names, the door.
ANY_TIME = frozenset(
    {
        Action.KICK, Action.BAN, Action.UNBAN, Action.RENAME, Action.TEAM_SET, Action.MARK, Action.LOCK, Action.UNLOCK,
        Action.AUTO,
    }
)  # fmt: skip


def steer_event(
    *,
    event_id: int,
    action: Action | str,
    data: Mapping[str, Any],
    at_seq: int,
    user_id: int | None,
    now: datetime,
    key: str = "",
    online: Collection[int] | None = None,
) -> Change:
    """Do what somebody commands, once.

    ``at_seq`` is the position their screen showed. ``data`` names players by their keys (public ids). ``online`` are the
    players known to be connected (None: everybody is taken to be).

    Raises:
        GrantMissing: when their right is not in force or does not reach so far.
        StaleCommand: the stage has moved since; nothing was done.
        CommandRefused: the state machine refuses, with its code and sentence.
        BadCommand, EventOver, NoSuchEvent.
    """
    try:
        action = Action(action)
    except ValueError:
        raise BadCommand from None
    with transaction.atomic():
        event = _locked(event_id)
        steerer = steerer_of(event_id=event_id, user_id=user_id, key=key)
        if steerer is None or not allowed(action, steerer.role):
            raise GrantMissing
        if action not in ANY_TIME and not event.stage_seq <= at_seq <= event.seq:
            raise StaleCommand
        if event.ended_at is not None:
            raise EventOver
        values = with_ids(event_id, data)
        scene = _Scene(event, now)
        step = scene.steer(action, values, online)
        work = FLOOR_WORK.get(action)
        outcome = work(Command(event=event, game=step.game, rules=scene.rules, data=values, now=now)) if work else None
        return scene.apply(
            step,
            who=steerer.who,
            action=action.value,
            data=dict(data) | (outcome.log if outcome else {}),
            moves_stage=action not in ANY_TIME,
            counted=bool(outcome and outcome.counted),
            ended=outcome.ended if outcome else (),
            back=outcome.back if outcome else frozenset(),
        )


def advance_clock(*, event_id: int, now: datetime, online: Collection[int] | None = None) -> Change | None:
    """Do what the clock alone does by ``now``; None when there is nothing. Several processes may ask at once.

    Raises:
        NoSuchEvent: when there is none.
    """
    with transaction.atomic():
        event = _locked(event_id)
        if event.ended_at is not None:
            return None
        scene = _Scene(event, now)
        step = scene.tick(online)
        if step is None:
            return None
        return scene.apply(step, who=CLOCK, action="tick", data={}, moves_stage=True)


class _Scene:
    """One locked event with what the state machine needs."""

    def __init__(self, event: Event, now: datetime) -> None:
        self.event = event
        self.now = now
        self.rules: EventRules = from_json(event.rules)
        self.running: Running = running_of(event.pk, self.rules)
        self.game = Game.from_json(event.state)

    def steer(self, action: Action, data: Mapping[str, Any], online: Collection[int] | None) -> Step:
        facts = facts_of(self.event, self.game, self.rules, self.running.plan, online)
        try:
            return steer(self.game, self.running.plan, self.rules, action, data, now=to_ms(self.now), facts=facts)
        except GameError as error:
            raise CommandRefused(refusal(error.code), code=error.code) from error

    def tick(self, online: Collection[int] | None) -> Step | None:
        facts = facts_of(self.event, self.game, self.rules, self.running.plan, online)
        return tick(self.game, self.running.plan, self.rules, now=to_ms(self.now), facts=facts)

    def apply(
        self,
        step: Step,
        *,
        who: str,
        action: str,
        data: dict[str, Any],
        moves_stage: bool,
        counted: bool = False,
        ended: tuple[str, ...] = (),
        back: frozenset[int] = frozenset(),
    ) -> Change:
        """Apply a step's effects and write it."""
        if self.game.phase == Phase.LOBBY and step.game.index >= 0:
            teams_for_start(self.event, self.rules, self.now)
        if self._effects(step):
            counted = True
        elif counted:  # somebody left or came: the ranks close up
            count_people_anew(self.event, self.rules, self.running, step.game, back=back)
        if moves_stage and step.game != self.game:
            self.event.stage_seq = self.event.seq + 1
        return write_change(
            self.event, step.game, who=who, action=action, data=data, now=self.now, counted=counted, ended=ended
        )

    def _effects(self, step: Step) -> bool:
        """Whether points, places or ranks were computed."""
        for effect in step.effects:
            if isinstance(effect, Opened):
                EventQuestion.objects.filter(event=self.event, position=effect.index).update(
                    instance=effect.instance, asked_at=self.now
                )
        work = [effect for effect in step.effects if not isinstance(effect, Opened)]
        if not work:
            return False
        if any(isinstance(effect, Recount) for effect in work):
            self.running = running_of(self.event.pk, self.rules)  # the key or the question's standing was just changed
        counting = Counting(self.event, self.rules, self.running)
        for effect in work:
            if isinstance(effect, Count):
                counting.count(effect.index, effect.instance)
            elif isinstance(effect, Moved):
                counting.move(effect.move, step.game)
        if any(isinstance(effect, Uncount | Unmoved | Restore | Recount) for effect in work):
            counting.again(step.game)
        counting.save(step.game)
        return True


def _locked(event_id: int) -> Event:
    event = Event.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise NoSuchEvent
    return event
