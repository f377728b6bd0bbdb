"""Run in a house's data directory: an event with its lobby open, and what its host and its join page know (JSON)."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from people.models import Unit  # noqa: E402
from quizbank.enums import KindCode, QuestionState  # noqa: E402
from quizbank.models import QuestionVersion  # noqa: E402
from realtime.domain.events import create_event, open_lobby  # noqa: E402
from realtime.domain.grants import grant  # noqa: E402
from realtime.domain.questions import add_questions  # noqa: E402
from realtime.enums import GrantRole, Mode  # noqa: E402
from realtime.rules import preset  # noqa: E402


def main(questions: int, seconds: int) -> None:
    now = timezone.now()
    rules = replace(
        preset(Mode.RACE),
        read_seconds=1,
        seconds=seconds,
        board_every=0,
        names="free",
        scoring="kahoot",
        late_join="open",
    )
    unit = Unit.objects.get(code="82", valid_to__isnull=True)
    event = create_event(title="Thử lửa", mode=Mode.RACE, unit=unit, actor=None, now=now, rules=rules)
    stock = QuestionVersion.objects.filter(
        kind=KindCode.SINGLE, question__state=QuestionState.APPROVED, question__current__isnull=False
    ).order_by("pk")[:questions]
    add_questions(event=event, versions=list(stock), now=now)
    event = open_lobby(event=event, actor=None, now=now)
    key = grant(event=event, role=GrantRole.HOST, actor=None, now=now).key
    sys.stdout.write(json.dumps({"id": event.pk, "event": event.public_id, "secret": event.secret, "key": key}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
