"""`python -m bench.live_cast make EVENTS QUESTIONS | count`: live events in the database of this environment, as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import django


def main(arguments: list[str]) -> None:
    """Do what was asked; print JSON."""
    django.setup()
    if arguments[0] == "make":
        print(json.dumps(make(int(arguments[1]), int(arguments[2]))))
    else:
        print(json.dumps(count()))


def make(events: int, questions: int) -> list[dict[str, Any]]:
    """Make events with open lobbies; what a host and the players' page would know of each."""
    from django.core.management import call_command

    from bench.cast import make_round
    from contest.arrivals import now_utc
    from quizbank.models import QuestionVersion
    from realtime.domain.events import create_event, open_lobby
    from realtime.domain.grants import grant
    from realtime.domain.questions import add_questions
    from realtime.enums import GrantRole, Mode
    from realtime.rules import preset

    call_command("migrate", verbosity=0, interactive=False)
    now = now_utc()
    _round, unit = make_round(now)
    versions = list(QuestionVersion.objects.order_by("pk")[:questions])
    rules = replace(
        preset(Mode.RACE), read_seconds=0, seconds=120, board_every=0, names="free", capacity=20_000, scoring="kahoot"
    )
    found = []
    for number in range(events):
        event = create_event(title=f"Thử tải {number}", mode=Mode.RACE, unit=unit, actor=None, now=now, rules=rules)
        add_questions(event=event, versions=versions, now=now)
        event = open_lobby(event=event, actor=None, now=now)
        key = grant(event=event, role=GrantRole.HOST, actor=None, now=now).key
        found.append({"id": event.pk, "event": event.public_id, "secret": event.secret, "key": key})
    return found


def count() -> dict[str, dict[str, int]]:
    """{event: players and answers that are stored, and players whose points differ from a recount}."""
    from django.db.models import Count

    from realtime.models import Event, LiveAnswer, Player

    answers = dict(
        LiveAnswer.objects.values_list("question__event__public_id")
        .annotate(n=Count("pk"))
        .values_list("question__event__public_id", "n")
    )
    players = dict(
        Player.objects.values_list("event__public_id").annotate(n=Count("pk")).values_list("event__public_id", "n")
    )
    return {
        event: {"players": players.get(event, 0), "answers": answers.get(event, 0)}
        for event in Event.objects.values_list("public_id", flat=True)
    }


if __name__ == "__main__":
    main(sys.argv[1:])
