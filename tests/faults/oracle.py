"""Run in a house's data directory after the storm: compare the ledger of acknowledgements with what is stored (JSON)."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from redis import Redis  # noqa: E402
from redis.exceptions import RedisError  # noqa: E402

from contest.models import AnswerEvent, Attempt, PoolItem, Round  # noqa: E402
from contest.queries.boards import board_page  # noqa: E402
from contest.queries.papers import paper_of  # noqa: E402
from quizbank.kinds import get_kind  # noqa: E402


def main(round_id: int, ledger: list[list[Any]]) -> None:
    """``ledger`` rows: [attempt, position, seq, wire response] of every acknowledged answer."""
    events = {(e.attempt_id, e.position, e.seq): e.response for e in AnswerEvent.objects.all()}
    versions = {i.position: i.version for i in PoolItem.objects.filter(round_id=round_id).select_related("version")}
    attempts = {a.pk: a for a in Attempt.objects.filter(round_id=round_id).select_related("round")}
    papers = {pk: paper_of(attempt) for pk, attempt in attempts.items()}
    lost, changed = [], []
    for attempt, position, seq, wire in ledger:
        item, seed = papers[attempt].at(position)
        expected = item.kind.read(item.content, wire, seed=seed)
        stored = events.get((attempt, position, seq))
        if stored is None:
            lost.append([attempt, position, seq])
        elif stored != expected:
            changed.append([attempt, position, seq])
    drift = []
    for pk, attempt in attempts.items():
        last: dict[int, tuple[int, str]] = {}
        for (owner, position, seq), response in events.items():
            if owner == pk and seq >= last.get(position, (0, ""))[0]:
                last[position] = (seq, response)
        points = 0
        for position, (_seq, response) in last.items():
            version = versions[papers[pk].dealt[position]]
            points += 1000 * (get_kind(version.kind).grade(version.content, version.key, response) == 1000)
        if attempt.points_milli != points:
            drift.append([pk, attempt.points_milli, points])
    round_ = Round.objects.get(pk=round_id)
    page = board_page(contest_round=round_, now=timezone.now(), per_page=500)
    board = sorted(row.points_milli for row in page.rows)
    sys.stdout.write(
        json.dumps(
            {
                "acknowledged": len(ledger),
                "lost": lost,
                "changed": changed,
                "drift": drift,
                "states": Counter(a.state for a in attempts.values()),
                "graded": Counter(str(a.graded_by) for a in attempts.values()),
                "ungraded": sum(a.graded_at is None for a in attempts.values()),
                "board_equal": board == sorted(a.points_milli or 0 for a in attempts.values()),
                "board_source": page.source,
                "redis": _redis_answers(),
            }
        )
    )


def _redis_answers() -> bool:
    try:
        return bool(Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping())
    except RedisError:
        return False


if __name__ == "__main__":
    main(int(sys.argv[1]), json.load(sys.stdin))
