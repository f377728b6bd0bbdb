"""Run in a house's data directory after the storm: the ledger of acknowledged answers against what is stored (JSON)."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from realtime.domain.counting import recount  # noqa: E402
from realtime.models import Event, LiveAnswer, Player  # noqa: E402
from realtime.queries.snapshot import snapshot  # noqa: E402
from realtime.shown_question import option_seed  # noqa: E402

from quizbank.kinds import get_kind  # noqa: E402  isort: skip


def main(event_id: int, seconds: int, ledger: list[list[Any]]) -> None:
    """``ledger`` rows: [player key, instance, wire response] of every acknowledged answer; ``seconds`` there were."""
    event = Event.objects.get(pk=event_id)
    answers = list(LiveAnswer.objects.filter(question__event=event).select_related("question__version", "player"))
    stored = {(one.player.public_id, one.instance): one for one in answers}
    lost, changed = [], []
    for key, instance, wire in ledger:
        one = stored.get((key, instance))
        if one is None:
            lost.append([key, instance])
        else:
            version = one.question.version
            sent = get_kind(version.kind).read(version.content, wire, seed=option_seed(event.secret, instance))
            if sent != one.response:
                changed.append([key, instance])
    late = [one.pk for one in answers if not 0 <= one.elapsed_ms <= seconds * 1000]
    before = list(Player.objects.filter(event=event).order_by("pk").values_list("public_id", "score", "rank"))
    shown = snapshot(event.pk)
    assert shown is not None
    sys.stdout.write(
        json.dumps(
            {
                "phase": event.phase,
                "acknowledged": len(ledger),
                "stored": len(answers),
                "lost": lost,
                "changed": changed,
                "late": late,
                "twice": [key for key, n in Counter((a.player_id, a.question_id) for a in answers).items() if n > 1],
                "players": before,
                "stood_otherwise": recount(event_id=event.pk),
                "seq": shown.seq,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), json.load(sys.stdin))
