"""Keeping good news and telling it once, on whichever device comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from people.models import User
from quizbank.enums import WinKind
from quizbank.models import Point, Win
from quizbank.queries.progress import switches_of
from quizbank.queries.quests import quest_lines
from quizbank.rewards import level_of, monday_of, vn_day
from quizbank.wins import NEWS_FOR, News, news_of, quest_code


def keep_wins(*, person: User, badges: Sequence[str], earned: int, now: datetime) -> None:
    """Keep what a booking of ``earned`` points has brought: these badges, a new level, quests now done.

    Called in the transaction of the booking, after it. What is known already stays as it is.
    """
    total = Point.objects.filter(person=person).aggregate(sum=Sum("points", default=0))["sum"]
    level, today = level_of(total).number, vn_day(now)
    won = [(WinKind.BADGE, code) for code in badges]
    if level > level_of(total - earned).number:
        won.append((WinKind.LEVEL, str(level)))
    won += [
        (WinKind.QUEST, quest_code(line.quest.kind, today, monday_of(today)))
        for line in quest_lines(person, now)
        if line.is_done
    ]
    Win.objects.bulk_create(
        [Win(person=person, kind=kind, code=code, at=now) for kind, code in won], ignore_conflicts=True
    )


def tell_wins(*, person_id: int | None, now: datetime) -> list[News]:
    """Return the good news not told yet, and take it as told: whoever asks next, on any device, hears nothing.

    One query where there is none. Somebody who has switched rewards off is told nothing.
    """
    waiting = Win.objects.filter(person_id=person_id, told_at__isnull=True)
    # Looked at first without a lock: nearly always there is nothing, and a page that only shows should not write.
    if person_id is None or not waiting.exists() or not switches_of(person_id).on:
        return []
    with transaction.atomic():
        found = list(waiting.select_for_update().order_by("at", "id"))
        waiting.filter(pk__in=[win.pk for win in found]).update(told_at=now)
    return news_of((win.kind, win.code) for win in found if win.at > now - NEWS_FOR)
